import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import type { Difference } from '../../core/viewer-messages.ts';
import { compareNotebooks } from '../../notebook/compare/compare-notebooks.ts';
import type { NotebookDocument } from '../../notebook/file/document.ts';
import { fillText, NO_PARAMS } from '../../notebook/file/parameters.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import type { InspectorDoor } from '../inspector/inspector-door.ts';
import { currentNotebook, findCell } from '../notebook/cells.ts';
import { nameOf, textOf } from '../notebook/notebook-text.ts';
import { bytesAtHead } from './notebook-at-head.ts';
import { waypointsScene } from './waypoints-scene.ts';

/**
 * Compares a notebook with the last commit, by meaning: what differs as a list, and where waypoints moved, both plans over
 * each other in the inspector. VS Code's own diff editor has no outputs. Throws `input/usage` in Restricted Mode and for
 * what is on no disk, and whatever reading throws.
 */
export async function compareWithHead(inspectors: InspectorDoor, asked: unknown): Promise<void> {
  const uri = uriOf(asked) ?? currentNotebook()?.uri;
  if (!uri) return;
  if (!vscode.workspace.isTrusted || uri.scheme !== 'file') {
    throw new WaybookError('input/usage', vscode.l10n.t('Comparing with the last commit asks git.'), {
      hint: vscode.l10n.t('It works for files on a disk, in a trusted workspace.'),
    });
  }
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  const before = readNotebook(await bytesAtHead(uri.fsPath), nameOf(notebook));
  const after = readNotebook(textOf(notebook), nameOf(notebook));
  const found = compareNotebooks(before, after);
  if (found.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('{0} means the same as in the last commit.', nameOf(notebook)),
    );
    return;
  }
  const differences: Difference[] = found.map(({ cell, text }) => ({
    name: cell === undefined ? text : `#${cell}: ${text}`,
    left: '',
    right: '',
  }));
  if (!(await showOverlaid(inspectors, notebook, before, after, differences)))
    await showList(nameOf(notebook), differences);
}

/** Both plans of the first waypoints cell that differs; false where there is none that can be drawn. */
async function showOverlaid(
  inspectors: InspectorDoor,
  notebook: vscode.NotebookDocument,
  before: NotebookDocument,
  after: NotebookDocument,
  differences: readonly Difference[],
): Promise<boolean> {
  for (const cell of after.cells) {
    const old = before.cells.find(({ id, kind }) => kind === 'waypoints' && id === cell.id);
    if (cell.kind !== 'waypoints' || cell.id === undefined || !old) continue;
    const [now, then] = [after.frontMatter.params ?? NO_PARAMS, before.frontMatter.params ?? NO_PARAMS];
    if (old.body === cell.body && fillText(cell.body, now) === fillText(cell.body, then)) continue;
    if (!findCell(notebook, cell.id)) continue;
    const [mine, theirs] = [
      waypointsScene(cell, vscode.l10n.t('Working tree'), now),
      waypointsScene(old, vscode.l10n.t('Last commit'), then),
    ];
    if (!mine || !theirs) continue;
    await vscode.window.showNotebookDocument(notebook);
    await inspectors.openCompared(notebook, cell.id, mine, {
      label: vscode.l10n.t('Last commit'),
      scene: theirs,
      differences,
    });
    return true;
  }
  return false;
}

async function showList(name: string, differences: readonly Difference[]): Promise<void> {
  const title = vscode.l10n.t('{0}: last commit and working tree', name);
  const content = [`# ${title}`, '', ...differences.map((difference) => `- ${difference.name}`), ''].join(
    '\n',
  );
  const document = await vscode.workspace.openTextDocument({ language: 'markdown', content });
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.Beside });
}

/** From the explorer a file, from source control a resource of a change. */
function uriOf(value: unknown): vscode.Uri | undefined {
  if (value instanceof vscode.Uri) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const { resourceUri } = value as { resourceUri?: unknown };
  return resourceUri instanceof vscode.Uri ? resourceUri : undefined;
}
