import { asFields, asNumbers, asOptionalFinite, asOptionalList, asString, asStrings } from './fields.ts';
import { parseHeader } from './geometry-messages.ts';
import type { HeaderMessage } from './geometry-messages.ts';
import { ZERO_TIME, parseTime, rosTime } from './ros-time.ts';
import type { RosTime } from './ros-time.ts';

export const FOLLOW_JOINT_TRAJECTORY = 'control_msgs/action/FollowJointTrajectory';

/** `trajectory_msgs/msg/JointTrajectoryPoint`: rad, rad/s, rad/s²; empty where not given. */
export interface JointTrajectoryPointMessage {
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  readonly accelerations: Float64Array;
  readonly effort: Float64Array;
  readonly time_from_start: RosTime;
}
/** `trajectory_msgs/msg/JointTrajectory` */
export interface JointTrajectoryMessage {
  readonly header: HeaderMessage;
  readonly joint_names: readonly string[];
  readonly points: readonly JointTrajectoryPointMessage[];
}
/** `control_msgs/msg/JointTolerance`: 0 means not given, a negative value means any deviation is allowed. */
export interface JointToleranceMessage {
  readonly name: string;
  readonly position: number;
  readonly velocity: number;
  readonly acceleration: number;
}
/** Goal of {@link FOLLOW_JOINT_TRAJECTORY}; its multi-DOF parts are not used. */
export interface TrajectoryGoalMessage {
  readonly trajectory: JointTrajectoryMessage;
  readonly path_tolerance: readonly JointToleranceMessage[];
  readonly goal_tolerance: readonly JointToleranceMessage[];
  readonly goal_time_tolerance: RosTime;
}
export interface TrajectoryFeedbackMessage {
  readonly header: HeaderMessage;
  readonly joint_names: readonly string[];
  readonly desired: JointTrajectoryPointMessage;
  readonly actual: JointTrajectoryPointMessage;
  readonly error: JointTrajectoryPointMessage;
}
export interface TrajectoryResultMessage {
  readonly error_code: number;
  readonly error_string: string;
}

export interface GoalSamples {
  readonly jointNames: readonly string[];
  /** [n] s */
  readonly times: ArrayLike<number>;
  /** [n·d] rad */
  readonly joints: Float64Array;
  /** [n·d] rad/s */
  readonly velocities: Float64Array;
}

/**
 * The goal for a dense trajectory. A zero header stamp means "start now". Pass the result through `inFlavour` before
 * it is sent to a ROS 1 bridge.
 */
export function trajectoryGoal(
  samples: GoalSamples,
  tolerances: {
    path?: readonly JointToleranceMessage[];
    goal?: readonly JointToleranceMessage[];
    goalTime?: number;
  } = {},
): TrajectoryGoalMessage {
  const d = samples.jointNames.length;
  const points = Array.from({ length: samples.times.length }, (_, i) =>
    trajectoryPoint(
      samples.joints.subarray(i * d, (i + 1) * d),
      samples.velocities.subarray(i * d, (i + 1) * d),
      samples.times[i] ?? 0,
    ),
  );
  return {
    trajectory: { header: { stamp: ZERO_TIME, frame_id: '' }, joint_names: samples.jointNames, points },
    path_tolerance: tolerances.path ?? [],
    goal_tolerance: tolerances.goal ?? [],
    goal_time_tolerance: rosTime(tolerances.goalTime ?? 0),
  };
}

const NONE = new Float64Array(0);

export const trajectoryPoint = (
  positions: Float64Array,
  velocities: Float64Array,
  timeFromStart: number,
): JointTrajectoryPointMessage => ({
  positions,
  velocities,
  accelerations: NONE,
  effort: NONE,
  time_from_start: rosTime(timeFromStart),
});

/** Structure only: lengths, finiteness and times are the controller's to judge, with its own error codes. */
export function parseTrajectoryGoal(value: unknown): TrajectoryGoalMessage {
  const fields = asFields(value, 'goal');
  const trajectory = asFields(fields['trajectory'], 'goal.trajectory');
  return {
    trajectory: {
      header: parseHeader(trajectory['header'], 'goal.trajectory.header'),
      joint_names: asStrings(trajectory['joint_names'], 'goal.trajectory.joint_names'),
      points: asOptionalList(trajectory['points'], 'goal.trajectory.points').map((point, i) =>
        parsePoint(point, `goal.trajectory.points[${i}]`),
      ),
    },
    path_tolerance: parseTolerances(fields['path_tolerance'], 'goal.path_tolerance'),
    goal_tolerance: parseTolerances(fields['goal_tolerance'], 'goal.goal_tolerance'),
    goal_time_tolerance: parseTime(fields['goal_time_tolerance'], 'goal.goal_time_tolerance'),
  };
}

function parsePoint(value: unknown, path: string): JointTrajectoryPointMessage {
  const fields = asFields(value, path);
  return {
    positions: asNumbers(fields['positions'], `${path}.positions`),
    velocities: asNumbers(fields['velocities'], `${path}.velocities`),
    accelerations: asNumbers(fields['accelerations'], `${path}.accelerations`),
    effort: asNumbers(fields['effort'], `${path}.effort`),
    time_from_start: parseTime(fields['time_from_start'], `${path}.time_from_start`),
  };
}

function parseTolerances(value: unknown, path: string): JointToleranceMessage[] {
  return asOptionalList(value, path).map((item, i) => {
    const fields = asFields(item, `${path}[${i}]`);
    const part = (key: string) => asOptionalFinite(fields[key], `${path}[${i}].${key}`, 0);
    return {
      name: asString(fields['name'], `${path}[${i}].name`),
      position: part('position'),
      velocity: part('velocity'),
      acceleration: part('acceleration'),
    };
  });
}
