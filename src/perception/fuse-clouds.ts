import type { PointCloud } from '../core/point-cloud.ts';
import { findTable, heightsOver, type Plane } from './plane.ts';

/**
 * One cloud of what several cameras saw at the same time, all in `base`. Cameras are believed to stand a few millimetres
 * and milliradians off: each cloud is levelled, so that all tables lie at the median of their heights in the middle of
 * what is seen. Clouds without colours lose them for all. Throws a RangeError for no clouds.
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
  const tables = planes.flatMap((plane) => (plane ? [heightAt(plane, x, y)] : [])).sort((a, b) => a - b);
  const table = tables[Math.floor(tables.length / 2)] ?? 0;
  let at = 0;
  clouds.forEach((cloud, k) => {
    positions.set(cloud.positions.subarray(0, 3 * cloud.count), 3 * at);
    if (colors && cloud.colors) colors.set(cloud.colors.subarray(0, 3 * cloud.count), 3 * at);
    const plane = planes[k];
    if (plane) {
      const heights = heightsOver(cloud, plane);
      for (let i = 0; i < cloud.count; i++) positions[3 * (at + i) + 2] = (heights[i] as number) + table;
    }
    at += cloud.count;
  });
  return { frame: first.frame, stamp: first.stamp, count, positions, ...(colors ? { colors } : {}) };
}

const heightAt = ({ normal, offset }: Plane, x: number, y: number): number =>
  (offset - normal[0] * x - normal[1] * y) / normal[2];

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
