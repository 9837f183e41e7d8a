import { WaybookError } from '../../core/errors.ts';
import { gripperGoal, parallelGripperGoal, parseGripperState } from '../protocol/gripper-messages.ts';
import { inFlavour } from '../protocol/ros-time.ts';
import type { GripOutcome } from '../robot-link.ts';
import type { GoalHandle } from './goal-handle.ts';
import { openingOf } from './joint-tracker.ts';
import type { LinkSession } from './link-session.ts';

const CANCEL_LIMIT = 2;
const NEVER = new AbortController().signal;

/**
 * One gripper action to its end. Servers disagree on whether a stall is a success, so the outcome is told as it came,
 * beside what was measured. `signal` cancels it and waits for its end. Throws `link/timeout` after the profile's time-out.
 */
export async function runGrip(
  session: LinkSession,
  opening: number,
  goals: Set<GoalHandle>,
  signal: AbortSignal,
): Promise<GripOutcome> {
  const { gripper } = session.profile;
  const port = session.gripper;
  if (!gripper || !port) {
    throw new WaybookError('input/reference', `${session.profile.name} has no gripper in its profile.`, {
      hint: 'Add "gripper" to the profile, or keep the gripper value constant in the waypoints.',
    });
  }
  if (!(opening >= 0 && opening <= 1)) throw new RangeError(`grip: opening must be 0..1, not ${opening}`);
  const { clock, found } = session;
  await port.ready(clock, signal);
  const position = gripper.closed + opening * (gripper.open - gripper.closed);
  const message =
    gripper.type === 'GripperCommand'
      ? gripperGoal(position, gripper.effort)
      : parallelGripperGoal(session.names.toRobot(gripper.joint), position, gripper.effort);
  const goal = port.send(inFlavour(message, found.flavour));
  goals.add(goal);
  try {
    if (!(await clock.until(() => goal.end !== undefined, gripper.timeout, signal))) {
      goal.cancel();
      throw new WaybookError('link/timeout', `The gripper did not finish within ${gripper.timeout} s.`, {
        hint: 'Check the gripper’s action, values and time-out in the robot’s profile.',
      });
    }
  } catch (error) {
    if (!signal.aborted || !session.isOpen) throw error;
    goal.cancel();
    await clock.force(() => goal.end !== undefined, CANCEL_LIMIT, NEVER);
  } finally {
    goals.delete(goal);
  }
  const { end } = goal;
  if (!end || end.kind === 'lost') throw new WaybookError('link/lost', 'The gripper’s answer was lost.');
  if (end.kind === 'refused') throw new WaybookError('link/fault', `The gripper refused: ${end.reason}`);
  const result = parseGripperState(end.values);
  const measured = session.joints.latest?.gripper ?? opening;
  return {
    outcome: end.outcome,
    opening: Number.isFinite(result.position) ? openingOf(gripper, result.position) : measured,
    reachedGoal: result.reached_goal,
    stalled: result.stalled,
  };
}
