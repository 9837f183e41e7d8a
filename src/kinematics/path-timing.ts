import type { CubicSpline } from './cubic-spline.ts';

/** Bounds that a geometric path is timed within. */
export interface TimingLimits {
  /** rad/s per joint */
  readonly velocity: ArrayLike<number>;
  /** rad/s² per joint */
  readonly acceleration: ArrayLike<number>;
}

/** Passing speed along a path: `speeds[i]` is ds/dt at `grid[i]`, zero at both ends; `times[i]` when it is there. */
export interface TimeLaw {
  readonly grid: Float64Array;
  readonly speeds: Float64Array;
  readonly times: Float64Array;
}

/**
 * Fastest passage of a joint path from rest to rest within velocity and acceleration limits, by reachability analysis:
 * a backward pass finds the largest squared speed from which the rest is still feasible, a forward pass takes the
 * fastest feasible step (TOPP-RA; Pham and Pham, 2018, arXiv 1707.07239).
 * `speedCap(i)` bounds ds/dt at `grid[i]` further, for the tool's speed.
 */
export function fastestTimeLaw(
  path: CubicSpline,
  grid: Float64Array,
  limits: TimingLimits,
  speedCap: (index: number) => number,
): TimeLaw {
  const n = grid.length;
  const d = path.dimension;
  const first = new Float64Array(n * d);
  const second = new Float64Array(n * d);
  const most = new Float64Array(n);
  const value = new Float64Array(d);
  const v = new Float64Array(d);
  const c = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    path.evaluate(grid[i]!, value, v, c);
    first.set(v, i * d);
    second.set(c, i * d);
    let cap = speedCap(i) ** 2;
    for (let k = 0; k < d; k++) {
      if (Math.abs(v[k]!) > 1e-9) cap = Math.min(cap, (limits.velocity[k]! / v[k]!) ** 2);
      // At constant speed along a bend, the centripetal part alone must be affordable.
      if (Math.abs(c[k]!) > 1e-9) cap = Math.min(cap, (4 * limits.acceleration[k]!) / Math.abs(c[k]!));
    }
    most[i] = cap;
  }

  /** Range of path accelerations that squared speed `x` leaves at `i`: -A <= q' u + q'' x <= A. */
  let low = 0;
  let high = 0;
  const range = (i: number, x: number): void => {
    low = -Infinity;
    high = Infinity;
    for (let k = 0; k < d; k++) {
      const a = limits.acceleration[k]!;
      const p = first[i * d + k]!;
      const bend = second[i * d + k]! * x;
      if (Math.abs(p) < 1e-9) {
        if (Math.abs(bend) > a) high = -Infinity;
        continue;
      }
      const one = (-a - bend) / p;
      const two = (a - bend) / p;
      low = Math.max(low, Math.min(one, two));
      high = Math.min(high, Math.max(one, two));
    }
  };

  const controllable = new Float64Array(n);
  for (let i = n - 2; i >= 0; i--) {
    const step = 2 * (grid[i + 1]! - grid[i]!);
    const next = controllable[i + 1]!;
    const feasible = (x: number): boolean => {
      range(i, x);
      const least = Math.max(low, -x / step);
      return least <= Math.min(high, (next - x) / step) + 1e-12;
    };
    let good = 0;
    let bad = most[i]!;
    if (feasible(bad)) good = bad;
    else {
      for (let k = 0; k < 50; k++) {
        const middle = 0.5 * (good + bad);
        if (feasible(middle)) good = middle;
        else bad = middle;
      }
    }
    controllable[i] = good;
  }
  controllable[0] = 0;

  const squared = new Float64Array(n);
  for (let i = 0; i < n - 1; i++) {
    const step = 2 * (grid[i + 1]! - grid[i]!);
    range(i, squared[i]!);
    const reach = squared[i]! + step * Math.max(high, low);
    squared[i + 1] = Math.max(0, Math.min(controllable[i + 1]!, reach));
  }
  squared[n - 1] = 0;

  const speeds = squared.map(Math.sqrt);
  const times = new Float64Array(n);
  for (let i = 1; i < n; i++) {
    // Two neighbouring stops can only come from a numerically stuck spot; creep across it.
    const sum = Math.max(speeds[i]! + speeds[i - 1]!, 1e-4);
    times[i] = times[i - 1]! + (2 * (grid[i]! - grid[i - 1]!)) / sum;
  }
  return { grid, speeds, times };
}
