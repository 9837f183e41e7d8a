import type { RosFlavour } from '../protocol/ros-time.ts';
import { asFields, asList, asNumbers, asString, asStrings } from '../protocol/fields.ts';

export type FakeEnd = 'succeeded' | 'cancelled' | 'aborted';

export interface FakeGoal {
  readonly id: string;
  /** who hears about it; a robot does not care whether anybody does */
  readonly feedback: (timeFromStart: number) => void;
  readonly end: (end: FakeEnd, errorCode: number) => void;
}

interface Motion {
  readonly goal: FakeGoal;
  readonly times: readonly number[];
  readonly points: readonly Float64Array[];
  readonly startedAt: number;
  fed: number;
}

/**
 * A robot without physics that does what was measured on a real one: it follows goals by its own clock whether or not
 * anybody is connected, a new goal preempts the running one, wrong joint names abort, a cancelled goal ends with
 * error code 0, and times in the other flavour's form read as zero, so that a slow move becomes a jump called success.
 */
export class FakeRobot {
  readonly joints: readonly string[];
  readonly flavour: RosFlavour;
  readonly positions: Float64Array;
  readonly velocities: Float64Array;
  /** robot clock minus wall clock [s] */
  clockOffset = 0;
  gripper = 0.04;
  /** dead: it neither moves nor tells */
  silent = false;
  /** it was told to be elsewhere in no time */
  jumped = false;
  #motion: Motion | undefined;
  #last = 0;

  constructor(joints: readonly string[], flavour: RosFlavour, home: readonly number[]) {
    this.joints = joints;
    this.flavour = flavour;
    this.positions = Float64Array.from(home);
    this.velocities = new Float64Array(joints.length);
  }

  /** s */
  now(): number {
    return Date.now() / 1000 + this.clockOffset;
  }

  get moving(): boolean {
    return this.#motion !== undefined;
  }

  start(goal: FakeGoal, message: unknown): void {
    const trajectory = asFields(asFields(message, 'goal')['trajectory'], 'trajectory');
    const names = asStrings(trajectory['joint_names'], 'joint_names');
    const order = this.joints.map((name) => names.indexOf(name));
    if (names.length !== this.joints.length || order.includes(-1)) {
      goal.end('aborted', -2);
      return;
    }
    this.stop('cancelled');
    const points = asList(trajectory['points'], 'points').map((point) => asFields(point, 'point'));
    const positions = points.map((point) => {
      const values = asNumbers(point['positions'], 'positions');
      return Float64Array.from(order, (at) => values[at] ?? 0);
    });
    const times = points.map((point) => this.#seconds(asFields(point['time_from_start'], 'time_from_start')));
    if (times.length > 1 && (times[times.length - 1] ?? 0) <= 0) this.jumped = true;
    this.#motion = { goal, times, points: positions, startedAt: this.now(), fed: 0 };
  }

  /** Reads only its own flavour's names; the others count as not given. */
  #seconds(time: Readonly<Record<string, unknown>>): number {
    const [whole, rest] = this.flavour === 'ros1' ? ['secs', 'nsecs'] : ['sec', 'nanosec'];
    return Number(time[whole] ?? 0) + Number(time[rest] ?? 0) * 1e-9;
  }

  stop(end: FakeEnd): void {
    const motion = this.#motion;
    this.#motion = undefined;
    this.velocities.fill(0);
    motion?.goal.end(end, 0);
  }

  cancel(id: string): boolean {
    if (this.#motion?.goal.id !== id) return false;
    this.stop('cancelled');
    return true;
  }

  /** Moves on to now. To be called often. */
  tick(): void {
    const now = this.now();
    const dt = Math.max(1e-3, now - this.#last);
    this.#last = now;
    const motion = this.#motion;
    if (!motion || this.silent) return;
    const t = now - motion.startedAt;
    const end = motion.times[motion.times.length - 1] ?? 0;
    let k = motion.times.findIndex((time) => time >= t);
    if (k < 0) k = motion.times.length - 1;
    const before = motion.points[Math.max(0, k - 1)] as Float64Array;
    const after = motion.points[k] as Float64Array;
    const from = motion.times[Math.max(0, k - 1)] ?? 0;
    const to = motion.times[k] ?? 0;
    const s = to > from ? Math.min(1, (t - from) / (to - from)) : 1;
    for (let j = 0; j < this.positions.length; j++) {
      const q = (before[j] as number) + s * ((after[j] as number) - (before[j] as number));
      this.velocities[j] = (q - (this.positions[j] as number)) / dt;
      this.positions[j] = q;
    }
    if (t >= end) {
      this.#motion = undefined;
      this.velocities.fill(0);
      motion.goal.end('succeeded', 0);
    } else if (t - motion.fed > 0.02) {
      motion.fed = t;
      motion.goal.feedback(t);
    }
  }
}

export const goalIdOf = (message: unknown): string =>
  asString(asFields(message, 'goal_id')['id'], 'goal_id.id');
