import * as vscode from 'vscode';
import type { NotebookDocument } from '../../notebook/file/document.ts';
import type { KeyEnvironment } from '../../notebook/graph/output-key.ts';
import { DEFAULT_PLANNER, DEFAULT_REFINER, keyEnvironment } from '../../notebook/session/key-environment.ts';
import type { Controllers } from '../kernel/controllers.ts';
import { sessionOptions } from '../kernel/session-options.ts';
import { attributesOf, idOf, isTaskNotebook, runnableCells, runnableKindOf } from '../notebook/cells.ts';
import { frontMatterOf } from '../notebook/notebook-text.ts';
import { outputMetadata } from './cell-output.ts';
import { staleReasons, type ShownOutput, type StaleReason } from './stale-reason.ts';

const SETTLE_MS = 120;

/** Knows which outputs no longer fit their cells, and why: the key that each was made with against the key now. */
export class Staleness implements vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  private readonly known = new WeakMap<vscode.NotebookDocument, ReadonlyMap<string, StaleReason>>();
  /** what runs used when an output last fitted: tells an edit from another choice */
  private readonly fitted = new WeakMap<vscode.NotebookDocument, KeyEnvironment>();
  private timer: NodeJS.Timeout | undefined;
  private readonly subscriptions: vscode.Disposable[];
  readonly onDidChange = this.changes.event;

  constructor(private readonly controllers: Controllers) {
    const all = (): void => {
      for (const notebook of vscode.workspace.notebookDocuments) this.outdate(notebook);
    };
    this.subscriptions = [
      vscode.workspace.onDidChangeNotebookDocument(({ notebook }) => this.outdate(notebook)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== 'vscode-notebook-cell') return;
        const path = document.uri.path;
        for (const notebook of vscode.workspace.notebookDocuments)
          if (notebook.uri.path === path) this.outdate(notebook);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration('waybook') && all()),
      controllers.onDidSelect((notebook) => this.outdate(notebook)),
      this.changes,
    ];
  }

  /** Why the output of a cell is stale; undefined where it fits. */
  reason(notebook: vscode.NotebookDocument, id: string): string | undefined {
    const reason = this.reasons(notebook).get(id);
    switch (reason?.kind) {
      case undefined:
        return undefined;
      case 'gone':
        return vscode.l10n.t('#{0} is gone', reason.cell);
      case 'edited':
        return reason.cell === id
          ? vscode.l10n.t('edited since')
          : vscode.l10n.t('#{0} was edited', reason.cell);
      case 'refused':
        return vscode.l10n.t('#{0} was refused', reason.cell);
      case 'unknown':
        return vscode.l10n.t('made from other cells or settings');
      case 'settings':
        return vscode.l10n.t('made with another robot, seed, planner or refiner');
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private outdate(notebook: vscode.NotebookDocument): void {
    if (!isTaskNotebook(notebook)) return;
    this.known.delete(notebook);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.changes.fire(), SETTLE_MS);
  }

  private reasons(notebook: vscode.NotebookDocument): ReadonlyMap<string, StaleReason> {
    const known = this.known.get(notebook);
    if (known) return known;
    const environment = this.environmentOf(notebook);
    const shown = shownOutputs(notebook);
    const found = environment
      ? staleReasons(documentOf(notebook), shown, environment, this.fitted.get(notebook))
      : new Map<string, StaleReason>();
    if (environment && [...shown].some(([id, { key }]) => key !== undefined && !found.has(id)))
      this.fitted.set(notebook, environment);
    this.known.set(notebook, found);
    return found;
  }

  /** Undefined where no run could start, so that there is nothing to compare with. */
  private environmentOf(notebook: vscode.NotebookDocument): KeyEnvironment | undefined {
    try {
      const options = sessionOptions(notebook, this.controllers.kindOf(notebook) ?? 'simulator');
      return keyEnvironment(frontMatterOf(notebook), options, {
        defaultPlanner: DEFAULT_PLANNER,
        defaultRefiner: DEFAULT_REFINER,
      });
    } catch {
      return undefined;
    }
  }
}

/** The runnable cells as keys and references see them; composing and parsing the text would cost more. */
function documentOf(notebook: vscode.NotebookDocument): NotebookDocument {
  const cells = runnableCells(notebook).flatMap((cell) => {
    const kind = runnableKindOf(cell);
    const id = idOf(cell);
    if (kind === undefined || id === undefined) return [];
    const body = cell.document.getText();
    return [{ kind, id, attributes: attributesOf(cell), body, raw: '', line: 0, bodyLine: 0 }];
  });
  return { frontMatter: frontMatterOf(notebook), frontMatterRaw: '', cells, eol: '\n' };
}

function shownOutputs(notebook: vscode.NotebookDocument): Map<string, ShownOutput> {
  return new Map(
    runnableCells(notebook).flatMap((cell) => {
      const id = idOf(cell);
      const output = outputMetadata(cell);
      return id === undefined || !output ? [] : [[id, { key: output.key, ok: output.ok }]];
    }),
  );
}
