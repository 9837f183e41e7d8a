import { GoalStatus2, TrajectoryError } from '../../robot/protocol/goal-status.ts';
import { rosTime } from '../../robot/protocol/ros-time.ts';
import { trajectoryPoint } from '../../robot/protocol/trajectory-messages.ts';
import type { TrajectoryFeedbackMessage } from '../../robot/protocol/trajectory-messages.ts';
import type { World, WorldArm } from '../world-api.ts';
import type { Goal } from './goal.ts';
import { blendedPlan, brakePlan, hermitePlan } from './motion-plan.ts';
import type { MotionPlan } from './motion-plan.ts';
import type { TrajectoryGoal } from './trajectory-goal.ts';

/** A running goal with its plan on the arm's clock. */
interface Running {
  readonly goal: Goal;
  readonly spec: TrajectoryGoal;
  readonly plan: MotionPlan;
  /** s of simulated time */
  readonly start: number;
}

/**
 * What the arm does. `following` runs a goal, perhaps with a replacement that takes over later; `braking` comes to
 * rest, perhaps on behalf of a goal that was cancelled; `holding` stands still.
 */
type Motion =
  | { readonly kind: 'holding' }
  | {
      readonly kind: 'following';
      readonly running: Running;
      readonly next: Running | undefined;
      nextFeedback: number;
    }
  | { readonly kind: 'waiting'; readonly next: Running }
  | {
      readonly kind: 'braking';
      readonly plan: MotionPlan;
      readonly start: number;
      readonly ended: EndedGoal | undefined;
    };

interface EndedGoal {
  readonly goal: Goal;
  readonly status: number;
  readonly code: number;
  readonly text: string;
}

/** How far a goal's first point may be from where the set-points are [rad]. */
const START_TOLERANCE = 0.05;
/** A start velocity may differ by what the joint can gain in this time [s]. */
const START_VELOCITY_TIME = 0.02;
/** 50 Hz */
const FEEDBACK_PERIOD = 0.02;
/** rad/s: at rest for ending a goal */
const REST_VELOCITY = 0.02;
/** s in place after which a goal ends though the arm still trembles */
const TREMBLE_TIME = 0.5;
/** Comparisons of times that are sums of steps [s]. */
const EPSILON = 1e-9;

/**
 * Follows joint trajectories with the arm of a world, step by step: the servo set-points are always continuous, and
 * every way to stop brakes within the joints' acceleration limits.
 */
export class ArmController {
  readonly #world: World;
  readonly #arm: WorldArm;
  /** Set-points now [rad], [rad/s]. */
  readonly position: Float64Array;
  readonly velocity: Float64Array;
  readonly #measured: Float64Array;
  readonly #measuredVelocity: Float64Array;
  readonly #effort: Float64Array;
  #motion: Motion = { kind: 'holding' };
  #inPlaceSince: number | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#arm = world.arm;
    const d = this.#arm.joints.length;
    this.#measured = new Float64Array(d);
    this.#measuredVelocity = new Float64Array(d);
    this.#effort = new Float64Array(d);
    world.armState(this.#measured, this.#measuredVelocity, this.#effort);
    this.position = this.#measured.slice();
    this.velocity = new Float64Array(d);
  }

  get moving(): boolean {
    return this.#motion.kind !== 'holding';
  }

  /** Ids of goals that have not ended, first the running one. */
  get goalIds(): string[] {
    const motion = this.#motion;
    switch (motion.kind) {
      case 'following':
        return [motion.running.goal.id, ...(motion.next ? [motion.next.goal.id] : [])];
      case 'waiting':
        return [motion.next.goal.id];
      case 'braking':
        return motion.ended ? [motion.ended.goal.id] : [];
      case 'holding':
        return [];
    }
  }

  /**
   * Registers a goal; returns why it is refused, or undefined. It starts at its stamp, or now. A goal that does not
   * start where the arm then is, at its speed, ends the running one by braking and is refused or aborted itself.
   */
  start(goal: Goal, spec: TrajectoryGoal): string | undefined {
    const now = this.#world.time;
    const start = spec.startAt === 0 ? now : spec.startAt;
    const running = this.#planned(goal, spec, start);
    if (start + running.plan.duration <= now)
      return `the trajectory ended ${(now - start - running.plan.duration).toFixed(3)} s ago`;
    if (start > now + EPSILON) {
      this.#schedule(running);
      return undefined;
    }
    const refused = this.#mismatch(running, now);
    if (refused !== undefined) {
      this.brake('a replacement did not start where the arm was');
      return refused;
    }
    this.#take(running, now);
    return undefined;
  }

  /** Brakes to rest; the goal with that id (or every goal) then ends as cancelled. Returns the ids concerned. */
  cancel(id?: string): string[] {
    const ids = this.goalIds.filter((other) => id === undefined || other === id);
    if (ids.length === 0) return [];
    const motion = this.#motion;
    // Only the replacement that has not begun is cancelled: the running goal goes on to its own rest.
    if (id !== undefined && motion.kind === 'following' && motion.next?.goal.id === id) {
      end(motion.next.goal, cancelled('cancelled before it began'));
      this.#motion = { ...motion, next: undefined };
      return ids;
    }
    this.brake('cancelled');
    return ids;
  }

  /** Comes to rest within the acceleration limits, from the set-points of now; all goals end as cancelled. */
  brake(reason: string): void {
    const motion = this.#motion;
    if (motion.kind === 'following' || motion.kind === 'waiting') {
      if (motion.next) end(motion.next.goal, cancelled(reason));
    }
    if (motion.kind === 'waiting') this.#motion = { kind: 'holding' };
    if (motion.kind === 'following') {
      this.#brakeFor({ goal: motion.running.goal, ...cancelled(reason) });
    }
  }

  #brakeFor(ended: EndedGoal): void {
    const plan = brakePlan(this.position, this.velocity, this.#arm.limits);
    this.#motion = { kind: 'braking', plan, start: this.#world.time, ended };
  }

  /** Set-points for the step that begins now. */
  beforeStep(): void {
    const now = this.#world.time;
    this.#switchIfDue(now);
    const motion = this.#motion;
    const target = now + this.#world.timestep;
    if (motion.kind === 'following')
      motion.running.plan.sample(target - motion.running.start, this.position, this.velocity);
    if (motion.kind === 'braking') motion.plan.sample(target - motion.start, this.position, this.velocity);
    if (motion.kind !== 'holding') this.#world.setArmTarget(this.position, this.velocity);
  }

  /** Feedback, tolerances and ends, after the step. */
  afterStep(): void {
    const motion = this.#motion;
    if (motion.kind === 'holding' || motion.kind === 'waiting') return;
    const now = this.#world.time;
    this.#world.armState(this.#measured, this.#measuredVelocity, this.#effort);
    if (motion.kind === 'braking') {
      if (now - motion.start < motion.plan.duration - EPSILON) return;
      // A step may end a rounding error before the plan does.
      motion.plan.sample(motion.plan.duration, this.position, this.velocity);
      this.#world.setArmTarget(this.position, this.velocity);
      this.#motion = { kind: 'holding' };
      if (motion.ended) end(motion.ended.goal, motion.ended);
      return;
    }
    const { running } = motion;
    const elapsed = now - running.start;
    const joint = this.#worstBeyond(running.spec.pathTolerance);
    if (joint !== undefined) {
      this.#abort(running, TrajectoryError.pathToleranceViolated, joint);
      return;
    }
    if (now >= motion.nextFeedback - EPSILON) {
      motion.nextFeedback += FEEDBACK_PERIOD;
      running.goal.sink.feedback(this.#feedback(elapsed));
    }
    if (elapsed >= running.plan.duration - EPSILON) this.#endWhenInPlace(motion, running, now, elapsed);
  }

  #endWhenInPlace(
    motion: { next: Running | undefined },
    running: Running,
    now: number,
    elapsed: number,
  ): void {
    const beyond = this.#worstBeyond(running.spec.goalTolerance);
    const late = elapsed - running.plan.duration;
    if (beyond !== undefined) {
      this.#inPlaceSince = undefined;
      if (late >= running.spec.goalTime) this.#abort(running, TrajectoryError.goalToleranceViolated, beyond);
      return;
    }
    this.#inPlaceSince ??= now;
    const still = this.#measuredVelocity.every((v) => Math.abs(v) <= REST_VELOCITY);
    if (!still && now - this.#inPlaceSince < TREMBLE_TIME) return;
    this.#motion = motion.next ? { kind: 'waiting', next: motion.next } : { kind: 'holding' };
    end(running.goal, {
      status: GoalStatus2.succeeded,
      code: TrajectoryError.successful,
      text: 'Goal successfully reached!',
    });
  }

  #abort(running: Running, code: number, text: string): void {
    const motion = this.#motion;
    if (motion.kind === 'following' && motion.next)
      end(motion.next.goal, cancelled('the goal before it was aborted'));
    this.#brakeFor({ goal: running.goal, status: GoalStatus2.aborted, code, text });
  }

  /** Starts a scheduled goal when its time has come. */
  #switchIfDue(now: number): void {
    const motion = this.#motion;
    const next = motion.kind === 'following' || motion.kind === 'waiting' ? motion.next : undefined;
    if (!next || now < next.start - EPSILON) return;
    const refused = this.#mismatch(next, now);
    if (refused === undefined) {
      this.#take(next, now);
      return;
    }
    end(next.goal, { status: GoalStatus2.aborted, code: TrajectoryError.invalidGoal, text: refused });
    this.#motion = motion.kind === 'following' ? { ...motion, next: undefined } : { kind: 'holding' };
    this.brake('a replacement did not start where the arm was');
  }

  #schedule(next: Running): void {
    const motion = this.#motion;
    const before = motion.kind === 'following' || motion.kind === 'waiting' ? motion.next : undefined;
    if (before) end(before.goal, cancelled('replaced before it began'));
    if (motion.kind === 'following') this.#motion = { ...motion, next };
    else {
      if (motion.kind === 'braking' && motion.ended) end(motion.ended.goal, motion.ended);
      this.#motion = { kind: 'waiting', next };
    }
  }

  /** Runs a goal from now on; whatever ran before ends as cancelled. */
  #take(running: Running, now: number): void {
    const motion = this.#motion;
    if (motion.kind === 'following') end(motion.running.goal, cancelled('replaced by another goal'));
    if (
      (motion.kind === 'following' || motion.kind === 'waiting') &&
      motion.next &&
      motion.next.goal !== running.goal
    ) {
      end(motion.next.goal, cancelled('replaced before it began'));
    }
    if (motion.kind === 'braking' && motion.ended) end(motion.ended.goal, motion.ended);
    const plan = blendedPlan(running.plan, this.position, this.velocity, now - running.start);
    this.#inPlaceSince = undefined;
    this.#motion = { kind: 'following', running: { ...running, plan }, next: undefined, nextFeedback: now };
  }

  /** The goal's plan; one that begins later than its start is led there from the set-points of now. */
  #planned(goal: Goal, spec: TrajectoryGoal, start: number): Running {
    if ((spec.times[0] as number) === 0) {
      return { goal, spec, start, plan: hermitePlan(spec.times, spec.positions, spec.velocities) };
    }
    const plan = hermitePlan(
      Float64Array.of(0, ...spec.times),
      Float64Array.of(...this.position, ...spec.positions),
      Float64Array.of(...this.velocity, ...spec.velocities),
    );
    return { goal, spec, start, plan };
  }

  /** Why the plan cannot be entered now, or undefined. */
  #mismatch(running: Running, now: number): string | undefined {
    const d = this.position.length;
    const p = new Float64Array(d);
    const v = new Float64Array(d);
    running.plan.sample(now - running.start, p, v);
    for (let j = 0; j < d; j++) {
      const joint = this.#arm.joints[j] as string;
      const apart = Math.abs((p[j] as number) - (this.position[j] as number));
      if (apart > START_TOLERANCE) {
        return `${joint} would start ${apart.toFixed(3)} rad from where it is, ${START_TOLERANCE} rad are allowed`;
      }
      const faster = Math.abs((v[j] as number) - (this.velocity[j] as number));
      const allowed = (this.#arm.limits[j]?.acceleration ?? 0) * START_VELOCITY_TIME;
      if (faster > allowed + EPSILON) {
        return `${joint} would start ${faster.toFixed(3)} rad/s off its speed, ${allowed.toFixed(3)} rad/s are allowed`;
      }
    }
    return undefined;
  }

  /** The joint furthest beyond its tolerance between set-point and measurement, as a sentence. */
  #worstBeyond(tolerance: Float64Array): string | undefined {
    let worst = 0;
    let text: string | undefined;
    for (let j = 0; j < tolerance.length; j++) {
      const allowed = tolerance[j] as number;
      const error = Math.abs((this.position[j] as number) - (this.#measured[j] as number));
      if (allowed > 0 && error > allowed && error - allowed > worst) {
        worst = error - allowed;
        text = `${this.#arm.joints[j]} is ${error.toFixed(4)} rad off, ${allowed.toFixed(4)} rad are allowed`;
      }
    }
    return text;
  }

  #feedback(elapsed: number): TrajectoryFeedbackMessage {
    const difference = (a: Float64Array, b: Float64Array) => a.map((value, j) => value - (b[j] as number));
    return {
      header: { stamp: rosTime(this.#world.time), frame_id: '' },
      joint_names: this.#arm.joints,
      desired: trajectoryPoint(this.position.slice(), this.velocity.slice(), elapsed),
      actual: trajectoryPoint(this.#measured.slice(), this.#measuredVelocity.slice(), elapsed),
      error: trajectoryPoint(
        difference(this.position, this.#measured),
        difference(this.velocity, this.#measuredVelocity),
        elapsed,
      ),
    };
  }

  /** Set-points as they were: goals end as cancelled, and the arm brakes from a speed that it had. */
  restore(position: Float64Array, velocity: Float64Array): void {
    this.brake('the world was restored');
    const motion = this.#motion;
    if (motion.kind === 'braking' && motion.ended) end(motion.ended.goal, motion.ended);
    this.position.set(position);
    this.velocity.set(velocity);
    const plan = brakePlan(position, velocity, this.#arm.limits);
    this.#motion =
      plan.duration === 0
        ? { kind: 'holding' }
        : { kind: 'braking', plan, start: this.#world.time, ended: undefined };
  }

  /** Ends every goal at once, without motion: the world is about to be replaced. */
  abandon(reason: string): void {
    this.brake(reason);
    if (this.#motion.kind === 'braking' && this.#motion.ended)
      end(this.#motion.ended.goal, this.#motion.ended);
    this.#motion = { kind: 'holding' };
  }
}

const cancelled = (text: string) => ({
  status: GoalStatus2.canceled,
  code: TrajectoryError.successful,
  text,
});

function end(goal: Goal, { status, code, text }: { status: number; code: number; text: string }): void {
  goal.sink.result(status, { error_code: code, error_string: text });
}
