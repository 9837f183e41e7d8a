import { cpus } from 'node:os';
import { dirname, join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { version } from '../../core/version.ts';
import type { Command } from '../command.ts';
import type { EpisodeResult } from '../eval/episode.ts';
import { planningEvaluation } from '../eval/planning.ts';
import { ResultsFile } from '../eval/results-file.ts';
import { EVAL_TASKS } from '../eval/task-list.ts';
import { orderOf, type RunOrder } from '../../sweep/description.ts';
import { localEngine } from '../../sweep/local-engine.ts';
import type { Delivery, RunRow } from '../../sweep/run-row.ts';
import { parseSeeds, TEST_SEEDS } from '../../sweep/seeds.ts';
import { planSweep, tasksOf } from '../sweep/plan-sweep.ts';
import { RAY_OPTIONS, rayEngine } from '../sweep/ray-engine.ts';
import { RunsProgress } from '../sweep/progress.ts';
import { formatTable, percent } from '../sweep/table.ts';
import { wilson } from '../../sweep/wilson.ts';

/** s; an episode that takes longer is taken for hung */
const EPISODE_TIMEOUT = 600;

export const evalCommand: Command = {
  name: 'eval',
  summary: 'Run tasks over many seeds in lock-step and print the table of successes; resumes when stopped.',
  usage: '--tasks all --seeds A..B [options]',
  options: [
    { name: 'tasks', value: 'LIST', help: `all, or some of: ${EVAL_TASKS.map((t) => t.name).join(', ')}.` },
    {
      name: 'seeds',
      value: 'A..B',
      help: `Seeds; ${TEST_SEEDS.first}..${TEST_SEEDS.last} are never used while developing.`,
    },
    { name: 'refiner', value: 'ID', help: 'spline (default), snap or expert.' },
    {
      name: 'option',
      value: 'K=V',
      many: true,
      help: 'Option of the simulator’s scene, such as distractors=3.',
    },
    {
      name: 'workers',
      value: 'N',
      help: 'Processes; default: as many as cores; on Ray, most episodes at a time.',
    },
    ...RAY_OPTIONS,
    { name: 'out', value: 'FILE', help: 'Results as JSON lines; default out/eval/results.jsonl.' },
    {
      name: 'planning',
      help: 'Judge the language planner on the labelled instructions of a checkout instead.',
    },
    { name: 'half', value: 'dev|test|held-out-2', help: 'With --planning: only that set; default all.' },
    { name: 'execute', help: 'With --planning: also execute the answerable ones on what the cameras see.' },
    { name: 'json', help: 'Print one JSON document instead of the table.' },
  ],
  examples: [
    'waybook eval --tasks all --seeds 0..19',
    'waybook eval --planning',
    'waybook eval --planning --execute --half dev --workers 2',
    `waybook eval --tasks stack --seeds ${TEST_SEEDS.first}..${TEST_SEEDS.first + 99} --refiner snap`,
  ],
  async run(args, io) {
    if (args.has('planning')) return planningEvaluation(args, io);
    const tasks = tasksOf(args.string('tasks') ?? 'all').map(({ name }) => name);
    const seeds = parseSeeds(args.string('seeds') ?? '0..19');
    const refiner = args.string('refiner') ?? 'spline';
    const options = Object.fromEntries(args.strings('option').map(splitOption));
    const workers = args.number('workers', { min: 1, max: 512, integer: true });
    const out = args.string('out') ?? join('out', 'eval', 'results.jsonl');
    const file = new ResultsFile(out);
    const known = await file.read();

    // An evaluation is a sweep of the sample tasks with a table of its own.
    const { description, runs } = await planSweep({
      files: [],
      tasks: tasks.join(','),
      params: [
        `seed=${seeds.join(',')}`,
        ...Object.entries(options).map(([key, value]) => `${key}=${value}`),
      ],
      refiners: refiner,
      keep: 0,
    });
    const results = new Map<string, EpisodeResult>();
    const left: RunOrder[] = [];
    for (let index = 0; index < runs; index++) {
      const order = orderOf(description, index);
      const done = known.get(order.key);
      if (done) results.set(order.key, done);
      else left.push(order);
    }
    if (results.size > 0) io.err(`${results.size} of ${runs} episodes are in the results file already.\n`);
    const progress = new RunsProgress(io);
    const before = results.size;
    let failed = 0;
    const deliver = ({ row }: Delivery): void => {
      // A job that is joined again tells of episodes that are known.
      if (results.has(row.key)) return;
      const result = episodeOf(row);
      results.set(row.key, result);
      void file.append(row.key, result);
      if (!result.success) failed += 1;
      progress.show({ runs, done: results.size, failed, before });
    };
    const on = args.string('on');
    const engine =
      on === undefined
        ? localEngine({
            workers: workers ?? cpus().length,
            timeout: EPISODE_TIMEOUT,
            worker: { record: false, programs: description.programs },
          })
        : rayEngine(on, args, {
            description,
            folders: {},
            // On a cluster every failure sends its record along.
            records: join(dirname(out), 'records'),
            timeout: EPISODE_TIMEOUT,
            stateFile: `${out}.ray-job.json`,
            ...(workers === undefined ? {} : { workers }),
          });
    await engine.run({
      orders: left,
      count: left.length,
      deliver,
      say: (text) => progress.say(text),
      signal: io.signal,
    });
    const rows = [...results.values()].sort((a, b) =>
      a.task === b.task ? a.seed - b.seed : a.task < b.task ? -1 : 1,
    );
    if (args.has('json')) io.out(`${JSON.stringify({ refiner, options, version, results: rows })}\n`);
    else io.out(report(tasks, rows, refiner));
    return 0;
  },
};

function episodeOf({
  notebook,
  values,
  success,
  reason,
  code,
  trajectoryHash,
  finalStateHash,
  metrics,
}: RunRow): EpisodeResult {
  return {
    task: notebook,
    seed: Number(values['seed']),
    success,
    reason,
    ...(code === undefined ? {} : { code }),
    ...(trajectoryHash === undefined ? {} : { trajectoryHash }),
    ...(finalStateHash === undefined ? {} : { finalStateHash }),
    metrics,
  };
}

function splitOption(pair: string): [string, string] {
  const at = pair.indexOf('=');
  if (at < 1) throw new WaybookError('input/usage', `--option "${pair}" is not key=value.`);
  return [pair.slice(0, at), pair.slice(at + 1)];
}

function report(tasks: readonly string[], results: readonly EpisodeResult[], refiner: string): string {
  const rows = tasks.map((task) => {
    const of = results.filter((result) => result.task === task);
    const { successes, total, rate, low, high } = wilson(of.filter((r) => r.success).length, of.length);
    const failed = of.filter((r) => !r.success);
    const seeds = failed.map((r) => r.seed).slice(0, 8);
    return [
      task,
      `${successes}`,
      `${total}`,
      percent(rate),
      `${percent(low)} to ${percent(high)}`,
      seeds.join(' ') + (failed.length > seeds.length ? ' …' : ''),
    ];
  });
  const table = formatTable([
    ['task', 'successes', 'episodes', 'rate', '95 % interval (Wilson)', 'failed seeds'],
    ...rows,
  ]);
  const reasons = new Map<string, number>();
  for (const result of results)
    if (!result.success)
      reasons.set(
        `${result.task}: ${result.reason}`,
        (reasons.get(`${result.task}: ${result.reason}`) ?? 0) + 1,
      );
  const why = [...reasons]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 12)
    .map(([reason, count]) => `  ${count}x ${reason}`);
  return `Refiner ${refiner}, waypoints from exact detections, lock-step physics.\n${table}${why.length > 0 ? `Failures:\n${why.join('\n')}\n` : ''}`;
}
