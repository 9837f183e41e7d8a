import { GoalStatus2 } from '../../robot/protocol/goal-status.ts';
import type { GripperStateMessage } from '../../robot/protocol/gripper-messages.ts';
import type { World } from '../world-api.ts';
import type { Goal } from './goal.ts';

interface Running {
  readonly goal: Goal;
  readonly target: number;
  readonly effort: number;
  readonly start: number;
  nextFeedback: number;
  /** since when the finger has not moved [s] */
  stillSince: number | undefined;
  /** where the finger has stayed near, and since when [m, s] */
  near: { position: number; since: number };
}

/** m: how near the target counts as reached */
const REACHED = 1e-3;
/** m/s: slower than this is no motion */
const STILL = 1e-3;
/** s without motion that make a stall */
const STALL_TIME = 0.1;
/** m, s: a finger that trembles on what it holds is never slow, but it stays where it is */
const TREMBLING = 2e-4;
const TREMBLING_TIME = 1;
/** s: the fingers need this long to begin to move */
const START_TIME = 0.1;
/** s */
const TIMEOUT = 5;
const FEEDBACK_PERIOD = 0.02;
const EPSILON = 1e-9;

/**
 * `control_msgs/action/GripperCommand` on one finger joint. A stall short of the target ends the goal as succeeded with
 * `stalled` set, as a controller with `allow_stalling` does: fingers that close on an object are meant to stall.
 */
export class GripperController {
  readonly #world: World;
  #running: Running | undefined;
  #target: number;
  #effort: number;

  constructor(world: World) {
    this.#world = world;
    this.#target = world.fingerPosition();
    this.#effort = world.arm.gripper.maxEffort;
  }

  get goalIds(): string[] {
    return this.#running ? [this.#running.goal.id] : [];
  }

  get moving(): boolean {
    return this.#running !== undefined;
  }

  /** Set-point and force to hold: part of a snapshot. */
  get command(): { target: number; effort: number } {
    return { target: this.#target, effort: this.#effort };
  }

  /** Finger position [m] and force [N], 0 for as much as there is; returns why it is refused, or undefined. */
  start(goal: Goal, position: number, effort: number): string | undefined {
    const { open, maxEffort } = this.#world.arm.gripper;
    if (!(position >= -REACHED && position <= open + REACHED)) {
      return `position ${position} m is outside 0 to ${open} m`;
    }
    this.#end(GoalStatus2.canceled);
    const now = this.#world.time;
    this.#target = Math.min(Math.max(position, 0), open);
    this.#effort = effort > 0 ? Math.min(effort, maxEffort) : maxEffort;
    this.#running = {
      goal,
      target: this.#target,
      effort: this.#effort,
      start: now,
      nextFeedback: now,
      stillSince: undefined,
      near: { position: this.#world.fingerPosition(), since: now },
    };
    this.#world.setGripperTarget(this.#target, this.#effort);
    return undefined;
  }

  cancel(id?: string): string[] {
    const running = this.#running;
    if (!running || (id !== undefined && id !== running.goal.id)) return [];
    this.brake();
    return [running.goal.id];
  }

  /** Stops moving fingers where they are; a finished grip keeps its force, so that nothing is dropped. */
  brake(): void {
    if (!this.#running) return;
    this.#target = this.#world.fingerPosition();
    this.#world.setGripperTarget(this.#target, this.#effort);
    this.#end(GoalStatus2.canceled);
  }

  afterStep(): void {
    const running = this.#running;
    if (!running) return;
    const now = this.#world.time;
    const position = this.#world.fingerPosition();
    const apart = Math.abs(position - running.target);
    const still = Math.abs(this.#world.fingerVelocity()) < STILL;
    if (now >= running.nextFeedback - EPSILON) {
      running.nextFeedback += FEEDBACK_PERIOD;
      running.goal.sink.feedback(this.#state(false, apart <= REACHED));
    }
    running.stillSince = still ? (running.stillSince ?? now) : undefined;
    if (Math.abs(position - running.near.position) > TREMBLING) running.near = { position, since: now };
    const held = now - running.near.since >= TREMBLING_TIME;
    if (apart <= REACHED && (still || held)) this.#end(GoalStatus2.succeeded, false, true);
    else if (
      held ||
      (running.stillSince !== undefined &&
        now - running.stillSince >= STALL_TIME - EPSILON &&
        now - running.start >= START_TIME + STALL_TIME)
    ) {
      this.#end(GoalStatus2.succeeded, true, false);
    } else if (now - running.start > TIMEOUT) this.#end(GoalStatus2.aborted);
  }

  restore({ target, effort }: { target: number; effort: number }): void {
    this.#end(GoalStatus2.canceled);
    this.#target = target;
    this.#effort = effort;
  }

  /** Ends the goal at once: the world is about to be replaced. */
  abandon(): void {
    this.#end(GoalStatus2.canceled);
  }

  #end(status: number, stalled = false, reached = false): void {
    const running = this.#running;
    this.#running = undefined;
    running?.goal.sink.result(status, this.#state(stalled, reached));
  }

  #state(stalled: boolean, reached_goal: boolean): GripperStateMessage {
    return {
      position: this.#world.fingerPosition(),
      effort: this.#world.fingerEffort(),
      stalled,
      reached_goal,
    };
  }
}
