import { WaybookError } from '../../core/errors.ts';
import type { RobotState } from '../../core/robot-state.ts';
import { inFlavour } from '../protocol/ros-time.ts';
import { trajectoryGoal } from '../protocol/trajectory-messages.ts';
import { isAtRest } from './joint-tracker.ts';
import type { LinkSession } from './link-session.ts';
import { cancelAndRest, GoalWatch } from './run-goal.ts';

/** The goal holds for longer than anybody waits, so that only a working cancel ends it [s]. */
const HOLD = 8;
const ACCEPT = 2;

/**
 * Sends a goal that moves nothing and cancels it: proof that goals are heard and can be ended, before one that moves
 * is ever sent. Throws where the proof fails; the robot stays monitored only.
 */
export async function proveStop(session: LinkSession, state: RobotState, signal: AbortSignal): Promise<void> {
  const failed = (what: string): WaybookError =>
    new WaybookError('link/fault', `Cannot arm: a goal that moves nothing ${what}.`, {
      hint: 'Without a way to cancel, motion is not started. The robot stays monitor only.',
    });
  if (!isAtRest(state)) throw failed('cannot be tried while the arm moves');
  await session.trajectory.ready(session.clock, signal);
  const still = new Float64Array(2 * state.joints.length);
  const joints = Float64Array.from([...state.joints, ...state.joints]);
  const message = trajectoryGoal({
    jointNames: session.profile.joints.map((name) => session.names.toRobot(name)),
    times: [0, HOLD],
    joints,
    velocities: still,
  });
  const goal = session.trajectory.send(inFlavour(message, session.found.flavour));
  const watch = new GoalWatch(session, goal, HOLD);
  const heard = await session.clock.until(
    () => goal.accepted || watch.problem() !== undefined,
    ACCEPT,
    signal,
  );
  const problem = watch.problem();
  if (!heard || problem || !goal.accepted) {
    goal.cancel();
    throw failed(`was not taken up (${problem?.message ?? 'no feedback'})`);
  }
  if (goal.end) throw failed('ended by itself');
  const outcome = await cancelAndRest(session, goal);
  if (outcome !== 'cancelled') throw failed(`ended as "${outcome}" when it was cancelled`);
}
