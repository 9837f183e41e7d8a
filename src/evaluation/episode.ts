import { messageOf, WaybookError } from '../core/errors.ts';
import { trajectoryHash, type Trajectory } from '../core/trajectory.ts';
import { timeParametrise } from '../kinematics/time-parametrise.ts';
import type { RefinedPath, Refiner } from '../refinement/refiner.ts';
import { validate } from '../robot/gate/validate.ts';
import type { WorldVerdict } from '../simulator/world-api.ts';
import type { EpisodeScene, Prepared } from './episode-scene.ts';
import { executeInWorld } from './execute-in-world.ts';
import { contactErrors, disturbance, followsDecoy, rmsJerk } from './measures.ts';

/** Share of the velocity and acceleration limits that every method moves with. */
export const EPISODE_SPEED = 0.5;

/** Where an episode ended. All but `success` are failures; the last two only for probes that move nothing. */
export type Outcome =
  | 'success'
  /** moved to the end, and the task has not come true */
  | 'task'
  /** nothing between the fingers */
  | 'grasp'
  /** something was in the way */
  | 'blocked'
  /** the gate refused the motion */
  | 'refused'
  /** the arm cannot follow the path */
  | 'reach'
  | 'abstained'
  | 'followed'
  | 'not-followed';

export interface EpisodeResult {
  readonly outcome: Outcome;
  /** verdict, refusal or what was missing, for people */
  readonly reason: string;
  /** distance of the first closing waypoint from the nearest true grasp, and turn between the finger axes */
  readonly grasp?: {
    readonly error: number;
    readonly yaw: number;
    readonly elongated: boolean;
    /** the same distance of the waypoint as it was planned */
    readonly planned: number;
  };
  /** distance of the first opening waypoint from the truth [m] */
  readonly place?: number;
  /** least distance from what was seen, meant contacts left out [m] */
  readonly clearance?: number;
  /** furthest that a thing was moved which the plan does not act on [m] */
  readonly disturbed?: number;
  /** root mean square of the tool's jerk [m/s³] */
  readonly jerk?: number;
  /** simulated time of the execution [s] */
  readonly seconds?: number;
  /** least confidence over the waypoints */
  readonly confidence?: number;
  /** wall time of the refinement [ms]: differs from run to run */
  readonly ms: number;
}

/** What physics made of one trajectory, kept: several methods often give the very same one. */
interface Executed {
  readonly verdict: WorldVerdict;
  readonly ended: ReturnType<typeof executeInWorld>;
  readonly disturbed: number;
}

export class EpisodeRunner {
  readonly #scene: EpisodeScene;
  readonly #executed = new WeakMap<Prepared, Map<string, Executed>>();

  constructor(scene: EpisodeScene) {
    this.#scene = scene;
  }

  /**
   * One episode: refine what was planned (for `oracle` the truth), time it, let the gate judge it, execute it, and ask the
   * scene's own predicate.
   */
  async run(
    prepared: Prepared,
    refiner: Omit<Refiner, 'id'>,
    oracle: boolean,
    signal: AbortSignal,
  ): Promise<EpisodeResult> {
    const { start, capture, condition } = prepared;
    const plan = oracle
      ? { waypoints: prepared.exact, meant: prepared.exact.map((_, i) => i) }
      : prepared.spoilt;
    const began = performance.now();
    const result = await refiner.refine({ waypoints: plan.waypoints, capture, start }, signal);
    const ms = performance.now() - began;
    if (result.kind === 'abstained') return { outcome: 'abstained', reason: result.reason, ms };
    const { path } = result;
    const measured = {
      ms,
      confidence: Math.min(...path.confidence),
      ...contactErrors(prepared, path.waypoints, plan.meant),
    };
    if (condition.shift !== 'none') {
      const outcome = followsDecoy(prepared, path.waypoints, plan.meant) ? 'followed' : 'not-followed';
      return { ...measured, outcome, reason: '' };
    }
    return { ...measured, ...this.#move(prepared, path) };
  }

  #move(prepared: Prepared, path: RefinedPath): Omit<EpisodeResult, 'ms'> {
    const { kit, profile } = this.#scene;
    const { state, capture } = prepared;
    let trajectory: Trajectory;
    try {
      trajectory = timeParametrise(kit.model, path, state, {
        speed: EPISODE_SPEED,
        toolSpeedLimit: profile.toolSpeedLimit,
      });
    } catch (error) {
      if (error instanceof WaybookError) return { outcome: 'reach', reason: error.message };
      throw error;
    }
    const verdict = validate(trajectory, {
      profile,
      model: kit.model,
      state,
      now: state.stamp,
      capture,
      selfCollision: kit.selfCollision,
    });
    const about = {
      jerk: rmsJerk(trajectory),
      ...(verdict.leastClearance === undefined ? {} : { clearance: verdict.leastClearance }),
    };
    if (!verdict.validated) return { ...about, outcome: 'refused', reason: messageOf(verdict.refusal) };
    const { verdict: task, ended, disturbed } = this.#execute(prepared, trajectory, verdict.validated.grasps);
    const rest = { ...about, disturbed, seconds: ended.seconds };
    if (ended.kind !== 'done') return { ...rest, outcome: ended.kind, reason: ended.reason };
    return { ...rest, outcome: task.success ? 'success' : 'task', reason: task.reason };
  }

  #execute(
    prepared: Prepared,
    trajectory: Trajectory,
    grasps: readonly { readonly sample: number; readonly label: string }[],
  ): Executed {
    const known = this.#executed.get(prepared) ?? new Map<string, Executed>();
    this.#executed.set(prepared, known);
    const hash = `${trajectoryHash(trajectory)} ${JSON.stringify(grasps)}`;
    let done = known.get(hash);
    if (!done) {
      const { world } = this.#scene;
      world.restore(prepared.snapshot);
      const ended = executeInWorld(world, trajectory, grasps);
      done = { ended, verdict: world.taskVerdict(), disturbed: disturbance(prepared, world.detections()) };
      known.set(hash, done);
    }
    return done;
  }
}
