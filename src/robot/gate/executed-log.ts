import type { RobotState } from '../../core/robot-state.ts';

/** Joint samples over time, as they were asked for, sent or measured. */
export interface JointSamples {
  /** [n] s since the execution began, robot time */
  readonly times: Float64Array;
  /** [n·d] rad */
  readonly joints: Float64Array;
  /** [n·d] rad/s */
  readonly velocities: Float64Array;
  /** [n] 0..1 */
  readonly gripper: Float64Array;
}

/** Grows joint samples one by one. */
export class JointLog {
  readonly #start: number;
  readonly #times: number[] = [];
  readonly #joints: number[] = [];
  readonly #velocities: number[] = [];
  readonly #gripper: number[] = [];

  /** `start` in robot time [s]. */
  constructor(start: number) {
    this.#start = start;
  }

  add(stamp: number, joints: ArrayLike<number>, velocities: ArrayLike<number>, gripper: number): void {
    this.#times.push(stamp - this.#start);
    for (let j = 0; j < joints.length; j++) {
      this.#joints.push(joints[j] as number);
      this.#velocities.push(velocities[j] as number);
    }
    this.#gripper.push(gripper);
  }

  /** Forgets what was logged for `stamp` and later: something else takes over then. */
  truncate(stamp: number): void {
    let n = this.#times.length;
    while (n > 0 && (this.#times[n - 1] as number) >= stamp - this.#start) n--;
    if (n === this.#times.length) return;
    const d = this.#joints.length / this.#times.length;
    this.#times.length = this.#gripper.length = n;
    this.#joints.length = this.#velocities.length = n * d;
  }

  addState(state: RobotState): void {
    this.add(state.stamp, state.joints, state.velocities, state.gripper);
  }

  samples(): JointSamples {
    return {
      times: Float64Array.from(this.#times),
      joints: Float64Array.from(this.#joints),
      velocities: Float64Array.from(this.#velocities),
      gripper: Float64Array.from(this.#gripper),
    };
  }
}
