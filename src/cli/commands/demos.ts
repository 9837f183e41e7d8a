import { WaybookError } from '../../core/errors.ts';
import { generateDemos } from '../../refinement/demos/generate.ts';
import { MOTION_ONLY_TASKS, SEEDS, TRAINED_TASKS } from '../../refinement/demos/task-split.ts';
import { findTask } from '../../simulator/tasks/index.ts';
import type { Command } from '../command.ts';

export const demosCommand: Command = {
  name: 'demos',
  summary: 'Write training samples for the action expert: sharded, seeded, resumable.',
  usage: '--out FOLDER --scenes N [options]',
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
      name: 'part',
      value: 'I/N',
      help: 'Only every N-th shard from the I-th (0 …): N processes share the work.',
    },
  ],
  examples: [
    'waybook demos --out data/stage1 --scenes 150000 --draws 2 --kinematic',
    'waybook demos --out data/stage2 --scenes 30000 --draws 3',
  ],
  async run(args, io) {
    const out = args.string('out');
    const scenes = args.number('scenes', { min: 1, max: 10_000_000, integer: true });
    if (out === undefined || scenes === undefined) {
      throw new WaybookError('input/usage', 'Both --out and --scenes are needed.', {
        hint: 'See waybook demos --help.',
      });
    }
    const clouds = !args.has('kinematic');
    const part = partOf(args.string('part'));
    const complete = await generateDemos(
      {
        out,
        scenes,
        firstSeed:
          args.number('first-seed', { min: 0, integer: true }) ?? (clouds ? SEEDS.stage2 : SEEDS.stage1)[0],
        draws: args.number('draws', { min: 1, max: 100, integer: true }) ?? 3,
        clouds,
        tasks:
          tasksOf(args.string('tasks')) ??
          (clouds ? TRAINED_TASKS : [...TRAINED_TASKS, ...MOTION_ONLY_TASKS]),
        ...(part ? { part } : {}),
      },
      (done, of) =>
        io.err(io.interactive ? `\r\u001b[2K${done} of ${of} scenes` : `${done} of ${of} scenes\n`),
      io.signal,
    );
    if (!complete) io.err('Other parts are still to be made; the last one writes index.json.\n');
    io.out(`${out}\n`);
    return 0;
  },
};

/** Throws `input/reference` for a task that the simulator does not have. */
const tasksOf = (text: string | undefined): string[] | undefined =>
  text?.split(',').map((name) => findTask(name.trim()).name);

function partOf(text: string | undefined): { index: number; of: number } | undefined {
  if (text === undefined) return undefined;
  const [, index, of] = (/^(\d+)\/(\d+)$/.exec(text) ?? []).map(Number);
  if (index !== undefined && of !== undefined && index < of) return { index, of };
  throw new WaybookError('input/usage', `--part must be like 0/2, not "${text}".`, {
    hint: 'The first of two processes makes part 0/2, the second 1/2.',
  });
}
