import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf } from '../../core/hash.ts';
import { Random } from '../../core/random.ts';
import type { Plane } from '../../perception/plane.ts';
import { pandaClass } from '../../simulator/arm/panda-class.ts';
import { INTERFACE_VERSION } from '../expert/contract.ts';
import { coarsen, sampleCoarseness, type Coarseness } from './coarsen.ts';
import { demonstrate, partOf, someStart, wander, type Demonstration } from './demonstration.ts';
import { seenFrom } from './depth-view.ts';
import { CLOUD_RECORD, lengthOf, MOTION_RECORD, STEPS_PER_UNIT, writeRecord } from './sample-record.ts';
import { armAt, sampleView } from './sample-view.ts';

export interface DemoOptions {
  readonly out: string;
  /** scenes are numbered from here, see SEEDS in task-split.ts */
  readonly firstSeed: number;
  readonly scenes: number;
  /** coarse plans per scene */
  readonly draws: number;
  /** without clouds: action pre-training */
  readonly clouds: boolean;
  readonly tasks: readonly string[];
  /** fixed errors instead of drawn ones, for evaluation */
  readonly coarseness?: Coarseness;
  readonly scenesPerShard?: number;
  /** this process makes every `of`-th shard, beginning with number `index`; others make the rest */
  readonly part?: { readonly index: number; readonly of: number };
}

/** Unless asked otherwise: what is lost where a process is killed. */
const SCENES_PER_SHARD = 250;
/** How many files there are. */
export const shardsOf = ({
  scenes,
  scenesPerShard = SCENES_PER_SHARD,
}: Pick<DemoOptions, 'scenes' | 'scenesPerShard'>): number => Math.ceil(scenes / scenesPerShard);
export const shardFile = (index: number): string => `shard-${String(index).padStart(5, '0')}.bin`;

/** Raised when the generator changes what it writes. */
const GENERATOR_VERSION = 2;
/** Share of scenes in which the thing to act on is not there, so that the network learns to doubt. */
const ABSENT = 0.06;
/** Share of pre-training that is motion without a scene. */
const WANDERING = 0.25;
const TABLE: Plane = { normal: [0, 0, 1], offset: 0, inliers: 0 };

/**
 * Writes shards of training samples (`shard-00000.bin`, int16) and `index.json`, which names their layout, seeds and
 * hashes. Shards that are there already are kept: stopping and starting again gives the same bytes. Returns whether all
 * shards are there; with `part`, the last process to finish writes the index.
 */
export async function generateDemos(
  options: DemoOptions,
  progress: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<boolean> {
  const { out, firstSeed, scenes, scenesPerShard = SCENES_PER_SHARD, part = { index: 0, of: 1 } } = options;
  await mkdir(out, { recursive: true });
  const files = Array.from({ length: shardsOf(options) }, (_, i) => ({
    name: shardFile(i),
    first: i * scenesPerShard,
  }));
  for (const [i, { name, first }] of files.entries()) {
    if (i % part.of !== part.index) continue;
    signal.throwIfAborted();
    const path = join(out, name);
    const count = Math.min(scenesPerShard, scenes - first);
    if (!existsSync(path)) {
      await writeFile(`${path}.part`, shardOf(options, firstSeed + first, count));
      await rename(`${path}.part`, path);
    }
    progress(first + count, scenes);
    // Lets a signal and other work through between shards.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!files.every(({ name }) => existsSync(join(out, name)))) return false;
  await writeIndex(
    options,
    files.map(({ name }) => name),
  );
  return true;
}

async function writeIndex(options: DemoOptions, files: readonly string[]): Promise<void> {
  const { out, firstSeed, scenes, draws, clouds, tasks, coarseness } = options;
  const record = clouds ? CLOUD_RECORD : MOTION_RECORD;
  const shards = [];
  for (const file of files) {
    const bytes = await readFile(join(out, file));
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    shards.push({ file, samples: bytes.length / (2 * lengthOf(record)), sha256 });
  }
  const index = {
    interface: INTERFACE_VERSION,
    generator: GENERATOR_VERSION,
    record,
    recordLength: lengthOf(record),
    stepsPerUnit: STEPS_PER_UNIT,
    seeds: [firstSeed, firstSeed + scenes - 1],
    draws,
    clouds,
    tasks,
    coarseness: coarseness ?? 'sampled',
    shards,
  };
  await writeFile(join(out, 'index.json'), `${JSON.stringify(index, null, 2)}\n`);
}

function shardOf(options: DemoOptions, firstSeed: number, scenes: number): Uint8Array {
  const length = options.draws * lengthOf(options.clouds ? CLOUD_RECORD : MOTION_RECORD);
  const data = new Int16Array(scenes * length);
  for (let s = 0; s < scenes; s++) {
    writeScene(options, firstSeed + s, data.subarray(s * length, (s + 1) * length));
  }
  return bytesOf(data);
}

/** All samples of one scene into `data`. A function of options and seed alone. */
export function writeScene(
  options: Pick<DemoOptions, 'draws' | 'clouds' | 'tasks' | 'coarseness'>,
  seed: number,
  data: Int16Array,
): void {
  const random = new Random('demo', seed, options.clouds ? 'clouds' : 'motions');
  const length = data.length / options.draws;
  const records = Array.from({ length: options.draws }, (_, i) =>
    data.subarray(i * length, (i + 1) * length),
  );
  if (options.clouds) writeClouded(options, seed, records, random);
  else writeMotions(options, seed, records, random);
}

type Writing = Pick<DemoOptions, 'tasks' | 'coarseness'>;

function writeMotions(options: Writing, seed: number, records: readonly Int16Array[], random: Random): void {
  const { pose: camera } = sampleView(random);
  for (const record of records) {
    const { plan } = partOf(motionOf(options.tasks, seed, random), random);
    const coarse = coarsen(plan.waypoints, camera, options.coarseness ?? sampleCoarseness(random), random);
    writeRecord(record, coarse, plan.start, TABLE, undefined, () => true);
  }
}

function motionOf(tasks: readonly string[], seed: number, random: Random): Demonstration {
  const start = someStart(random);
  return random.next() < WANDERING
    ? wander(random, start)
    : demonstrate(tasks, seed, random, { resize: false, start });
}

/** The demonstration that the first stage-1 sample of a seed was made from, whole. */
export function firstMotion(tasks: readonly string[], seed: number): Demonstration {
  const random = new Random('demo', seed, 'motions');
  sampleView(random);
  return motionOf(tasks, seed, random);
}

function writeClouded(options: Writing, seed: number, records: readonly Int16Array[], random: Random): void {
  const start = someStart(random);
  const { plan, solids } = partOf(demonstrate(options.tasks, seed, random, { resize: true, start }), random);
  const view = sampleView(random);
  const missing = !options.coarseness && random.next() < ABSENT ? plan.primary : undefined;
  const seen = seenFrom(
    view,
    solids.filter(({ thing }) => thing !== missing),
    armAt(pandaClass, plan.start.pose, plan.start.gripper),
    random,
  );
  for (const record of records) {
    const coarse = coarsen(
      plan.waypoints,
      view.believed,
      options.coarseness ?? sampleCoarseness(random),
      random,
    );
    writeRecord(
      record,
      coarse,
      plan.start,
      seen.table,
      seen,
      (thing) => missing === undefined || thing !== missing,
    );
  }
}
