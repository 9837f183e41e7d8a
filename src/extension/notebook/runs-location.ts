import * as vscode from 'vscode';
import { hashText } from '../../core/hash.ts';

/** Where a notebook's run records are. */
export interface RunsLocation {
  /** `NAME.waybook.runs` */
  readonly folder: vscode.Uri;
  /** the folder that `file` captures and sidecar paths are relative to; undefined for untitled notebooks */
  readonly notebookFolder?: vscode.Uri;
  /** beside the notebook, so that a renderer can fetch sidecars from it */
  readonly beside: boolean;
}

/** Base name without the last `.md`, with `.runs` after it. */
export const runsFolderName = (notebookName: string): string => `${notebookName.replace(/\.md$/i, '')}.runs`;

/** Untitled and read-only notebooks keep their records in the extension's own storage. */
export async function runsLocation(
  notebook: vscode.NotebookDocument,
  storage: vscode.Uri,
): Promise<RunsLocation> {
  const { uri } = notebook;
  const name = runsFolderName(uri.path.slice(uri.path.lastIndexOf('/') + 1));
  const notebookFolder = notebook.isUntitled ? undefined : vscode.Uri.joinPath(uri, '..');
  if (notebookFolder && uri.scheme === 'file' && (await isWritable(uri))) {
    return { folder: vscode.Uri.joinPath(notebookFolder, name), notebookFolder, beside: true };
  }
  const key = hashText(uri.toString()).slice(0, 16);
  return { folder: vscode.Uri.joinPath(storage, 'runs', `${key}-${name}`), notebookFolder, beside: false };
}

async function isWritable(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.fs.isWritableFileSystem(uri.scheme) === false) return false;
  try {
    const { permissions } = await vscode.workspace.fs.stat(uri);
    return permissions === undefined || (permissions & vscode.FilePermission.Readonly) === 0;
  } catch {
    return false;
  }
}
