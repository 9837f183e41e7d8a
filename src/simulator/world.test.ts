import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { afterEach, describe, expect, it } from 'vitest';
import { createWorld } from './world.ts';
import type { World, WorldOptions } from './world-api.ts';

const open: World[] = [];
async function world(options: Partial<WorldOptions> = {}): Promise<World> {
  const made = await createWorld({ scene: 'tabletop', seed: 1, ...options });
  open.push(made);
  return made;
}
afterEach(() => {
  for (const made of open.splice(0)) made[Symbol.dispose]();
});

/** A wild but legal ride: sweeps the arm through the table's things. */
function drive(made: World, steps: number, from = 0): void {
  const home = made.arm.home;
  for (let i = from; i < from + steps; i++) {
    const s = Math.sin(i / 150);
    made.setArmTarget(home.map((q, j) => q + s * [0.5, 0.5, 0.2, 0.1, 0.3, 0.2, 0.5][j]!));
    if (i % 400 === 0) made.setGripperTarget(i % 800 === 0 ? 0 : 0.04, 20);
    made.step();
  }
}

const measured = (made: World): number[] => {
  const n = made.arm.joints.length;
  const [q, v, e] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
  made.armState(q, v, e);
  return [...q, ...v, ...e];
};

describe('determinism', () => {
  it('gives the same bits for the same seed and commands, whoever looks on', async () => {
    const [a, b] = [await world({ scene: 'sort-by-colour' }), await world({ scene: 'sort-by-colour' })];
    expect(a.stateHash()).toBe(b.stateHash());
    for (let round = 0; round < 8; round++) {
      drive(a, 200, 200 * round);
      drive(b, 200, 200 * round);
      b.renderCloud('wrist');
      b.taskVerdict();
      b.detections();
      b.linkPoses();
      b.snapshot();
    }
    expect(a.stateHash()).toBe(b.stateHash());
    expect(measured(a)).toEqual(measured(b));
    expect(a.fingerEffort()).toBe(b.fingerEffort());
  });

  it('reports poses of the state as it is, not of the step before', async () => {
    const made = await world({ scene: 'stack' });
    drive(made, 300);
    const before = made.linkPoses().get('tool');
    made.moveObject('red-cube', { position: [0.5, 0.1, 0.2], orientation: [0, 0, 0, 1] });
    expect(made.linkPoses().get('tool')).toEqual(before);
    expect(made.detections().find((o) => o.id === 'red-cube')?.pose.position).toEqual([0.5, 0.1, 0.2]);
    made.step();
    const falling = made.detections().find((o) => o.id === 'red-cube')!.pose.position[2];
    // One step of free fall: g·dt² with semi-implicit integration.
    expect(0.2 - falling).toBeCloseTo(9.81 * 0.002 ** 2, 9);
  });

  it('gives the same bits in another process', async () => {
    const made = await world();
    drive(made, 1000);
    const other = await hashInChild();
    expect(other).toBe(made.stateHash());
  });

  it('differs between seeds', async () => {
    const [a, b] = [await world({ seed: 1 }), await world({ seed: 2 })];
    expect(a.stateHash()).not.toBe(b.stateHash());
  });
});

/** Builds this very ride for a Node process of its own and returns the hash that it prints. */
async function hashInChild(): Promise<string> {
  // Inside node_modules, so that packages resolve from the bundle's own place.
  const folder = await mkdtemp(join(import.meta.dirname, '../../node_modules/.waybook-'));
  try {
    const bundle = join(folder, 'ride.mjs');
    await build({
      stdin: {
        contents: `
          import { createWorld } from './world.ts';
          const made = await createWorld({ scene: 'tabletop', seed: 1 });
          (${drive.toString()})(made, 1000);
          process.stdout.write(made.stateHash());
        `,
        resolveDir: import.meta.dirname,
        loader: 'ts',
      },
      bundle: true,
      packages: 'external',
      platform: 'node',
      format: 'esm',
      outfile: bundle,
    });
    const { stdout } = await promisify(execFile)(process.execPath, [bundle]);
    return stdout;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('snapshots', () => {
  it('brings back the same future', async () => {
    const made = await world();
    drive(made, 700);
    const saved = made.snapshot();
    const hash = made.stateHash();
    const before = measured(made);
    drive(made, 500, 700);
    const later = made.stateHash();
    made.restore(saved);
    expect(made.stateHash()).toBe(hash);
    expect(measured(made)).toEqual(before);
    drive(made, 500, 700);
    expect(made.stateHash()).toBe(later);
  });

  it('brings set-points back too', async () => {
    const made = await world();
    made.setGripperTarget(0, 15);
    for (let i = 0; i < 100; i++) made.step();
    const saved = made.snapshot();
    for (let i = 0; i < 600; i++) made.step();
    const closed = made.fingerPosition();
    made.restore(saved);
    made.setArmTarget(made.arm.home);
    for (let i = 0; i < 600; i++) made.step();
    expect(made.fingerPosition()).toBe(closed);
  });

  it('refuses one of another scene or seed, a torn one, and one with NaN', async () => {
    const [a, b] = [await world({ seed: 1 }), await world({ seed: 2 })];
    const saved = a.snapshot();
    expect(() => b.restore(saved)).toThrow(/another scene/);
    expect(() => a.restore(saved.subarray(0, 100))).toThrow(/another scene/);
    const spoilt = saved.slice();
    spoilt.fill(0xff, 40, 48);
    expect(() => a.restore(spoilt)).toThrow(/not finite/);
  });
});

describe('the arm', () => {
  it('holds its home against gravity to a tenth of a degree', async () => {
    const made = await world();
    for (let i = 0; i < 1000; i++) made.step();
    made.arm.home.forEach((q, i) => expect(Math.abs(measured(made)[i]! - q)).toBeLessThan(0.0017));
  });

  it('tracks a full-speed move within a few millirad and comes to rest', async () => {
    const made = await world();
    const n = made.arm.joints.length;
    const seconds = 1.2;
    const peak = 0.95 * made.arm.limits[0]!.velocity;
    let worst = 0;
    for (let i = 1; i <= seconds / made.timestep; i++) {
      // A raised cosine: at rest at both ends, `peak` in the middle.
      const phase = (2 * Math.PI * i * made.timestep) / seconds;
      const velocity = (peak * (1 - Math.cos(phase))) / 2;
      const position = (peak * (i * made.timestep - (Math.sin(phase) * seconds) / (2 * Math.PI))) / 2;
      made.setArmTarget(
        made.arm.home.map((q, j) => q + (j === 0 ? position : 0)),
        made.arm.home.map((_, j) => (j === 0 ? velocity : 0)),
      );
      made.step();
      worst = Math.max(worst, Math.abs(measured(made)[0]! - (made.arm.home[0]! + position)));
    }
    expect(worst).toBeLessThan(0.005);
    const last = made.arm.home.map((q, j) => q + (j === 0 ? (peak * seconds) / 2 : 0));
    made.setArmTarget(last);
    for (let i = 0; i < 250; i++) made.step();
    for (const velocity of measured(made).slice(n, 2 * n)) expect(Math.abs(velocity)).toBeLessThan(0.001);
  });

  it('stops at its limits, whatever is asked', async () => {
    const made = await world();
    made.setArmTarget(made.arm.home.map(() => 100));
    for (let i = 0; i < 1500; i++) made.step();
    made.arm.limits.forEach((limit, i) => expect(measured(made)[i]).toBeLessThan(limit.upper + 0.01));
  });

  it('refuses set-points that are no numbers or too few, and keeps the old ones', async () => {
    const made = await world();
    expect(() => made.setArmTarget([0, 0, 0])).toThrow(RangeError);
    expect(() => made.setArmTarget(made.arm.home.map((q, i) => (i === 3 ? NaN : q)))).toThrow(/joint 4/);
    expect(() => made.setGripperTarget(NaN, 10)).toThrow(RangeError);
    for (let i = 0; i < 100; i++) made.step();
    made.arm.home.forEach((q, i) => expect(measured(made)[i]).toBeCloseTo(q, 2));
  });
});

describe('the gripper', () => {
  it('closes and opens at its own speed', async () => {
    const made = await world();
    made.setGripperTarget(0, 20);
    const half = made.arm.gripper.open / 2 / made.arm.gripper.speed;
    for (let i = 0; i < half / made.timestep; i++) made.step();
    expect(made.fingerPosition()).toBeCloseTo(made.arm.gripper.open / 2, 2);
    for (let i = 0; i < 1000; i++) made.step();
    expect(made.fingerPosition()).toBeLessThan(0.001);
    made.setGripperTarget(made.arm.gripper.open, 20);
    for (let i = 0; i < 1000; i++) made.step();
    expect(made.fingerPosition()).toBeCloseTo(made.arm.gripper.open, 3);
  });

  it('never pushes harder than asked', async () => {
    const made = await world();
    made.setGripperTarget(0, 12);
    for (let i = 0; i < 1000; i++) {
      made.step();
      expect(Math.abs(made.fingerEffort())).toBeLessThanOrEqual(12.0001);
    }
  });
});

describe('createWorld', () => {
  it.each([
    [{ scene: 'ballroom' }, /no scene named 'ballroom'/],
    [{ scene: 'stack?color=red' }, /unknown switch 'color'/],
    [{ scene: 'stack?detection-noise=10' }, /detection-noise .* must be a length/],
    [{ scene: 'stack?detection-noise=2m' }, /from 0mm to 200mm/],
    [{ scene: 'stack?noise=loud' }, /must be off or normal/],
    [{ scene: 'stack?distractors=99' }, /from 0 to 6/],
    [{ scene: 'stack?arm=spot' }, /no arm named 'spot'/],
    [{ scene: 'stack', seed: 1.5 }, /seed 1.5/],
    [{ scene: 'stack', seed: -1 }, /seed -1/],
  ])('refuses %j', async (options, message) => {
    await expect(createWorld({ seed: 0, ...options })).rejects.toThrow(message);
  });

  it('adds what the switches ask for, each with a label of its own', async () => {
    const plain = await world({ scene: 'stack', seed: 3 });
    const full = await world({ scene: 'stack?distractors=3&obstacles=2', seed: 3 });
    const labels = (made: World): string[] => made.detections().map((o) => o.label);
    expect(labels(full).length).toBe(labels(plain).length + 5);
    expect(labels(full).slice(0, 2)).toEqual(labels(plain));
    const movable = labels(full).filter((label) => !label.startsWith('grey'));
    expect(new Set(movable).size).toBe(movable.length);
  });

  it('frees its memory, world after world', { timeout: 300_000 }, async () => {
    for (let i = 0; i < 40; i++) (await createWorld({ scene: 'open-drawer', seed: i }))[Symbol.dispose]();
    const memory = (): number => process.memoryUsage().rss;
    const before = memory();
    for (let i = 0; i < 80; i++) {
      using made = await createWorld({ scene: 'open-drawer', seed: i });
      made.step();
      made.taskVerdict();
      if (i % 20 === 0) made.renderCloud('front');
    }
    // 80 leaked worlds would hold more than a gigabyte.
    expect(memory() - before).toBeLessThan(150e6);
  });
});

describe('what is published', () => {
  it('describes every body once, fixtures first, and the table at height 0', async () => {
    const bodies = (await world()).describeScene();
    expect(new Set(bodies.map((b) => b.name)).size).toBe(bodies.length);
    const firstMoving = bodies.findIndex((b) => b.kind !== 'fixture');
    expect(bodies.slice(firstMoving).every((b) => b.kind !== 'fixture')).toBe(true);
    expect(bodies.some((b) => b.name === 'table')).toBe(true);
  });

  it('reports links, tool and optical frames in base', async () => {
    const made = await world();
    const poses = made.linkPoses();
    for (const name of [
      'base',
      'link0',
      'link7',
      'hand',
      'tool',
      'front_optical_frame',
      'wrist_optical_frame',
    ]) {
      expect(poses.has(name)).toBe(true);
    }
    for (const name of poses.keys()) expect(made.urdf).toContain(`name="${name}"`);
  });

  it('spoils detections only where asked, always in the same way', async () => {
    const exact = await world();
    const noisy = await world({ detectionNoise: { position: 0.01, yaw: 0.1 } });
    const [a, b, c] = [exact.detections()[0]!, noisy.detections()[0]!, noisy.detections()[0]!];
    expect(b.pose).toEqual(c.pose);
    expect(b.pose.position).not.toEqual(a.pose.position);
  });

  it('spoils detections by a switch of the scene as by the option', async () => {
    const asked = await world({ detectionNoise: { position: 0.01, yaw: 0 } });
    const switched = await world({ scene: 'tabletop?detection-noise=10mm' });
    expect(switched.detections()[0]!.pose).toEqual(asked.detections()[0]!.pose);
  });
});
