import type { TimeLaw } from './path-timing.ts';

/**
 * A time law averaged over a sliding window: its acceleration becomes continuous and its jerk bounded, it still starts
 * and ends at rest, and it takes one window longer. The average is exact, from the integral of the path position.
 */
export class SmoothTimeLaw {
  readonly duration: number;
  readonly #law: TimeLaw;
  readonly #window: number;
  /** integral of the path position up to each grid time */
  readonly #integral: Float64Array;

  constructor(law: TimeLaw, window: number) {
    this.#law = law;
    this.#window = window;
    const { grid, speeds, times } = law;
    this.duration = times[times.length - 1]! + window;
    this.#integral = new Float64Array(times.length);
    for (let i = 1; i < times.length; i++) {
      const h = times[i]! - times[i - 1]!;
      const v = speeds[i - 1]!;
      const a = accelerationIn(law, i - 1);
      this.#integral[i] = this.#integral[i - 1]! + grid[i - 1]! * h + (v * h * h) / 2 + (a * h * h * h) / 6;
    }
  }

  /** Path position and its rate at time `t`, 0..duration. */
  at(t: number): { s: number; speed: number } {
    const now = this.#raw(t);
    const then = this.#raw(t - this.#window);
    return { s: (now.integral - then.integral) / this.#window, speed: (now.s - then.s) / this.#window };
  }

  #raw(t: number): { s: number; integral: number } {
    const { grid, speeds, times } = this.#law;
    const last = grid.length - 1;
    if (t <= 0) return { s: grid[0]!, integral: grid[0]! * t };
    const end = times[last]!;
    if (t >= end) return { s: grid[last]!, integral: this.#integral[last]! + grid[last]! * (t - end) };
    let low = 0;
    let high = last;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (times[middle]! > t) high = middle;
      else low = middle;
    }
    const dt = t - times[low]!;
    const a = accelerationIn(this.#law, low);
    const v = speeds[low]!;
    const s0 = grid[low]!;
    return {
      s: s0 + v * dt + (a * dt * dt) / 2,
      integral: this.#integral[low]! + s0 * dt + (v * dt * dt) / 2 + (a * dt * dt * dt) / 6,
    };
  }
}

/** Constant path acceleration of grid interval `i`, chosen so that the interval ends exactly at the next grid point. */
function accelerationIn(law: TimeLaw, i: number): number {
  const h = law.times[i + 1]! - law.times[i]!;
  return (2 * (law.grid[i + 1]! - law.grid[i]! - law.speeds[i]! * h)) / (h * h);
}
