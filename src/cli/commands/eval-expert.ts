import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import { conditionName, parseCondition } from '../../evaluation/condition.ts';
import { parseMethod, type ModelRef } from '../../evaluation/methods.ts';
import { keyOf, type EpisodeRecord, type EpisodeRequest } from '../../evaluation/record.ts';
import { sceneJobsOf, type SceneJob } from '../../evaluation/scene-jobs.ts';
import { cellsOf, FIRST_SEED, requestsOf, SUITES, type Cell, type SuiteId } from '../../evaluation/suites.ts';
import { shippedModel } from '../../refinement/expert/shipped-expert.ts';
import type { Arguments, Command, Io } from '../command.ts';
import { findings } from '../expert-eval/criteria.ts';
import { parseCurves } from '../expert-eval/figures/learning-curves.ts';
import { writeFigures } from '../expert-eval/figures/write-figures.ts';
import { fixPools } from '../expert-eval/fix-pools.ts';
import { RecordsFile } from '../expert-eval/records-file.ts';
import {
  groupsOf,
  pairedTable,
  qualityTable,
  reasonsOf,
  recoveredTable,
  successTable,
  taskTable,
} from '../expert-eval/tables.ts';
import { runJobs } from '../../sweep/pool.ts';

/** A world with all its episodes; more than any honest one needs on a busy machine [s]. */
const JOB_TIMEOUT = 900;

export const evalExpertCommand: Command = {
  name: 'eval expert',
  summary: 'Compare refiners over paired episodes in physics, with intervals; resumes when stopped.',
  usage: '--suite NAME [options]',
  options: [
    { name: 'suite', value: 'NAME', help: `One of: ${SUITES.join(', ')}; or all.` },
    {
      name: 'seeds',
      value: 'WHICH',
      help: `development (${FIRST_SEED.development} on; default), test (${FIRST_SEED.test} on), or the first seed.`,
    },
    {
      name: 'model',
      value: 'NAME=FILE',
      many: true,
      help: 'A network. "expert" is the one that is judged (default: the shipped one), "stage1" the one without clouds.',
    },
    { name: 'methods', value: 'LIST', help: 'Only these methods of the suite.' },
    { name: 'tasks', value: 'LIST', help: 'Only these tasks of the suite.' },
    {
      name: 'condition',
      value: 'C',
      many: true,
      help: 'Instead of a suite: exact, or errors as in shared=20,yaw=15 (mm, degrees, per cent). Wants --tasks and --methods.',
    },
    {
      name: 'episodes',
      value: 'N',
      help: 'With --condition: episodes per method, over all tasks; default 200.',
    },
    { name: 'share', value: 'X', help: 'Only this share of the suite’s episodes, 0 to 1.' },
    { name: 'minutes', value: 'N', help: 'Stop after so long; the same command goes on later.' },
    { name: 'workers', value: 'N', help: 'Processes; default: as many as cores.' },
    { name: 'out', value: 'FILE', help: 'Records as JSON lines; default out/eval/expert.jsonl.' },
    { name: 'report', help: 'Run nothing: only print what the records hold.' },
    { name: 'tables', help: 'Print every table, not only successes and differences.' },
    { name: 'criteria', help: 'Print what the records say about each criterion of docs/evaluation.md.' },
    { name: 'figures', value: 'DIR', help: 'Write SVG figures of the records.' },
    {
      name: 'curves',
      value: 'FILE',
      help: 'With --figures: learning curves, a JSON list of {series, seed, samples, value}.',
    },
    { name: 'fix-pools', value: 'FILE', help: 'With --suite pools: write which tasks are pooled.' },
    { name: 'json', help: 'Print one JSON document instead of tables.' },
  ],
  examples: [
    'waybook eval expert --suite smoke',
    'waybook eval expert --suite headline --seeds test --minutes 20',
    'waybook eval expert --condition shared=20,yaw=15 --tasks stack,put-in-bowl --methods spline,snap,expert --episodes 40',
    'waybook eval expert --suite all --seeds test --report --criteria --figures out/figures',
  ],
  async run(args, io) {
    const models = modelsOf(args.strings('model'));
    const cells = narrowed(args, cellsAsked(args, Object.keys(models)));
    const file = new RecordsFile(args.string('out') ?? join('out', 'eval', 'expert.jsonl'));
    const known = await file.read();
    const share = args.number('share', { min: 0, max: 1 }) ?? 1;
    const requests = distinct(
      requestsOf(cells, firstSeed(args.string('seeds') ?? 'development'), models, share),
    );
    if (!args.has('report')) await runMissing(requests, known, file, args, io);
    const records = requests.flatMap(([key, request]) => {
      const record = known.get(key);
      // A model is known by its content; what it is called here is what the tables say.
      return record ? [{ ...record, method: request.method }] : [];
    });
    const missing = requests.length - records.length;
    const pools = args.string('fix-pools');
    if (pools !== undefined) await fixPools(pools, records, missing);
    const figures = args.string('figures');
    if (figures !== undefined) {
      const curves = args.string('curves');
      const points = curves === undefined ? [] : parseCurves(readFileSync(curves, 'utf8'));
      for (const name of await writeFigures(figures, records, points)) io.err(`${name}\n`);
    }
    if (args.has('json')) io.out(`${JSON.stringify({ missing, records, criteria: findings(records) })}\n`);
    else print(args, io, cells, records, missing);
    return 0;
  },
};

function cellsAsked(args: Arguments, models: readonly string[]): Cell[] {
  const conditions = args.strings('condition').map((text) => conditionName(parseCondition(text)));
  const suite = args.string('suite');
  if (conditions.length > 0) {
    const tasks = list(args.string('tasks'));
    const methods = list(args.string('methods'));
    if (tasks.length === 0 || methods.length === 0) {
      throw new WaybookError('input/usage', '--condition wants --tasks and --methods.');
    }
    const episodes = args.number('episodes', { min: 1, max: 100_000, integer: true }) ?? 200;
    return conditions.map((condition) => ({ label: condition, condition, tasks, methods, episodes }));
  }
  if (suite === 'all') {
    // Those of the same label in different suites are different questions.
    return SUITES.filter((id) => id !== 'smoke' && id !== 'pools').flatMap((id) => cellsOf(id, models));
  }
  const id = SUITES.find((known): known is SuiteId => known === suite);
  if (id === undefined) {
    throw new WaybookError('input/usage', `There is no suite "${suite ?? ''}".`, {
      hint: `There are ${SUITES.join(', ')}, and all.`,
    });
  }
  return cellsOf(id, models);
}

function narrowed(args: Arguments, cells: readonly Cell[]): Cell[] {
  const tasks = list(args.string('tasks'));
  const methods = list(args.string('methods'));
  for (const method of methods) parseMethod(method);
  return cells.map((cell) => {
    const kept = cell.tasks.filter((task) => tasks.length === 0 || tasks.includes(task));
    return {
      ...cell,
      tasks: kept,
      // The share of a task stays what it was.
      episodes: (cell.episodes * kept.length) / Math.max(1, cell.tasks.length),
      methods: cell.methods.filter((method) => methods.length === 0 || methods.includes(method)),
    };
  });
}

const list = (text: string | undefined): string[] =>
  (text ?? '').split(',').flatMap((part) => (part.trim() === '' ? [] : [part.trim()]));

function firstSeed(text: string): number {
  if (text === 'development' || text === 'test') return FIRST_SEED[text];
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) {
    throw new WaybookError(
      'input/usage',
      `--seeds wants development, test or a whole number, not "${text}".`,
    );
  }
  return value;
}

/** The networks by name; the shipped one is `expert` unless another is given. Throws `input/file`. */
function modelsOf(given: readonly string[]): Record<string, ModelRef> {
  const models: Record<string, ModelRef> = {};
  const shipped = shippedModel();
  if (shipped) models['expert'] = { path: shipped.model, sha256: shipped.sha256 };
  for (const pair of given) {
    const at = pair.indexOf('=');
    const path = pair.slice(at + 1);
    if (at < 1) throw new WaybookError('input/usage', `--model "${pair}" is not NAME=FILE.`);
    if (!existsSync(path)) throw new WaybookError('input/file', `There is no model file "${path}".`);
    models[pair.slice(0, at)] = {
      path,
      sha256: createHash('sha256').update(readFileSync(path)).digest('hex'),
    };
  }
  return models;
}

/** Each episode once, with its key: suites overlap. */
function distinct(requests: readonly EpisodeRequest[]): [string, EpisodeRequest][] {
  return [...new Map(requests.map((request) => [keyOf(request), request] as const))];
}

async function runMissing(
  requests: readonly (readonly [string, EpisodeRequest])[],
  known: Map<string, EpisodeRecord>,
  file: RecordsFile,
  args: Arguments,
  io: Io,
): Promise<void> {
  const todo = requests.filter(([key]) => !known.has(key));
  if (todo.length < requests.length) {
    io.err(`${requests.length - todo.length} of ${requests.length} episodes are in the records already.\n`);
  }
  const jobs = sceneJobsOf(todo.map(([, request]) => request));
  const minutes = args.number('minutes', { min: 0 });
  const limit = minutes === undefined ? undefined : AbortSignal.timeout(minutes * 60_000);
  const signal = limit ? AbortSignal.any([io.signal, limit]) : io.signal;
  const progress = new Progress(io, todo.length);
  try {
    await runJobs<SceneJob, EpisodeRecord[]>(
      jobs.map((payload, i) => ({ id: `${i}`, payload })),
      {
        script: fileURLToPath(new URL('./evaluation.mjs', import.meta.url)),
        args: [],
        workers: args.number('workers', { min: 1, max: 64, integer: true }) ?? cpus().length,
        timeout: JOB_TIMEOUT,
        signal,
      },
      (reply) => {
        const job = jobs[Number(reply.id)]!;
        if (!reply.ok) {
          // Not recorded: it is tried again by the next run.
          io.err(`\n${job.task}, seed ${job.seed}: ${reply.error}\n`);
          return;
        }
        for (const record of reply.value) known.set(record.key, record);
        void file.append(reply.value);
        progress.done(reply.value.length);
      },
    );
  } catch (error) {
    if (limit?.aborted !== true || io.signal.aborted) throw error;
    io.err(`\nStopped after ${minutes} minutes; the same command goes on from here.\n`);
  } finally {
    await file.flush();
  }
}

function print(
  args: Arguments,
  io: Io,
  cells: readonly Cell[],
  records: readonly EpisodeRecord[],
  missing: number,
): void {
  const groups = groupsOf(cells, records);
  const skipped = new Set(
    records.flatMap((r) => (r.skipped === undefined ? [] : [`${r.task} ${r.seed} ${r.condition}`])),
  );
  io.out(
    `${records.length} episodes${missing > 0 ? `, ${missing} not run yet: the table is not complete` : ''}${skipped.size > 0 ? `; ${skipped.size} scenes left out for every method` : ''}.\n\n`,
  );
  io.out(successTable(groups));
  const methods = new Set(groups.flatMap((group) => group.records.map((r) => r.method)));
  const judged = ['expert', 'snap', 'spline'].find((method) => methods.has(method)) ?? 'expert';
  const sections: [string, string][] = [
    ...(methods.size > 1
      ? [['Paired differences, exact McNemar test', pairedTable(groups, judged)] as [string, string]]
      : []),
    ...(args.has('tables')
      ? ([
          ['Recovered share of what the oracle gains over the spline', recoveredTable(groups)],
          ['By task', taskTable(groups)],
          [
            'Medians; others moved: share of episodes in which a thing that was not to be touched moved 1 cm',
            qualityTable(groups),
          ],
          [`Commonest failures of ${judged}`, reasonsOf(groups, judged)],
        ] as [string, string][])
      : []),
  ];
  for (const [title, text] of sections) io.out(`\n${title}\n${text}`);
  if (!args.has('criteria')) return;
  io.out('\nCriteria of docs/evaluation.md\n');
  for (const { id, criterion, found, holds } of findings(records)) {
    const verdict = holds === undefined ? 'open' : holds ? 'holds' : 'does not hold';
    io.out(`${id}  ${verdict}: ${criterion}\n    ${found}\n`);
  }
}

/** Progress on standard error. */
class Progress {
  readonly #io: Io;
  readonly #total: number;
  readonly #started = performance.now();
  #done = 0;
  #told = 0;

  constructor(io: Io, total: number) {
    this.#io = io;
    this.#total = total;
  }

  done(count: number): void {
    this.#done += count;
    const seconds = (performance.now() - this.#started) / 1000;
    const left = Math.round(((this.#total - this.#done) * seconds) / this.#done);
    const text = `${this.#done} of ${this.#total} episodes, ${(this.#done / seconds).toFixed(1)}/s, ${left} s left`;
    if (this.#io.interactive) this.#io.err(`\r\u001b[2K${text}${this.#done === this.#total ? '\n' : ''}`);
    else if (this.#done - this.#told >= 250 || this.#done === this.#total) {
      this.#told = this.#done;
      this.#io.err(`${text}\n`);
    }
  }
}
