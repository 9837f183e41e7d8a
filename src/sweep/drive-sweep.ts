import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { WaybookError } from '../core/errors.ts';
import { version } from '../core/version.ts';
import { countRuns, orderOf, type RunOrder, type SweepDescription } from './description.ts';
import type { SweepEngine } from './engine.ts';
import { describeValue } from './factor.ts';
import { Journal } from './journal.ts';
import { ReportColumns, renderReport } from './report-page.ts';
import { writeResultsTable } from './results-table.ts';
import type { Delivery, RunRow } from './run-row.ts';
import {
  JOURNAL_FILE,
  PAGE_SCRIPT,
  REPORT_FILE,
  RESULTS_FILE,
  type StoredSummary,
  type SweepFolder,
} from './sweep-folder.ts';
import { allFactors, Tally } from './tally.ts';

export interface SweepProgress {
  readonly runs: number;
  readonly done: number;
  readonly failed: number;
  /** runs that were in the journal before this start */
  readonly before: number;
}

export interface DriveOptions {
  readonly folder: SweepFolder;
  readonly description: SweepDescription;
  readonly engine: SweepEngine;
  /** folder with `page.js` and `sweep-report.js` */
  readonly assets: string;
  /** folder of the files of each notebook that has some */
  readonly folders?: Readonly<Record<string, string>>;
  readonly onProgress: (progress: SweepProgress) => void;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

export interface SweepOutcome {
  readonly summary: StoredSummary;
  readonly crashed: number;
}

/** Often enough for somebody who watches the side bar [ms]. */
const SUMMARY_MS = 2000;
/** Failures that the summary names; the rest are in the report. */
const NAMED_FAILURES = 500;

/**
 * Brings a sweep to its end on an engine: what the journal holds already is not run again, what comes is written to it
 * at once, and at the end, also where it was stopped, table, summary and report are made. Memory does not grow with the
 * records. Throws `task/cancelled` where it was stopped, and what the engine throws.
 */
export async function driveSweep(options: DriveOptions): Promise<SweepOutcome> {
  const { folder, description, engine, onProgress, say, signal } = options;
  const runs = countRuns(description);
  const tally = new Tally(description, runs);
  const failures: StoredSummary['failures'][number][] = [];
  const count = (row: RunRow): void => {
    tally.add(row);
    if (!row.success && failures.length < NAMED_FAILURES) failures.push(failureOf(description, row));
  };
  folder.writeDescription(description);
  copyAssets(options);
  using journal = Journal.open(
    folder.file(JOURNAL_FILE),
    runs,
    ({ row }) => row.index >= 0 && row.index < runs && orderOf(description, row.index).key === row.key,
    ({ row }) => count(row),
  );
  const before = journal.done;
  const stale = journal.lines - before;
  if (before > 0) say(`${before} of ${runs} runs are here already.`);
  if (stale > 0) say(`${stale} results are of other programs or another notebook: they are not used.`);
  const summaryNow = (state: StoredSummary['state']): StoredSummary => ({
    version: 1,
    title: description.title,
    updated: new Date().toISOString(),
    state,
    ...tally.summary(),
    failures: [...failures].sort((a, b) => a.index - b.index),
  });
  let written = 0;
  const deliver = (delivery: Delivery): void => {
    if (!journal.append(delivery)) return;
    count(delivery.row);
    onProgress({ runs, done: tally.done, failed: tally.failed, before });
    if (performance.now() - written < SUMMARY_MS) return;
    written = performance.now();
    folder.writeSummary(summaryNow('running'));
  };
  const orders = function* (): Generator<RunOrder> {
    for (let index = 0; index < runs; index++) if (!journal.has(index)) yield orderOf(description, index);
  };
  folder.writeSummary(summaryNow('running'));
  let stopped: Error | undefined;
  try {
    if (journal.done < runs)
      await engine.run({ orders: orders(), count: runs - journal.done, deliver, say, signal });
  } catch (error) {
    stopped = error instanceof Error ? error : new WaybookError('task/cancelled', 'The sweep was stopped.');
  }
  const finished = journal.done === runs;
  const summary = summaryNow(finished ? 'finished' : 'stopped');
  writeOutputs(options, journal, tally, summary);
  if (stopped !== undefined && !finished) throw stopped;
  return { summary, crashed: tally.crashed };
}

/** Table, summary and report from the journal, one row in memory at a time but for the report's columns. */
function writeOutputs(
  { folder, description, assets }: DriveOptions,
  journal: Journal,
  tally: Tally,
  summary: StoredSummary,
): void {
  const { metrics } = tally;
  const rows = function* (): Generator<RunRow> {
    for (const { row } of journal.deliveries()) yield row;
  };
  writeResultsTable(folder.file(RESULTS_FILE), rows(), description.factors, metrics, `waybook ${version}`);
  const columns = new ReportColumns(allFactors(description), metrics);
  for (const row of rows()) columns.add(row);
  const script = readFileSync(join(assets, 'sweep-report.js'), 'utf8');
  writeFileSync(folder.file(REPORT_FILE), renderReport(summary, columns, script));
  folder.writeSummary(summary);
}

/** The viewer, and the files that kept notebooks read. */
function copyAssets({ folder, description, assets, folders }: DriveOptions): void {
  copyFileSync(join(assets, 'page.js'), join(folder.records, PAGE_SCRIPT));
  for (const { name, files } of description.notebooks) {
    const from = folders?.[name];
    for (const { path } of files) {
      const target = join(folder.records, path);
      if (from === undefined || existsSync(target)) continue;
      mkdirSync(dirname(target), { recursive: true });
      copyFileSync(join(from, path), target);
    }
  }
}

function failureOf(description: SweepDescription, row: RunRow): StoredSummary['failures'][number] {
  const values = description.factors.map((factor) => {
    const value = row.values[factor.name];
    return value === undefined ? '' : `${factor.name} ${describeValue(factor, value)}`;
  });
  const label = [...(description.notebooks.length > 1 ? [row.notebook] : []), ...values].join(', ');
  return {
    index: row.index,
    label,
    reason: row.reason,
    ...(row.record === undefined ? {} : { record: row.record }),
  };
}
