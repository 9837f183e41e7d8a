import { inFlavour, rosTime } from '../protocol/ros-time.ts';
import { trajectoryGoal } from '../protocol/trajectory-messages.ts';
import { wordsOfTrajectoryResult } from '../protocol/trajectory-result.ts';
import type { ActionOutcome, MoveGoal, RunningMove } from '../robot-link.ts';
import type { GoalHandle } from './goal-handle.ts';
import type { LinkSession } from './link-session.ts';
import { GoalWatch, awaitGoal } from './run-goal.ts';

/** Deviation from the path's end that counts as arrived, and how late it may be. */
const GOAL_TOLERANCE = 0.03;
const GOAL_TIME_TOLERANCE = 1;

export interface MoveOptions {
  /** s */
  readonly deadline: number;
  readonly signal: AbortSignal;
}

/** What a move tells the connection that sent it, and asks of it. */
export interface MovePort {
  /** the goals that a stop would cancel */
  readonly goals: Set<GoalHandle>;
  /** It came to its end, and no replacement runs instead. */
  ended(): void;
  failed(error: unknown): void;
  /** Throws where a replacement may not start; else sends it when called. */
  replace(next: MoveGoal, options: MoveOptions, startAt: number | undefined): () => RunningMove;
}

/** Sends one goal, once, and watches it; `startAt` in s of robot time, now where it is absent. */
export function sendMove(
  session: LinkSession,
  goal: MoveGoal,
  { deadline, signal }: MoveOptions,
  port: MovePort,
  startAt?: number,
): RunningMove {
  const handle = session.trajectory.send(messageOf(session, goal, startAt));
  port.goals.add(handle);
  let replaced = false;
  const watch = new GoalWatch(session, handle, deadline);
  const settle = async (): Promise<ActionOutcome> => {
    try {
      const outcome = await awaitGoal(session, handle, watch, signal);
      if (!replaced) port.ended();
      return outcome;
    } catch (error) {
      if (!replaced) port.failed(error);
      throw error;
    } finally {
      port.goals.delete(handle);
    }
  };
  let outcome: Promise<ActionOutcome> | undefined;
  return {
    get settled() {
      return handle.end !== undefined;
    },
    problem: () => watch.problem(),
    outcome: () => (outcome ??= settle()),
    words: () => (handle.end?.kind === 'ended' ? wordsOfTrajectoryResult(handle.end.values) : undefined),
    cancel: () => {
      if (handle.end) return;
      handle.cancel();
    },
    replace: (next, nextDeadline, at) => {
      const send = port.replace(next, { deadline: nextDeadline, signal }, at);
      replaced = true;
      port.goals.delete(handle);
      return send();
    },
  };
}

/** The goal as this robot's flavour writes it, under its own joint names. */
function messageOf(session: LinkSession, goal: MoveGoal, startAt: number | undefined): unknown {
  const jointNames = goal.jointNames.map((name) => session.names.toRobot(name));
  const tolerance = jointNames.map((name) => ({
    name,
    position: GOAL_TOLERANCE,
    velocity: 0,
    acceleration: 0,
  }));
  const now = trajectoryGoal({ ...goal, jointNames }, { goal: tolerance, goalTime: GOAL_TIME_TOLERANCE });
  const message =
    startAt === undefined
      ? now
      : { ...now, trajectory: { ...now.trajectory, header: { stamp: rosTime(startAt), frame_id: '' } } };
  return session.found.flavour === 'ros1' ? inFlavour(message, 'ros1') : message;
}
