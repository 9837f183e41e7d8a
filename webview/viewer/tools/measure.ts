import type { Vec3 } from '../../../src/core/geometry.ts';
import { distance, subtract } from '../../../src/core/geometry.ts';
import { twoDigits } from '../path-values.ts';

/** A distance between two picks, in the scene's frame. */
export interface Measure {
  readonly from: Vec3;
  readonly to: Vec3;
}

/** Length and components of a measure, in mm. */
export function measureText({ from, to }: Measure): { length: string; along: string } {
  const d = subtract(to, from);
  return {
    length: `${twoDigits(distance(from, to) * 1000)} mm`,
    along: `${d.map((v) => String(Math.round(v * 1000))).join(', ')} mm`,
  };
}
