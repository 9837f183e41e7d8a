import { messageOf, WaybookError } from '../../core/errors.ts';
import type { Pose } from '../../core/geometry.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { timeParametrise } from '../../kinematics/time-parametrise.ts';
import { canonicalStep, type Expectation } from '../../planning/evaluation/instruction-set.ts';
import { planByLanguage } from '../../planning/language-planner.ts';
import type { PlanResult, PlanStep } from '../../planning/planner.ts';
import { refusalReason } from '../../planning/refusal.ts';
import { refinerFor } from '../../refinement/refiner-for.ts';
import type { RefinerId } from '../../refinement/refiner.ts';
import { simulatorProfile } from '../../robot/profiles/simulator-profile.ts';
import { createWorld } from '../../simulator/world.ts';
import type { World, WorldVerdict } from '../../simulator/world-api.ts';
import { ArmKits } from '../episode-scene.ts';
import { executeInWorld } from '../execute-in-world.ts';
import { goalsOf } from './label-goals.ts';
import { perceive, type Perceived } from './perceive.ts';

/** One labelled instruction over a scene of the simulator, to be planned on what cameras see, and executed. */
export interface PlanningEpisode {
  /** as `createWorld` takes it */
  readonly scene: string;
  readonly seed: number;
  readonly instruction: string;
  readonly expected: readonly Expectation[];
  /** the scene's objects as the label names them */
  readonly labelled: readonly Pick<SceneObject, 'id' | 'label' | 'pose'>[];
  readonly refiner: RefinerId;
}

export interface PlanningEpisodeResult {
  /** done: the goal has come true; otherwise where it ended */
  readonly outcome: 'done' | 'refused' | 'otherwise' | 'unreachable' | 'failed' | 'unjudged';
  readonly reason: string;
  /** of the plan, in the world's ids */
  readonly steps: readonly string[];
  readonly pinned: readonly string[];
}

const SPEED = 0.5;
/** How long after the motion a goal may still come true [s]. */
const PATIENCE = 4;
/** What the robot's own detector gets wrong about fixtures and mechanisms [m, rad]. */
const DETECTOR = { position: 0.003, yaw: 0.02 };
/** A perceived thing is the true one that is at most this far from it [m]. */
const SAME = 0.04;

interface Look {
  readonly perceived: Perceived;
  readonly truth: readonly SceneObject[];
  readonly state: RobotState;
  readonly tool: Pose;
}

/** Runs planning episodes one after another; keeps arms and what was seen of each scene. Must be disposed. */
export class PlanningEpisodeRunner implements Disposable {
  readonly #kits = new ArmKits();
  readonly #looks = new Map<string, Promise<Look>>();

  [Symbol.dispose](): void {
    this.#kits[Symbol.dispose]();
  }

  async run(episode: PlanningEpisode, signal: AbortSignal): Promise<PlanningEpisodeResult> {
    const key = `${episode.scene}|${episode.seed}`;
    let look = this.#looks.get(key);
    if (!look) this.#looks.set(key, (look = this.#look(episode)));
    const { perceived, truth, state, tool } = await look;
    const { pinned } = perceived;
    let plan: PlanResult;
    try {
      plan = planByLanguage({
        instruction: episode.instruction,
        objects: perceived.objects,
        viewpoint: 'robot',
        robot: {
          toolPose: tool,
          gripper: state.gripper,
          maxOpening: simulatorProfile.gripper?.width ?? 0.08,
          workspace: simulatorProfile.workspace,
        },
      });
    } catch (error) {
      const reason = `${refusalReason(error) ?? 'error'}: ${messageOf(error)}`;
      return { outcome: 'refused', reason, steps: [], pinned };
    }
    const steps = plan.steps.map((step) => canonicalStep(inTruth(step, perceived.objects, truth))).sort();
    const wanted = wantedSteps(episode, truth, steps);
    const goals = goalsOf(wanted.steps, truth, episode.instruction);
    if (goals === undefined)
      return { outcome: 'unjudged', reason: `no predicate for ${wanted.steps.join('; ')}`, steps, pinned };
    using world = await createWorld({
      scene: episode.scene,
      seed: episode.seed,
      ...(goals.length === 0 ? {} : { goals }),
    });
    const failure = await this.#execute(world, plan, episode, perceived, { state, tool }, signal);
    const verdict = settled(world, signal);
    if (verdict.success && failure?.outcome !== 'unreachable')
      return { outcome: 'done', reason: 'success', steps, pinned };
    if (failure) return { ...failure, steps, pinned };
    const reason = wanted.matched ? verdict.reason : `planned ${steps.join('; ')}: ${verdict.reason}`;
    return { outcome: wanted.matched ? 'failed' : 'otherwise', reason, steps, pinned };
  }

  async #execute(
    world: World,
    plan: PlanResult,
    episode: PlanningEpisode,
    { capture }: Perceived,
    from: { state: RobotState; tool: Pose },
    signal: AbortSignal,
  ): Promise<Pick<PlanningEpisodeResult, 'outcome' | 'reason'> | undefined> {
    const { model } = await this.#kits.for(world);
    const { waypoints } = plan;
    const start = { pose: from.tool, gripper: from.state.gripper };
    const refined = await refinerFor(episode.refiner).refine({ waypoints, capture, start }, signal);
    if (refined.kind === 'abstained') return { outcome: 'failed', reason: `abstained: ${refined.reason}` };
    try {
      const trajectory = timeParametrise(model, refined.path, from.state, {
        speed: SPEED,
        toolSpeedLimit: simulatorProfile.toolSpeedLimit,
      });
      const execution = executeInWorld(world, trajectory, []);
      return execution.kind === 'done' ? undefined : { outcome: 'failed', reason: execution.reason };
    } catch (error) {
      if (!(error instanceof WaybookError) || error.code === 'internal/bug') throw error;
      return { outcome: 'unreachable', reason: messageOf(error) };
    }
  }

  async #look({ scene, seed }: PlanningEpisode): Promise<Look> {
    using world = await createWorld({ scene, seed, detectionNoise: DETECTOR });
    const { model } = await this.#kits.for(world);
    const n = world.arm.joints.length;
    const [q, v, e] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    world.armState(q, v, e);
    const state: RobotState = {
      stamp: world.time,
      joints: [...q],
      velocities: [...v],
      gripper: Math.min(1, world.fingerPosition() / world.arm.gripper.open),
    };
    return {
      perceived: perceive(world, model, state),
      truth: world.detections(),
      state,
      tool: model.forward(state.joints),
    };
  }
}

/** The labelled steps in the world's ids: the alternative that was planned, else the first that is one. */
function wantedSteps(
  episode: PlanningEpisode,
  truth: readonly SceneObject[],
  planned: readonly string[],
): { steps: readonly string[]; matched: boolean } {
  const ids = new Map(
    episode.labelled.map((o) => [
      o.id,
      nearest(
        o.pose.position,
        truth.filter((t) => t.label === o.label),
      )?.id ?? o.id,
    ]),
  );
  const alternatives = episode.expected.flatMap((expected) =>
    expected.kind === 'steps'
      ? [
          expected.steps
            .map((s) =>
              s
                .split(' ')
                .map((word) => ids.get(word) ?? word)
                .join(' '),
            )
            .sort(),
        ]
      : [],
  );
  const same = alternatives.find((steps) => steps.join(';') === planned.join(';'));
  if (same) return { steps: same, matched: true };
  if (alternatives[0]) return { steps: alternatives[0], matched: false };
  return { steps: planned, matched: true };
}

/** A planned step with the true things in place of what was perceived of them. */
function inTruth(step: PlanStep, perceived: readonly SceneObject[], truth: readonly SceneObject[]): PlanStep {
  const real = (id: string): string => {
    if (truth.some((t) => t.id === id && perceived.some((p) => p.id === id && p.source === 'detections')))
      return id;
    const seen = perceived.find((p) => p.id === id);
    const whole = truth.filter((t) => t.partOf === undefined);
    const found = seen && nearest(seen.pose.position, whole);
    return found && distanceTo(found, seen.pose.position) < SAME ? found.id : id;
  };
  return {
    ...step,
    object: real(step.object),
    ...(step.destination === undefined ? {} : { destination: real(step.destination) }),
    ...(step.references === undefined ? {} : { references: step.references.map(real) }),
  };
}

/** The verdict once it is a success, or when things had time to come to rest: a ball rolls for a while. */
function settled(world: World, signal: AbortSignal): WorldVerdict {
  for (let waited = 0; waited < PATIENCE; waited += 0.25) {
    const verdict = world.taskVerdict();
    if (verdict.success || signal.aborted) return verdict;
    for (let i = Math.round(0.25 / world.timestep); i > 0; i--) world.step();
  }
  return world.taskVerdict();
}

const distanceTo = (o: Pick<SceneObject, 'pose'>, at: readonly number[]): number =>
  Math.hypot(...[0, 1, 2].map((k) => (o.pose.position[k] as number) - (at[k] as number)));

function nearest<T extends Pick<SceneObject, 'pose'>>(
  at: readonly number[],
  things: readonly T[],
): T | undefined {
  return [...things].sort((a, b) => distanceTo(a, at) - distanceTo(b, at))[0];
}
