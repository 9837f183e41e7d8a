import { PointGrid } from './point-grid.ts';

/**
 * Euclidean clusters: points closer than `tolerance` [m] belong together where `alike` says so too. Clusters and their
 * members come in the order of their first points. `positions` is [n·3]; `candidates` are the points considered.
 */
export function clusters(
  positions: Float32Array,
  candidates: readonly number[],
  tolerance: number,
  alike: (a: number, b: number) => boolean = () => true,
): number[][] {
  const local = new Float32Array(3 * candidates.length);
  candidates.forEach((index, i) => local.set(positions.subarray(3 * index, 3 * index + 3), 3 * i));
  const grid = new PointGrid(local, tolerance);
  const near = new Int32Array(candidates.length);
  const squared = new Float64Array(candidates.length);
  const seen = new Uint8Array(candidates.length);
  const found: number[][] = [];
  for (let start = 0; start < candidates.length; start++) {
    if (seen[start]) continue;
    seen[start] = 1;
    const queue = [start];
    for (let next = 0; next < queue.length; next++) {
      const i = queue[next]!;
      const n = grid.within(local[3 * i]!, local[3 * i + 1]!, local[3 * i + 2]!, tolerance, near, squared);
      for (let k = 0; k < n; k++) {
        const j = near[k]!;
        if (seen[j] || !alike(candidates[i]!, candidates[j]!)) continue;
        seen[j] = 1;
        queue.push(j);
      }
    }
    found.push(queue.map((i) => candidates[i]!).sort((a, b) => a - b));
  }
  return found;
}
