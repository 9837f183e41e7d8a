import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FarthestPoints } from './farthest-points.ts';

const coordinate = fc.integer({ min: -8, max: 8 });
const clouds = fc.array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 1, maxLength: 40 });
type Point = readonly [number, number, number];
const gap = (a: Point, b: Point): number => (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;

function picks(points: readonly Point[]): Point[] {
  const set = new FarthestPoints(points.length);
  // A set is used again and again: what it held before must not matter.
  set.add(99, 99, 99, 0);
  set.clear();
  points.forEach(([x, y, z], i) => set.add(x, y, z, i));
  const out = new Float32Array(3);
  const found: Point[] = [];
  while (set.next(out, 0)) found.push([out[0]!, out[1]!, out[2]!]);
  return found;
}

describe('FarthestPoints', () => {
  it('gives every point once, each as far from those before as any that is left', () => {
    fc.assert(
      fc.property(clouds, (points) => {
        const found = picks(points);
        expect([...found].sort()).toEqual([...points].sort());
        expect(found[0]).toEqual(points[0]);
        for (let n = 1; n < found.length; n++) {
          const before = found.slice(0, n);
          const away = (p: Point): number => Math.min(...before.map((q) => gap(p, q)));
          expect(away(found[n]!)).toBe(Math.max(...found.slice(n).map(away)));
        }
      }),
    );
  });
});
