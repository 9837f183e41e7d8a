import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FarthestPoints } from './farthest-points.ts';

interface Ranked {
  readonly at: readonly [number, number, number];
  readonly rank: number;
}

/** The algorithm as it is written down, over all points at every step. */
function plainly(points: readonly Ranked[], wanted: number): number[] {
  const at = points.map((point) => point.at.map(Math.fround));
  const gap = new Float32Array(points.length).fill(Infinity);
  const picked: number[] = [];
  let best = points.reduce((least, point, i) => (point.rank < points[least]!.rank ? i : least), 0);
  while (picked.length < Math.min(wanted, points.length)) {
    picked.push(best);
    gap[best] = -1;
    const from = at[best]!;
    let widest = -1;
    for (let i = 0; i < points.length; i++) {
      if (gap[i]! < 0) continue;
      const [dx, dy, dz] = [0, 1, 2].map((k) => at[i]![k]! - from[k]!) as [number, number, number];
      const now = Math.min(gap[i]!, dx * dx + dy * dy + dz * dz);
      gap[i] = now;
      if (now > widest) [widest, best] = [now, i];
    }
  }
  return picked;
}

/** Added by the cells of a coarse grid, in any order of cells. */
function byCells(points: readonly Ranked[], wanted: number, sampler: FarthestPoints): number[][] {
  const cells = new Map<string, number[]>();
  points.forEach(({ at }, i) => {
    const cell = at.map((v) => Math.floor(v / 0.11)).join();
    cells.set(cell, [...(cells.get(cell) ?? []), i]);
  });
  sampler.clear();
  for (const cell of [...cells.keys()].sort()) {
    sampler.startCell();
    for (const i of cells.get(cell)!) sampler.add(...points[i]!.at, points[i]!.rank, i);
  }
  const out = new Float32Array(3 * wanted);
  let n = 0;
  while (n < wanted && sampler.next(out, 3 * n)) n++;
  return Array.from({ length: n }, (_, i) => [...out.subarray(3 * i, 3 * i + 3)]);
}

// Few distinct values beside many: ties and points in one place are the hard cases.
const coordinate = fc.oneof(
  fc.double({ min: -0.3, max: 0.3, noNaN: true }),
  fc.constantFrom(-0.1, 0, 0.05, 0.1),
);
const point = fc.record({
  at: fc.tuple(coordinate, coordinate, coordinate),
  rank: fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constant(0.5)),
});

describe('FarthestPoints', () => {
  it('picks what the plain algorithm picks, in the same order', () => {
    const sampler = new FarthestPoints(400);
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 1, maxLength: 400 }),
        fc.integer({ min: 1, max: 80 }),
        (points, wanted) => {
          const expected = plainly(points, wanted).map((i) => points[i]!.at.map(Math.fround));
          expect(byCells(points, wanted, sampler)).toEqual(expected);
        },
      ),
      { numRuns: 300, seed: 7 },
    );
  });

  it('picks nothing where nothing was added, and every point once', () => {
    const sampler = new FarthestPoints(3);
    expect(byCells([], 4, sampler)).toEqual([]);
    const points: Ranked[] = [0, 1, 2].map((x) => ({ at: [x, 0, 0], rank: x }));
    expect(byCells(points, 4, sampler)).toEqual([
      [0, 0, 0],
      [2, 0, 0],
      [1, 0, 0],
    ]);
  });
});
