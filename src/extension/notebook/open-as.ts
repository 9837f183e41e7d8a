import * as vscode from 'vscode';
import { NOTEBOOK_TYPE } from './cells.ts';

const MARKER = /^(<{7}|={7}|>{7}|\|{7})( |$)/m;

/** Opens the file of the active editor in the other view. */
export async function openAs(view: 'text' | 'notebook', uri?: vscode.Uri): Promise<void> {
  const target =
    uri ??
    vscode.window.activeNotebookEditor?.notebook.uri ??
    vscode.window.activeTextEditor?.document.uri ??
    activeTab();
  if (!target) return;
  if (view === 'notebook') {
    const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(target));
    if (MARKER.test(text)) {
      await repairConflicts(target);
      return;
    }
  }
  await vscode.commands.executeCommand(
    'vscode.openWith',
    target,
    view === 'text' ? 'default' : NOTEBOOK_TYPE,
  );
}

/** Opens the file as text at its first conflict marker, says what to do, and offers the way back once it is clean. */
export async function repairConflicts(uri?: vscode.Uri): Promise<void> {
  const target = uri ?? vscode.window.activeTextEditor?.document.uri ?? activeTab();
  if (!target) return;
  await vscode.commands.executeCommand('vscode.openWith', target, 'default');
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.uri.toString() !== target.toString()) return;
  const { document } = editor;
  const found = MARKER.exec(document.getText());
  if (!found) {
    await vscode.commands.executeCommand('vscode.openWith', target, NOTEBOOK_TYPE);
    return;
  }
  const at = document.positionAt(found.index);
  editor.selection = new vscode.Selection(at, at);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  const merge = vscode.l10n.t('Resolve in Merge Editor');
  const open = vscode.l10n.t('Open as Notebook');
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      'A merge conflict starts at line {0}. Keep one side of each conflict and take the marker lines out; then open it as a notebook.',
      at.line + 1,
    ),
    merge,
    open,
  );
  if (answer === merge)
    await vscode.commands.executeCommand('git.openMergeEditor', target).then(undefined, () => undefined);
  if (answer === open) {
    await document.save();
    await openAs('notebook', target);
  }
}

function activeTab(): vscode.Uri | undefined {
  const input: unknown = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (
    input instanceof vscode.TabInputText ||
    input instanceof vscode.TabInputNotebook ||
    input instanceof vscode.TabInputCustom
  )
    return input.uri;
  return undefined;
}
