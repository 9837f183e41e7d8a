import * as vscode from 'vscode';
import type { CellKind, RunnableKind } from '../../notebook/file/document.ts';
import { cellMetadata, kindOfLanguage } from './cell-data.ts';

export const NOTEBOOK_TYPE = 'waybook';

export const isTaskNotebook = (notebook: vscode.NotebookDocument): boolean =>
  notebook.notebookType === NOTEBOOK_TYPE;

/** Kind by the language that the cell has now, whatever its metadata still says. */
export function kindOf(cell: vscode.NotebookCell): CellKind | undefined {
  return cell.kind === vscode.NotebookCellKind.Markup ? 'markdown' : kindOfLanguage(cell.document.languageId);
}

export function runnableKindOf(cell: vscode.NotebookCell): RunnableKind | undefined {
  const kind = kindOf(cell);
  return kind === 'markdown' ? undefined : kind;
}

/** The cell's id in the file. Ours; VS Code's cell URIs are positions. */
export const idOf = (cell: vscode.NotebookCell): string | undefined => cellMetadata(cell.metadata).id;

export const attributesOf = (cell: vscode.NotebookCell): Readonly<Record<string, string>> =>
  cellMetadata(cell.metadata).attributes;

export const runnableCells = (notebook: vscode.NotebookDocument): vscode.NotebookCell[] =>
  notebook.getCells().filter((cell) => runnableKindOf(cell) !== undefined);

/** The first runnable cell with this id; later duplicates are renamed by the id keeper. */
export const findCell = (notebook: vscode.NotebookDocument, id: string): vscode.NotebookCell | undefined =>
  notebook.getCells().find((cell) => runnableKindOf(cell) !== undefined && idOf(cell) === id);

/** The task notebook whose editor is active. */
export function activeNotebook(): vscode.NotebookDocument | undefined {
  const notebook = vscode.window.activeNotebookEditor?.notebook;
  return notebook && isTaskNotebook(notebook) ? notebook : undefined;
}

/** The task notebook to act on: the active one, else the only one that is visible. */
export function currentNotebook(): vscode.NotebookDocument | undefined {
  const active = activeNotebook();
  if (active) return active;
  const visible = vscode.window.visibleNotebookEditors.map((e) => e.notebook).filter(isTaskNotebook);
  return visible[0];
}

export const editorOf = (notebook: vscode.NotebookDocument): vscode.NotebookEditor | undefined =>
  vscode.window.visibleNotebookEditors.find((editor) => editor.notebook === notebook);

/** Brings a cell into view and selects it. */
export async function revealCell(cell: vscode.NotebookCell, selection?: vscode.Range): Promise<void> {
  const range = new vscode.NotebookRange(cell.index, cell.index + 1);
  const editor = await vscode.window.showNotebookDocument(cell.notebook, { selections: [range] });
  editor.revealRange(range, vscode.NotebookEditorRevealType.InCenterIfOutsideViewport);
  if (selection) {
    await vscode.window
      .showTextDocument(cell.document, { selection, preserveFocus: false })
      .then(undefined, () => undefined);
  }
}
