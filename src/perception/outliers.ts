import type { PointCloud } from '../core/point-cloud.ts';
import { PointGrid } from './point-grid.ts';
import { pointSpacing } from './spacing.ts';
import { keepWhere } from './transform.ts';

export interface OutlierOptions {
  /** neighbours averaged over; default 8 */
  readonly neighbours?: number;
  /** standard deviations above the mean that are still kept; default 2 */
  readonly deviations?: number;
  /** m; a point with fewer neighbours within this is an outlier in any case; default 0.02, more for sparse clouds */
  readonly radius?: number;
}

/**
 * Without points whose mean distance to their nearest neighbours is far above what is usual in the cloud (statistical
 * outlier removal, Rusu et al. 2008), such as the flying pixels at depth edges.
 */
export function removeOutliers(cloud: PointCloud, options: OutlierOptions = {}): PointCloud {
  const { neighbours = 8, deviations = 2 } = options;
  const radius = options.radius ?? Math.max(0.02, 3 * pointSpacing(cloud));
  const p = cloud.positions;
  const grid = new PointGrid(p, radius);
  const means = new Float64Array(cloud.count);
  const nearest = new Float64Array(neighbours + 1);
  const near = new Int32Array(cloud.count);
  const squared = new Float64Array(cloud.count);
  let sum = 0;
  let squares = 0;
  let counted = 0;
  for (let i = 0; i < cloud.count; i++) {
    const found = grid.within(p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!, radius, near, squared);
    // The point itself is among them, at distance 0.
    if (found <= neighbours) {
      means[i] = Infinity;
      continue;
    }
    let filled = 0;
    for (let m = 0; m < found; m++) {
      const d = squared[m]!;
      if (filled === neighbours + 1 && d >= nearest[neighbours]!) continue;
      let at = filled === neighbours + 1 ? neighbours : filled++;
      for (; at > 0 && nearest[at - 1]! > d; at--) nearest[at] = nearest[at - 1]!;
      nearest[at] = d;
    }
    let mean = 0;
    for (let k = 1; k <= neighbours; k++) mean += Math.sqrt(nearest[k]!);
    mean /= neighbours;
    means[i] = mean;
    sum += mean;
    squares += mean * mean;
    counted++;
  }
  const mean = sum / counted;
  const deviation = Math.sqrt(Math.max(0, squares / counted - mean * mean));
  const limit = mean + deviations * deviation;
  return keepWhere(cloud, (i) => means[i]! <= limit);
}
