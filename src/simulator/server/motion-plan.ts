import type { WorldArm } from '../world-api.ts';

/** Joint set-points as a function of time: positions [rad] and velocities [rad/s] are written, nothing is allocated. */
export interface MotionPlan {
  /** s from its start to its rest */
  readonly duration: number;
  /** `t` in s from the start; before it the first sample, after `duration` the last, at rest. */
  sample(t: number, position: Float64Array, velocity: Float64Array): void;
}

/**
 * Cubic Hermite segments through knots.
 * p(s) = h00 p0 + h10 h v0 + h01 p1 + h11 h v1 with s = (t - t0) / h, h = t1 - t0.
 *
 * @param times [n] s, strictly increasing
 * @param positions [n·d] rad
 * @param velocities [n·d] rad/s
 */
export function hermitePlan(
  times: Float64Array,
  positions: Float64Array,
  velocities: Float64Array,
): MotionPlan {
  const n = times.length;
  const d = positions.length / n;
  const start = times[0] as number;
  const end = times[n - 1] as number;
  let segment = 0;
  return {
    duration: end,
    sample(t, position, velocity) {
      const clamped = Math.min(Math.max(t, start), end);
      if (clamped < (times[segment] as number)) segment = 0;
      while (segment < n - 2 && clamped > (times[segment + 1] as number)) segment++;
      if (n === 1 || t >= end) {
        for (let j = 0; j < d; j++) {
          position[j] = positions[(n - 1) * d + j] as number;
          velocity[j] = 0;
        }
        return;
      }
      const t0 = times[segment] as number;
      const h = (times[segment + 1] as number) - t0;
      const s = (clamped - t0) / h;
      const s2 = s * s;
      const s3 = s2 * s;
      for (let j = 0; j < d; j++) {
        const p0 = positions[segment * d + j] as number;
        const p1 = positions[(segment + 1) * d + j] as number;
        const m0 = (velocities[segment * d + j] as number) * h;
        const m1 = (velocities[(segment + 1) * d + j] as number) * h;
        position[j] =
          (2 * s3 - 3 * s2 + 1) * p0 + (s3 - 2 * s2 + s) * m0 + (3 * s2 - 2 * s3) * p1 + (s3 - s2) * m1;
        velocity[j] = ((6 * s2 - 6 * s) * (p0 - p1) + (3 * s2 - 4 * s + 1) * m0 + (3 * s2 - 2 * s) * m1) / h;
      }
    },
  };
}

/** Each joint slows down at its own acceleration limit, on its own, and stays within its position limits. */
export function brakePlan(
  position: Float64Array,
  velocity: Float64Array,
  limits: WorldArm['limits'],
): MotionPlan {
  const p0 = position.slice();
  const v0 = velocity.slice();
  const deceleration = limits.map((limit) => limit.acceleration);
  const duration = Math.max(...limits.map((limit, j) => Math.abs(v0[j] ?? 0) / limit.acceleration));
  return {
    duration,
    sample(t, position, velocity) {
      for (let j = 0; j < p0.length; j++) {
        const v = v0[j] as number;
        const a = deceleration[j] as number;
        const { lower, upper } = limits[j] as WorldArm['limits'][number];
        const moving = Math.min(Math.max(t, 0), Math.abs(v) / a);
        const at = (p0[j] as number) + v * moving - 0.5 * Math.sign(v) * a * moving * moving;
        const clamped = Math.min(Math.max(at, lower), upper);
        position[j] = clamped;
        // Rounding must leave no creep behind.
        velocity[j] = clamped === at && moving < Math.abs(v) / a ? v - Math.sign(v) * a * moving : 0;
      }
    },
  };
}

/** How long a start offset takes to fade [s]. */
const BLEND = 0.25;

/**
 * `plan`, entered from a state beside its start: the offset in position and velocity fades out by one cubic, so that
 * set-points never jump.
 */
export function blendedPlan(
  plan: MotionPlan,
  position: Float64Array,
  velocity: Float64Array,
  at: number,
): MotionPlan {
  const d = position.length;
  const p = new Float64Array(d);
  const v = new Float64Array(d);
  plan.sample(at, p, v);
  const offset = new Float64Array(2 * d);
  const slope = new Float64Array(2 * d);
  for (let j = 0; j < d; j++) {
    offset[j] = (position[j] as number) - (p[j] as number);
    slope[j] = (velocity[j] as number) - (v[j] as number);
  }
  if (offset.every((value) => value === 0) && slope.every((value) => value === 0)) return plan;
  const fade = hermitePlan(Float64Array.of(0, BLEND), offset, slope);
  return {
    duration: Math.max(plan.duration, at + BLEND),
    sample(t, position, velocity) {
      plan.sample(t, position, velocity);
      if (t - at >= BLEND) return;
      fade.sample(t - at, p, v);
      for (let j = 0; j < d; j++) {
        position[j] = (position[j] as number) + (p[j] as number);
        velocity[j] = (velocity[j] as number) + (v[j] as number);
      }
    },
  };
}
