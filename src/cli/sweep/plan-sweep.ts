import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { checkNotebook } from '../../notebook/file/check-notebook.ts';
import { captureFiles, filesVary } from '../../sweep/capture-files.ts';
import { countRuns, orderOf, type SweepDescription, type SweepNotebook } from '../../sweep/description.ts';
import { type Factor, parseFactor, type Scalar } from '../../sweep/factor.ts';
import { hashPrograms } from '../../sweep/programs.ts';
import { parseRunList } from '../../sweep/run-list.ts';
import { withRobot } from '../../sweep/run-text.ts';
import { EVAL_TASKS, type EvalTask, taskNotebook } from '../eval/task-list.ts';
import { readText } from '../run/run-notebook.ts';

/** What the command line asks for. */
export interface SweepRequest {
  readonly files: readonly string[];
  /** `all`, or names with commas; instead of files */
  readonly tasks?: string;
  readonly params: readonly string[];
  /** file of runs, instead of a grid */
  readonly list?: string;
  readonly refiners?: string;
  readonly planner?: string;
  readonly robot?: string;
  readonly keep: number | 'all';
}

export interface PlannedSweep {
  readonly description: SweepDescription;
  readonly runs: number;
  /** folder of the files of each notebook that has some */
  readonly folders: Readonly<Record<string, string>>;
}

/**
 * Turns the request into a description, and checks all of it that can be checked before anything runs. Throws `input/…`
 * that says what is wrong with which option, notebook or line.
 */
export async function planSweep(request: SweepRequest): Promise<PlannedSweep> {
  const sources = request.tasks === undefined ? await notebooksOf(request.files) : suiteOf(request.tasks);
  if (request.tasks !== undefined && request.files.length > 0) {
    throw new WaybookError('input/usage', 'Give a notebook or --tasks, not both.');
  }
  const notebooks = sources.map(({ name, text, folder }) => {
    const [error] = checkNotebook(text, name).filter((finding) => finding.severity === 'error');
    if (error) {
      throw new WaybookError('input/format', error.message, {
        place: { file: name, line: error.line },
        hint: 'See waybook check.',
      });
    }
    return { name, text: request.robot === undefined ? text : withRobot(text, name, request.robot), folder };
  });
  const { factors, list } = factorsOf(request);
  const withoutFiles: SweepDescription = {
    waybookSweep: 1,
    title: notebooks.length === 1 ? (notebooks[0]?.name ?? '') : `${notebooks.length} notebooks`,
    notebooks: notebooks.map(({ name, text }) => ({ name, text, files: [] })),
    factors,
    ...(list ? { list } : {}),
    keep: request.keep,
    programs: hashPrograms(),
  };
  const runs = countRuns(withoutFiles);
  checkOrders(withoutFiles, runs);
  const per = runs / notebooks.length;
  const withFiles = notebooks.map(({ name, text, folder }, n): SweepNotebook => {
    if (folder === undefined) return { name, text, files: [] };
    const texts = filesVary(text, name) ? textsOf(withoutFiles, n * per, (n + 1) * per) : [text];
    return { name, text, files: captureFiles(texts, name, folder) };
  });
  return {
    description: { ...withoutFiles, notebooks: withFiles },
    runs,
    folders: Object.fromEntries(
      notebooks.flatMap(({ name, folder }, n) =>
        folder !== undefined && withFiles[n]?.files.length !== 0 ? [[name, folder]] : [],
      ),
    ),
  };
}

/** The notebooks of the runs from `first` up to `end`, that one left out. */
function* textsOf(description: SweepDescription, first: number, end: number): Generator<string> {
  for (let index = first; index < end; index++) yield orderOf(description, index).text;
}

interface Source {
  readonly name: string;
  readonly text: string;
  readonly folder?: string;
}

async function notebooksOf(files: readonly string[]): Promise<Source[]> {
  if (files.length === 0) {
    throw new WaybookError('input/usage', 'FILE is missing.', {
      hint: 'Give a notebook, or --tasks all for the sample tasks.',
    });
  }
  const sources = await Promise.all(
    files.map(async (file) => ({
      name: basename(file).replace(/\.waybook\.md$|\.md$/i, ''),
      text: await readText(file),
      folder: dirname(file),
    })),
  );
  const twice = sources.find(({ name }, i) => sources.findIndex((other) => other.name === name) !== i);
  if (twice) throw new WaybookError('input/usage', `Two notebooks are called ${twice.name}.`);
  return sources;
}

function suiteOf(text: string): Source[] {
  return tasksOf(text).map((task) => ({
    name: task.name,
    text: taskNotebook(task.instruction, `{ "speed": ${task.speed} }`).replace(
      'waybook: 1\n',
      `waybook: 1\nrobot: sim:${task.scene}\n`,
    ),
  }));
}

/** Tasks by name, or all of them. Throws `input/usage`. */
export function tasksOf(text: string): readonly EvalTask[] {
  if (text === 'all') return EVAL_TASKS;
  return text.split(',').map((part) => {
    const task = EVAL_TASKS.find(({ name }) => name === part.trim());
    if (task) return task;
    throw new WaybookError('input/usage', `There is no task ${part.trim()}.`, {
      hint: `There are ${EVAL_TASKS.map(({ name }) => name).join(', ')}.`,
    });
  });
}

function factorsOf(request: SweepRequest): { factors: Factor[]; list?: Scalar[][] } {
  const { params, refiners, planner, list } = request;
  const factors = params.map(parseFactor);
  if (refiners !== undefined) factors.push(parseFactor(`refiner=${refiners}`));
  if (planner !== undefined) factors.push(parseFactor(`planner=${planner}`));
  const twice = factors.find(({ name }, i) => factors.findIndex((other) => other.name === name) !== i);
  if (twice) throw new WaybookError('input/usage', `${twice.name} is given twice.`);
  if (list === undefined) return { factors };
  if (factors.length > 0) {
    throw new WaybookError('input/usage', 'Give --list or parameters, not both.', {
      hint: 'A column of the list is a parameter.',
    });
  }
  let text: string;
  try {
    text = readFileSync(list, 'utf8');
  } catch (cause) {
    throw new WaybookError('input/file', `The list ${list} cannot be read.`, { cause });
  }
  const parsed = parseRunList(text, basename(list));
  return { factors: parsed.factors, list: parsed.rows };
}

/** Every value of every factor once, with every notebook: what is refused is refused now, not in the middle. */
function checkOrders(description: SweepDescription, runs: number): void {
  const seen = new Set<string>();
  const per = runs / description.notebooks.length;
  description.notebooks.forEach((notebook, n) => {
    for (let i = 0; i < per; i++) {
      const fresh = description.list !== undefined || isFirst(description, i, seen, notebook.name);
      if (fresh) orderOf(description, n * per + i);
    }
  });
}

function isFirst({ factors }: SweepDescription, index: number, seen: Set<string>, notebook: string): boolean {
  let rest = index;
  let fresh = false;
  for (const { name, values } of [...factors].reverse()) {
    const at = `${notebook} ${name} ${rest % values.length}`;
    rest = Math.floor(rest / values.length);
    if (!seen.has(at)) fresh = true;
    seen.add(at);
  }
  return fresh || factors.length === 0;
}
