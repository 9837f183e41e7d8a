import type { Pose } from '../../core/geometry.ts';
import { rotationVector, subtract } from '../../core/geometry.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { solveIk } from '../../kinematics/ik.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { toolPose } from './contacts.ts';

/** Shares of the joints' limits that leaving the running path may use, beside what the path itself needs. */
const SHARE = 0.4;
/** Peaks of the quintic 10s³ - 15s⁴ + 6s⁵: its first and second derivative. */
const PEAK_SPEED = 1.875;
const PEAK_ACCELERATION = 5.7736;
/** A replacement begins at least this long after the present [s]. */
const LEAST_LEFT = 0.1;
/** Samples of the running move nearer than this to the takeover are left out [s]. */
const MIN_STEP = 0.002;
const DAMPING = 1e-5;

/** Joints and velocities on a trajectory at a time, by the cubic Hermite segments that controllers run. */
export function stateAt(t: Trajectory, time: number): { joints: Float64Array; velocities: Float64Array } {
  const d = t.jointNames.length;
  const n = t.times.length;
  let k = 0;
  while (k + 2 < n && (t.times[k + 1] as number) <= time) k++;
  const from = t.times[k] as number;
  const h = (t.times[k + 1] as number) - from;
  const s = Math.min(1, Math.max(0, (time - from) / h));
  const joints = new Float64Array(d);
  const velocities = new Float64Array(d);
  for (let j = 0; j < d; j++) {
    const q0 = t.joints[k * d + j] as number;
    const q1 = t.joints[(k + 1) * d + j] as number;
    const m0 = (t.velocities[k * d + j] as number) * h;
    const m1 = (t.velocities[(k + 1) * d + j] as number) * h;
    const a = 2 * q0 + m0 - 2 * q1 + m1;
    const b = -3 * q0 - 2 * m0 + 3 * q1 - m1;
    joints[j] = ((a * s + b) * s + m0) * s + q0;
    velocities[j] = ((3 * a * s + 2 * b) * s + m0) / h;
  }
  return { joints, velocities };
}

/**
 * What is left of a move from `takeover` [s on the move's clock] on, led to `end` instead of its own end: it starts on the
 * running move with equal position and velocity, carries the tool's path over by a smooth share of the shift, and ends
 * at rest when the move would have. The shift is complete as soon as a share of the joints' limits allows, so that the last
 * stretch towards the target is already over it. Undefined where too little is left or a pose is out of reach.
 */
export function shiftRemainder(
  model: RobotModel,
  move: Trajectory,
  takeover: number,
  end: Pose,
): Trajectory | undefined {
  const n = move.times.length;
  const d = move.jointNames.length;
  const last = move.times[n - 1] as number;
  if (last - takeover < LEAST_LEFT) return undefined;
  const old = toolPose(move, n - 1);
  const shift = subtract(end.position, old.position);
  const target = solveIk(model, end, move.joints.subarray((n - 1) * d));
  if (!target.converged) return undefined;

  const twist = Float64Array.of(...shift, ...rotationVector(old.orientation, end.orientation));
  const linear = new Linear(model);
  const atEnd = linear.step(move.joints.subarray((n - 1) * d), twist);
  const kept: number[] = [];
  for (let i = 0; i < n; i++) if ((move.times[i] as number) > takeover + MIN_STEP) kept.push(i);
  const m = kept.length + 1;
  const times = Float64Array.from([0, ...kept.map((i) => (move.times[i] as number) - takeover)]);
  const joints = new Float64Array(m * d);
  const velocities = new Float64Array(m * d);
  const begin = stateAt(move, takeover);
  joints.set(begin.joints);
  velocities.set(begin.velocities);
  // The whole shift at each sample: what the arm's Jacobian makes of it there, and what that misses at the end.
  const whole = new Float64Array(m * d);
  for (let k = 0; k < m; k++) {
    const i = kept[k - 1];
    const here = i === undefined ? begin.joints : move.joints.subarray(i * d, (i + 1) * d);
    const local = linear.step(here, twist);
    for (let j = 0; j < d; j++) {
      const missed =
        (target.joints[j] as number) - (move.joints[(n - 1) * d + j] as number) - (atEnd[j] as number);
      whole[k * d + j] = (local[j] as number) + missed;
    }
  }
  const drift = slopes(times, whole, d);
  const rise = riseTime(model, whole, last - takeover);
  for (const [k, i] of kept.entries()) {
    const u = Math.min(1, (times[k + 1] as number) / rise);
    const [share, rate] = [quintic(u), quinticRate(u) / rise];
    for (let j = 0; j < d; j++) {
      const at = (k + 1) * d + j;
      joints[at] = (move.joints[i * d + j] as number) + share * (whole[at] as number);
      const added = rate * (whole[at] as number) + share * (drift[at] as number);
      velocities[at] = i === n - 1 ? 0 : (move.velocities[i * d + j] as number) + added;
    }
  }
  const tool = new Float64Array(7 * m);
  for (let i = 0; i < m; i++) model.forwardInto(joints.subarray(i * d, (i + 1) * d), tool, 7 * i);
  return {
    jointNames: move.jointNames,
    times,
    joints,
    velocities,
    tool,
    gripper: new Float64Array(m).fill(move.gripper[n - 1] as number),
    segments: [{ kind: 'move', first: 0, last: m - 1, toWaypoint: 0 }],
    waypointSamples: [m - 1],
  };
}

/** How long the shift may take: as short as a share of every joint's limits allows, at most all that is left [s]. */
function riseTime(model: RobotModel, whole: Float64Array, left: number): number {
  const d = model.joints.length;
  let rise = LEAST_LEFT;
  for (let at = 0; at < whole.length; at++) {
    const limit = model.joints[at % d];
    const by = Math.abs(whole[at] as number);
    if (!limit) continue;
    rise = Math.max(
      rise,
      (PEAK_SPEED * by) / (SHARE * limit.velocity),
      Math.sqrt((PEAK_ACCELERATION * by) / (SHARE * limit.acceleration)),
    );
  }
  return Math.min(rise, left);
}

const quintic = (s: number): number => s * s * s * (10 + s * (6 * s - 15));
const quinticRate = (s: number): number => 30 * s * s * (1 - s) * (1 - s);

/** Three-point slopes of values [n·d]; none at both ends. */
function slopes(times: Float64Array, values: Float64Array, d: number): Float64Array {
  const out = new Float64Array(values.length);
  for (let i = 1; i + 1 < times.length; i++) {
    const a = (times[i] as number) - (times[i - 1] as number);
    const b = (times[i + 1] as number) - (times[i] as number);
    for (let j = 0; j < d; j++) {
      const before = ((values[i * d + j] as number) - (values[(i - 1) * d + j] as number)) / a;
      const after = ((values[(i + 1) * d + j] as number) - (values[i * d + j] as number)) / b;
      out[i * d + j] = (before * b + after * a) / (a + b);
    }
  }
  return out;
}

/** Joint changes for small motions of the tool: damped least squares, Jᵀ (J Jᵀ + λ²)⁻¹ ξ. */
class Linear {
  readonly #model: RobotModel;
  readonly #jacobian: Float64Array;

  constructor(model: RobotModel) {
    this.#model = model;
    this.#jacobian = new Float64Array(6 * model.joints.length);
  }

  /** `twist`: three of translation [m], three of rotation [rad], in base. */
  step(joints: Float64Array, twist: Float64Array): Float64Array {
    const d = this.#model.joints.length;
    const J = this.#jacobian;
    this.#model.jacobian(joints, J);
    const A = Array.from({ length: 6 }, (_, r) =>
      Array.from({ length: 7 }, (_, c) => {
        if (c === 6) return twist[r] as number;
        let sum = r === c ? DAMPING : 0;
        for (let j = 0; j < d; j++) sum += (J[r * d + j] as number) * (J[c * d + j] as number);
        return sum;
      }),
    );
    const y = solve(A);
    return Float64Array.from({ length: d }, (_, j) =>
      y.reduce((sum, value, r) => sum + value * (J[r * d + j] as number), 0),
    );
  }
}

/** Gaussian elimination of a symmetric positive definite system, right side in the last column. */
function solve(A: number[][]): number[] {
  const n = A.length;
  const at = (r: number, c: number): number => A[r]?.[c] ?? 0;
  for (let p = 0; p < n; p++) {
    for (let r = p + 1; r < n; r++) {
      const factor = at(r, p) / at(p, p);
      const row = A[r];
      if (row) for (let c = p; c <= n; c++) row[c] = at(r, c) - factor * at(p, c);
    }
  }
  const x = new Array<number>(n).fill(0);
  for (let r = n - 1; r >= 0; r--) {
    let sum = at(r, n);
    for (let c = r + 1; c < n; c++) sum -= at(r, c) * (x[c] ?? 0);
    x[r] = sum / at(r, r);
  }
  return x;
}
