import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IDENTITY_POSE, normalize, quatFromAxisAngle, type Pose, type Vec3 } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import { DEMO_TASKS, makeDemo } from './demo-tasks.ts';
import { coarsen } from './coarsen.ts';
import { generateDemos, writeScene } from './generate.ts';
import { measureNetwork } from './measure.ts';
import { RECORD_LENGTH } from './sample-record.ts';
import { readRecord } from './sample-reader.ts';
import { rayTest, type Solid } from './solid.ts';

const pose: Pose = { position: [0.1, -0.2, 0.3], orientation: quatFromAxisAngle([1, 2, 0.5], 0.9) };

describe('rayTest', () => {
  const solids: Solid[] = [
    { kind: 'box', pose, size: [0.1, 0.2, 0.3] },
    { kind: 'sphere', pose, radius: 0.1 },
    { kind: 'cylinder', pose, radius: 0.06, height: 0.2 },
    { kind: 'shell', pose, radius: 0.1, height: 0.08, wall: 0.01 },
  ];
  /** Is a point inside the solid's material? */
  const inside = (solid: Solid, [x, y, z]: Vec3): boolean => {
    const r = Math.hypot(x, y);
    switch (solid.kind) {
      case 'box':
        return [x, y, z].every((v, k) => Math.abs(v) < solid.size[k]! / 2);
      case 'sphere':
        return Math.hypot(x, y, z) < solid.radius;
      case 'cylinder':
        return r < solid.radius && Math.abs(z) < solid.height / 2;
      case 'shell':
        return (
          r < solid.radius &&
          Math.abs(z) < solid.height / 2 &&
          (r > solid.radius - solid.wall || z < -solid.height / 2 + solid.wall)
        );
    }
  };

  it.each(solids)('finds where a ray enters a $kind, as small steps along it do', (solid) => {
    const random = new Random('rays', solid.kind);
    const local: Solid = { ...solid, pose: IDENTITY_POSE };
    const test = rayTest(local);
    let hits = 0;
    for (let k = 0; k < 150; k++) {
      const origin: Vec3 = [random.uniform(-1, 1), random.uniform(-1, 1), random.uniform(0.3, 1)];
      const target: Vec3 = [random.uniform(-0.1, 0.1), random.uniform(-0.1, 0.1), random.uniform(-0.1, 0.1)];
      const d = normalize([target[0] - origin[0], target[1] - origin[1], target[2] - origin[2]]);
      let marched = Infinity;
      for (let t = 0; t < 2; t += 0.0005) {
        if (inside(local, [origin[0] + t * d[0], origin[1] + t * d[1], origin[2] + t * d[2]])) {
          marched = t;
          break;
        }
      }
      const found = test(origin, d);
      if (marched === Infinity) {
        // Only grazing hits may slip between two steps.
        if (found < Infinity)
          expect(
            inside(local, [0, 1, 2].map((i) => origin[i]! + (found + 0.0006) * d[i]!) as unknown as Vec3),
          ).toBe(false);
        continue;
      }
      hits++;
      expect(Math.abs(found - marched)).toBeLessThan(0.0006);
    }
    expect(hits).toBeGreaterThan(40);
  });
});

describe('makeDemo', () => {
  it.each(DEMO_TASKS)(
    '%s: at most eight waypoints, grasps of things that fit, nothing under the table',
    (task) => {
      for (let seed = 0; seed < 60; seed++) {
        const demo = makeDemo(task, new Random('test', seed));
        expect(demo.waypoints.length).toBeGreaterThan(0);
        expect(demo.waypoints.length).toBeLessThanOrEqual(8);
        for (const w of demo.waypoints) {
          expect(w.pose.position[2]).toBeGreaterThan(0.005);
          expect(w.thing).toBeLessThan(demo.things.length);
        }
      }
    },
  );
});

describe('coarsen', () => {
  const still = { thing: 0, waypoint: 0, ray: 0, yaw: 0, missing: 0, extra: 0 };

  it('changes nothing but a little turn where it is told to change nothing', () => {
    const demo = makeDemo('put in bowl', new Random('coarse', 1));
    const plan = coarsen(demo.waypoints, pose, still, new Random('x'));
    plan.waypoints.forEach((w, i) => expect(w.position).toEqual(demo.waypoints[i]!.pose.position));
  });

  it('shares the error of a thing between the waypoints that belong to it', () => {
    const demo = makeDemo('pick and hold', new Random('coarse', 2));
    const plan = coarsen(demo.waypoints, pose, { ...still, thing: 0.02 }, new Random('y'));
    const shifts = plan.waypoints.map((w, i) =>
      w.position.map((v, k) => v - plan.truth[i]!.pose.position[k]!),
    );
    expect(Math.hypot(...shifts[0]!)).toBeGreaterThan(0.001);
    for (const shift of shifts) shift.forEach((v, k) => expect(v).toBeCloseTo(shifts[0]![k]!, 9));
  });
});

describe('generateDemos', () => {
  const options = { firstSeed: 0, scenes: 4, draws: 2, clouds: true, scenesPerShard: 2 };
  const never = new AbortController().signal;

  it('writes the same bytes again, also after it was stopped half-way', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'waybook-demos-'));
    try {
      const a = join(folder, 'a');
      const b = join(folder, 'b');
      await generateDemos({ ...options, out: a }, () => undefined, never);
      const stop = new AbortController();
      await expect(generateDemos({ ...options, out: b }, () => stop.abort(), stop.signal)).rejects.toThrow();
      await generateDemos({ ...options, out: b }, () => undefined, never);
      expect(await readFile(join(b, 'index.json'), 'utf8')).toBe(
        await readFile(join(a, 'index.json'), 'utf8'),
      );
      const shard = await readFile(join(a, 'shard-00001.bin'));
      expect(shard.equals(await readFile(join(b, 'shard-00001.bin')))).toBe(true);
      expect(shard.length).toBe(2 * 2 * 4 * RECORD_LENGTH);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('gives samples that are finite, with truths that fit their inputs', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (seed) => {
        const data = new Float32Array(RECORD_LENGTH);
        writeScene({ draws: 1, clouds: false }, seed, data);
        expect(data.every(Number.isFinite)).toBe(true);
        const sample = readRecord(data);
        const used = sample.waypoint_mask.reduce((a, b) => a + b, 0);
        expect(used).toBeGreaterThan(0);
        for (let k = used; k < 8; k++) expect(sample.weight[k]).toBe(0);
      }),
      { numRuns: 40 },
    );
  });
});

describe('measureNetwork', () => {
  it('finds that the spline leaves every error as it was', async () => {
    const score = await measureNetwork(
      async (inputs) => ({ actions: inputs.guidance, confidence: new Float32Array(8).fill(0.5) }),
      { firstSeed: 0, scenes: 6 },
    );
    expect(score.waypoints).toBeGreaterThan(5);
    expect(score.refinedMm).toBeCloseTo(score.plannedMm, 2);
    expect(score.refinedTurn).toBeCloseTo(score.plannedTurn, 1);
    expect(score.confidence).toBeCloseTo(0.5, 6);
  });
});
