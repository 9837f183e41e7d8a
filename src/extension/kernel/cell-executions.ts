import type * as vscode from 'vscode';
import type { CellOutcome } from '../../notebook/session/session-api.ts';
import { findCell, idOf } from '../notebook/cells.ts';

interface Tracked {
  readonly execution: vscode.NotebookCellExecution;
  readonly cancel: vscode.Disposable;
  started: boolean;
  outputs: number;
}

let executionOrder = 0;

/**
 * The executions of one run, by cell id. All asked-for cells wait from the start, so that Stop works on each; every
 * one of them is ended, whatever happens.
 */
export class CellExecutions {
  private readonly tracked = new Map<string, Tracked>();

  constructor(
    private readonly controller: vscode.NotebookController,
    private readonly notebook: vscode.NotebookDocument,
    private readonly onCancel: () => void,
  ) {}

  /** Makes a cell wait. A cell that executes already, or that is gone, is left alone. */
  expect(cell: vscode.NotebookCell): void {
    const id = idOf(cell);
    if (id === undefined || this.tracked.has(id) || cell.index < 0) return;
    try {
      const execution = this.controller.createNotebookCellExecution(cell);
      const cancel = execution.token.onCancellationRequested(this.onCancel);
      this.tracked.set(id, { execution, cancel, started: false, outputs: 0 });
    } catch {
      // VS Code allows one execution per cell: this one already belongs to a run.
    }
  }

  start(id: string): void {
    const found = this.open(id);
    if (!found || found.started) return;
    found.started = true;
    found.execution.executionOrder = ++executionOrder;
    found.execution.start(Date.now());
    void found.execution.clearOutput();
  }

  /** Shows an output in place of what the cell showed before. */
  async show(id: string, output: vscode.NotebookCellOutput): Promise<void> {
    const found = this.open(id);
    if (!found) return;
    if (!found.started) this.start(id);
    found.outputs++;
    await found.execution.replaceOutput(output);
  }

  async append(id: string, output: vscode.NotebookCellOutput): Promise<void> {
    const found = this.open(id);
    if (!found) return;
    if (!found.started) this.start(id);
    found.outputs++;
    await found.execution.appendOutput(output);
  }

  /** Whether this run has shown anything under the cell. */
  hasShown(id: string): boolean {
    return (this.tracked.get(id)?.outputs ?? 0) > 0;
  }

  end(id: string, outcome: CellOutcome): void {
    const found = this.tracked.get(id);
    if (!found) return;
    this.tracked.delete(id);
    found.cancel.dispose();
    const success = outcome === 'succeeded' ? true : outcome === 'failed' ? false : undefined;
    if (!found.started) found.execution.start();
    found.execution.end(success, found.started && success !== undefined ? Date.now() : undefined);
  }

  /** Ids of cells that have started and not ended. */
  running(): string[] {
    return [...this.tracked].filter(([, t]) => t.started).map(([id]) => id);
  }

  endAll(outcome: CellOutcome): void {
    for (const [id, { started }] of [...this.tracked]) this.end(id, started ? outcome : 'skipped');
  }

  private open(id: string): Tracked | undefined {
    const found = this.tracked.get(id);
    if (found) return found;
    const cell = findCell(this.notebook, id);
    if (cell) this.expect(cell);
    return this.tracked.get(id);
  }
}
