import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compose, inverse, type Pose } from '../../core/geometry.ts';
import { bytesOf } from '../../core/hash.ts';
import { Random } from '../../core/random.ts';
import { cropBox } from '../../perception/transform.ts';
import { voxelGrid } from '../../perception/voxel-grid.ts';
import { INTERFACE_VERSION } from '../expert/contract.ts';
import { coarsen, sampleCoarseness, type Coarseness } from './coarsen.ts';
import { DEMO_TASKS, HELD_OUT_TASKS, makeDemo, type Demo, type DemoTask } from './demo-tasks.ts';
import { ORDINARY_NOISE, renderCloud, sampleCamera } from './depth-camera.ts';
import { RECORD, RECORD_LENGTH, writeRecord } from './sample-record.ts';
import type { Solid } from './solid.ts';
import type { Family } from './things.ts';

export interface DemoOptions {
  readonly out: string;
  /** scenes are numbered from here: 10,000 and up for training, 0..999 for development */
  readonly firstSeed: number;
  readonly scenes: number;
  /** coarse plans per scene */
  readonly draws: number;
  /** without clouds: action pre-training */
  readonly clouds: boolean;
  readonly tasks?: readonly DemoTask[];
  readonly families?: readonly Family[];
  /** fixed errors instead of drawn ones, for evaluation */
  readonly coarseness?: Coarseness;
  readonly scenesPerShard?: number;
}

/** Raised when the generator changes what it writes. */
const GENERATOR_VERSION = 1;
/** Share of scenes in which the thing to act on is not there, so that the network learns to doubt. */
const ABSENT = 0.05;
/** Share of samples that begin in the middle of the task. */
const MIDWAY = 0.2;
const VOXEL = 0.004;

/**
 * Writes shards of training samples (`shard-00000.bin`, float32) and `index.json`, which names their layout, seeds and
 * hashes. Shards that are there already are kept: stopping and starting again gives the same bytes.
 */
export async function generateDemos(
  options: DemoOptions,
  progress: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const { out, firstSeed, scenes, scenesPerShard = 250 } = options;
  await mkdir(out, { recursive: true });
  const shards: { file: string; samples: number; sha256: string }[] = [];
  for (let first = 0; first < scenes; first += scenesPerShard) {
    signal.throwIfAborted();
    const file = `shard-${String(first / scenesPerShard).padStart(5, '0')}.bin`;
    const path = join(out, file);
    if (!existsSync(path)) {
      const bytes = shardOf(options, firstSeed + first, Math.min(scenesPerShard, scenes - first));
      await writeFile(`${path}.part`, bytes);
      await rename(`${path}.part`, path);
    }
    const bytes = await readFile(path);
    shards.push({
      file,
      samples: bytes.length / (4 * RECORD_LENGTH),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    });
    progress(Math.min(scenes, first + scenesPerShard), scenes);
    // Lets a signal and other work through between shards.
    await new Promise((resolve) => setImmediate(resolve));
  }
  const index = {
    interface: INTERFACE_VERSION,
    generator: GENERATOR_VERSION,
    record: RECORD,
    recordLength: RECORD_LENGTH,
    seeds: [firstSeed, firstSeed + scenes - 1],
    draws: options.draws,
    clouds: options.clouds,
    tasks: options.tasks ?? DEMO_TASKS.filter((t) => !HELD_OUT_TASKS.includes(t)),
    families: options.families ?? null,
    coarseness: options.coarseness ?? 'sampled',
    shards,
  };
  await writeFile(join(out, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
}

function shardOf(options: DemoOptions, firstSeed: number, scenes: number): Uint8Array {
  const data = new Float32Array(scenes * options.draws * RECORD_LENGTH);
  for (let s = 0; s < scenes; s++) {
    const at = s * options.draws * RECORD_LENGTH;
    writeScene(options, firstSeed + s, data.subarray(at, at + options.draws * RECORD_LENGTH));
  }
  return bytesOf(data);
}

/** All samples of one scene, {@link RECORD_LENGTH} numbers each, into `data`. A function of options and seed alone. */
export function writeScene(
  options: Pick<DemoOptions, 'draws' | 'clouds' | 'tasks' | 'families' | 'coarseness'>,
  seed: number,
  data: Float32Array,
): void {
  const random = new Random('demo', seed);
  const tasks = options.tasks ?? DEMO_TASKS.filter((t) => !HELD_OUT_TASKS.includes(t));
  const demo = midway(makeDemo(random.pick(tasks), random, options.families), random);
  const camera = sampleCamera(random);
  const absent = options.clouds && !options.coarseness && random.next() < ABSENT;
  const primary = demo.waypoints.find((w) => w.thing >= 0)?.thing ?? -1;
  const solids = demo.things.flatMap((t, i): readonly Solid[] => (absent && i === primary ? [] : t.solids));
  const cloud = options.clouds
    ? voxelGrid(
        cropBox(renderCloud(solids, camera, ORDINARY_NOISE, random), {
          min: [0, -0.7, -0.05],
          max: [1, 0.7, 0.6],
        }),
        VOXEL,
      )
    : undefined;
  for (let draw = 0; draw < options.draws; draw++) {
    const coarseness = options.coarseness ?? sampleCoarseness(random);
    const plan = coarsen(demo.waypoints, camera, coarseness, random);
    const record = data.subarray(draw * RECORD_LENGTH, (draw + 1) * RECORD_LENGTH);
    writeRecord(record, plan, demo.start, cloud, (thing) => thing >= 0 && !(absent && thing === primary));
  }
}

/** The same demonstration, sometimes seen from a later waypoint on, with what was grasped in the hand. */
function midway(demo: Demo, random: Random): Demo {
  if (demo.waypoints.length < 3 || random.next() >= MIDWAY) return demo;
  const done = 1 + random.below(demo.waypoints.length - 2);
  const here = demo.waypoints[done - 1]!;
  const grasp = demo.waypoints.slice(0, done).find((w) => w.gripper === 0 && w.contact && w.thing >= 0);
  const things =
    grasp && here.gripper === 0 && demo.task !== 'push' && demo.task !== 'open drawer'
      ? demo.things.map((thing, i) =>
          i === grasp.thing
            ? { ...thing, solids: thing.solids.map((s) => carried(s, grasp.pose, here.pose)) }
            : thing,
        )
      : demo.things;
  return {
    ...demo,
    things,
    start: { pose: here.pose, gripper: here.gripper },
    waypoints: demo.waypoints.slice(done),
  };
}

const carried = (solid: Solid, from: Pose, to: Pose): Solid => ({
  ...solid,
  pose: compose(to, compose(inverse(from), solid.pose)),
});
