import {
  asBytes,
  asFields,
  asInteger,
  asList,
  asOptionalFields,
  asOptionalInteger,
  asOptionalList,
  asOptionalString,
  asString,
} from './fields.ts';
import { parseTime } from './ros-time.ts';
import type { RosTime } from './ros-time.ts';

export const CANCEL_GOAL = 'action_msgs/srv/CancelGoal';

/** `action_msgs/msg/GoalInfo` */
export interface GoalInfoMessage {
  readonly goal_id: { readonly uuid: Uint8Array };
  readonly stamp: RosTime;
}
/** Request of {@link CANCEL_GOAL}: the zero id with the zero stamp cancels all goals of the action. */
export interface CancelGoalRequest {
  readonly goal_info: GoalInfoMessage;
}
/** `return_code` is one of `CancelCode`. */
export interface CancelGoalResponse {
  readonly return_code: number;
  readonly goals_canceling: readonly GoalInfoMessage[];
}

export const CANCEL_ALL: CancelGoalRequest = {
  goal_info: { goal_id: { uuid: new Uint8Array(16) }, stamp: { sec: 0, nanosec: 0 } },
};

function parseGoalInfo(value: unknown, path: string): GoalInfoMessage {
  const fields = asOptionalFields(value, path);
  const id = asOptionalFields(fields['goal_id'], `${path}.goal_id`);
  const uuid = asBytes(id['uuid'], `${path}.goal_id.uuid`);
  return {
    goal_id: { uuid: uuid.length === 16 ? uuid : new Uint8Array(16) },
    stamp: parseTime(fields['stamp'], `${path}.stamp`),
  };
}

export const parseCancelGoalRequest = (value: unknown): CancelGoalRequest => ({
  goal_info: parseGoalInfo(asOptionalFields(value, 'cancel')['goal_info'], 'cancel.goal_info'),
});

export function parseCancelGoalResponse(value: unknown): CancelGoalResponse {
  const fields = asFields(value, 'cancel');
  return {
    return_code: asOptionalInteger(fields['return_code'], 'cancel.return_code', 0),
    goals_canceling: asOptionalList(fields['goals_canceling'], 'cancel.goals_canceling').map((item, i) =>
      parseGoalInfo(item, `cancel.goals_canceling[${i}]`),
    ),
  };
}

/** `actionlib_msgs/GoalStatus` of ROS 1, with a status of `GoalStatus1`. */
export interface GoalStatusEntry {
  readonly id: string;
  readonly status: number;
  readonly text: string;
}

/** `actionlib_msgs/GoalStatusArray` */
export function parseGoalStatusArray(value: unknown): GoalStatusEntry[] {
  return asList(asFields(value, 'status')['status_list'], 'status.status_list').map((item, i) =>
    parseGoalStatusEntry(item, `status.status_list[${i}]`),
  );
}

function parseGoalStatusEntry(value: unknown, path: string): GoalStatusEntry {
  const fields = asFields(value, path);
  const goal = asFields(fields['goal_id'], `${path}.goal_id`);
  return {
    id: asString(goal['id'], `${path}.goal_id.id`),
    status: asInteger(fields['status'], `${path}.status`),
    text: asOptionalString(fields['text'], `${path}.text`) ?? '',
  };
}

/** `<Action>ActionFeedback` and `<Action>ActionResult` of ROS 1: whose they are, and what they carry. */
export interface ActionlibEnvelope {
  readonly status: GoalStatusEntry;
  readonly body: unknown;
}

export function parseActionlib(value: unknown, part: 'feedback' | 'result'): ActionlibEnvelope {
  const fields = asFields(value, part);
  return { status: parseGoalStatusEntry(fields['status'], `${part}.status`), body: fields[part] ?? {} };
}

/** `<Action>ActionGoal` of ROS 1, times in the ROS 2 form until `inFlavour` has run over it. */
export const actionlibGoal = (id: string, stamp: RosTime, goal: unknown) => ({
  header: { stamp, frame_id: '' },
  goal_id: { stamp, id },
  goal,
});

/** `actionlib_msgs/GoalID` on `<action>/cancel`: an empty id with the zero stamp cancels all goals. */
export const actionlibCancel = (id: string) => ({ stamp: { sec: 0, nanosec: 0 }, id });

/** `std_srvs/srv/Trigger` */
export function parseTriggerResponse(value: unknown): { success: boolean; message: string } {
  const fields = asFields(value, 'trigger');
  return {
    success: fields['success'] === true,
    message: asOptionalString(fields['message'], 'trigger.message') ?? '',
  };
}
