import type { PointCloud } from '../core/point-cloud.ts';
import { findTable, heightsOver } from './plane.ts';

/**
 * One cloud of what several cameras saw at the same time, all in `base`. Cameras are believed to stand a few millimetres
 * and milliradians off: each cloud is levelled, so that its own table lies at the first one's height. Clouds without
 * colours lose them for all.
 */
export function fuseClouds(clouds: readonly PointCloud[]): PointCloud {
  const [first] = clouds;
  if (first === undefined) throw new RangeError('fuseClouds: no clouds');
  if (clouds.length === 1) return first;
  const count = clouds.reduce((sum, cloud) => sum + cloud.count, 0);
  const positions = new Float32Array(3 * count);
  const coloured = clouds.every((cloud) => cloud.colors !== undefined);
  const colors = coloured ? new Uint8Array(3 * count) : undefined;
  let table: number | undefined;
  let at = 0;
  for (const cloud of clouds) {
    positions.set(cloud.positions, 3 * at);
    if (colors && cloud.colors) colors.set(cloud.colors, 3 * at);
    const plane = findTable(cloud);
    if (plane) {
      table ??= plane.offset / plane.normal[2];
      const heights = heightsOver(cloud, plane);
      for (let i = 0; i < cloud.count; i++) positions[3 * (at + i) + 2] = (heights[i] as number) + table;
    }
    at += cloud.count;
  }
  return { frame: first.frame, stamp: first.stamp, count, positions, ...(colors ? { colors } : {}) };
}
