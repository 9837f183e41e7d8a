import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import { hashJson } from '../../core/hash.ts';
import { runsFolderName } from '../../records/run-folder.ts';
import { countRuns, type SweepDescription } from '../../sweep/description.ts';
import { driveSweep, type SweepOutcome } from '../../sweep/drive-sweep.ts';
import type { SweepEngine } from '../../sweep/engine.ts';
import { localEngine } from '../../sweep/local-engine.ts';
import { hashPrograms } from '../../sweep/programs.ts';
import { rayEngine, RAY_OPTIONS } from '../sweep/ray-engine.ts';
import { readDescription, REPORT_FILE, RESULTS_FILE, SweepFolder } from '../../sweep/sweep-folder.ts';
import type { RateOf } from '../../sweep/tally.ts';
import { type Arguments, type Command, type Io, usage } from '../command.ts';
import { planSweep, type PlannedSweep } from '../sweep/plan-sweep.ts';
import { RunsProgress } from '../sweep/progress.ts';
import { formatTable, percent } from '../sweep/table.ts';

const DEFAULT_KEPT = 20;
const DEFAULT_TIMEOUT = 600;

export const sweepCommand: Command = {
  name: 'sweep',
  summary:
    'Run a notebook with many seeds, noise levels and refiners, here or on a Ray cluster; resumes when stopped.',
  usage: 'FILE... | --tasks LIST  --param NAME=VALUES [options]',
  options: [
    {
      name: 'param',
      value: 'NAME=VALUES',
      many: true,
      help: 'What varies: seed=0..49, noise=0,10,20mm, distractors=0,3, or a parameter of the notebook.',
    },
    { name: 'refiner', value: 'LIST', help: 'Refiners to compare: spline, snap, expert.' },
    { name: 'planner', value: 'LIST', help: 'Planners to compare.' },
    { name: 'list', value: 'FILE', help: 'Runs from a CSV or JSON-lines file instead of every combination.' },
    {
      name: 'tasks',
      value: 'LIST',
      help: 'The sample tasks instead of a notebook: all, or names with commas.',
    },
    { name: 'robot', value: 'ROBOT', help: 'sim:SCENE?seed=N; wins over the notebook.' },
    {
      name: 'workers',
      value: 'N',
      help: 'Processes on this machine, default as many as cores; on Ray, most runs at a time.',
    },
    ...RAY_OPTIONS,
    {
      name: 'timeout',
      value: 'S',
      help: `Seconds after which a run is taken for hung; default ${DEFAULT_TIMEOUT}.`,
    },
    {
      name: 'keep',
      value: 'N',
      help: `Records of about N successes are kept, or all; default ${DEFAULT_KEPT}.`,
    },
    { name: 'out', value: 'FOLDER', help: 'Where results go; default a new folder in NAME.waybook.runs.' },
    {
      name: 'resume',
      help: 'Go on with the sweep in --out, or with the newest one of the notebook; begin it where there is none.',
    },
    { name: 'json', help: 'Print one JSON document instead of the tables.' },
  ],
  examples: [
    'waybook sweep samples/stack.waybook.md --param seed=0..49 --param noise=0,10,20mm --refiner spline,snap',
    'waybook sweep --tasks all --param seed=0..19 --out out/suite',
    'waybook sweep --out out/suite --resume',
  ],
  async run(args, io) {
    const { planned, out } = await sweepOf(args);
    using folder = SweepFolder.open(out);
    const progress = new RunsProgress(io);
    const engine = engineOf(args, folder, planned);
    io.err(`${planned.runs} runs, ${engine.name}. Results: ${shown(out)}\n`);
    let outcome: SweepOutcome;
    try {
      outcome = await driveSweep({
        folder,
        description: planned.description,
        engine,
        assets: dirname(fileURLToPath(import.meta.url)),
        folders: planned.folders,
        onProgress: (now) => progress.show(now),
        say: (text) => progress.say(text),
        signal: io.signal,
      });
    } catch (error) {
      io.err(`Go on with: waybook sweep --out ${shown(out)} --resume\n`);
      throw error;
    }
    if (args.has('json')) io.out(`${JSON.stringify({ out: shown(out), ...outcome.summary })}\n`);
    else printSummary(io, outcome, out);
    return outcome.crashed > 0 ? 1 : 0;
  },
};

/** The sweep that is asked for, and its folder: a new one, or one that goes on. */
async function sweepOf(args: Arguments): Promise<{ planned: PlannedSweep; out: string }> {
  const files = args.positionals;
  const tasks = args.string('tasks');
  const resume = args.has('resume');
  const given = args.string('out');
  const named = files.length > 0 || tasks !== undefined;
  if (!named && !resume) throw usage(sweepCommand, 'FILE is missing.');
  const asked = named
    ? await planSweep({
        files,
        params: args.strings('param'),
        keep: keptOf(args.string('keep')),
        ...(tasks === undefined ? {} : { tasks }),
        ...optional('list', args.string('list')),
        ...optional('refiners', args.string('refiner')),
        ...optional('planner', args.string('planner')),
        ...optional('robot', args.string('robot')),
      })
    : undefined;
  const home = runsHome(files[0]);
  if (!resume) {
    const out = given ?? join(home, newName());
    if (readDescription(out)) {
      throw new WaybookError('input/usage', `There is a sweep in ${shown(out)} already.`, {
        hint: 'Add --resume to go on with it, or give another --out.',
      });
    }
    if (!asked) throw usage(sweepCommand, 'FILE is missing.');
    return { planned: asked, out };
  }
  const out = given ?? newest(home);
  const stored = out === undefined ? undefined : readDescription(out);
  // A job that is submitted again and again begins with --resume too.
  if (asked && !stored) return { planned: asked, out: out ?? join(home, newName()) };
  if (out === undefined || !stored) {
    throw new WaybookError('input/usage', `There is no sweep to go on with in ${shown(out ?? home)}.`, {
      hint: 'Name its folder with --out.',
    });
  }
  if (asked && identity(asked.description) !== identity(stored)) {
    throw new WaybookError(
      'input/usage',
      `The sweep in ${shown(out)} is another one than the one asked for.`,
      {
        hint: 'Resume without FILE and parameters, or give another --out.',
      },
    );
  }
  const description: SweepDescription = { ...stored, programs: hashPrograms() };
  // Files that captures read were copied beside the records when the sweep began.
  const folders = Object.fromEntries(
    stored.notebooks
      .filter(({ files: own }) => own.length > 0)
      .map(({ name }) => [name, join(out, 'records')]),
  );
  return { planned: { description, runs: countRuns(description), folders: asked?.folders ?? folders }, out };
}

/** What makes two sweeps the same one. */
function identity({ programs: _programs, keep: _keep, ...rest }: SweepDescription): string {
  return hashJson(rest);
}

function engineOf(args: Arguments, folder: SweepFolder, { description, folders }: PlannedSweep): SweepEngine {
  const workers = args.number('workers', { min: 1, max: 512, integer: true }) ?? availableParallelism();
  const timeout = args.number('timeout', { min: 1, max: 86_400 }) ?? DEFAULT_TIMEOUT;
  const on = args.string('on');
  if (on !== undefined) {
    return rayEngine(on, args, {
      description,
      folders,
      records: folder.records,
      timeout,
      stateFile: folder.file('ray-job.json'),
      ...(args.string('workers') === undefined ? {} : { workers }),
    });
  }
  return localEngine({
    workers,
    timeout,
    worker: { records: folder.records, scratch: folder.path, programs: description.programs, folders },
  });
}

function keptOf(text: string | undefined): number | 'all' {
  if (text === undefined) return DEFAULT_KEPT;
  if (text === 'all') return 'all';
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0) return number;
  throw usage(sweepCommand, `--keep wants a whole number from 0 or "all", not "${text}".`);
}

const SWEEP_NAME = /^sweep-\d{8}T\d{6}Z$/;
const newName = (): string => `sweep-${new Date().toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '')}`;

/** Sweeps of one notebook stand among its runs, others in `out/sweeps`. */
const runsHome = (file: string | undefined): string =>
  file === undefined ? join('out', 'sweeps') : join(dirname(file), runsFolderName(basename(file)));

function newest(home: string): string | undefined {
  if (!existsSync(home)) return undefined;
  const name = readdirSync(home)
    .filter((entry) => SWEEP_NAME.test(entry))
    .sort()
    .at(-1);
  return name === undefined ? undefined : join(home, name);
}

const shown = (path: string): string => relative(process.cwd(), path) || '.';

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}

function printSummary(io: Io, { summary, crashed }: SweepOutcome, out: string): void {
  const head = ['successes', 'runs', 'rate', '95 % interval (Wilson)'];
  const row = ({ label, rate }: RateOf): string[] => [
    label,
    `${rate.successes}`,
    `${rate.total}`,
    rate.total === 0 ? '' : percent(rate.rate),
    `${percent(rate.low)} to ${percent(rate.high)}`,
  ];
  io.out(formatTable([['', ...head], row({ ...summary.overall, label: 'all runs' })]));
  for (const { factor, rates } of summary.byFactor)
    io.out(`\n${formatTable([[factor, ...head], ...rates.map(row)])}`);
  if (summary.combinations) {
    const names = Object.keys(summary.combinations[0]?.values ?? {}).join(', ');
    io.out(`\n${formatTable([[names, ...head], ...summary.combinations.map(row)])}`);
  }
  if (summary.reasons.length > 0)
    io.out(
      `\nFailures:\n${summary.reasons.map(({ reason, count }) => `  ${count}x ${reason}`).join('\n')}\n`,
    );
  if (crashed > 0) io.out(`\n${crashed} runs could not be run: they are in no rate.\n`);
  io.out(`\nTable:  ${shown(join(out, RESULTS_FILE))}\nReport: ${shown(join(out, REPORT_FILE))}\n`);
}
