import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';
import { messageOf, WaybookError } from '../../core/errors.ts';
import { version } from '../../core/version.ts';
import type { Command } from '../command.ts';
import {
  CLOSED_LOOP_TASKS,
  ClosedLoopRunner,
  type PairRequest,
  type PairResult,
} from '../eval/closed-loop-episode.ts';
import { runJobs } from '../../sweep/pool.ts';
import { parseSeeds } from '../../sweep/seeds.ts';
import { formatTable, median, percent } from '../sweep/table.ts';
import { wilson } from '../../sweep/wilson.ts';

export const evalClosedLoopCommand: Command = {
  name: 'eval closed-loop',
  summary: 'Push the target aside while the arm comes: open loop against closed loop, in pairs.',
  usage: '--seeds A..B [options]',
  options: [
    { name: 'seeds', value: 'A..B', help: 'Each seed is one pair a task.' },
    {
      name: 'tasks',
      value: 'LIST',
      help: `all, or some of: ${CLOSED_LOOP_TASKS.map((t) => t.name).join(', ')}.`,
    },
    { name: 'refiner', value: 'ID', help: 'snap (default) or expert, the same for both.' },
    { name: 'rate', value: 'HZ', help: 'Looks per second; default 5.' },
    { name: 'workers', value: 'N', help: 'Processes; default: as many as cores.' },
    { name: 'json', help: 'Print one JSON document instead of the table.' },
  ],
  examples: ['waybook eval closed-loop --seeds 0..99'],
  async run(args, io) {
    const asked = args.string('tasks') ?? 'all';
    const tasks = CLOSED_LOOP_TASKS.filter(
      ({ name }) => asked === 'all' || asked.split(',').some((part) => part.trim() === name),
    );
    if (tasks.length === 0) {
      throw new WaybookError('input/usage', `There is no task ${asked}.`, {
        hint: `There are ${CLOSED_LOOP_TASKS.map((t) => t.name).join(', ')}.`,
      });
    }
    const seeds = parseSeeds(args.string('seeds') ?? '0..19');
    const refiner = args.string('refiner') ?? 'snap';
    const rateHz = args.number('rate', { min: 0.5, max: 30 }) ?? 5;
    const workers = args.number('workers', { min: 1, max: 64, integer: true }) ?? cpus().length;
    const jobs = tasks.flatMap(({ name: task }) =>
      seeds.map((seed) => ({
        id: `${task} ${seed}`,
        payload: { task, seed, refiner, rateHz } satisfies PairRequest,
      })),
    );
    const pairs: PairResult[] = [];
    const failures: string[] = [];
    await runJobs<PairRequest, PairResult>(
      jobs,
      {
        script: fileURLToPath(import.meta.url),
        args: ['eval-closed-loop-worker'],
        workers,
        signal: io.signal,
      },
      (reply) => {
        if (reply.ok) pairs.push(reply.value);
        else failures.push(`${reply.id}: ${reply.error}`);
        const done = pairs.length + failures.length;
        if (done % 10 === 0 || done === jobs.length) io.err(`${done} of ${jobs.length} pairs\n`);
      },
    );
    io.signal.throwIfAborted();
    pairs.sort((a, b) => (a.task === b.task ? a.seed - b.seed : a.task < b.task ? -1 : 1));
    if (args.has('json')) io.out(`${JSON.stringify({ refiner, rateHz, version, pairs, failures })}\n`);
    else io.out(report(pairs, failures, refiner, rateHz));
    return failures.length > 0 ? 1 : 0;
  },
};

/** The other end of the process pool. */
export const evalClosedLoopWorkerCommand: Command = {
  name: 'eval-closed-loop-worker',
  summary: 'Runs pairs of episodes for waybook eval closed-loop.',
  usage: '',
  options: [],
  examples: [],
  hidden: true,
  async run(_args, io) {
    await using runner = new ClosedLoopRunner();
    const parentGone = new Promise<void>((resolve) => {
      process.once('disconnect', resolve);
      io.signal.addEventListener('abort', () => resolve(), { once: true });
    });
    process.on('message', (message: { id: string; payload: PairRequest }) => {
      void runner.run(message.payload).then(
        (value) => process.send?.({ id: message.id, value }),
        (error: unknown) => process.send?.({ id: message.id, error: messageOf(error) }),
      );
    });
    await parentGone;
    if (process.connected) process.disconnect();
    return 0;
  },
};

function report(
  pairs: readonly PairResult[],
  failures: readonly string[],
  refiner: string,
  rateHz: number,
): string {
  const groups = [...new Set(pairs.map((pair) => pair.task)), 'all'];
  const rows = groups.map((task) => {
    const of = pairs.filter((pair) => task === 'all' || pair.task === task);
    const open = wilson(of.filter((pair) => pair.open.success).length, of.length);
    const closed = wilson(of.filter((pair) => pair.closed.success).length, of.length);
    const won = of.filter((pair) => pair.closed.success && !pair.open.success).length;
    const lost = of.filter((pair) => pair.open.success && !pair.closed.success).length;
    return [
      task,
      `${of.length}`,
      `${percent(open.rate)} (${percent(open.low)} to ${percent(open.high)})`,
      `${percent(closed.rate)} (${percent(closed.low)} to ${percent(closed.high)})`,
      `${(100 * (closed.rate - open.rate)).toFixed(1)}`,
      `${won}`,
      `${lost}`,
    ];
  });
  const table = formatTable([
    ['task', 'pairs', 'open loop (95 %, Wilson)', 'closed loop', 'points', 'only closed', 'only open'],
    ...rows,
  ]);
  const reasons = new Map<string, number>();
  for (const { task, closed } of pairs) {
    if (closed.success) continue;
    const reason = `${task}: ${closed.reason.replace(/\d+(\.\d+)?/g, 'N')}`;
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  const why = [...reasons].sort((a, b) => b[1] - a[1]).slice(0, 10);
  const lines = [
    `Refiner ${refiner} in both; the target is pushed 20 to 50 mm while the tool is 180 to 300 mm away from it.`,
    `Closed loop: ${rateHz} looks a second; waiting for a frame and 80 ms of processing pass in simulated time.`,
    `Looks a second while moving, over the closed-loop episodes that came to their end: ${ratesOf(pairs)}.`,
    '',
    table,
  ];
  if (why.length > 0) lines.push('Closed loop failed:', ...why.map(([reason, n]) => `  ${n}x ${reason}`));
  if (failures.length > 0) lines.push('Not run:', ...failures.map((failure) => `  ${failure}`));
  return `${lines.join('\n')}\n`;
}

function ratesOf(pairs: readonly PairResult[]): string {
  const rates = pairs.flatMap(({ closed }) => (closed.rateHz === undefined ? [] : [closed.rateHz]));
  if (rates.length === 0) return 'none';
  return `least ${Math.min(...rates).toFixed(1)}, median ${median(rates).toFixed(1)}`;
}
