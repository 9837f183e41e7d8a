import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import { hashJson } from '../../core/hash.ts';
import { version } from '../../core/version.ts';
import type { Command, Io } from '../command.ts';
import type { EpisodeRequest, EpisodeResult } from '../eval/episode.ts';
import { planningEvaluation } from '../eval/planning.ts';
import { ResultsFile } from '../eval/results-file.ts';
import { EVAL_TASKS } from '../eval/task-list.ts';
import { type JobResult, runJobs } from '../../sweep/pool.ts';
import { parseSeeds, TEST_SEEDS } from '../../sweep/seeds.ts';
import { formatTable, percent } from '../sweep/table.ts';
import { wilson } from '../../sweep/wilson.ts';

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
    { name: 'workers', value: 'N', help: 'Processes; default: as many as cores.' },
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
    const tasks = tasksOf(args.string('tasks') ?? 'all');
    const seeds = parseSeeds(args.string('seeds') ?? '0..19');
    const refiner = args.string('refiner') ?? 'spline';
    const options = Object.fromEntries(args.strings('option').map(splitOption));
    const workers = args.number('workers', { min: 1, max: 64, integer: true }) ?? cpus().length;
    const file = new ResultsFile(args.string('out') ?? join('out', 'eval', 'results.jsonl'));
    const known = await file.read();

    const requests = tasks.flatMap((task) =>
      seeds.map((seed): EpisodeRequest => ({ task, seed, refiner, options })),
    );
    const results = new Map<string, EpisodeResult>();
    const jobs = requests.flatMap((payload) => {
      const id = hashJson({ ...payload, version });
      const done = known.get(id);
      if (done) results.set(id, done);
      return done ? [] : [{ id, payload }];
    });
    if (results.size > 0)
      io.err(`${results.size} of ${requests.length} episodes are in the results file already.\n`);
    const progress = new Progress(io, requests.length, results.size);
    await runJobs<EpisodeRequest, EpisodeResult>(
      jobs,
      { script: fileURLToPath(import.meta.url), args: ['eval-worker'], workers, signal: io.signal },
      (reply: JobResult<EpisodeResult>) => {
        const request = jobs.find((job) => job.id === reply.id)?.payload;
        if (!request) return;
        const result: EpisodeResult = reply.ok
          ? reply.value
          : {
              task: request.task,
              seed: request.seed,
              success: false,
              reason: reply.error,
              code: 'internal/bug',
              metrics: {},
            };
        results.set(reply.id, result);
        void file.append(reply.id, result);
        progress.done(result);
      },
    );
    const rows = [...results.values()].sort((a, b) =>
      a.task === b.task ? a.seed - b.seed : a.task < b.task ? -1 : 1,
    );
    if (args.has('json')) io.out(`${JSON.stringify({ refiner, options, version, results: rows })}\n`);
    else io.out(report(tasks, rows, refiner));
    return 0;
  },
};

function tasksOf(text: string): string[] {
  const known = EVAL_TASKS.map((task) => task.name);
  if (text === 'all') return known;
  const asked = text.split(',').map((name) => name.trim());
  const unknown = asked.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new WaybookError('input/usage', `There is no task ${unknown.join(', ')}.`, {
      hint: `There are ${known.join(', ')}.`,
    });
  }
  return asked;
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

/** Progress on standard error: done, failed, rate, time left. */
class Progress {
  readonly #io: Io;
  readonly #total: number;
  readonly #before: number;
  readonly #started = performance.now();
  #done: number;
  #failed = 0;

  constructor(io: Io, total: number, before: number) {
    this.#io = io;
    this.#total = total;
    this.#before = before;
    this.#done = before;
  }

  done(result: EpisodeResult): void {
    this.#done += 1;
    if (!result.success) this.#failed += 1;
    const perSecond = ((this.#done - this.#before) * 1000) / (performance.now() - this.#started);
    const left = Math.round((this.#total - this.#done) / perSecond);
    const text = `${this.#done} of ${this.#total}, ${this.#failed} failed, ${perSecond.toFixed(2)}/s, ${left} s left`;
    if (this.#io.interactive) this.#io.err(`\r\u001b[2K${text}${this.#done === this.#total ? '\n' : ''}`);
    else if (this.#done % 25 === 0 || this.#done === this.#total) this.#io.err(`${text}\n`);
  }
}
