import * as vscode from 'vscode';
import { runsLocation } from '../notebook/runs-location.ts';
import type { Scene } from '../../core/scene.ts';
import { withSidecars } from './inline-sidecars.ts';
import { newestFirst, parsePreview, parseRunIndex, type RunRecord } from './run-records.ts';

/** Runs that are looked at for outputs: older ones stay on disk and are listed, not read. */
const READ_LIMIT = 50;
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

/** Reads the run records beside notebooks, through VS Code's file system so that virtual workspaces work. */
export class RunFolders {
  constructor(private readonly storage: vscode.Uri) {}

  async folderOf(
    notebook: vscode.NotebookDocument,
  ): Promise<{ folder: vscode.Uri; base: string | undefined }> {
    const { folder, beside } = await runsLocation(notebook, this.storage);
    return { folder, base: beside ? (folder.path.split('/').at(-1) ?? '') : undefined };
  }

  /** Newest first; none where the folder is missing. */
  async list(notebook: vscode.NotebookDocument, limit = READ_LIMIT): Promise<RunRecord[]> {
    const { folder } = await this.folderOf(notebook);
    let entries: [string, vscode.FileType][];
    try {
      entries = await vscode.workspace.fs.readDirectory(folder);
    } catch {
      return [];
    }
    const names = newestFirst(
      entries.filter(([, type]) => (type & vscode.FileType.Directory) !== 0).map(([name]) => name),
    );
    const records = await Promise.all(
      names.slice(0, limit).map(async (name, i) => {
        try {
          const index = await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name, 'index.json'));
          const record = parseRunIndex(name, decode(index));
          return record && { ...record, number: names.length - i };
        } catch {
          // A run that was killed before it wrote its index has nothing to show.
          return undefined;
        }
      }),
    );
    return records.filter((record) => record !== undefined);
  }

  /** A recorded scene; where no renderer can fetch from the record, with the bytes of its sidecars in it. */
  async preview(notebook: vscode.NotebookDocument, run: RunRecord, file: string): Promise<Scene | undefined> {
    const { folder, base } = await this.folderOf(notebook);
    const read = (name: string): Thenable<Uint8Array> =>
      vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, run.name, name));
    try {
      const scene = parsePreview(decode(await read(file)));
      return scene && base === undefined ? await withSidecars(scene, read) : scene;
    } catch {
      return undefined;
    }
  }
}
