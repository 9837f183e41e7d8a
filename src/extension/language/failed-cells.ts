import type * as vscode from 'vscode';
import type { SessionFailure } from '../../notebook/session/session-api.ts';
import type { Runs } from '../kernel/runs.ts';

/** The last failure of each cell, until it runs again. A failure that names another cell is that cell's. */
export class FailedCells implements vscode.Disposable {
  private readonly failures = new WeakMap<vscode.NotebookDocument, Map<string, SessionFailure>>();
  private readonly subscription: vscode.Disposable;

  constructor(runs: Runs) {
    this.subscription = runs.onEvent(({ run, event }) => {
      if (event.kind === 'cell-started') this.of(run.notebook).delete(event.cell);
      if (event.kind === 'cell-ended' && event.failure) {
        this.of(run.notebook).set(event.failure.details.place?.cell ?? event.cell, event.failure);
      }
    });
  }

  get(notebook: vscode.NotebookDocument, cell: string): SessionFailure | undefined {
    return this.of(notebook).get(cell);
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private of(notebook: vscode.NotebookDocument): Map<string, SessionFailure> {
    const found = this.failures.get(notebook) ?? new Map<string, SessionFailure>();
    this.failures.set(notebook, found);
    return found;
  }
}
