import { distance, subtract, type Vec3 } from '../../../core/geometry.ts';
import { quantity } from '../../../core/quantity.ts';
import { HAND_EYE_LIMIT } from '../../../robot/link/interface-check.ts';

/** One marked point: where the camera saw it, and where the fingertips were when they touched it, both in base [m]. */
export interface TouchedPoint {
  readonly label: string;
  readonly seen: Vec3;
  readonly touched: Vec3;
}

export interface HandEyeReport {
  readonly points: readonly { readonly label: string; readonly error: number; readonly by: Vec3 }[];
  /** mean of the errors' vectors: what moving the camera's extrinsics would take away [m] */
  readonly offset: Vec3;
  /** root mean square and greatest error [m] */
  readonly rms: number;
  readonly most: number;
  /** root mean square of what stays when `offset` is taken away: a turned camera, a bent tool, careless touching [m] */
  readonly rest: number;
  /** refuse: too far off to be trusted with a motion; few: fewer than three points prove nothing */
  readonly verdict: 'good' | 'warn' | 'refuse' | 'few';
  readonly limit: number;
  readonly text: string;
}

const LEAST_POINTS = 3;

/** Judges a camera's place by points that were both seen and touched. `limit` in m. */
export function judgeHandEye(points: readonly TouchedPoint[], limit = HAND_EYE_LIMIT): HandEyeReport {
  const errors = points.map(({ label, seen, touched }) => ({
    label,
    error: distance(seen, touched),
    by: subtract(seen, touched),
  }));
  const n = Math.max(1, errors.length);
  const mean = (k: 0 | 1 | 2): number => errors.reduce((sum, { by }) => sum + by[k], 0) / n;
  const offset: Vec3 = [mean(0), mean(1), mean(2)];
  const rms = Math.sqrt(errors.reduce((sum, { error }) => sum + error * error, 0) / n);
  const rest = Math.sqrt(errors.reduce((sum, { by }) => sum + distance(by, offset) ** 2, 0) / n);
  const most = Math.max(0, ...errors.map(({ error }) => error));
  const verdict =
    errors.length < LEAST_POINTS ? 'few' : most > limit ? 'refuse' : most > limit / 2 ? 'warn' : 'good';
  return { points: errors, offset, rms, most, rest, verdict, limit, text: textOf(verdict, most, rms, limit) };
}

function textOf(verdict: HandEyeReport['verdict'], most: number, rms: number, limit: number): string {
  const measured = `${quantity(most, 'm')} at most, ${quantity(rms, 'm')} root mean square; the limit is ${quantity(limit, 'm')}`;
  switch (verdict) {
    case 'few':
      return `Touch at least ${LEAST_POINTS} points, apart from each other, to judge the camera. So far: ${measured}.`;
    case 'good':
      return `The camera and the arm agree: ${measured}.`;
    case 'warn':
      return `The camera is a little off: ${measured}. Grasps of small things may miss.`;
    case 'refuse':
      return `The camera is too far off: ${measured}. Calibrate it, or correct "extrinsics" in the robot’s profile.`;
  }
}
