import { distance, type Pose } from '../../../core/geometry.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import type { RobotModel } from '../../../kinematics/robot-model.ts';

export interface JointMoveOptions {
  /** 0..1, share of the joints' limits */
  readonly speed: number;
  /** m/s */
  readonly toolSpeedLimit: number;
  readonly gripper: number;
}

const PERIOD = 0.02;
/** Peaks of the quintic 10s³ - 15s⁴ + 6s⁵: its first and second derivative. */
const PEAK_SPEED = 1.875;
const PEAK_ACCELERATION = 5.7736;
/** Plan a little inside the limits: samples are run through by cubic segments. */
const MARGIN = 0.95;

/**
 * All joints from one configuration to another on a straight line in joint space, in step, by a quintic that rests at
 * both ends, as fast as a share of the joints' and the tool's limits lets it. Lasts at least 0.2 s.
 */
export function jointMove(
  model: RobotModel,
  from: readonly number[],
  to: readonly number[],
  { speed, toolSpeedLimit, gripper }: JointMoveOptions,
): Trajectory {
  const by = to.map((q, j) => q - (from[j] ?? q));
  let seconds = 0.2;
  model.joints.forEach((limit, j) => {
    const d = Math.abs(by[j] ?? 0);
    seconds = Math.max(
      seconds,
      (PEAK_SPEED * d) / (MARGIN * speed * limit.velocity),
      Math.sqrt((PEAK_ACCELERATION * d) / (MARGIN * speed * limit.acceleration)),
    );
  });
  const first = sampled(model, from, by, seconds, gripper);
  const fastest = fastestTool(first);
  const allowed = MARGIN * speed * toolSpeedLimit;
  return fastest <= allowed ? first : sampled(model, from, by, (seconds * fastest) / allowed, gripper);
}

function sampled(
  model: RobotModel,
  from: readonly number[],
  by: readonly number[],
  seconds: number,
  gripper: number,
): Trajectory {
  const n = Math.max(2, Math.ceil(seconds / PERIOD) + 1);
  const d = from.length;
  const times = Float64Array.from({ length: n }, (_, i) => (seconds * i) / (n - 1));
  const joints = new Float64Array(n * d);
  const velocities = new Float64Array(n * d);
  const tool = new Float64Array(7 * n);
  for (let i = 0; i < n; i++) {
    const s = i / (n - 1);
    const share = s * s * s * (10 + s * (6 * s - 15));
    const rate = (30 * s * s * (1 - s) * (1 - s)) / seconds;
    for (let j = 0; j < d; j++) {
      joints[i * d + j] = (from[j] as number) + share * (by[j] as number);
      velocities[i * d + j] = rate * (by[j] as number);
    }
    model.forwardInto(joints.subarray(i * d, (i + 1) * d), tool, 7 * i);
  }
  return {
    jointNames: model.joints.map((joint) => joint.name),
    times,
    joints,
    velocities,
    tool,
    gripper: new Float64Array(n).fill(gripper),
    segments: [{ kind: 'move', first: 0, last: n - 1, toWaypoint: 0 }],
    waypointSamples: [n - 1],
  };
}

function fastestTool({ times, tool }: Trajectory): number {
  const at = (i: number): Pose['position'] => [
    tool[7 * i] as number,
    tool[7 * i + 1] as number,
    tool[7 * i + 2] as number,
  ];
  let fastest = 0;
  for (let i = 1; i < times.length; i++) {
    fastest = Math.max(
      fastest,
      distance(at(i), at(i - 1)) / ((times[i] as number) - (times[i - 1] as number)),
    );
  }
  return fastest;
}
