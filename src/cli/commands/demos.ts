import { WaybookError } from '../../core/errors.ts';
import { DEMO_TASKS, type DemoTask, HELD_OUT_TASKS } from '../../refinement/demos/demo-tasks.ts';
import { generateDemos } from '../../refinement/demos/generate.ts';
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
      help: 'Seed of the first scene: 10,000 and up for training; default 10000.',
    },
    { name: 'draws', value: 'N', help: 'Coarse plans per scene; default 3.' },
    { name: 'kinematic', help: 'Without clouds: action pre-training.' },
    {
      name: 'tasks',
      value: 'LIST',
      help: `Default: all but the held-out ${HELD_OUT_TASKS.join(', ')}. There are ${DEMO_TASKS.join(', ')}.`,
    },
  ],
  examples: [
    'waybook demos --out data/stage1 --scenes 300000 --draws 1 --kinematic',
    'waybook demos --out data/stage2 --scenes 8000 --draws 3',
  ],
  async run(args, io) {
    const out = args.string('out');
    const scenes = args.number('scenes', { min: 1, max: 10_000_000, integer: true });
    if (out === undefined || scenes === undefined) {
      throw new WaybookError('input/usage', 'Both --out and --scenes are needed.', {
        hint: 'See waybook demos --help.',
      });
    }
    const tasks = tasksOf(args.string('tasks'));
    await generateDemos(
      {
        out,
        scenes,
        firstSeed: args.number('first-seed', { min: 0, integer: true }) ?? 10_000,
        draws: args.number('draws', { min: 1, max: 100, integer: true }) ?? 3,
        clouds: !args.has('kinematic'),
        ...(tasks ? { tasks } : {}),
      },
      (done, of) =>
        io.err(io.interactive ? `\r\u001b[2K${done} of ${of} scenes` : `${done} of ${of} scenes\n`),
      io.signal,
    );
    io.out(`${out}\n`);
    return 0;
  },
};

function tasksOf(text: string | undefined): DemoTask[] | undefined {
  return text?.split(',').map((name) => {
    const task = DEMO_TASKS.find((candidate) => candidate === name.trim());
    if (task) return task;
    throw new WaybookError('input/usage', `There is no demonstration task "${name.trim()}".`, {
      hint: `There are ${DEMO_TASKS.join(', ')}.`,
    });
  });
}
