import { describe, expect, it } from 'vitest';
import { quatFromAxisAngle, transformPoint, type Pose, type Vec3 } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { fuseClouds } from './fuse-clouds.ts';

/** A table with a box of 6 x 4 x 4 cm at (0.5, 0.1), as a camera that stands a little off would place it. */
function seen(error: Pose, skip: number): PointCloud {
  const points: Vec3[] = [];
  const colors: number[] = [];
  const add = (x: number, y: number, z: number, rgb: readonly number[]) => {
    points.push(transformPoint(error, [x, y, z]));
    colors.push(...rgb);
  };
  for (let x = 0.3; x < 0.7; x += 0.006)
    for (let y = -0.2; y < 0.4; y += 0.006) add(x, y, 0, [150, 150, 150]);
  for (let x = 0.47; x <= 0.53; x += 0.004)
    for (let y = 0.08; y <= 0.12; y += 0.004) if (points.length % skip !== 0) add(x, y, 0.04, [200, 40, 40]);
  return {
    frame: 'base',
    stamp: 1,
    count: points.length,
    positions: Float32Array.from(points.flat()),
    colors: Uint8Array.from(colors),
  };
}
const off = (tilt: number, lift: number): Pose => ({
  position: [0, 0, lift],
  orientation: quatFromAxisAngle([0, 1, 0], tilt),
});

describe('fuseClouds', () => {
  it('levels every cloud on its own table, at the median height', () => {
    const clouds = [seen(off(0.01, 0.012), 7), seen(off(-0.008, -0.002), 5), seen(off(0, 0.001), 3)];
    const fused = fuseClouds(clouds);
    expect(fused.count).toBe(clouds.reduce((n, c) => n + c.count, 0));
    const tops = [...fused.positions].filter((_, i) => i % 3 === 2 && fused.positions[i]! > 0.03);
    expect(Math.max(...tops) - Math.min(...tops)).toBeLessThan(0.002);
    expect(tops[0]).toBeCloseTo(0.041, 2);
  });

  it('leaves one cloud alone, and drops colours that not all have', () => {
    const one = seen(off(0, 0), 7);
    expect(fuseClouds([one])).toBe(one);
    const { colors: _, ...plain } = seen(off(0, 0), 5);
    expect(fuseClouds([one, plain]).colors).toBeUndefined();
    expect(() => fuseClouds([])).toThrow(RangeError);
  });
});
