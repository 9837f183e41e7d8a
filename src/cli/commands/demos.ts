import { WaybookError } from '../../core/errors.ts';
import { taskNamed } from '../../refinement/demos/demo-scene.ts';
import { join } from 'node:path';
import { type DemoOptions, generateDemos } from '../../refinement/demos/generate.ts';
import type { Execute } from '../../refinement/demos/replay.ts';
import { MOTION_ONLY_TASKS, SEEDS, TRAINED_TASKS } from '../../refinement/demos/task-split.ts';
import { localEngine } from '../../sweep/local-engine.ts';
import type { SweepEngine } from '../../sweep/engine.ts';
import type { DemosDescription, DemosRecipe } from '../../sweep/demos-description.ts';
import type { Arguments, Command, Io } from '../command.ts';
import { describeDemos, driveDemos } from '../sweep/drive-demos.ts';
import { RAY_OPTIONS, rayEngine } from '../sweep/ray-engine.ts';

export const demosCommand: Command = {
  name: 'demos',
  summary: 'Write training samples for the action expert: sharded, seeded, resumable.',
  usage: '--out FOLDER --scenes N [options] | --replay N --scenes N',
  options: [
    { name: 'out', value: 'FOLDER', help: 'Where shards and index.json go; finished shards are kept.' },
    { name: 'scenes', value: 'N', help: 'Number of scenes.' },
    {
      name: 'first-seed',
      value: 'N',
      help: `Seed of the first scene; default ${SEEDS.stage2[0]}, with --kinematic ${SEEDS.stage1[0]}.`,
    },
    { name: 'draws', value: 'N', help: 'Coarse plans per scene; default 3.' },
    { name: 'kinematic', help: 'Without clouds: action pre-training.' },
    {
      name: 'tasks',
      value: 'LIST',
      help: `Default: ${TRAINED_TASKS.join(', ')}; with --kinematic also ${MOTION_ONLY_TASKS.join(', ')} and motions without a scene.`,
    },
    {
      name: 'workers',
      value: 'N',
      help: 'Processes of this machine, default 1; on Ray, most shards at a time. The bytes are the same.',
    },
    ...RAY_OPTIONS,
    { name: 'shard', value: 'N', help: 'Scenes in a file, the least that is made again; default 250.' },
    {
      name: 'part',
      value: 'I/N',
      help: 'Only every N-th shard from the I-th (0 …): N processes share the work.',
    },
  ],
  examples: [
    'waybook demos --out data/stage1 --scenes 150000 --draws 2 --kinematic',
    'waybook demos --out data/stage2 --scenes 30000 --draws 4',
    'waybook demos --out data/stage2 --scenes 30000 --draws 4 --on http://HOST:8265',
    'waybook demos --replay 1000 --scenes 160000',
  ],
  async run(args, io) {
    const out = args.string('out');
    const scenes = args.number('scenes', { min: 1, max: 10_000_000, integer: true });
    const count = args.number('replay', { min: 1, max: 100_000, integer: true });
    if (count !== undefined && scenes !== undefined) {
      const firstSeed = args.number('first-seed', { min: 0, integer: true }) ?? SEEDS.stage1[0];
      const tasks = tasksOf(args.string('tasks')) ?? [...TRAINED_TASKS, ...MOTION_ONLY_TASKS];
      return await replay({ tasks, seeds: [firstSeed, firstSeed + scenes - 1], count }, io);
    }
    if (out === undefined || scenes === undefined) {
      throw new WaybookError('input/usage', 'Both --out and --scenes are needed.', {
        hint: 'See waybook demos --help.',
      });
    }
    const clouds = !args.has('kinematic');
    const part = partOf(args.string('part'));
    const perShard = args.number('shard', { min: 1, max: 100_000, integer: true });
    const recipe: DemosRecipe = {
      scenes,
      firstSeed:
        args.number('first-seed', { min: 0, integer: true }) ?? (clouds ? SEEDS.stage2 : SEEDS.stage1)[0],
      draws: args.number('draws', { min: 1, max: 100, integer: true }) ?? 3,
      clouds,
      tasks:
        tasksOf(args.string('tasks')) ?? (clouds ? TRAINED_TASKS : [...TRAINED_TASKS, ...MOTION_ONLY_TASKS]),
      ...(perShard === undefined ? {} : { scenesPerShard: perShard }),
    };
    const show = (done: number, of: number): void =>
      io.err(io.interactive ? `\r\u001b[2K${done} of ${of} scenes` : `${done} of ${of} scenes\n`);
    const workers = args.number('workers', { min: 1, max: 512, integer: true });
    const on = args.string('on');
    if (on !== undefined || (workers ?? 1) > 1) {
      if (part) throw new WaybookError('input/usage', 'Give --workers or --on, or --part, not both.');
      const description = describeDemos(recipe);
      const engine = engineOf(args, on, workers, description, out);
      const say = (text: string): void => io.err(`${text}\n`);
      await driveDemos({ description, out, engine, progress: show, say, signal: io.signal });
      io.out(`${out}\n`);
      return 0;
    }
    const options: DemoOptions = { ...recipe, out, ...(part ? { part } : {}) };
    const complete = await generateDemos(options, show, io.signal);
    if (!complete) io.err('Other parts are still to be made; the last one writes index.json.\n');
    io.out(`${out}\n`);
    return 0;
  },
};

/** Longer than any shard takes [s]. */
const TIMEOUT = 3600;

function engineOf(
  args: Arguments,
  on: string | undefined,
  workers: number | undefined,
  description: DemosDescription,
  out: string,
): SweepEngine {
  if (on === undefined)
    return localEngine({
      workers: workers ?? 1,
      timeout: TIMEOUT,
      worker: { records: out, programs: description.programs },
    });
  return rayEngine(on, args, {
    description,
    folders: {},
    records: out,
    timeout: TIMEOUT,
    stateFile: join(out, 'ray-job.json'),
    ...(workers === undefined ? {} : { workers }),
  });
}

/** Share of demonstrations that must come true in physics. */
const MUST_SUCCEED = 0.95;

async function replay(
  options: { tasks: readonly string[]; seeds: readonly [number, number]; count: number },
  io: Io,
): Promise<number> {
  const { replayDemos } = await import('../../refinement/demos/replay.ts');
  const { executeInWorld } = await import('../../evaluation/execute-in-world.ts');
  const rows = new Map<string, { all: number; good: number }>();
  let done = 0;
  const execute: Execute = (world, trajectory) => {
    const ended = executeInWorld(world, trajectory, []);
    return ended.kind === 'done' ? undefined : ended.reason;
  };
  await replayDemos(
    { ...options, execute },
    ({ seed, what, success, reason }) => {
      const row = rows.get(what) ?? { all: 0, good: 0 };
      rows.set(what, { all: row.all + 1, good: row.good + (success ? 1 : 0) });
      done++;
      if (!success) io.err(`${what}, seed ${seed}: ${reason}\n`);
      else if (done % 50 === 0) io.err(`${done} of ${options.count}\n`);
    },
    io.signal,
  );
  for (const [what, { all, good }] of [...rows].sort()) io.out(`${what.padEnd(18)} ${good} of ${all}\n`);
  const good = [...rows.values()].reduce((sum, row) => sum + row.good, 0);
  io.out(`${'all'.padEnd(18)} ${good} of ${done} (${((100 * good) / done).toFixed(1)} %)\n`);
  return good >= MUST_SUCCEED * done ? 0 : 1;
}

/** Names of the simulator's scenes; one that it does not have is refused when its first scene is laid out. */
const tasksOf = (text: string | undefined): string[] | undefined =>
  text?.split(',').map((name) => taskNamed(name.trim()));

function partOf(text: string | undefined): { index: number; of: number } | undefined {
  if (text === undefined) return undefined;
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index !== undefined && of !== undefined && index < of) return { index, of };
  throw new WaybookError('input/usage', `--part must be like 0/2, not "${text}".`, {
    hint: 'The first of two processes makes part 0/2, the second 1/2.',
  });
}
