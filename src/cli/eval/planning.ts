import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import {
  evaluatePlanning,
  PLANNING_HALVES,
  type PlanningHalf,
} from '../../planning/evaluation/evaluate-planning.ts';
import { formatPlanningReport } from '../../planning/evaluation/planning-report.ts';
import type { Arguments, Io } from '../command.ts';
import { executeHalf, formatExecution } from './planning-execution.ts';

/** `waybook eval --planning`: understands the labelled instructions of a checkout, and prints how many. */
export async function planningEvaluation(args: Arguments, io: Io): Promise<number> {
  const folder = instructionFolder();
  const half = args.string('half');
  const halves = half === undefined ? PLANNING_HALVES : [halfNamed(half)];
  if (args.has('execute')) {
    const executed = [];
    for (const name of halves) {
      const results = await executeHalf(name, folder, args, io);
      executed.push({ half: name, results });
      if (!args.has('json')) io.out(formatExecution(name, results));
    }
    if (args.has('json')) io.out(`${JSON.stringify(executed)}\n`);
    return 0;
  }
  const reports = [];
  for (const name of halves) reports.push(await evaluatePlanning(name, { folder, signal: io.signal }));
  if (args.has('json')) io.out(`${JSON.stringify(reports)}\n`);
  else for (const report of reports) io.out(`${formatPlanningReport(report)}\n`);
  return 0;
}

export function halfNamed(text: string): PlanningHalf {
  if (text === 'dev') return 'development';
  const found = PLANNING_HALVES.find((half) => half === text);
  if (found !== undefined) return found;
  throw new WaybookError('input/usage', `There is no set of instructions "${text}".`, {
    hint: `There are ${PLANNING_HALVES.join(', ')}.`,
  });
}

/** `test/planning` of the checkout round the working folder or round this program. Throws `input/file` outside of one. */
export function instructionFolder(): string {
  for (const start of [process.cwd(), dirname(fileURLToPath(import.meta.url))]) {
    for (let folder = start; ; folder = dirname(folder)) {
      const candidate = join(folder, 'test', 'planning');
      if (existsSync(join(candidate, 'instructions'))) return candidate;
      if (folder === dirname(folder)) break;
    }
  }
  throw new WaybookError('input/file', 'The labelled instructions are not part of an installed Waybook.', {
    hint: 'Run this in a checkout of the repository, where test/planning holds them.',
  });
}
