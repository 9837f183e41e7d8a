import * as vscode from 'vscode';
import { GIT_ATTRIBUTES, GIT_IGNORE, withAdvice } from '../../records/git-advice.ts';

const FILES = [
  ['.gitignore', GIT_IGNORE],
  ['.gitattributes', GIT_ATTRIBUTES],
] as const;

/** Writes the advice for run records into `.gitignore` and `.gitattributes` of a folder, unsaved, for a person to look at. */
export async function adviseGit(): Promise<void> {
  const folder = await chooseFolder();
  if (!folder) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder first.'));
    return;
  }
  const edit = new vscode.WorkspaceEdit();
  const changed: vscode.Uri[] = [];
  for (const [name, advice] of FILES) {
    const uri = vscode.Uri.joinPath(folder.uri, name);
    const before = await textOf(uri);
    const after = withAdvice(before ?? '', advice);
    if (after === before) continue;
    if (before === undefined) edit.createFile(uri, { ignoreIfExists: true });
    edit.replace(uri, new vscode.Range(0, 0, before?.split('\n').length ?? 0, 0), after);
    changed.push(uri);
  }
  if (changed.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('Git already knows what to keep of runs.'));
    return;
  }
  await vscode.workspace.applyEdit(edit);
  for (const uri of changed) await vscode.window.showTextDocument(uri, { preview: false });
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.length > 1 ? vscode.window.showWorkspaceFolderPick() : folders[0];
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());
  if (open) return open.getText();
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    return undefined;
  }
}
