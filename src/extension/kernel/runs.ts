import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import type {
  Breakpoint,
  CellOutcome,
  RunRequest,
  SessionEvent,
  SessionFailure,
  SessionOptions,
} from '../../notebook/session/session-api.ts';
import { messageOf, WaybookError } from '../../core/errors.ts';
import { idOf, runnableCells } from '../notebook/cells.ts';
import { textOf } from '../notebook/notebook-text.ts';
import { runsLocation, type RunsLocation } from '../notebook/runs-location.ts';
import { failureOutput, sceneOutput } from '../outputs/cell-output.ts';
import { withSidecars } from '../outputs/inline-sidecars.ts';
import type { RunEnd } from '../session/session-client.ts';
import { SIMULATOR, type SessionNotice, type Sessions } from '../session/sessions.ts';
import type { Log } from '../support/log.ts';
import { whyNotRun } from '../support/trust.ts';
import { CellExecutions } from './cell-executions.ts';
import { RunQueue } from './run-queue.ts';
import { IDLE_RUN, nextRunView, type RunView } from './run-state.ts';
import { sessionOptions } from './session-options.ts';

export type ControllerKind = 'simulator' | 'robot';

export interface RunOptions {
  readonly notebook: vscode.NotebookDocument;
  readonly controller: vscode.NotebookController;
  readonly kind: ControllerKind;
  /** absent: all runnable cells, on a scene that was reset */
  readonly cells?: readonly vscode.NotebookCell[];
  readonly stepping?: boolean;
  readonly breakpoints?: readonly Breakpoint[];
  /** plan again over an edited plan */
  readonly replan?: boolean;
}

/** A run under way, and the last failure of each of its cells. */
export interface ActiveRun {
  readonly runId: string;
  readonly notebook: vscode.NotebookDocument;
  /** key of its session */
  readonly target: string;
  /** as the request names it: `sim:SCENE?seed=N` or a robot's name */
  readonly robot: string;
  view: RunView;
  /** name of its folder in the runs folder */
  record?: string;
}

export interface RunNotice {
  readonly run: ActiveRun;
  readonly event: SessionEvent;
}

/** What else has to happen while a run goes on; each feature listens or is asked through this. */
export interface RunHooks {
  /** gives every runnable cell an id; resolves when the notebook has them */
  ensureIds(notebook: vscode.NotebookDocument): Promise<void>;
  writePlan(run: ActiveRun, event: Extract<SessionEvent, { kind: 'plan-written' }>): Promise<void>;
}

/** Runs cells: one run at a time per robot, its events in order, each cell's execution ended whatever happens. */
export class Runs implements vscode.Disposable {
  private readonly queue = new RunQueue();
  private readonly active = new Map<string, ActiveRun>();
  private readonly notices = new vscode.EventEmitter<RunNotice>();
  private readonly changes = new vscode.EventEmitter<ActiveRun>();
  private readonly ends = new vscode.EventEmitter<{
    run: ActiveRun;
    end?: RunEnd;
    failure?: SessionFailure;
  }>();
  private readonly subscriptions: vscode.Disposable[] = [];
  private readonly handlers = new Map<string, (event: SessionEvent) => void>();
  /** every event of a run, after it took effect in the notebook */
  readonly onEvent = this.notices.event;
  readonly onDidChange = this.changes.event;
  readonly onDidEnd = this.ends.event;

  constructor(
    private readonly sessions: Sessions,
    private readonly storage: vscode.Uri,
    private readonly hooks: RunHooks,
    private readonly log: Log,
  ) {
    this.subscriptions.push(
      sessions.onEvent(({ target, event }: SessionNotice) => this.handlers.get(target)?.(event)),
      this.notices,
      this.changes,
      this.ends,
    );
  }

  /** The run that a notebook is part of now. */
  of(notebook: vscode.NotebookDocument): ActiveRun | undefined {
    return [...this.active.values()].find((run) => run.notebook === notebook);
  }

  all(): ActiveRun[] {
    return [...this.active.values()];
  }

  step(run: ActiveRun): void {
    this.sessions.get(run.target).tell({ kind: 'step' });
  }

  pause(run: ActiveRun): void {
    this.sessions.get(run.target).tell({ kind: 'pause' });
  }

  continue(run: ActiveRun): void {
    this.sessions.get(run.target).tell({ kind: 'continue' });
  }

  cancel(run: ActiveRun): void {
    this.sessions.get(run.target).tell({ kind: 'cancel' });
  }

  setBreakpoints(run: ActiveRun, breakpoints: readonly Breakpoint[]): void {
    this.sessions.get(run.target).tell({ kind: 'set-breakpoints', breakpoints });
  }

  /** Runs to the end; resolves with undefined where it could not start or was taken out of the queue. */
  async start(options: RunOptions): Promise<RunEnd | undefined> {
    const { notebook, kind } = options;
    await this.hooks.ensureIds(notebook);
    const cells = options.cells ?? runnableCells(notebook);
    const abort = new AbortController();
    const executions = new CellExecutions(options.controller, notebook, () => {
      abort.abort();
      const run = this.of(notebook);
      if (run) this.cancel(run);
    });
    for (const cell of cells) executions.expect(cell);
    try {
      const refusal = whyNotRun(notebook);
      if (refusal) throw refusal;
      const { robot } = sessionOptions(notebook, kind);
      const target = kind === 'simulator' ? SIMULATOR : robot;
      return await this.queue.run(
        target,
        () => this.perform(options, cells, target, executions),
        abort.signal,
      );
    } catch (error) {
      const failure = failureOf(error);
      this.log.error('Run', error);
      await this.reportAt(cells, failure, executions);
      if (cells.length === 0) void vscode.window.showErrorMessage(messageOf(error));
      return undefined;
    } finally {
      executions.endAll('cancelled');
    }
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async perform(
    options: RunOptions,
    cells: readonly vscode.NotebookCell[],
    target: string,
    executions: CellExecutions,
  ): Promise<RunEnd> {
    const { notebook } = options;
    const chosen = sessionOptions(notebook, options.kind);
    const location = await runsLocation(notebook, this.storage);
    const runId = randomUUID();
    const run: ActiveRun = { runId, notebook, target, robot: chosen.robot, view: { tag: 'running' } };
    this.active.set(runId, run);
    this.changes.fire(run);
    // Events change the notebook, and each change is awaited: a cell starts only after the plan that made it is written.
    let chain: Promise<void> = Promise.resolve();
    let reported = false;
    this.handlers.set(target, (event) => {
      if (event.kind === 'cell-ended' && event.failure) reported = true;
      chain = chain
        .then(() => this.apply(run, event, executions, location))
        .catch((error: unknown) => this.log.error(`Run, ${event.kind}`, error));
    });
    let end: RunEnd | undefined;
    let failure: SessionFailure | undefined;
    try {
      end = await this.sessions.get(target).run(this.request(options, cells, runId, chosen, location));
      await chain;
      failure = end.failure;
      // A run that failed before its first cell still has to say so somewhere: at that cell.
      if (failure && !reported) await this.reportAt(cells, failure, executions);
      return end;
    } catch (error) {
      await chain;
      failure = failureOf(error);
      throw error;
    } finally {
      this.handlers.delete(target);
      this.active.delete(runId);
      run.view = IDLE_RUN;
      this.changes.fire(run);
      this.ends.fire({ run, end, failure });
    }
  }

  private async reportAt(
    cells: readonly vscode.NotebookCell[],
    failure: SessionFailure,
    executions: CellExecutions,
  ): Promise<void> {
    const id =
      executions.running().at(-1) ??
      failure.details.place?.cell ??
      cells.map(idOf).find((found) => found !== undefined);
    if (id === undefined) return;
    await executions.append(id, failureOutput(failure, id));
    executions.end(id, 'failed');
  }

  private request(
    options: RunOptions,
    cells: readonly vscode.NotebookCell[],
    runId: string,
    chosen: SessionOptions,
    location: RunsLocation,
  ): RunRequest {
    const { notebook } = options;
    const everything = runnableCells(notebook).every((cell) => cells.includes(cell));
    return {
      runId,
      text: textOf(notebook),
      name: notebook.uri.path.slice(notebook.uri.path.lastIndexOf('/') + 1),
      folder: location.notebookFolder?.scheme === 'file' ? location.notebookFolder.fsPath : undefined,
      runsFolder: location.folder.fsPath,
      cells: everything ? undefined : cells.flatMap((cell) => idOf(cell) ?? []),
      options: { ...chosen, replan: options.replan },
      breakpoints: options.breakpoints,
      stepping: options.stepping,
    };
  }

  private async apply(
    run: ActiveRun,
    event: SessionEvent,
    executions: CellExecutions,
    location: RunsLocation,
  ): Promise<void> {
    const runsFolder = location.folder.path.split('/').at(-1) ?? '';
    switch (event.kind) {
      case 'run-started':
        run.record = event.recordFolder;
        break;
      case 'cell-started':
        executions.start(event.cell);
        break;
      case 'output': {
        const base = run.record === undefined || !location.beside ? undefined : `${runsFolder}/${run.record}`;
        const record = vscode.Uri.joinPath(location.folder, run.record ?? '');
        const scene = location.beside
          ? event.scene
          : await withSidecars(event.scene, (path) =>
              vscode.workspace.fs.readFile(vscode.Uri.joinPath(record, path)),
            );
        await executions.show(event.cell, sceneOutput(scene, { base, record: run.record, key: event.key }));
        break;
      }
      case 'plan-written':
        await this.hooks.writePlan(run, event);
        break;
      case 'cell-ended':
        if (event.failure && !executions.hasShown(event.cell)) {
          await executions.append(event.cell, failureOutput(event.failure, event.cell));
        }
        executions.end(event.cell, event.outcome satisfies CellOutcome);
        break;
      case 'progress':
      case 'paused':
      case 'resumed':
      case 'approval':
      case 'link':
      case 'robot':
      case 'manual-ended':
      case 'run-ended':
        break;
    }
    const view = nextRunView(run.view, event);
    if (view !== run.view) {
      run.view = view;
      this.changes.fire(run);
    }
    this.notices.fire({ run, event });
  }
}

function failureOf(error: unknown): SessionFailure {
  if (error instanceof WaybookError) {
    const { cause: _cause, ...details } = error.details;
    return { code: error.code, message: error.message, details };
  }
  return { code: 'internal/bug', message: messageOf(error), details: { hint: 'See the log of Waybook.' } };
}
