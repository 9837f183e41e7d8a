/** `action_msgs/GoalStatus` of ROS 2. */
export const GoalStatus2 = {
  unknown: 0,
  accepted: 1,
  executing: 2,
  canceling: 3,
  succeeded: 4,
  canceled: 5,
  aborted: 6,
} as const;

/** `actionlib_msgs/GoalStatus` of ROS 1; the numbers mean other things: 4 is aborted here, succeeded there. */
export const GoalStatus1 = {
  pending: 0,
  active: 1,
  preempted: 2,
  succeeded: 3,
  aborted: 4,
  rejected: 5,
  preempting: 6,
  recalling: 7,
  recalled: 8,
  lost: 9,
} as const;

/** What a status means, whatever the flavour. */
export type GoalPhase =
  'pending' | 'active' | 'cancelling' | 'succeeded' | 'cancelled' | 'aborted' | 'rejected' | 'unknown';

export function goalPhase2(status: number): GoalPhase {
  switch (status) {
    case GoalStatus2.accepted:
      return 'pending';
    case GoalStatus2.executing:
      return 'active';
    case GoalStatus2.canceling:
      return 'cancelling';
    case GoalStatus2.succeeded:
      return 'succeeded';
    case GoalStatus2.canceled:
      return 'cancelled';
    case GoalStatus2.aborted:
      return 'aborted';
    default:
      return 'unknown';
  }
}

export function goalPhase1(status: number): GoalPhase {
  switch (status) {
    case GoalStatus1.pending:
      return 'pending';
    case GoalStatus1.active:
      return 'active';
    case GoalStatus1.preempting:
    case GoalStatus1.recalling:
      return 'cancelling';
    case GoalStatus1.preempted:
    case GoalStatus1.recalled:
      return 'cancelled';
    case GoalStatus1.succeeded:
      return 'succeeded';
    case GoalStatus1.aborted:
      return 'aborted';
    case GoalStatus1.rejected:
      return 'rejected';
    default:
      return 'unknown';
  }
}

export const isTerminal = (phase: GoalPhase): boolean =>
  phase === 'succeeded' || phase === 'cancelled' || phase === 'aborted' || phase === 'rejected';

/** `error_code` of `control_msgs/action/FollowJointTrajectory`. A cancelled goal carries 0 too: judge by status. */
export const TrajectoryError = {
  successful: 0,
  invalidGoal: -1,
  invalidJoints: -2,
  oldHeaderTimestamp: -3,
  pathToleranceViolated: -4,
  goalToleranceViolated: -5,
} as const;

/** `return_code` of `action_msgs/srv/CancelGoal`. */
export const CancelCode = { none: 0, rejected: 1, unknownGoal: 2, alreadyTerminated: 3 } as const;
