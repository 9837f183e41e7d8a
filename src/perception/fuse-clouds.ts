import type { PointCloud } from '../core/point-cloud.ts';
import { alignClouds } from './align-clouds.ts';
import { findTable, heightsOver, tableHeight } from './plane.ts';

/**
 * One cloud of what several cameras saw at the same time, all in `base`. Cameras are believed to stand a few millimetres
 * and milliradians off: each cloud is levelled, so that all tables lie at the median of their heights in the middle of
 * what is seen, and moved over the table until the things on it meet. Clouds without colours lose them for all. Throws a RangeError for no clouds.
 */
export function fuseClouds(clouds: readonly PointCloud[]): PointCloud {
  const [first] = clouds;
  if (first === undefined) throw new RangeError('fuseClouds: no clouds');
  if (clouds.length === 1) return first;
  const count = clouds.reduce((sum, cloud) => sum + cloud.count, 0);
  const positions = new Float32Array(3 * count);
  const coloured = clouds.every((cloud) => cloud.colors !== undefined);
  const colors = coloured ? new Uint8Array(3 * count) : undefined;
  const planes = clouds.map((cloud) => findTable(cloud));
  const [x, y] = middleOf(clouds);
  const tables = planes.flatMap((plane) => (plane ? [tableHeight(plane, x, y)] : [])).sort((a, b) => a - b);
  const table = tables[Math.floor(tables.length / 2)] ?? 0;
  const levelled = clouds.map((cloud, k) => {
    const plane = planes[k];
    return plane ? heightsOver(cloud, plane) : undefined;
  });
  const level = levelled.every((heights) => heights !== undefined);
  const shifts = level ? alignClouds(clouds, levelled) : [];
  let at = 0;
  clouds.forEach((cloud, k) => {
    positions.set(cloud.positions.subarray(0, 3 * cloud.count), 3 * at);
    if (colors && cloud.colors) colors.set(cloud.colors.subarray(0, 3 * cloud.count), 3 * at);
    const heights = levelled[k];
    const [dx, dy] = shifts[k] ?? [0, 0];
    for (let i = 0; i < cloud.count; i++) {
      const to = 3 * (at + i);
      positions[to] = (positions[to] as number) + dx;
      positions[to + 1] = (positions[to + 1] as number) + dy;
      if (heights) positions[to + 2] = (heights[i] as number) + table;
    }
    at += cloud.count;
  });
  return { frame: first.frame, stamp: first.stamp, count, positions, ...(colors ? { colors } : {}) };
}

function middleOf(clouds: readonly PointCloud[]): [number, number] {
  let [x, y, n] = [0, 0, 0];
  for (const { positions, count } of clouds) {
    for (let i = 0; i < count; i++) {
      x += positions[3 * i] as number;
      y += positions[3 * i + 1] as number;
    }
    n += count;
  }
  return n === 0 ? [0, 0] : [x / n, y / n];
}
