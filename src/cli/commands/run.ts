import { relative } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { describeParams } from '../../core/provenance.ts';
import { writeNotebook } from '../../notebook/file/write-notebook.ts';
import type { Command, Io } from '../command.ts';
import { parseParams } from '../run/params.ts';
import { ProgressPrinter } from '../run/progress.ts';
import { writePageOf } from '../run/write-page.ts';
import { DEFAULT_KEEP } from '../../records/run-record.ts';
import { redact } from '../../records/redact.ts';
import { junitOf } from '../run/junit.ts';
import { type RunFileResult, runNotebookFile, writeOut } from '../run/run-notebook.ts';

export const runCommand: Command = {
  name: 'run',
  summary: 'Run a task notebook headless: plan, refine and execute on the simulator or a robot.',
  usage: 'FILE [options]',
  options: [
    { name: 'robot', value: 'ROBOT', help: 'sim:SCENE?seed=N, or a robot profile; wins over the notebook.' },
    { name: 'planner', value: 'ID', help: 'language (built in), openai, …' },
    {
      name: 'refiner',
      value: 'ID',
      help: 'expert, spline or snap; wins over the notebook. Default expert, and spline where it cannot be used, which is said.',
    },
    { name: 'param', value: 'K=V', many: true, help: 'Overrides a parameter; seed is the simulator’s seed.' },
    { name: 'replan', help: 'Plan again even where a person has edited the plan.' },
    { name: 'write', help: 'Write the plan back into the notebook.' },
    { name: 'approve', value: 'HASH', help: 'An approval given before, needed to move a real robot.' },
    { name: 'html', value: 'OUT', help: 'Also write a self-contained page with the run in 3D.' },
    { name: 'junit', value: 'OUT', help: 'Also write the cells as JUnit XML, for continuous integration.' },
    {
      name: 'runs',
      value: 'FOLDER',
      help: 'Where records go; default NAME.waybook.runs beside the notebook.',
    },
    {
      name: 'keep-runs',
      value: 'N',
      help: `How many earlier records stay beside this one; default ${DEFAULT_KEEP}.`,
    },
    { name: 'json', help: 'Print one JSON document and nothing else on standard output.' },
  ],
  examples: [
    'waybook run samples/pick-and-place.waybook.md',
    'waybook run samples/stack.waybook.md --param seed=12 --refiner snap --json',
  ],
  async run(args, io) {
    const file = args.required(0, 'FILE');
    const json = args.has('json');
    const say = json ? io.err : io.out;
    const keepRuns = args.number('keep-runs', { min: 0, integer: true });
    const printer = new ProgressPrinter(io, say);
    say(`${file}\n`);
    const result = await runNotebookFile(
      file,
      {
        ...optional('robot', args.string('robot')),
        ...optional('planner', args.string('planner')),
        ...optional('refiner', args.string('refiner')),
        ...optional('approve', args.string('approve')),
        ...optional('runsFolder', args.string('runs')),
        ...(keepRuns === undefined ? {} : { keepRuns }),
        params: parseParams(args.strings('param')),
        replan: args.has('replan'),
      },
      (event) => printer.show(event),
      io.signal,
    );
    const html = args.string('html');
    if (html !== undefined) await writePage(html, result);
    const junit = args.string('junit');
    if (junit !== undefined) await writeOut(junit, junitOf(result));
    if (args.has('write')) await writeOut(file, writeNotebook(result.summary.document));
    // Reports are kept by continuous integration and read by others: no secrets, no paths of this machine.
    if (json) io.out(`${JSON.stringify(redact(jsonReport(result)))}\n`);
    else printReport(io, result, html);
    return result.summary.exitCode;
  },
};

function optional<K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> {
  return value === undefined ? {} : ({ [key]: value } as Partial<Record<K, string>>);
}

function printReport(io: Io, result: RunFileResult, html: string | undefined): void {
  const { summary } = result;
  io.out(`${verdictLine(result)}\n`);
  io.out(`Robot: ${summary.provenance.robot}\n`);
  const { params } = summary.provenance;
  if (params) io.out(`Parameters: ${describeParams(params)}\n`);
  if (result.recordFolder !== undefined) io.out(`Record: ${relative(process.cwd(), result.recordFolder)}\n`);
  if (html !== undefined) io.out(`Page: ${html}\n`);
}

function verdictLine({ summary }: RunFileResult): string {
  if (summary.failure) {
    return `Failed: ${new WaybookError(summary.failure.code, summary.failure.message, summary.failure.details).explain()}`;
  }
  if (summary.outcome === 'cancelled') return 'Stopped.';
  if (!summary.verdict) return 'Done.';
  return `${summary.verdict.success ? 'Success' : 'The task failed'}: ${summary.verdict.reason}`;
}

function jsonReport({ summary, outcomes, name }: RunFileResult): Record<string, unknown> {
  return {
    notebook: name,
    exitCode: summary.exitCode,
    outcome: summary.outcome,
    verdict: summary.verdict ?? null,
    trajectoryHash: summary.trajectoryHash ?? null,
    finalStateHash: summary.finalStateHash ?? null,
    failure: summary.failure ?? null,
    cells: Object.fromEntries(outcomes),
    provenance: summary.provenance,
  };
}

/** The run as one self-contained HTML file. */
export async function writePage(out: string, result: RunFileResult): Promise<void> {
  const { summary } = result;
  await writePageOf(out, {
    document: summary.document,
    name: result.name,
    outcomes: result.outcomes,
    scenes: result.scenes,
    verdict: { ok: summary.exitCode === 0, text: verdictLine(result) },
    provenance: summary.provenance,
    ...(result.recordFolder === undefined
      ? {}
      : { run: `Run ${result.recordFolder.split(/[\\/]/).at(-1) ?? ''}` }),
    sidecar: result.sidecar,
  });
}
