import { relative } from 'node:path';
import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import { CAPTURE_FILE_EXTENSIONS, captureCellOf } from '../../notebook/file/capture-file.ts';
import { languageOfKind, withCell } from '../notebook/cell-data.ts';
import { currentNotebook, idOf, isTaskNotebook } from '../notebook/cells.ts';
import type { NotebookEdits } from '../notebook/notebook-edits.ts';

/**
 * The edit that puts a capture cell for a recorded cloud below `index`. Throws `input/usage` for a file of another kind,
 * one outside the notebook's folder, and a notebook that has none yet.
 */
export function captureEdit(
  notebook: vscode.NotebookDocument,
  file: vscode.Uri,
  index: number,
): vscode.WorkspaceEdit {
  if (notebook.isUntitled || notebook.uri.scheme !== file.scheme) {
    throw new WaybookError('input/usage', vscode.l10n.t('A capture names its file beside the notebook.'), {
      hint: vscode.l10n.t('Save the notebook into the folder of the file first.'),
    });
  }
  const taken = new Set(notebook.getCells().flatMap((cell) => idOf(cell) ?? []));
  const folder = vscode.Uri.joinPath(notebook.uri, '..').path;
  const { id, body } = captureCellOf(relative(folder, file.path), taken);
  const data = new vscode.NotebookCellData(vscode.NotebookCellKind.Code, body, languageOfKind('capture'));
  data.metadata = withCell(undefined, { id, attributes: {} });
  const edit = new vscode.WorkspaceEdit();
  edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(Math.min(index + 1, notebook.cellCount), [data])]);
  return edit;
}

/** A command: the file of the explorer's menu, or one that is chosen, below the selected cell of the notebook in front. */
export async function addCaptureFromFile(edits: NotebookEdits, asked: unknown): Promise<void> {
  const notebook = currentNotebook();
  if (!notebook) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a task notebook first.'));
    return;
  }
  const file = asked instanceof vscode.Uri ? asked : await choose(notebook);
  if (!file) return;
  const editor = vscode.window.visibleNotebookEditors.find((candidate) => candidate.notebook === notebook);
  const index = editor ? editor.selection.end - 1 : notebook.cellCount - 1;
  const edit = captureEdit(notebook, file, index);
  await edits.apply(() => edit);
}

async function choose(notebook: vscode.NotebookDocument): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: vscode.l10n.t('Recorded cloud'),
    canSelectMany: false,
    defaultUri: notebook.isUntitled ? undefined : vscode.Uri.joinPath(notebook.uri, '..'),
    filters: { [vscode.l10n.t('Point clouds')]: [...CAPTURE_FILE_EXTENSIONS] },
  });
  return picked?.[0];
}

/** The first file of a drop, whatever it was dragged from. */
async function droppedFile(data: vscode.DataTransfer): Promise<vscode.Uri | undefined> {
  const list = await data.get('text/uri-list')?.asString();
  const line = list?.split(/\r?\n/).find((text) => text !== '' && !text.startsWith('#'));
  return line === undefined ? undefined : vscode.Uri.parse(line);
}

/** Dropping a cloud's file on a cell makes a capture cell below it. */
export const captureDropProvider: vscode.DocumentDropEditProvider = {
  async provideDocumentDropEdits(document, _position, data) {
    const notebook = vscode.workspace.notebookDocuments.find(
      (candidate) =>
        isTaskNotebook(candidate) && candidate.getCells().some((cell) => cell.document === document),
    );
    const file = await droppedFile(data);
    if (
      !notebook ||
      !file ||
      !CAPTURE_FILE_EXTENSIONS.some((end) => file.path.toLowerCase().endsWith(`.${end}`))
    )
      return undefined;
    const index = notebook.getCells().findIndex((cell) => cell.document === document);
    const drop = new vscode.DocumentDropEdit('');
    drop.title = vscode.l10n.t('Add a capture cell');
    drop.additionalEdit = captureEdit(notebook, file, index);
    return drop;
  },
};
