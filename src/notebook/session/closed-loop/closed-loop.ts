import { mainCamera, type Capture } from '../../../core/capture.ts';
import { WaybookError } from '../../../core/errors.ts';
import { compose, distance, inverse, type Pose } from '../../../core/geometry.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import type { SceneObject } from '../../../core/scene-object.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import { gripperEvents, type Waypoint } from '../../../core/waypoint.ts';
import { timeParametrise } from '../../../kinematics/time-parametrise.ts';
import type { Refiner } from '../../../refinement/refiner.ts';
import { segmentObjects } from '../../../perception/segment-objects.ts';
import { splinePath } from '../../../refinement/spline-path.ts';
import { distanceToBox } from '../../../robot/gate/contacts.ts';
import type { PlannedRest, Steering } from '../../../robot/gate/steer-move.ts';
import type { Verdict } from '../../../robot/gate/validate.ts';
import { validate } from '../../../robot/gate/validate.ts';
import type { CaptureBody } from '../../file/cell-bodies.ts';
import type { CellContext } from '../cell-context.ts';
import { checkMotion, durationLimits } from '../check-motion.ts';
import { lookNow } from '../look-now.ts';
import type { RefinedOutput } from '../outputs.ts';
import { keepWhereHidden } from './seen-whole.ts';
import { withoutHeld } from './without-held.ts';

export const DEFAULT_RATE_HZ = 5;
/**
 * Robot time that a look costs in lock-step beside waiting for the next frame [s]: filtering, refining and validating. A
 * constant, never measured, so that runs repeat; `waybook bench refine` prints what they take on a machine.
 */
export const LOOK_COST = 0.08;
/** A waypoint this near to a thing's box takes hold of it [m]. */
const TAKES_HOLD = 0.03;

export interface ClosedLoopOptions {
  readonly rateHz: number;
  /** m */
  readonly tube: number;
  readonly refiner: Refiner;
  /** of the cell whose capture the plan was refined on: every further look is taken the same way */
  readonly capture: CaptureBody;
}

/**
 * What closed-loop execution does beside moving: it looks, refines what is left of the plan on what it saw, and has
 * every correction judged. Each look starts from the last one's waypoints, so that a thing is followed and not
 * searched for anew. Waypoints are counted over the whole plan here; the gate counts from the motion that runs.
 */
export class ClosedLoop implements Steering {
  readonly model: Steering['model'];
  readonly rateHz: number;
  readonly latency = LOOK_COST;
  readonly tube: number;
  readonly stopAndGo: boolean;
  /** looks that were completed */
  looks = 0;
  readonly #context: CellContext;
  readonly #options: ClosedLoopOptions;
  readonly #speed: number;
  readonly #startGripper: number;
  #waypoints: readonly Waypoint[];
  /** of the motion that runs, its first waypoint */
  #first = 0;
  /** the waypoint that was looked at last */
  #at = 0;
  #seen: Capture;
  /** as the motion was approved, and the things that were seen then */
  readonly #planned: readonly Waypoint[];
  readonly #reference: readonly SceneObject[];
  /** robot time of the last look, and the time between looks of one move so far [s] */
  #lookedAt = Number.NaN;
  #between = { seconds: 0, times: 0 };
  /** for each waypoint, the newest look before the gripper acted there */
  readonly #seenBefore = new Map<number, Capture>();

  /** Throws `input/usage` for a refiner that does not look, and a plan that was made without looking. */
  constructor(context: CellContext, refined: RefinedOutput, options: ClosedLoopOptions) {
    if (options.refiner.id === 'spline' || !refined.capture) {
      throw new WaybookError('input/usage', 'A closed loop needs a refiner that looks at a capture.', {
        hint: 'Write "refiner": "snap" or "expert" in the waypoints cell and capture=ID on it, or remove "closedLoop".',
      });
    }
    this.model = context.world.model;
    this.rateHz = options.rateHz;
    this.tube = options.tube;
    this.stopAndGo = context.profile.replacesGoals === false;
    this.#context = context;
    this.#options = options;
    this.#speed = refined.speed;
    this.#startGripper = refined.start.gripper;
    this.#waypoints = this.#planned = refined.refinedWaypoints;
    this.#seen = refined.capture;
    // Whatever a detector said: later looks have no time to wait for one.
    this.#reference = segmentObjects(refined.capture.cloud);
  }

  /** looks a second while it moved, as they came; undefined before two of one move */
  get measuredRate(): number | undefined {
    const { seconds, times } = this.#between;
    return times > 0 ? times / seconds : undefined;
  }

  async look(waypoint: number, signal: AbortSignal): Promise<Pose | undefined> {
    const index = this.#first + waypoint;
    const now = this.#context.world.link.clock.now();
    if (index === this.#at && !Number.isNaN(this.#lookedAt)) {
      this.#between.seconds += now - this.#lookedAt;
      this.#between.times++;
    }
    this.#lookedAt = now;
    this.#at = index;
    const capture = await this.#capture(index, signal);
    const state = this.#context.world.link.robotState();
    const left = this.#waypoints.slice(index);
    const result = await this.#options.refiner.refine(
      {
        // Within the approved tube, whatever the plan's own radius was made for.
        waypoints: left.map((w) => ({ ...w, radius: Math.max(w.radius, this.tube) })),
        capture,
        start: { pose: this.model.forward(state.joints), gripper: this.#gripperBefore(index) },
      },
      signal,
    );
    this.looks++;
    this.#seen = capture;
    this.#seenBefore.set(index, capture);
    if (result.kind === 'abstained') return undefined;
    const moved = keepWhereHidden(
      this.#planned.slice(index),
      left,
      result.path.waypoints,
      this.#reference,
      capture.objects,
      this.#gripperBefore(index),
    );
    this.#waypoints = [...this.#waypoints.slice(0, index), ...moved];
    return poseOf(this.#waypoints[index] as Waypoint);
  }

  judge(replacement: Trajectory, startVelocities: readonly number[]): Verdict {
    const { world, profile, limits } = this.#context;
    const d = replacement.jointNames.length;
    // It starts where the running motion will be at the takeover, which the controller checks against its own.
    const state: RobotState = {
      ...world.link.robotState(),
      joints: [...replacement.joints.subarray(0, d)],
    };
    const from = this.model.forward(state.joints);
    const holding = this.#held(this.#at, from);
    return validate(replacement, {
      profile,
      model: this.model,
      state,
      now: world.link.clock.now(),
      capture: this.#seen,
      ...(world.selfCollision ? { selfCollision: world.selfCollision } : {}),
      ...(holding ? { holding } : {}),
      limits: { ...durationLimits(limits), startVelocities },
    });
  }

  async rest(waypoint: number, signal: AbortSignal): Promise<PlannedRest> {
    signal.throwIfAborted();
    this.#lookedAt = Number.NaN;
    const index = this.#first + waypoint;
    const state = this.#context.world.link.robotState();
    const left = this.#waypoints.slice(index);
    const from = this.model.forward(state.joints);
    const start = { pose: from, gripper: this.#gripperBefore(index) };
    const trajectory = timeParametrise(
      this.model,
      splinePath(left, start),
      { joints: state.joints, gripper: start.gripper },
      { speed: this.#speed, toolSpeedLimit: this.#context.profile.toolSpeedLimit },
    );
    const holding = this.#held(index, from);
    const verdict = await checkMotion(this.#context, trajectory, left, this.#seen, holding);
    if (verdict.validated) this.#first = index;
    return verdict;
  }

  async #capture(index: number, signal: AbortSignal): Promise<Capture> {
    const { link, model } = this.#context.world;
    const { voxel, crop, camera } = this.#options.capture;
    const capture = await lookNow(
      this.#context.world,
      camera ?? mainCamera(this.#seen),
      { voxel, crop },
      signal,
    );
    const held = this.#held(index, model.forward((capture.robot ?? link.robotState()).joints));
    return held ? withoutHeld(capture, held) : capture;
  }

  /** The opening that was last asked for before a waypoint: what is measured may be a grasp's width. */
  #gripperBefore(index: number): number {
    return index === 0 ? this.#startGripper : (this.#waypoints[index - 1] as Waypoint).gripper;
  }

  /** What the gripper carries on the way to a waypoint, where it is with the tool at `tool`. */
  #held(index: number, tool: Pose): SceneObject | undefined {
    const last = gripperEvents(this.#waypoints, this.#startGripper)
      .filter((event) => event.waypoint < index)
      .at(-1);
    if (!last || last.to > last.from) return undefined;
    const grip = poseOf(this.#waypoints[last.waypoint] as Waypoint);
    const seen = this.#seenBefore.get(last.waypoint) ?? this.#seen;
    const [nearest] = seen.objects
      .filter((object) => object.partOf === undefined && object.articulation === undefined)
      .map((object) => ({ object, away: distanceToBox(object, grip.position) }))
      .filter(({ away }) => away <= TAKES_HOLD)
      .sort((a, b) => a.away - b.away || byCentre(a.object, b.object, grip));
    if (!nearest) return undefined;
    const inTool = compose(inverse(grip), nearest.object.pose);
    return { ...nearest.object, pose: compose(tool, inTool) };
  }
}

const poseOf = ({ position, orientation }: Pose): Pose => ({ position, orientation });

const byCentre = (a: SceneObject, b: SceneObject, grip: Pose): number =>
  distance(a.pose.position, grip.position) - distance(b.pose.position, grip.position);
