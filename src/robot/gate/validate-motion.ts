import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { sampleCount } from '../../core/trajectory.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import type { Findings } from './validation.ts';

/** Rounding that counts as within a limit: 1 % of it. */
const SLACK = 1.01;
/** Sampled accelerations swing round the planned ones by a little more. */
const ACCELERATION_SLACK = 1.05;
/** The tool poses that were shown and the joints that move must agree [m]. */
const TOOL_AGREEMENT = 0.003;
const STILL = 1e-6;

export interface MotionLimits {
  /** share of the velocity limits, 0..1 */
  readonly speed: number;
  /** how far the first sample may be from the arm [rad] */
  readonly startTolerance: number;
  /** how old the robot's state may be [s] */
  readonly stateAge: number;
  /** s */
  readonly maxDuration: number;
  readonly maxSamples: number;
  /** the first sample may move: it takes over from a running motion, whose velocities [rad/s] these are */
  readonly startVelocities?: readonly number[];
}

export const DEFAULT_LIMITS: MotionLimits = {
  speed: 1,
  startTolerance: 0.05,
  stateAge: 0.2,
  maxDuration: 600,
  maxSamples: 40_000,
};

/** Numbers, names, sizes and order: what must hold before anything else can be asked. False stops the checking. */
export function checkShape(
  t: Trajectory,
  profile: RobotProfile,
  limits: MotionLimits,
  found: Findings,
): boolean {
  const n = sampleCount(t);
  const d = t.jointNames.length;
  const wrong = (message: string, fix: string, sample = 0): void =>
    found.add({
      code: 'input/reference',
      sample,
      limitName: 'shape',
      value: Number.NaN,
      limit: 0,
      unit: '',
      message,
      fix,
    });
  if (d !== profile.joints.length || t.jointNames.some((name, j) => name !== profile.joints[j])) {
    wrong(
      `It moves the joints ${t.jointNames.join(', ')}; this robot’s are ${profile.joints.join(', ')}.`,
      'Refine again with this robot selected.',
    );
    return false;
  }
  if (n < 2) {
    wrong(`It has ${n} samples; at least two are needed.`, 'Refine again.');
    return false;
  }
  if (n > limits.maxSamples) {
    found.limit(n - 1, 'number of samples', n, limits.maxSamples, '', 'Split the motion into several cells.');
    return false;
  }
  const sizes: [string, number, number][] = [
    ['joints', t.joints.length, n * d],
    ['velocities', t.velocities.length, n * d],
    ['tool', t.tool.length, n * 7],
    ['gripper', t.gripper.length, n],
  ];
  for (const [name, actual, wanted] of sizes) {
    if (actual === wanted) continue;
    wrong(`Its array "${name}" has ${actual} values, not ${wanted}.`, 'Refine again.');
    return false;
  }
  for (const [name, array, width] of [
    ['times', t.times, 1],
    ['joints', t.joints, d],
    ['velocities', t.velocities, d],
    ['tool', t.tool, 7],
    ['gripper', t.gripper, 1],
  ] as const) {
    const at = array.findIndex((value) => !Number.isFinite(value));
    if (at < 0) continue;
    const sample = Math.floor(at / width);
    wrong(
      `Sample ${sample + 1} of ${n} has a value in "${name}" that is not finite.`,
      'Refine again.',
      sample,
    );
    return false;
  }
  if (t.times[0] !== 0) {
    wrong(`Its first time is ${t.times[0]} s, not 0.`, 'Refine again.');
    return false;
  }
  for (let i = 1; i < n; i++) {
    if ((t.times[i] as number) > (t.times[i - 1] as number)) continue;
    wrong(`Its time does not increase at sample ${i + 1} of ${n}.`, 'Refine again.', i);
    return false;
  }
  return checkSegments(t, wrong);
}

/** Moves and grips must follow each other without gaps, or something would never be executed. */
function checkSegments(
  t: Trajectory,
  wrong: (message: string, fix: string, sample?: number) => void,
): boolean {
  const n = sampleCount(t);
  let at = 0;
  for (const segment of t.segments) {
    if (segment.kind === 'move') {
      if (segment.first !== at || segment.last <= segment.first || segment.last >= n) {
        wrong(
          `A move runs from sample ${segment.first + 1} to ${segment.last + 1}, but the one before ended at ${at + 1}.`,
          'Refine again.',
          at,
        );
        return false;
      }
      at = segment.last;
    } else {
      if (segment.at !== at && segment.at !== at + 1) {
        wrong(
          `The gripper acts at sample ${segment.at + 1}, but the move before ended at ${at + 1}.`,
          'Refine again.',
          at,
        );
        return false;
      }
      // A grip's nominal time lies between two samples with the same joints.
      at = Math.min(n - 1, segment.at + 1);
    }
  }
  if (t.segments.length > 0 && at !== n - 1) {
    wrong(`Its segments end at sample ${at + 1} of ${n}.`, 'Refine again.', at);
    return false;
  }
  return true;
}

/** The start must be where the arm is now, as seen lately. */
export function checkStart(
  t: Trajectory,
  state: RobotState,
  now: number,
  limits: MotionLimits,
  found: Findings,
): void {
  const age = now - state.stamp;
  if (age > limits.stateAge) {
    found.limit(0, 'age of the robot’s state', age, limits.stateAge, 's', 'Wait for a fresh joint state.');
  }
  t.jointNames.forEach((name, j) => {
    const gap = Math.abs((t.joints[j] as number) - (state.joints[j] as number));
    if (!(gap <= limits.startTolerance)) {
      found.limit(
        0,
        `distance of ${name} from where the arm is`,
        gap,
        limits.startTolerance,
        'rad',
        'The arm has moved since: refine again.',
      );
    }
  });
}

/** Positions, velocities and accelerations of every joint, and rest where there must be rest. */
export function checkJoints(t: Trajectory, model: RobotModel, limits: MotionLimits, found: Findings): void {
  const n = sampleCount(t);
  const d = t.jointNames.length;
  for (let j = 0; j < d; j++) {
    const limit = model.joints[j];
    if (!limit) continue;
    const { name, lower, upper } = limit;
    const fastest = limit.velocity * limits.speed;
    for (let i = 0; i < n; i++) {
      const q = t.joints[i * d + j] as number;
      const v = t.velocities[i * d + j] as number;
      if (q > upper + STILL)
        found.limit(
          i,
          `position of ${name}`,
          q,
          upper,
          'rad',
          'Move the waypoint nearer, or turn the gripper.',
        );
      if (q < lower - STILL)
        found.limit(
          i,
          `position of ${name}`,
          q,
          lower,
          'rad',
          'Move the waypoint nearer, or turn the gripper.',
        );
      let speed = Math.abs(v);
      let acceleration = 0;
      if (i + 1 < n) {
        const h = (t.times[i + 1] as number) - (t.times[i] as number);
        const dq = (t.joints[(i + 1) * d + j] as number) - q;
        const w = t.velocities[(i + 1) * d + j] as number;
        // Controllers run through the samples by cubic Hermite segments: speed in their middle, acceleration at their ends.
        speed = Math.max(speed, Math.abs((1.5 * dq) / h - 0.25 * (v + w)));
        acceleration = Math.max(
          Math.abs((6 * dq) / (h * h) - (4 * v + 2 * w) / h),
          Math.abs((-6 * dq) / (h * h) + (2 * v + 4 * w) / h),
        );
      }
      if (speed > fastest * SLACK) {
        found.limit(
          i,
          `velocity of ${name}`,
          speed,
          fastest,
          'rad/s',
          'Lower the speed in the execute cell.',
        );
      }
      if (acceleration > limit.acceleration * ACCELERATION_SLACK) {
        found.limit(
          i,
          `acceleration of ${name}`,
          acceleration,
          limit.acceleration,
          'rad/s²',
          'Lower the speed in the execute cell.',
        );
      }
    }
  }
  checkRest(t, limits, found);
}

function checkRest(t: Trajectory, limits: MotionLimits, found: Findings): void {
  const n = sampleCount(t);
  const d = t.jointNames.length;
  const rests = new Map<number, string>([[n - 1, 'at the end']]);
  for (const segment of t.segments) if (segment.kind === 'grip') rests.set(segment.at, 'at a gripper action');
  if (!limits.startVelocities) rests.set(0, 'at the start');
  for (const [sample, where] of rests) {
    t.jointNames.forEach((name, j) => {
      const v = Math.abs(t.velocities[sample * d + j] as number);
      if (v > STILL) found.limit(sample, `velocity of ${name} ${where}`, v, 0, 'rad/s', 'Refine again.');
    });
  }
  limits.startVelocities?.forEach((v, j) => {
    const gap = Math.abs((t.velocities[j] as number) - v);
    const allowed = 0.02 + 0.02 * Math.abs(v);
    if (gap > allowed) {
      found.limit(
        0,
        `jump in velocity of ${t.jointNames[j] ?? ''}`,
        gap,
        allowed,
        'rad/s',
        'The replacement does not fit the running motion.',
      );
    }
  });
}

/** Tool speed and workspace, by forward kinematics of the joints that will be sent. */
export function checkTool(
  t: Trajectory,
  profile: RobotProfile,
  model: RobotModel,
  limits: MotionLimits,
  found: Findings,
): void {
  const n = sampleCount(t);
  const d = t.jointNames.length;
  const here = new Float64Array(7);
  const before = new Float64Array(7);
  const fastest = profile.toolSpeedLimit * limits.speed;
  const { min, max } = profile.workspace;
  for (let i = 0; i < n; i++) {
    model.forwardInto(t.joints.subarray(i * d, (i + 1) * d), here);
    const off = gap(here, t.tool, 7 * i);
    if (off > TOOL_AGREEMENT) {
      found.limit(
        i,
        'distance between the shown path and the joints’',
        off,
        TOOL_AGREEMENT,
        'm',
        'Refine again: the path that was shown is not the one that would run.',
      );
    }
    for (let k = 0; k < 3; k++) {
      const x = here[k] as number;
      const axis = 'xyz'[k] ?? '';
      const fix = 'Move the waypoint into the workspace, or change the workspace in the robot’s profile.';
      if (x < (min[k] as number)) found.limit(i, `tool ${axis}`, x, min[k] as number, 'm', fix);
      if (x > (max[k] as number)) found.limit(i, `tool ${axis}`, x, max[k] as number, 'm', fix);
    }
    if (i > 0) {
      const h = (t.times[i] as number) - (t.times[i - 1] as number);
      const speed = gap(here, before, 0) / h;
      if (speed > fastest * SLACK) {
        found.limit(i, 'tool speed', speed, fastest, 'm/s', 'Lower the speed in the execute cell.');
      }
    }
    before.set(here);
  }
}

function gap(a: Float64Array, b: Float64Array, at: number): number {
  return Math.hypot(
    (a[0] as number) - (b[at] as number),
    (a[1] as number) - (b[at + 1] as number),
    (a[2] as number) - (b[at + 2] as number),
  );
}
