import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cellsOf } from './cells.ts';

const coordinate = fc.oneof(
  fc.double({ min: -0.3, max: 0.3, noNaN: true }),
  fc.double({ min: -50, max: 50, noNaN: true }),
  fc.constantFrom(0, 0.02, -0.04),
);

describe('cellsOf', () => {
  it('holds every point once, rising within a cell, none farther from the middle than it says', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(coordinate, coordinate, coordinate), { maxLength: 200 }), (points) => {
        const positions = Float32Array.from(points.flat());
        const { order, first, middles, reach } = cellsOf(positions, points.length);
        expect([...order].sort((a, b) => a - b)).toEqual(points.map((_, i) => i));
        expect(first.at(-1)).toBe(points.length);
        expect(middles).toHaveLength(3 * (first.length - 1));
        for (let cell = 0; cell + 1 < first.length; cell++) {
          const members = [...order.subarray(first[cell], first[cell + 1])];
          expect(members.length).toBeGreaterThan(0);
          expect(members).toEqual([...members].sort((a, b) => a - b));
          for (const i of members) {
            const away = [0, 1, 2].map((k) => positions[3 * i + k]! - middles[3 * cell + k]!);
            expect(Math.hypot(...away)).toBeLessThanOrEqual(reach);
          }
        }
      }),
      { numRuns: 200, seed: 3 },
    );
  });
});
