import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { quatFromAxisAngle, transformPoint, type Pose, type Vec3 } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { Random } from '../core/random.ts';
import { CellTable } from './cell-table.ts';
import { clusters } from './clusters.ts';
import { removeOutliers } from './outliers.ts';
import { PointGrid } from './point-grid.ts';
import { pointSpacing } from './spacing.ts';
import { robotPoints } from './self-filter.ts';
import { cropBox, toBase } from './transform.ts';
import { voxelGrid } from './voxel-grid.ts';

const coordinate = fc.float({ min: -1, max: 1, noNaN: true });
const cloudOf = (points: readonly (readonly number[])[]): PointCloud => ({
  frame: 'base',
  stamp: 0,
  count: points.length,
  positions: Float32Array.from(points.flat()),
  colors: Uint8Array.from(points.flatMap((_, i) => [i % 256, 10, 20])),
  fields: { intensity: Float32Array.from(points, (_, i) => i) },
});
const anyCloud = fc.array(fc.tuple(coordinate, coordinate, coordinate), { maxLength: 200 }).map(cloudOf);
const at = (c: PointCloud, i: number): Vec3 => [
  c.positions[3 * i]!,
  c.positions[3 * i + 1]!,
  c.positions[3 * i + 2]!,
];

describe('toBase', () => {
  it('moves every point as the pose does and leaves out what is not finite', () => {
    const pose: Pose = { position: [0.1, -0.2, 0.3], orientation: quatFromAxisAngle([1, 2, 3], 0.7) };
    const cloud = cloudOf([
      [1, 2, 3],
      [NaN, 0, 0],
      [0, Infinity, 0],
      [-1, 0.5, 0],
    ]);
    const moved = toBase(cloud, pose);
    expect(moved.count).toBe(2);
    expect(moved.frame).toBe('base');
    [0, 3].forEach((from, to) => {
      transformPoint(pose, at(cloud, from)).forEach((v, k) => expect(at(moved, to)[k]).toBeCloseTo(v, 6));
    });
    expect(Array.from(moved.fields!['intensity']!)).toEqual([0, 3]);
  });
});

describe('cropBox', () => {
  it('keeps exactly the points inside, in order', () => {
    fc.assert(
      fc.property(anyCloud, (cloud) => {
        const box = { min: [-0.5, -0.2, -1] as Vec3, max: [0.5, 0.9, 0] as Vec3 };
        const inside = Array.from({ length: cloud.count }, (_, i) => i).filter((i) =>
          at(cloud, i).every((v, k) => v >= box.min[k]! && v <= box.max[k]!),
        );
        expect(Array.from(cropBox(cloud, box).fields!['intensity']!)).toEqual(inside);
      }),
    );
  });
});

describe('voxelGrid', () => {
  it('agrees with grouping by brute force', () => {
    fc.assert(
      fc.property(anyCloud, fc.constantFrom(0.05, 0.3, 3), (cloud, size) => {
        const groups = new Map<string, number[]>();
        for (let i = 0; i < cloud.count; i++) {
          const key = at(cloud, i)
            .map((v) => Math.floor(v / size))
            .join();
          groups.set(key, [...(groups.get(key) ?? []), i]);
        }
        const grid = voxelGrid(cloud, size);
        expect(grid.count).toBe(groups.size);
        [...groups.values()].forEach((members, v) => {
          const mean = (pick: (i: number) => number): number =>
            members.reduce((s, i) => s + pick(i), 0) / members.length;
          for (let k = 0; k < 3; k++)
            expect(at(grid, v)[k]).toBeCloseTo(
              mean((i) => at(cloud, i)[k]!),
              5,
            );
          expect(grid.colors![3 * v]).toBe(Math.round(mean((i) => cloud.colors![3 * i]!)));
          expect(grid.fields!['intensity']![v]).toBeCloseTo(
            mean((i) => i),
            3,
          );
        });
      }),
    );
  });

  it('refuses a size that is no size', () => {
    expect(() => voxelGrid(cloudOf([]), 0)).toThrow(RangeError);
  });
});

describe('CellTable', () => {
  it('numbers cells in the order in which they are met, beyond its expected size too', () => {
    const table = new CellTable(1);
    const random = new Random('cells');
    const known = new Map<string, number>();
    for (let k = 0; k < 5000; k++) {
      const cell = [random.below(30) - 15, random.below(30) - 15, random.below(30) - 15] as const;
      const key = cell.join();
      if (!known.has(key)) {
        expect(table.find(...cell)).toBe(-1);
        known.set(key, known.size);
      }
      expect(table.add(...cell)).toBe(known.get(key));
    }
    expect(table.size).toBe(known.size);
  });
});

describe('PointGrid', () => {
  it('finds the same neighbours as brute force', () => {
    fc.assert(
      fc.property(
        anyCloud,
        fc.tuple(coordinate, coordinate, coordinate),
        ({ positions, count }, [x, y, z]) => {
          const found = new Int32Array(count);
          const squared = new Float64Array(count);
          const n = new PointGrid(positions, 0.3).within(x, y, z, 0.25, found, squared);
          const expected: number[] = [];
          for (let i = 0; i < count; i++) {
            const d =
              (positions[3 * i]! - x) ** 2 +
              (positions[3 * i + 1]! - y) ** 2 +
              (positions[3 * i + 2]! - z) ** 2;
            if (d <= 0.25 * 0.25) expected.push(i);
          }
          expect(Array.from(found.subarray(0, n)).sort((a, b) => a - b)).toEqual(expected);
        },
      ),
    );
  });
});

describe('clusters', () => {
  it('agrees with connected components by brute force', () => {
    fc.assert(
      fc.property(anyCloud, (cloud) => {
        const component = Array.from({ length: cloud.count }, (_, i) => i);
        const find = (i: number): number => (component[i] === i ? i : find(component[i]!));
        for (let i = 0; i < cloud.count; i++) {
          for (let j = 0; j < i; j++) {
            const [a, b] = [at(cloud, i), at(cloud, j)];
            const d = (a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2 + (a[2] - b[2]) ** 2;
            if (d <= 0.09) component[Math.max(find(i), find(j))] = Math.min(find(i), find(j));
          }
        }
        const expected = new Map<number, number[]>();
        component.forEach((_, i) => expected.set(find(i), [...(expected.get(find(i)) ?? []), i]));
        const all = Array.from({ length: cloud.count }, (_, i) => i);
        expect(clusters(cloud.positions, all, 0.3)).toEqual([...expected.values()]);
      }),
      { numRuns: 50 },
    );
  });
});

describe('removeOutliers', () => {
  it('takes lone points away and keeps a surface', () => {
    const random = new Random('surface');
    const surface = Array.from({ length: 1500 }, () => [
      random.uniform(0, 0.2),
      random.uniform(0, 0.2),
      random.normal() * 0.001,
    ]);
    const lone = Array.from({ length: 20 }, (_, i) => [0.01 * i, 0.1, 0.1 + 0.03 * i]);
    const kept = removeOutliers(cloudOf([...surface, ...lone]));
    const indices = Array.from(kept.fields!['intensity']!);
    expect(indices.filter((i) => i >= 1500)).toEqual([]);
    expect(indices.length).toBeGreaterThan(1400);
  });
});

describe('pointSpacing', () => {
  const lattice = (step: number) =>
    cloudOf(Array.from({ length: 900 }, (_, i) => [step * (i % 30), step * Math.floor(i / 30), 0]));

  it.each([0.004, 0.01, 0.02])('finds the spacing %d of a lattice', (step) => {
    expect(pointSpacing(lattice(step))).toBeCloseTo(step, 5);
  });

  it('keeps a sparse surface from being taken for outliers', () => {
    // A perfect lattice has no spread: only its border, with neighbours on one side, may go.
    expect(removeOutliers(lattice(0.02)).count).toBeGreaterThanOrEqual(28 * 28);
  });

  it('is 0 where there is nothing to measure', () => {
    expect(pointSpacing(cloudOf([]))).toBe(0);
  });
});

describe('robotPoints', () => {
  const link: Pose = { position: [0.1, 0.2, 0.3], orientation: quatFromAxisAngle([1, 1, 0], 0.8) };
  const own = { position: [0.05, 0, 0.02] as Vec3, orientation: quatFromAxisAngle([0, 0, 1], 0.4) };
  const shapes = [
    { kind: 'box', size: [0.1, 0.2, 0.3] },
    { kind: 'sphere', radius: 0.1 },
    { kind: 'cylinder', radius: 0.08, length: 0.2 },
    { kind: 'capsule', radius: 0.08, length: 0.2 },
  ] as const;
  /** distance from a point of the solid's frame to the solid [m] */
  const outside = (shape: (typeof shapes)[number], [x, y, z]: Vec3): number => {
    switch (shape.kind) {
      case 'box':
        return Math.hypot(...[x, y, z].map((v, k) => Math.max(0, Math.abs(v) - shape.size[k]! / 2)));
      case 'sphere':
        return Math.max(0, Math.hypot(x, y, z) - shape.radius);
      case 'cylinder':
        return Math.hypot(
          Math.max(0, Math.hypot(x, y) - shape.radius),
          Math.max(0, Math.abs(z) - shape.length / 2),
        );
      case 'capsule':
        return Math.max(0, Math.hypot(x, y, Math.max(0, Math.abs(z) - shape.length / 2)) - shape.radius);
    }
  };

  it.each(shapes)('takes exactly the points within the margin of a $kind', (shape) => {
    const random = new Random('self', shape.kind);
    const local = Array.from({ length: 2000 }, (): Vec3 => [
      random.uniform(-0.3, 0.3),
      random.uniform(-0.3, 0.3),
      random.uniform(-0.3, 0.3),
    ]);
    const world = local.map((p) => transformPoint(link, transformPoint(own, p)));
    const found = robotPoints(cloudOf(world), [{ geom: { shape, pose: own }, link }], 0.02);
    local.forEach((p, i) => {
      const d = outside(shape, p);
      if (Math.abs(d - 0.02) < 1e-5) return;
      expect(found[i]).toBe(d < 0.02 ? 1 : 0);
    });
    expect(found.reduce((a, b) => a + b, 0)).toBeGreaterThan(20);
  });
});
