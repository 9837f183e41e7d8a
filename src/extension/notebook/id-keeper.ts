import * as vscode from 'vscode';
import { uniqueIds } from '../../notebook/file/cell-ids.ts';
import type { Log } from '../support/log.ts';
import { detach } from '../support/log.ts';
import { cellMetadata, withCell } from './cell-data.ts';
import { idOf, isTaskNotebook, runnableKindOf } from './cells.ts';
import type { NotebookEdits } from './notebook-edits.ts';

/**
 * Gives runnable cells that lack an id one, and renames duplicates. Copying, pasting and splitting lose a cell's
 * metadata, and a new cell has none.
 */
export class IdKeeper implements vscode.Disposable {
  private readonly subscription: vscode.Disposable;

  constructor(
    private readonly edits: NotebookEdits,
    log: Log,
  ) {
    this.subscription = vscode.workspace.onDidChangeNotebookDocument(
      ({ notebook, contentChanges, cellChanges }) => {
        if (!isTaskNotebook(notebook)) return;
        const structural =
          contentChanges.length > 0 ||
          cellChanges.some((change) => change.document !== undefined || change.metadata !== undefined);
        if (structural && this.needed(notebook).size > 0) detach(log, 'Cell ids', this.ensure(notebook));
      },
    );
  }

  /** Resolves when every runnable cell has an id of its own. */
  async ensure(notebook: vscode.NotebookDocument): Promise<void> {
    await this.edits.apply(() => {
      const needed = this.needed(notebook);
      if (needed.size === 0) return undefined;
      const edit = new vscode.WorkspaceEdit();
      edit.set(
        notebook.uri,
        [...needed].map(([index, id]) => {
          const metadata = withCell(notebook.cellAt(index).metadata, {
            ...cellMetadata(notebook.cellAt(index).metadata),
            id,
          });
          return vscode.NotebookEdit.updateCellMetadata(index, metadata);
        }),
      );
      return edit;
    });
  }

  dispose(): void {
    this.subscription.dispose();
  }

  private needed(notebook: vscode.NotebookDocument): Map<number, string> {
    const cells = notebook
      .getCells()
      .map((cell) => ({ kind: runnableKindOf(cell) ?? ('markdown' as const), id: idOf(cell) }));
    const ids = uniqueIds(cells);
    return new Map(
      cells.flatMap(({ kind, id }, index) => {
        const wanted = ids[index];
        return kind === 'markdown' || wanted === undefined || wanted === id ? [] : [[index, wanted] as const];
      }),
    );
  }
}
