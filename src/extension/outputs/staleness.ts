import * as vscode from 'vscode';
import { attributesOf, findCell, idOf, isTaskNotebook, runnableKindOf } from '../notebook/cells.ts';
import type { Runs } from '../kernel/runs.ts';
import { outputMetadata } from './cell-output.ts';
import { changedSince, dependenciesOf, sourcesOf, type SourceCell, type Sources } from './dependencies.ts';

/** Knows which outputs no longer fit their cells, and why. */
export class Staleness implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly sources = new WeakMap<vscode.NotebookDocument, Map<string, Sources>>();
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChange = this.changes.event;

  constructor(runs: Runs) {
    this.subscriptions = [
      runs.onEvent(({ run, event }) => {
        if (event.kind === 'output') this.note(run.notebook, event.cell);
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
        if (!isTaskNotebook(notebook)) return;
        // A restored output fits the cell that it was put under; from then on edits count.
        for (const { cell, outputs } of cellChanges) {
          const id = idOf(cell);
          if (id !== undefined && outputs !== undefined && outputMetadata(cell)?.restored)
            this.note(notebook, id);
        }
        this.changes.fire();
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme === 'vscode-notebook-cell') this.changes.fire();
      }),
      this.changes,
    ];
  }

  /** Why the output of a cell is stale; undefined where it fits. */
  reason(notebook: vscode.NotebookDocument, id: string): string | undefined {
    const cells = sourceCells(notebook);
    const noted = this.sources.get(notebook)?.get(id);
    const changed = noted && changedSince(noted, cells);
    if (changed) {
      if (changed.how === 'gone') return vscode.l10n.t('#{0} is gone', changed.cell);
      return changed.cell === id
        ? vscode.l10n.t('edited since')
        : vscode.l10n.t('#{0} was edited', changed.cell);
    }
    for (const dependency of dependenciesOf(id, cells)) {
      if (dependency.id === id) continue;
      const cell = findCell(notebook, dependency.id);
      const output = cell && outputMetadata(cell);
      if (output && !output.ok) return vscode.l10n.t('#{0} was refused', dependency.id);
    }
    return undefined;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private note(notebook: vscode.NotebookDocument, id: string): void {
    const known = this.sources.get(notebook) ?? new Map<string, Sources>();
    known.set(id, sourcesOf(id, sourceCells(notebook)));
    this.sources.set(notebook, known);
    this.changes.fire();
  }
}

function sourceCells(notebook: vscode.NotebookDocument): Map<string, SourceCell> {
  return new Map(
    notebook.getCells().flatMap((cell) => {
      const id = idOf(cell);
      const kind = runnableKindOf(cell);
      if (id === undefined || kind === undefined) return [];
      return [[id, { id, kind, attributes: attributesOf(cell), body: cell.document.getText() }] as const];
    }),
  );
}
