import { asFields, asOptionalFields, asOptionalList } from '../../robot/protocol/fields.ts';
import { secondsOf } from '../../robot/protocol/ros-time.ts';
import { parseTrajectoryGoal } from '../../robot/protocol/trajectory-messages.ts';
import type { JointToleranceMessage } from '../../robot/protocol/trajectory-messages.ts';
import type { WorldArm } from '../world-api.ts';

/** A goal that this arm could run: joints in the arm's order, everything finite and within its limits. */
export interface TrajectoryGoal {
  /** s of simulated time; 0 means now */
  readonly startAt: number;
  /** [n] s, strictly increasing; the first may be 0 */
  readonly times: Float64Array;
  /** [n·d] rad */
  readonly positions: Float64Array;
  /** [n·d] rad/s */
  readonly velocities: Float64Array;
  /** rad per joint, 0 not checked */
  readonly pathTolerance: Float64Array;
  /** rad per joint, 0 not checked */
  readonly goalTolerance: Float64Array;
  /** s after the last point by which the goal tolerance must hold */
  readonly goalTime: number;
}

export type GoalCheck = { readonly goal: TrajectoryGoal } | { readonly refused: string };

const MAX_POINTS = 10_000;
const MAX_DURATION = 600;
/** Rounding of a planner must not refuse a path along a limit. */
const POSITION_SLACK = 1e-3;
const VELOCITY_SLACK = 1.05;
/** What counts as rest in a goal's last point [rad/s]. */
const REST = 1e-3;
/** Where the goal does not say: how near the end must be [rad], and how long it may take to settle [s]. */
const DEFAULT_GOAL_TOLERANCE = 0.05;
const DEFAULT_GOAL_TIME = 1;

/**
 * Checks the arguments of a FollowJointTrajectory goal as a robot's controller does, in the order in which a person
 * would want to hear about it. Throws `link/protocol` where the message has another structure.
 */
export function checkTrajectoryGoal(args: unknown, arm: WorldArm): GoalCheck {
  if (hasRos1Times(args)) {
    return {
      refused:
        'times are in the ROS 1 form (secs, nsecs), which a ROS 2 robot reads as 0; send sec and nanosec',
    };
  }
  const message = parseTrajectoryGoal(args);
  const { joint_names: names, points } = message.trajectory;
  const d = arm.joints.length;
  const order = arm.joints.map((joint) => names.indexOf(joint));
  if (names.length !== d || order.includes(-1)) {
    return {
      refused: `joint_names must be ${arm.joints.join(', ')}; found ${names.slice(0, 32).join(', ') || 'none'}`,
    };
  }
  const n = points.length;
  if (n === 0) return { refused: 'the trajectory has no points' };
  if (n > MAX_POINTS) return { refused: `the trajectory has ${n} points, the limit is ${MAX_POINTS}` };

  const times = Float64Array.from(points, (point) => secondsOf(point.time_from_start));
  const positions = new Float64Array(n * d);
  const velocities = new Float64Array(n * d);
  const given = points.every((point) => point.velocities.length === d);
  for (let i = 0; i < n; i++) {
    const point = points[i] as (typeof points)[number];
    if (point.positions.length !== d)
      return { refused: `point ${i} has ${point.positions.length} positions, not ${d}` };
    if (point.velocities.length !== 0 && point.velocities.length !== d) {
      return { refused: `point ${i} has ${point.velocities.length} velocities, not ${d} or none` };
    }
    for (let j = 0; j < d; j++) {
      positions[i * d + j] = point.positions[order[j] as number] as number;
      velocities[i * d + j] = given ? (point.velocities[order[j] as number] as number) : 0;
    }
  }
  if (!given) deriveVelocities(times, positions, velocities, d);
  const refused = limitsBroken(times, positions, velocities, arm);
  if (refused !== undefined) return { refused };
  const tolerance = (list: readonly JointToleranceMessage[], fallback: number) =>
    Float64Array.from(arm.joints, (joint) => {
      const value = list.find((item) => item.name === joint)?.position ?? 0;
      // By control_msgs a negative tolerance means that any error is allowed.
      return value < 0 ? 0 : value === 0 ? fallback : value;
    });
  const goalTime = secondsOf(message.goal_time_tolerance);
  return {
    goal: {
      startAt: secondsOf(message.trajectory.header.stamp),
      times,
      positions,
      velocities,
      pathTolerance: tolerance(message.path_tolerance, 0),
      goalTolerance: tolerance(message.goal_tolerance, DEFAULT_GOAL_TOLERANCE),
      goalTime: goalTime > 0 ? goalTime : DEFAULT_GOAL_TIME,
    },
  };
}

function limitsBroken(
  times: Float64Array,
  positions: Float64Array,
  velocities: Float64Array,
  arm: WorldArm,
): string | undefined {
  const n = times.length;
  const d = arm.joints.length;
  for (let i = 0; i < n; i++) {
    const t = times[i] as number;
    const before = i === 0 ? undefined : (times[i - 1] as number);
    if (!(t >= 0) || (before !== undefined && !(t > before)))
      return `times must rise; point ${i} is at ${t} s after ${before ?? 0} s`;
    for (let j = 0; j < d; j++) {
      const { lower, upper, velocity } = arm.limits[j] as WorldArm['limits'][number];
      const p = positions[i * d + j] as number;
      const v = velocities[i * d + j] as number;
      const joint = arm.joints[j] as string;
      if (!Number.isFinite(p) || !Number.isFinite(v)) return `point ${i} of ${joint} is not a finite number`;
      if (p < lower - POSITION_SLACK || p > upper + POSITION_SLACK) {
        return `point ${i} puts ${joint} at ${p.toFixed(3)} rad, its limits are ${lower.toFixed(3)} to ${upper.toFixed(3)}`;
      }
      const mean =
        before === undefined ? 0 : Math.abs(p - (positions[(i - 1) * d + j] as number)) / (t - before);
      const fastest = Math.max(Math.abs(v), mean);
      if (fastest > velocity * VELOCITY_SLACK) {
        return `point ${i} moves ${joint} at ${fastest.toFixed(3)} rad/s, its limit is ${velocity.toFixed(3)}`;
      }
    }
  }
  if ((times[n - 1] as number) > MAX_DURATION)
    return `the trajectory takes ${times[n - 1]} s, the limit is ${MAX_DURATION} s`;
  for (let j = 0; j < d; j++) {
    if (Math.abs(velocities[(n - 1) * d + j] as number) > REST)
      return `${arm.joints[j]} still moves at the last point`;
  }
  return undefined;
}

/** Central differences where the direction holds, else zero: monotone, and at rest at both ends. */
function deriveVelocities(
  times: Float64Array,
  positions: Float64Array,
  velocities: Float64Array,
  d: number,
): void {
  for (let i = 1; i < times.length - 1; i++) {
    const [t0, t1, t2] = [times[i - 1] as number, times[i] as number, times[i + 1] as number];
    for (let j = 0; j < d; j++) {
      const p = positions[i * d + j] as number;
      const before = (p - (positions[(i - 1) * d + j] as number)) / (t1 - t0);
      const after = ((positions[(i + 1) * d + j] as number) - p) / (t2 - t1);
      velocities[i * d + j] = before * after > 0 ? (2 * before * after) / (before + after) : 0;
    }
  }
}

function hasRos1Times(args: unknown): boolean {
  const trajectory = asOptionalFields(asFields(args, 'goal')['trajectory'], 'goal.trajectory');
  return asOptionalList(trajectory['points'], 'goal.trajectory.points').some((point) => {
    const time = asOptionalFields(
      asFields(point, 'goal.trajectory.points[]')['time_from_start'],
      'time_from_start',
    );
    return 'secs' in time || 'nsecs' in time;
  });
}
