import type { PointCloud } from '../core/point-cloud.ts';
import { CellTable } from './cell-table.ts';

/**
 * One point per occupied voxel of `size` [m]: the centroid of its points, with mean colour and mean fields. Voxels are
 * aligned to the origin and come in the order in which their first points did, so equal input gives equal output.
 */
export function voxelGrid(cloud: PointCloud, size: number): PointCloud {
  if (!(size > 0)) throw new RangeError(`voxelGrid: voxel size ${size} must be above 0`);
  const { count, positions: p, colors } = cloud;
  const voxelOf = new Int32Array(count);
  const table = new CellTable(count);
  for (let i = 0; i < count; i++) {
    voxelOf[i] = table.add(
      Math.floor(p[3 * i]! / size),
      Math.floor(p[3 * i + 1]! / size),
      Math.floor(p[3 * i + 2]! / size),
    );
  }
  const voxels = table.size;
  const members = new Float64Array(voxels);
  for (let i = 0; i < count; i++) members[voxelOf[i]!] = members[voxelOf[i]!]! + 1;
  const mean = (values: ArrayLike<number>, width: number): Float64Array => {
    const sums = new Float64Array(voxels * width);
    for (let i = 0; i < count; i++) {
      const to = voxelOf[i]! * width;
      for (let k = 0; k < width; k++) sums[to + k] = sums[to + k]! + values[i * width + k]!;
    }
    for (let v = 0; v < voxels; v++) {
      for (let k = 0; k < width; k++) sums[v * width + k] = sums[v * width + k]! / members[v]!;
    }
    return sums;
  };
  const fields = Object.entries(cloud.fields ?? {}).map(
    ([name, values]) => [name, Float32Array.from(mean(values, 1))] as const,
  );
  return {
    frame: cloud.frame,
    stamp: cloud.stamp,
    count: voxels,
    positions: Float32Array.from(mean(p, 3)),
    ...(colors ? { colors: Uint8Array.from(mean(colors, 3), Math.round) } : {}),
    ...(cloud.fields ? { fields: Object.fromEntries(fields) } : {}),
  };
}
