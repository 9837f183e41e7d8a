import { matrixFromQuat } from '../../core/geometry.ts';
import type { ObjectFeatures } from '../grounding/features.ts';

/** Radius of the circle round a thing's footprint [m]. */
export const halfDiagonal = (f: ObjectFeatures): number =>
  f.round ? f.object.size[0] / 2 : Math.hypot(f.object.size[0], f.object.size[1]) / 2;

/** Half extent of a thing's own box along a horizontal direction [m]. */
export function halfExtent(f: ObjectFeatures, direction: readonly [number, number]): number {
  if (f.round) return f.object.size[0] / 2;
  const m = matrixFromQuat(f.object.pose.orientation);
  let sum = 0;
  for (let k = 0; k < 3; k++)
    sum += Math.abs(m[k]! * direction[0] + m[3 + k]! * direction[1]) * (f.object.size[k]! / 2);
  return sum;
}

export const unit = (x: number, y: number): [number, number] => {
  const length = Math.hypot(x, y) || 1;
  return [x / length, y / length];
};
