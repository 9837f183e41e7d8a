import { describe, expect, it } from 'vitest';
import { rotate, quatFromAxisAngle, type Vec3 } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { Random } from '../core/random.ts';
import { colourName } from './colour-names.ts';
import { footprint } from './footprint.ts';
import { findTable } from './plane.ts';
import { segmentObjects } from './segment-objects.ts';

type Rgb = readonly [number, number, number];
interface Thing {
  readonly at: Vec3;
  readonly yaw?: number;
  readonly rgb: Rgb;
  readonly kind: 'box' | 'cylinder' | 'bowl';
  /** full extents of a box; diameter, diameter, height of the others */
  readonly size: Vec3;
}

/** Points on tops and sides, as cameras all round would see them, plus a table at z = 0. */
function sceneOf(things: readonly Thing[], noise = 0.001): PointCloud {
  const random = new Random('scene');
  const positions: number[] = [];
  const colors: number[] = [];
  const put = (p: Vec3, rgb: Rgb): void => {
    positions.push(...p.map((v) => v + noise * random.normal()));
    colors.push(...rgb);
  };
  for (let k = 0; k < 6000; k++)
    put([random.uniform(0.2, 0.8), random.uniform(-0.4, 0.4), 0], [150, 140, 128]);
  for (const { at, yaw = 0, rgb, kind, size } of things) {
    const turn = quatFromAxisAngle([0, 0, 1], yaw);
    for (let k = 0; k < 900; k++) {
      const side = random.next() < 0.6;
      const shade = side ? 0.6 : 1;
      let p: Vec3;
      if (kind === 'box') {
        const u = random.uniform(-0.5, 0.5);
        const v = random.pick([-0.5, 0.5]);
        const [x, y] = side ? (random.next() < 0.5 ? [u, v] : [v, u]) : [u, random.uniform(-0.5, 0.5)];
        p = [x * size[0], y * size[1], side ? random.uniform(0, size[2]) : size[2]];
      } else {
        const angle = random.uniform(0, 2 * Math.PI);
        const r = 0.5 * size[0] * (side ? 1 : Math.sqrt(random.next()));
        const floor = kind === 'bowl' ? 0.006 : size[2];
        p = [r * Math.cos(angle), r * Math.sin(angle), side ? random.uniform(0, size[2]) : floor];
      }
      const turned = rotate(turn, p);
      put(
        [turned[0] + at[0], turned[1] + at[1], turned[2] + at[2]],
        [rgb[0] * shade, rgb[1] * shade, rgb[2] * shade],
      );
    }
  }
  return {
    frame: 'base',
    stamp: 0,
    count: positions.length / 3,
    positions: Float32Array.from(positions),
    colors: Uint8Array.from(colors),
  };
}

describe('segmentObjects', () => {
  const things: Thing[] = [
    { at: [0.4, 0.1, 0], yaw: 0.5, rgb: [210, 40, 40], kind: 'box', size: [0.04, 0.04, 0.04] },
    { at: [0.5, -0.2, 0], yaw: -0.6, rgb: [40, 170, 60], kind: 'box', size: [0.1, 0.04, 0.03] },
    { at: [0.6, 0.2, 0], rgb: [40, 70, 220], kind: 'bowl', size: [0.15, 0.15, 0.05] },
    { at: [0.35, -0.2, 0], rgb: [230, 140, 30], kind: 'cylinder', size: [0.05, 0.05, 0.08] },
  ];
  const found = segmentObjects(sceneOf(things));

  it('names each thing by colour and shape', () => {
    expect(found.map((o) => o.label).sort()).toEqual([
      'blue bowl',
      'green block',
      'orange cylinder',
      'red cube',
    ]);
    expect(new Set(found.map((o) => o.id)).size).toBe(4);
    expect(found.every((o) => o.source === 'segmentation')).toBe(true);
  });

  it('places them within 3 mm, with their sizes and turns', () => {
    for (const thing of things) {
      const object = found.find(
        (o) => Math.hypot(o.pose.position[0] - thing.at[0], o.pose.position[1] - thing.at[1]) < 0.003,
      )!;
      expect(object).toBeDefined();
      expect(object.pose.position[2]).toBeCloseTo(thing.size[2] / 2, 2);
      thing.size.forEach((s, k) => expect(Math.abs(object.size[k]! - s)).toBeLessThan(0.007));
      if (thing.kind !== 'box') continue;
      const [, , z, w] = object.pose.orientation;
      const period = thing.size[0] === thing.size[1] ? Math.PI / 2 : Math.PI;
      const off = (2 * Math.atan2(z, w) - thing.yaw!) / period;
      expect(Math.abs(off - Math.round(off)) * period).toBeLessThan(0.12);
    }
  });

  it('separates things of two colours that touch', () => {
    const stack = segmentObjects(
      sceneOf([
        { at: [0.4, 0, 0], rgb: [40, 170, 60], kind: 'box', size: [0.05, 0.05, 0.05] },
        { at: [0.4, 0, 0.05], rgb: [210, 40, 40], kind: 'box', size: [0.04, 0.04, 0.04] },
      ]),
    );
    expect(stack.map((o) => o.colour).sort()).toEqual(['green', 'red']);
    expect(stack.find((o) => o.colour === 'red')!.pose.position[2]).toBeCloseTo(0.07, 2);
  });

  it('finds nothing on an empty table, and nothing without one', () => {
    expect(segmentObjects(sceneOf([]))).toEqual([]);
    expect(segmentObjects({ frame: 'base', stamp: 0, count: 0, positions: new Float32Array() })).toEqual([]);
  });
});

describe('findTable', () => {
  it('finds a tilted table under clutter', () => {
    const cloud = sceneOf([{ at: [0.4, 0.1, 0], rgb: [9, 9, 9], kind: 'box', size: [0.2, 0.2, 0.3] }]);
    const tilted = cloud.positions.map((v, i) =>
      i % 3 === 2 ? v + 0.05 * cloud.positions[i - 2]! + 0.1 : v,
    );
    const table = findTable({ ...cloud, positions: tilted })!;
    expect(table.normal[0] / table.normal[2]).toBeCloseTo(-0.05, 2);
    expect(table.offset / table.normal[2]).toBeCloseTo(0.1, 2);
  });
});

describe('footprint', () => {
  it.each([0, 0.3, 1.2, -1.4])('finds the turn %d of a rectangle', (yaw) => {
    const corners = [
      [-0.05, -0.02],
      [0.05, -0.02],
      [0.05, 0.02],
      [-0.05, 0.02],
    ].map(([x, y]) => {
      const p = rotate(quatFromAxisAngle([0, 0, 1], yaw), [x!, y!, 0]);
      return [p[0] + 0.3, p[1] - 0.1] as const;
    });
    const found = footprint(corners)!;
    expect(found.yaw).toBeCloseTo(yaw, 6);
    expect([found.x, found.y, found.length, found.width]).toEqual(
      [0.3, -0.1, 0.1, 0.04].map((v) => expect.closeTo(v, 6)),
    );
    expect(found.round).toBe(false);
  });

  it('knows a disc from a square', () => {
    const disc = Array.from({ length: 60 }, (_, i) => [Math.cos(i / 9.55), Math.sin(i / 9.55)] as const);
    expect(footprint(disc)!.round).toBe(true);
  });
});

describe('colourName', () => {
  it.each([
    ['red', 200, 30, 30],
    ['red', 90, 12, 12],
    ['orange', 230, 120, 20],
    ['yellow', 220, 200, 40],
    ['green', 30, 150, 50],
    ['blue', 30, 60, 200],
    ['blue', 12, 24, 80],
    ['purple', 130, 40, 180],
    ['white', 230, 230, 225],
    ['grey', 120, 120, 125],
    ['black', 15, 15, 15],
    ['brown', 120, 75, 35],
    ['pink', 240, 150, 170],
  ] as const)('calls (%s) by its name', (name, r, g, b) => {
    expect(colourName(r, g, b)).toBe(name);
  });
});
