import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distance, dot, norm, subtract } from '../../../src/core/geometry.ts';
import type { Vec3 } from '../../../src/core/geometry.ts';
import {
  blend,
  eyeOf,
  FIELD_OF_VIEW,
  fit,
  HOME_ORBIT,
  orbit,
  pan,
  pivotAt,
  preset,
  viewAxes,
  zoom,
} from './orbit.ts';

const point = fc.tuple(
  ...([0, 1, 2].map(() => fc.double({ min: -3, max: 3, noNaN: true })) as [
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
    fc.Arbitrary<number>,
  ]),
);

describe('orbit', () => {
  it('keeps right-handed unit axes, straight down included', () => {
    for (const state of [
      HOME_ORBIT,
      preset(HOME_ORBIT, 'top'),
      preset(HOME_ORBIT, 'front'),
      preset(HOME_ORBIT, 'side'),
    ]) {
      const { out, right, up } = viewAxes(state);
      for (const axis of [out, right, up]) expect(norm(axis)).toBeCloseTo(1, 9);
      expect(dot(out, right)).toBeCloseTo(0, 9);
      expect(dot(out, up)).toBeCloseTo(0, 9);
    }
  });

  it('never tips over the pole', () => {
    expect(orbit(HOME_ORBIT, 0, 10).elevation).toBe(Math.PI / 2);
    expect(orbit(HOME_ORBIT, 0, -10).elevation).toBe(-Math.PI / 2);
  });

  it('looks from above with X up, and from the front towards -X', () => {
    const top = viewAxes(preset(HOME_ORBIT, 'top'));
    expect(top.up[0]).toBeCloseTo(1, 9);
    expect(top.out[2]).toBeCloseTo(1, 9);
    expect(viewAxes(preset(HOME_ORBIT, 'front')).out[0]).toBeCloseTo(1, 9);
  });

  it('fits every point into the picture, and no further than needed', () => {
    fc.assert(
      fc.property(
        fc.array(point, { minLength: 2, maxLength: 12 }),
        fc.double({ min: 0.4, max: 3, noNaN: true }),
        (points, aspect) => {
          const state = fit(HOME_ORBIT, points, aspect);
          const { out, right, up } = viewAxes(state);
          const tan = Math.tan(FIELD_OF_VIEW / 2);
          for (const p of points as Vec3[]) {
            const d = subtract(p, state.target);
            const depth = state.distance - dot(d, out);
            expect(depth).toBeGreaterThan(0);
            expect(Math.abs(dot(d, up))).toBeLessThanOrEqual(depth * tan + 1e-6);
            expect(Math.abs(dot(d, right))).toBeLessThanOrEqual(depth * tan * aspect + 1e-6);
          }
        },
      ),
    );
  });

  it('ignores points that are not finite, and shows one point from half a metre', () => {
    expect(fit(HOME_ORBIT, [[Number.NaN, 0, 0]], 1)).toEqual(HOME_ORBIT);
    expect(fit(HOME_ORBIT, [[1, 2, 3]], 1)).toMatchObject({ target: [1, 2, 3], distance: 0.5 });
  });

  it('pivots without moving the eye', () => {
    const next = pivotAt(HOME_ORBIT, [0.3, 0.2, 0.1]);
    expect(distance(eyeOf(next), eyeOf(HOME_ORBIT))).toBeLessThan(1e-9);
    expect(next.target).toEqual([0.3, 0.2, 0.1]);
  });

  it('pans in the picture plane and zooms by a factor', () => {
    const moved = subtract(pan(HOME_ORBIT, 0.1, 0.2).target, HOME_ORBIT.target);
    expect(dot(moved, viewAxes(HOME_ORBIT).out)).toBeCloseTo(0, 9);
    expect(zoom(HOME_ORBIT, 0.5).distance).toBeCloseTo(HOME_ORBIT.distance / 2, 9);
  });

  it('turns the short way round', () => {
    const a = { ...HOME_ORBIT, azimuth: 3 };
    const b = { ...HOME_ORBIT, azimuth: -3 };
    expect(Math.abs(blend(a, b, 0.5).azimuth)).toBeGreaterThan(3);
  });
});
