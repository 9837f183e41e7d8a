import type { PointCloud } from '../core/point-cloud.ts';
import { PointGrid } from './point-grid.ts';

const SAMPLES = 300;
const FURTHEST = 0.1;

/** Median distance from a point to its nearest neighbour [m], over a fixed sample; 0 for fewer than two points. */
export function pointSpacing(cloud: PointCloud): number {
  const p = cloud.positions;
  const grid = new PointGrid(p, FURTHEST / 4);
  const found = new Int32Array(cloud.count);
  const squared = new Float64Array(cloud.count);
  const nearest: number[] = [];
  const stride = Math.max(1, Math.floor(cloud.count / SAMPLES));
  for (let i = 0; i < cloud.count; i += stride) {
    const n = grid.within(p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!, FURTHEST / 4, found, squared);
    let least = FURTHEST * FURTHEST;
    for (let k = 0; k < n; k++) if (found[k] !== i) least = Math.min(least, squared[k]!);
    nearest.push(Math.sqrt(least));
  }
  if (nearest.length < 2) return 0;
  nearest.sort((a, b) => a - b);
  return nearest[Math.floor(nearest.length / 2)]!;
}
