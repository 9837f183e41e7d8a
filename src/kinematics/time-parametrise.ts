import { WaybookError } from '../core/errors.ts';
import { angleBetween, distance } from '../core/geometry.ts';
import type { Trajectory, TrajectorySegment } from '../core/trajectory.ts';
import { gripperEvents } from '../core/waypoint.ts';
import { CubicSpline } from './cubic-spline.ts';
import { followPath, pathLength, type ToolPath } from './joint-path.ts';
import { fastestTimeLaw } from './path-timing.ts';
import type { RobotModel } from './robot-model.ts';
import { SmoothTimeLaw } from './smooth-time-law.ts';

export interface TimingOptions {
  /** 0..1, share of the joints' velocity and acceleration limits and of the tool speed limit; default 1 */
  readonly speed?: number;
  /** m/s */
  readonly toolSpeedLimit: number;
  /** nominal time of a gripper action [s]; default 0.6 */
  readonly gripTime?: number;
  /** time between samples [s]; default 0.02 */
  readonly samplePeriod?: number;
}

/** Where the robot stands: arm joints [rad] and opening 0..1. */
export interface TimingStart {
  readonly joints: readonly number[];
  readonly gripper: number;
}

/** The path may start this far from where the tool is [m, rad]; the first sample is where the robot is. */
const START_TOLERANCE = { position: 0.005, orientation: 0.05 };
/** Poses nearer than this to the one before make no knot of their own [m]. */
const MIN_KNOT = 5e-4;
/** Plan a little inside the limits, so that sampling seldom has to slow the whole move down. */
const MARGIN = { velocity: 0.97, acceleration: 0.9 };
/** Averaging time of the passing speed [s]: bounds the jerk. */
const SMOOTHING = 0.08;

/**
 * Times a tool path for an arm: inverse kinematics along it, then the fastest passage within every joint's velocity and
 * acceleration limit and the tool's speed limit, smoothed to bounded jerk, at rest at the start, at gripper events and
 * at the end. Executed by cubic Hermite segments between samples it keeps those limits too.
 * Throws `input/reach` (which waypoint, how far, which limit), `input/limit` where the path does not start at the robot.
 */
export function timeParametrise(
  model: RobotModel,
  path: ToolPath,
  start: TimingStart,
  options: TimingOptions,
): Trajectory {
  const { speed = 1, toolSpeedLimit, gripTime = 0.6, samplePeriod = 0.02 } = options;
  checkInput(model, path, start, options);
  const events = new Map(gripperEvents(path.waypoints, start.gripper).map((e) => [e.waypoint, e]));
  const samples = new Samples(model, path.waypoints.length);
  let joints: Float64Array = Float64Array.from(start.joints);
  let gripper = start.gripper;
  let at = 0;
  samples.first(joints, gripper);

  path.waypoints.forEach((_, w) => {
    const event = events.get(w);
    const last = path.waypointIndices[w]!;
    const restsHere = event !== undefined || w === path.waypoints.length - 1;
    if (!restsHere) return;
    const solved = followPath(model, path, at, last, joints);
    const move = knotsOf(path, at, last, solved, model.joints.length);
    const passed = path.waypointIndices.flatMap((index, k) =>
      index > at && index <= last && k <= w ? [k] : [],
    );
    if (move) {
      const timed = timeMove(model, move, { speed, toolSpeedLimit, samplePeriod });
      samples.move(timed, gripper, w, passed, (k) => move.lengthAt[path.waypointIndices[k]! - at]!);
      joints = solved.slice(solved.length - joints.length);
    }
    for (let k = 0; k <= w; k++) samples.reachedIfUnset(k, path.waypointIndices[k]! <= last);
    if (event) {
      samples.grip(event.from, event.to, w, gripTime);
      gripper = event.to;
    }
    at = last;
  });
  return samples.finish(model.joints.map((j) => j.name));
}

function checkInput(model: RobotModel, path: ToolPath, start: TimingStart, options: TimingOptions): void {
  const { speed = 1, toolSpeedLimit } = options;
  if (!(speed > 0 && speed <= 1)) {
    throw new WaybookError('input/limit', `Speed ${speed} is outside 0…1.`, {
      limit: { name: 'speed', value: speed, limit: 1, unit: '' },
    });
  }
  if (!(toolSpeedLimit > 0))
    throw new WaybookError('input/limit', 'The tool speed limit must be above 0 m/s.');
  const d = model.joints.length;
  if (start.joints.length !== d || !start.joints.every(Number.isFinite)) {
    throw new WaybookError('input/limit', `The robot state must have ${d} finite joint values.`);
  }
  if (path.waypoints.length === 0 || path.poses.length === 0) {
    throw new WaybookError('input/schema', 'The plan has no waypoints.', {
      hint: 'Add at least one waypoint.',
    });
  }
  path.poses.forEach((pose, i) => {
    if (![...pose.position, ...pose.orientation].every(Number.isFinite)) {
      throw new WaybookError('input/limit', `Pose ${i} of the refined path is not finite.`);
    }
  });
  const tool = model.forward(start.joints);
  const first = path.poses[0]!;
  const off = distance(tool.position, first.position);
  const turned = angleBetween(tool.orientation, first.orientation);
  if (off > START_TOLERANCE.position || turned > START_TOLERANCE.orientation) {
    throw new WaybookError(
      'input/limit',
      `The path starts ${(1000 * off).toFixed(0)} mm and ${((turned * 180) / Math.PI).toFixed(0)}° from where the tool is.`,
      {
        hint: 'Capture and refine again: the robot has moved since.',
        limit: { name: 'start of path', value: off, limit: START_TOLERANCE.position, unit: 'm' },
      },
    );
  }
}

interface Move {
  readonly spline: CubicSpline;
  readonly length: number;
  /** path length at each pose of the move, from its first */
  readonly lengthAt: Float64Array;
}

/** A spline through the joints of poses `first`..`last`; undefined where the tool does not move. */
function knotsOf(
  path: ToolPath,
  first: number,
  last: number,
  joints: Float64Array,
  d: number,
): Move | undefined {
  const n = last - first + 1;
  const lengthAt = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    lengthAt[i] = lengthAt[i - 1]! + pathLength(path.poses[first + i - 1]!, path.poses[first + i]!);
  }
  const length = lengthAt[n - 1] ?? 0;
  if (length < MIN_KNOT) return undefined;
  const kept = [0];
  for (let i = 1; i < n - 1; i++) {
    if (lengthAt[i]! - lengthAt[kept[kept.length - 1]!]! >= MIN_KNOT && length - lengthAt[i]! >= MIN_KNOT)
      kept.push(i);
  }
  kept.push(n - 1);
  const values = new Float64Array(kept.length * d);
  kept.forEach((i, k) => values.set(joints.subarray(i * d, (i + 1) * d), k * d));
  const spline = new CubicSpline(
    Float64Array.from(kept, (i) => lengthAt[i]!),
    values,
    d,
  );
  return { spline, length, lengthAt };
}

interface TimedMove {
  /** [m] from the second sample on; every `period` seconds */
  readonly positions: Float64Array;
  /** [m·d] */
  readonly joints: Float64Array;
  readonly velocities: Float64Array;
  readonly period: number;
}

function timeMove(
  model: RobotModel,
  move: Move,
  options: { speed: number; toolSpeedLimit: number; samplePeriod: number },
): TimedMove {
  const { speed, toolSpeedLimit, samplePeriod } = options;
  const d = model.joints.length;
  const velocity = model.joints.map((j) => j.velocity * speed);
  const acceleration = model.joints.map((j) => j.acceleration * speed);
  const grid = refined(move.spline.knots);
  const toolCap = toolSpeedCaps(model, move.spline, grid, toolSpeedLimit * speed * MARGIN.velocity);
  const law = new SmoothTimeLaw(
    fastestTimeLaw(
      move.spline,
      grid,
      {
        velocity: velocity.map((v) => v * MARGIN.velocity),
        acceleration: acceleration.map((a) => a * MARGIN.acceleration),
      },
      (i) => toolCap[i]!,
    ),
    SMOOTHING,
  );
  let stretch = 1;
  for (let attempt = 0; ; attempt++) {
    const count = Math.max(2, Math.ceil((law.duration * stretch) / samplePeriod - 1e-9));
    const sampled = sample(move, law, count, samplePeriod, d);
    const excess = excessOf(model, sampled, velocity, acceleration, toolSpeedLimit * speed);
    if (excess <= 1) return sampled;
    if (attempt > 30)
      throw new WaybookError('internal/bug', 'A move could not be brought within its limits.');
    stretch = Math.max((count * samplePeriod) / law.duration, stretch) * Math.min(2, excess * 1.005);
  }
}

/** Knots and the middles between them. */
function refined(knots: Float64Array): Float64Array {
  const grid = new Float64Array(2 * knots.length - 1);
  for (let i = 0; i < knots.length; i++) {
    grid[2 * i] = knots[i]!;
    if (i > 0) grid[2 * i - 1] = 0.5 * (knots[i - 1]! + knots[i]!);
  }
  return grid;
}

/** Largest ds/dt at each grid point that keeps the tool's speed below `limit` [m/s]. */
function toolSpeedCaps(
  model: RobotModel,
  spline: CubicSpline,
  grid: Float64Array,
  limit: number,
): Float64Array {
  const d = spline.dimension;
  const q = new Float64Array(d);
  const dq = new Float64Array(d);
  const J = new Float64Array(6 * d);
  return grid.map((s) => {
    spline.evaluate(s, q, dq);
    model.jacobian(q, J);
    const perMetre = toolSpeed(J, dq, d, 0);
    return perMetre < 1e-9 ? 1e3 : Math.min(1e3, limit / perMetre);
  });
}

/** |J_linear · v| for joint velocities at `offset`. */
function toolSpeed(J: Float64Array, v: Float64Array, d: number, offset: number): number {
  let squared = 0;
  for (let r = 0; r < 3; r++) {
    let sum = 0;
    for (let j = 0; j < d; j++) sum += J[r * d + j]! * v[offset + j]!;
    squared += sum * sum;
  }
  return Math.sqrt(squared);
}

/** `count` samples after the start, the last exactly at the end and at rest. */
function sample(move: Move, law: SmoothTimeLaw, count: number, period: number, d: number): TimedMove {
  const stretch = (count * period) / law.duration;
  const positions = new Float64Array(count);
  const joints = new Float64Array(count * d);
  const velocities = new Float64Array(count * d);
  const q = new Float64Array(d);
  const dq = new Float64Array(d);
  for (let i = 0; i < count; i++) {
    const { s, speed } = law.at(((i + 1) * period) / stretch);
    const end = i === count - 1;
    positions[i] = end ? move.length : s;
    move.spline.evaluate(positions[i]!, q, dq);
    joints.set(q, i * d);
    if (!end) for (let j = 0; j < d; j++) velocities[i * d + j] = (dq[j]! * speed) / stretch;
  }
  return { positions, joints, velocities, period };
}

/** By how much time must stretch so that Hermite execution keeps every limit; at most 1 where it does already. */
function excessOf(
  model: RobotModel,
  move: TimedMove,
  velocity: readonly number[],
  acceleration: readonly number[],
  toolSpeedLimit: number,
): number {
  const d = velocity.length;
  const h = move.period;
  const n = move.positions.length;
  const J = new Float64Array(6 * d);
  let excess = 0;
  for (let i = 0; i < n; i++) {
    model.jacobian(move.joints.subarray(i * d, (i + 1) * d), J);
    excess = Math.max(excess, toolSpeed(J, move.velocities, d, i * d) / toolSpeedLimit);
    if (i === 0) continue;
    for (let j = 0; j < d; j++) {
      const v0 = move.velocities[(i - 1) * d + j]!;
      const v1 = move.velocities[i * d + j]!;
      const mean = (move.joints[i * d + j]! - move.joints[(i - 1) * d + j]!) / h;
      const a0 = (6 * mean - 4 * v0 - 2 * v1) / h;
      const a1 = (2 * v0 + 4 * v1 - 6 * mean) / h;
      // Speed between two samples is a parabola; its vertex lies where the acceleration changes sign.
      const peak = a0 * a1 < 0 ? v0 + (0.5 * a0 * a0 * h) / (a0 - a1) : 0;
      excess = Math.max(
        excess,
        Math.max(Math.abs(v0), Math.abs(v1), Math.abs(peak)) / velocity[j]!,
        Math.sqrt(Math.max(Math.abs(a0), Math.abs(a1)) / acceleration[j]!),
      );
    }
  }
  return excess;
}

/** Grows a trajectory move by move. */
class Samples {
  readonly #model: RobotModel;
  readonly #times: number[] = [];
  readonly #joints: number[] = [];
  readonly #velocities: number[] = [];
  readonly #gripper: number[] = [];
  readonly #segments: TrajectorySegment[] = [];
  readonly #waypointSamples: number[];

  constructor(model: RobotModel, waypoints: number) {
    this.#model = model;
    this.#waypointSamples = new Array<number>(waypoints).fill(-1);
  }

  first(joints: Float64Array, gripper: number): void {
    this.#push(0, joints, undefined, gripper);
  }

  move(
    timed: TimedMove,
    gripper: number,
    toWaypoint: number,
    passed: readonly number[],
    lengthAt: (waypoint: number) => number,
  ): void {
    const first = this.#times.length - 1;
    const from = this.#times[first]!;
    const d = this.#model.joints.length;
    for (let i = 0; i < timed.positions.length; i++) {
      const part = [i * d, (i + 1) * d] as const;
      this.#push(
        from + (i + 1) * timed.period,
        timed.joints.subarray(...part),
        timed.velocities.subarray(...part),
        gripper,
      );
    }
    this.#segments.push({ kind: 'move', first, last: this.#times.length - 1, toWaypoint });
    for (const waypoint of passed) {
      const length = lengthAt(waypoint);
      let nearest = 0;
      let best = length;
      timed.positions.forEach((s, i) => {
        if (Math.abs(s - length) > best) return;
        best = Math.abs(s - length);
        nearest = i + 1;
      });
      this.#waypointSamples[waypoint] = first + nearest;
    }
  }

  grip(from: number, to: number, waypoint: number, gripTime: number): void {
    const at = this.#times.length - 1;
    const d = this.#model.joints.length;
    this.#push(this.#times[at]! + gripTime, this.#joints.slice(at * d), undefined, to);
    this.#segments.push({ kind: 'grip', at, from, to, waypoint });
  }

  /** A waypoint where the tool already stood is reached where the motion stands now. */
  reachedIfUnset(waypoint: number, passed: boolean): void {
    if (passed && this.#waypointSamples[waypoint] === -1)
      this.#waypointSamples[waypoint] = this.#times.length - 1;
  }

  finish(jointNames: string[]): Trajectory {
    const n = this.#times.length;
    const d = jointNames.length;
    const joints = Float64Array.from(this.#joints);
    const tool = new Float64Array(7 * n);
    for (let i = 0; i < n; i++) this.#model.forwardInto(joints.subarray(i * d, (i + 1) * d), tool, 7 * i);
    return {
      jointNames,
      times: Float64Array.from(this.#times),
      joints,
      velocities: Float64Array.from(this.#velocities),
      tool,
      gripper: Float64Array.from(this.#gripper),
      segments: this.#segments,
      waypointSamples: this.#waypointSamples,
    };
  }

  #push(
    time: number,
    joints: ArrayLike<number>,
    velocities: ArrayLike<number> | undefined,
    gripper: number,
  ): void {
    this.#times.push(time);
    for (let j = 0; j < joints.length; j++) {
      this.#joints.push(joints[j]!);
      this.#velocities.push(velocities?.[j] ?? 0);
    }
    this.#gripper.push(gripper);
  }
}
