import type { PointCloud } from '../core/point-cloud.ts';
import { PointGrid } from './point-grid.ts';
import { keepWhere } from './transform.ts';

export interface OutlierOptions {
  /** neighbours averaged over; default 8 */
  readonly neighbours?: number;
  /** standard deviations above the mean that are still kept; default 2 */
  readonly deviations?: number;
  /** m; a point with fewer neighbours within this is an outlier in any case; default 0.02 */
  readonly radius?: number;
}

/**
 * Without points whose mean distance to their nearest neighbours is far above what is usual in the cloud (statistical
 * outlier removal, Rusu et al. 2008), such as the flying pixels at depth edges.
 */
export function removeOutliers(cloud: PointCloud, options: OutlierOptions = {}): PointCloud {
  const { neighbours = 8, deviations = 2, radius = 0.02 } = options;
  const p = cloud.positions;
  const grid = new PointGrid(p, radius);
  const means = new Float64Array(cloud.count);
  const nearest = new Float64Array(neighbours);
  let sum = 0;
  let squares = 0;
  let counted = 0;
  for (let i = 0; i < cloud.count; i++) {
    let found = 0;
    grid.within(p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!, radius, (j, squared) => {
      if (j === i) return;
      // Insertion into the short sorted list of the nearest so far.
      let at = Math.min(found, neighbours);
      if (at === neighbours && squared >= nearest[neighbours - 1]!) return;
      if (at === neighbours) at--;
      while (at > 0 && nearest[at - 1]! > squared) {
        nearest[at] = nearest[at - 1]!;
        at--;
      }
      nearest[at] = squared;
      if (found < neighbours) found++;
    });
    if (found < neighbours) {
      means[i] = Infinity;
      continue;
    }
    let mean = 0;
    for (let k = 0; k < neighbours; k++) mean += Math.sqrt(nearest[k]!);
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
