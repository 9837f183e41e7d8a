import { asFields, asFinite, asNumber, asOptionalBoolean, asOptionalFinite } from './fields.ts';
import { parseJointState } from './sensor-messages.ts';
import type { JointStateMessage } from './sensor-messages.ts';
import { ZERO_TIME } from './ros-time.ts';

export const GRIPPER_COMMAND = 'control_msgs/action/GripperCommand';
export const PARALLEL_GRIPPER_COMMAND = 'control_msgs/action/ParallelGripperCommand';

/** Goal of {@link GRIPPER_COMMAND}: the gripper's own unit of opening (see the robot profile), N. */
export interface GripperGoalMessage {
  readonly command: { readonly position: number; readonly max_effort: number };
}
/** Result and feedback of {@link GRIPPER_COMMAND}. */
export interface GripperStateMessage {
  readonly position: number;
  readonly effort: number;
  readonly stalled: boolean;
  readonly reached_goal: boolean;
}
/** Goal of {@link PARALLEL_GRIPPER_COMMAND}. */
export interface ParallelGripperGoalMessage {
  readonly command: JointStateMessage;
}

export const gripperGoal = (position: number, effort: number): GripperGoalMessage => ({
  command: { position, max_effort: effort },
});

export const parallelGripperGoal = (
  joint: string,
  position: number,
  effort: number,
): ParallelGripperGoalMessage => ({
  command: {
    header: { stamp: ZERO_TIME, frame_id: '' },
    name: [joint],
    position: Float64Array.of(position),
    velocity: new Float64Array(0),
    effort: Float64Array.of(effort),
  },
});

/** Throws `link/protocol` unless the position is finite. A missing or zero effort means "as strong as it can". */
export function parseGripperGoal(value: unknown): GripperGoalMessage {
  const command = asFields(asFields(value, 'goal')['command'], 'goal.command');
  return {
    command: {
      position: asFinite(command['position'], 'goal.command.position'),
      max_effort: asOptionalFinite(command['max_effort'], 'goal.command.max_effort', 0),
    },
  };
}

/** Result or feedback of either gripper action; `position` is the joint's value, NaN where not reported. */
export function parseGripperState(value: unknown): GripperStateMessage {
  const fields = asFields(value, 'gripper');
  const flags = {
    stalled: asOptionalBoolean(fields['stalled'], 'gripper.stalled', false),
    reached_goal: asOptionalBoolean(fields['reached_goal'], 'gripper.reached_goal', false),
  };
  if (fields['state'] !== undefined) {
    const state = parseJointState(fields['state']);
    return { position: state.position[0] ?? Number.NaN, effort: state.effort[0] ?? Number.NaN, ...flags };
  }
  return {
    position: asNumber(fields['position'] ?? null, 'gripper.position'),
    effort: asNumber(fields['effort'] ?? null, 'gripper.effort'),
    ...flags,
  };
}
