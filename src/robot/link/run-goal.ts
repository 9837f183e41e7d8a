import { WaybookError } from '../../core/errors.ts';
import type { ActionOutcome } from '../robot-link.ts';
import type { GoalEnd } from './goal-machine.ts';
import type { GoalHandle } from './goal-handle.ts';
import { isAtRest } from './joint-tracker.ts';
import type { LinkSession } from './link-session.ts';

/** Older states say nothing about where the arm is now [s]. */
export const STATE_AGE_LIMIT = 0.5;
/** A goal without a sign of life in this time was not heard [s of robot time]. */
const ACCEPT_LIMIT = 1;
/** Silence of a goal that had been talking [s of robot time]. */
const SILENCE_LIMIT = 1;
/** How long a cancelled goal may take to end and the arm to rest [s of robot time]. */
const CANCEL_LIMIT = 3;
const NEVER = new AbortController().signal;

/** How old the newest joint state is [s]: by stamps in lock-step, else by when it arrived. */
export function stateAge(session: LinkSession): number {
  const state = session.joints.latest;
  if (!state) return Number.POSITIVE_INFINITY;
  return session.clock.lockStep
    ? session.clock.now() - state.stamp
    : (performance.now() - session.stateReceivedAt) / 1000;
}

/** Watches one goal for the ways in which it can go wrong without anybody saying so. Pure but for the clock's reading. */
export class GoalWatch {
  readonly #session: LinkSession;
  readonly #goal: GoalHandle;
  readonly #start: number;
  readonly #deadline: number;
  #signs = 0;
  #heardAt: number;
  /** time by which the robot could have moved at the speed that was asked for [s] */
  #worked = 0;
  #workedAt: number;
  #askedAt = performance.now();
  /** by how much this process was late lately [s]: silence of that length is its own */
  #late = 0;

  /** `deadline` in seconds of robot time from now. */
  constructor(session: LinkSession, goal: GoalHandle, deadline: number) {
    this.#session = session;
    this.#goal = goal;
    this.#start = this.#heardAt = this.#workedAt = session.clock.now();
    this.#deadline = deadline;
  }

  /** What is wrong now, or undefined. Meant to be asked often. */
  problem(): WaybookError | undefined {
    const now = this.#session.clock.now();
    const { status } = this.#session;
    this.#worked += (now - this.#workedAt) * status.scaling();
    this.#workedAt = now;
    const late = this.#ownLateness();
    if (this.#goal.end) return undefined;
    const forbidden = status.refusal();
    if (forbidden !== undefined) {
      return new WaybookError('link/fault', `The robot left the state in which it may move. ${forbidden}`, {
        hint: 'Clear it at the robot, then recover and arm again.',
      });
    }
    if (this.#goal.signsOfLife !== this.#signs) {
      this.#signs = this.#goal.signsOfLife;
      this.#heardAt = now;
    }
    const age = stateAge(this.#session);
    if (age > STATE_AGE_LIMIT + late) {
      return new WaybookError(
        'link/lost',
        `The robot has sent no joint state for ${age.toFixed(2)} s during a motion.`,
        {
          hint: 'Its driver may have died. The robot may still be moving.',
          limit: { name: 'state age', value: age, limit: STATE_AGE_LIMIT, unit: 's' },
        },
      );
    }
    if (!this.#goal.accepted && now - this.#start > ACCEPT_LIMIT + late) {
      return new WaybookError(
        'link/timeout',
        `The controller did not take up the goal within ${ACCEPT_LIMIT} s.`,
        {
          hint: 'Bridges do not say why: check that the controller is active and that the action’s name and type are right.',
        },
      );
    }
    if (this.#goal.accepted && now - this.#heardAt > SILENCE_LIMIT + late) {
      return new WaybookError(
        'link/lost',
        `The controller has been silent for ${(now - this.#heardAt).toFixed(2)} s.`,
        {
          hint: 'The robot may still be moving.',
        },
      );
    }
    // A pendant's speed slider stretches what was planned.
    if (this.#worked > this.#deadline + late) {
      return new WaybookError(
        'link/timeout',
        `The motion did not end within its deadline of ${this.#deadline.toFixed(1)} s.`,
        {
          limit: { name: 'deadline', value: this.#worked, limit: this.#deadline, unit: 's' },
        },
      );
    }
    return undefined;
  }

  /** A busy host looks like a silent robot; the robot's own dead-man supervises motion meanwhile. Paid back with time. */
  #ownLateness(): number {
    if (this.#session.clock.lockStep) return 0;
    const now = performance.now();
    const gap = (now - this.#askedAt) / 1000;
    this.#askedAt = now;
    this.#late = Math.min(
      MOST_LATE,
      gap > ASKED_EVERY ? this.#late + gap - ASKED_EVERY : Math.max(0, this.#late - gap / 2),
    );
    return this.#late;
  }
}

/** Looks are milliseconds apart; what is longer than this was waiting for a processor [s]. */
const ASKED_EVERY = 0.03;
/** No more silence than this is taken for our own [s]. */
const MOST_LATE = 2;

/**
 * Waits for a goal's end. `signal` cancels it and waits for its end and for rest. Throws the watch's problem, having
 * asked for cancelling; stopping and the fault are the caller's.
 */
export async function awaitGoal(
  session: LinkSession,
  goal: GoalHandle,
  watch: GoalWatch,
  signal: AbortSignal,
): Promise<ActionOutcome> {
  let problem: WaybookError | undefined;
  try {
    await session.clock.until(
      () => goal.end !== undefined || (problem = watch.problem()) !== undefined,
      Number.POSITIVE_INFINITY,
      signal,
    );
  } catch (error) {
    if (!signal.aborted || !session.isOpen) throw error;
    return cancelAndRest(session, goal);
  }
  if (problem) {
    cancelQuietly(goal);
    throw problem;
  }
  return outcomeOf(goal.end);
}

/** Cancels and waits for the goal's end and the arm's rest. Throws `link/fault` where either fails to come. */
export async function cancelAndRest(session: LinkSession, goal: GoalHandle): Promise<ActionOutcome> {
  goal.cancel();
  const rested = (): boolean => {
    const state = session.joints.latest;
    return goal.end !== undefined && state !== undefined && isAtRest(state);
  };
  if (!(await session.clock.force(rested, CANCEL_LIMIT, NEVER))) {
    throw new WaybookError(
      'link/fault',
      `The arm was told to stop and is not at rest after ${CANCEL_LIMIT} s.`,
      {
        hint: 'Use the robot’s own stop.',
      },
    );
  }
  return outcomeOf(goal.end);
}

/** On the way out of a failure, where another failure would only hide the first. */
function cancelQuietly(goal: GoalHandle): void {
  try {
    goal.cancel();
  } catch {
    goal.abandon(undefined);
  }
}

function outcomeOf(end: GoalEnd | undefined): ActionOutcome {
  if (!end) throw new WaybookError('internal/bug', 'A goal was judged before its end.');
  switch (end.kind) {
    case 'ended':
      return end.outcome;
    case 'refused':
      throw new WaybookError('link/fault', `The robot refused the goal: ${end.reason}`);
    case 'lost':
      throw end.error instanceof Error ? end.error : new WaybookError('link/lost', 'The goal was lost.');
  }
}
