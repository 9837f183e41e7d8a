import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { renderPageHtml } from '../core/page-html.ts';
import { WaybookError } from '../core/errors.ts';
import type { Scene } from '../core/scene.ts';
import { writeNotebook } from '../notebook/file/write-notebook.ts';
import { readNotebook } from '../notebook/file/read-notebook.ts';
import { buildPage, type PageOutcome } from '../notebook/page/build-page.ts';
import { defaultServices, type DefaultServicesOptions } from '../notebook/session/default-services.ts';
import { openRunLog } from '../notebook/session/record-log.ts';
import { silentLog } from '../notebook/session/run-log.ts';
import { resolveRobot } from '../notebook/session/resolve-robot.ts';
import type { SessionEvent } from '../notebook/session/session-api.ts';
import { type RunSummary, TaskSession } from '../notebook/session/task-session.ts';
import { redactText, redact } from '../records/redact.ts';
import { runsFolderName } from '../records/run-folder.ts';
import type { RunOrder } from './description.ts';
import { PAGE_SCRIPT } from './sweep-folder.ts';
import type { RunRow } from './run-row.ts';

/** What the failure of a run says of the machine, not of the task: it is tried again elsewhere. */
export class RunnerFault extends Error {}

export interface SweepRunnerOptions {
  /** false: nothing is recorded, and nothing kept */
  readonly record?: boolean;
  /** for records while their run goes on; made and removed by the runner */
  readonly scratch: string;
  /** where kept records end up */
  readonly records: string;
  /** folder that the notebooks' own files are relative to, by notebook */
  readonly folders?: Readonly<Record<string, string>>;
  readonly services?: DefaultServicesOptions;
}

/**
 * Runs the runs of a sweep one after another on one simulator, as `waybook run` would. The same order gives the same row
 * whatever ran before, because every run resets the scene. A record is written of each, and kept of those that failed
 * or were sampled.
 */
export class SweepRunner implements AsyncDisposable {
  readonly #options: SweepRunnerOptions;
  #run = new RunView();
  readonly #session: TaskSession;

  constructor(options: SweepRunnerOptions) {
    this.#options = options;
    mkdirSync(options.scratch, { recursive: true });
    this.#session = new TaskSession({
      services: defaultServices(options.services),
      emit: (event) => this.#run.note(event),
      openLog: options.record === false ? () => silentLog : openRunLog,
      id: 'sweep',
    });
  }

  /** Throws {@link RunnerFault} where the simulator or its link failed. */
  async run(order: RunOrder): Promise<RunRow> {
    const { scratch } = this.#options;
    const name = `${order.record}.waybook.md`;
    const runsFolder = join(scratch, runsFolderName(name));
    const view = new RunView();
    this.#run = view;
    try {
      const document = readNotebook(order.text, name);
      const folder = this.#options.folders?.[order.notebook];
      const summary = await this.#session.run({
        runId: order.record,
        text: order.text,
        name,
        runsFolder,
        ...(folder === undefined ? {} : { folder }),
        options: resolveRobot(document.frontMatter, {}),
      });
      const { failure } = summary;
      if (failure?.code.startsWith('link/'))
        throw new RunnerFault(new WaybookError(failure.code, failure.message).explain());
      const row = rowOf(order, summary);
      if (this.#options.record === false || (row.success && !order.sampled)) return row;
      const { recordFolder } = view;
      if (recordFolder === undefined) return row;
      const folderOfRun = join(runsFolder, recordFolder);
      writeFileSync(join(scratch, name), writeNotebook(summary.document));
      writeFileSync(join(scratch, `${order.record}.html`), pageOf(order, summary, row, view, folderOfRun));
      this.#keep(order, name);
      return { ...row, record: order.record };
    } finally {
      rmSync(runsFolder, { recursive: true, force: true });
      rmSync(join(scratch, name), { force: true });
      rmSync(join(scratch, `${order.record}.html`), { force: true });
    }
  }

  /** The record's files come last to first, so that where the page is, all is. */
  #keep(order: RunOrder, name: string): void {
    const { scratch, records } = this.#options;
    mkdirSync(records, { recursive: true });
    for (const part of [runsFolderName(name), name, `${order.record}.html`]) {
      rmSync(join(records, part), { recursive: true, force: true });
      moveTo(join(scratch, part), join(records, part));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
    rmSync(this.#options.scratch, { recursive: true, force: true });
  }
}

/** What is seen of one run while it goes on. */
class RunView {
  readonly outcomes = new Map<string, PageOutcome>();
  readonly scenes = new Map<string, Scene>();
  recordFolder: string | undefined;

  note(event: SessionEvent): void {
    if (event.kind === 'run-started') this.recordFolder = event.recordFolder;
    if (event.kind === 'output') this.scenes.set(event.cell, event.scene);
    if (event.kind === 'cell-ended') {
      const { outcome, summary, failure } = event;
      this.outcomes.set(event.cell, { outcome, summary, ...(failure ? { failure } : {}) });
    }
  }
}

function rowOf(order: RunOrder, summary: RunSummary): RunRow {
  const { index, key, notebook, values } = order;
  const success = summary.exitCode === 0 && summary.verdict?.success !== false;
  return {
    index,
    key,
    notebook,
    values,
    success,
    outcome: success ? 'succeeded' : 'failed',
    exitCode: summary.exitCode,
    reason: redactText(summary.failure?.message ?? summary.verdict?.reason ?? summary.outcome),
    ...(summary.failure ? { code: summary.failure.code } : {}),
    ...(summary.trajectoryHash === undefined ? {} : { trajectoryHash: summary.trajectoryHash }),
    ...(summary.finalStateHash === undefined ? {} : { finalStateHash: summary.finalStateHash }),
    metrics: finite(summary.verdict?.metrics ?? {}),
  };
}

const finite = (metrics: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(metrics).filter(([, value]) => Number.isFinite(value)));

function pageOf(
  order: RunOrder,
  summary: RunSummary,
  row: RunRow,
  view: RunView,
  folderOfRun: string,
): string {
  const { buffers, ...page } = buildPage({
    document: summary.document,
    name: `${order.notebook}, run ${order.index}`,
    outcomes: view.outcomes,
    scenes: view.scenes,
    verdict: { ok: row.success, text: row.reason },
    provenance: summary.provenance,
    run: `Run ${order.index} of the sweep`,
    sidecar: (path) => readFileSync(join(folderOfRun, path)),
  });
  // Pages are shared: URLs, secrets and absolute paths go; redaction keeps the shape.
  return renderPageHtml(
    { ...(redact(page) as typeof page), ...(buffers ? { buffers } : {}) },
    { src: PAGE_SCRIPT },
  );
}

/** Scratch and records may be on different file systems. */
function moveTo(from: string, to: string): void {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  try {
    renameSync(from, to);
  } catch {
    cpSync(from, to, { recursive: true });
  }
}
