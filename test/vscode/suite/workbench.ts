/// <reference types="mocha" />
import * as vscode from 'vscode';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestHooks } from '../../../src/extension/support/test-hooks.ts';

/** Helpers for tests inside the extension host. Waiting is for a condition, never for a time. */

const workspace = process.env['WAYBOOK_TEST_WORKSPACE'] ?? '';
let counter = 0;

export const SAMPLE = [
  '---',
  'waybook: 1',
  'robot: sim:tabletop?seed=7',
  '---',
  '# Put the red cube in the bowl',
  '',
  'The bowl stands behind a carton.',
  '',
  '```json capture {#table}',
  '{ "camera": "front", "voxel": 0.004 }',
  '```',
  '',
  '```instruction {#put-cube capture=table}',
  'put the red cube in the blue bowl',
  '```',
  '',
  '```json execute {#go trajectory=grasp}',
  '{ "speed": 0.5 }',
  '```',
  '',
].join('\n');

export const PLANNED = SAMPLE.replace(
  '```json execute',
  [
    '```json waypoints {#grasp plan=put-cube capture=table}',
    '{',
    '  "frame": "base",',
    '  "waypoints": [',
    '    { "label": "above the cube", "position": [0.45, 0.14, 0.22], "orientation": [1, 0, 0, 0], "gripper": 1, "radius": 0.03 },',
    '    { "label": "grasp", "position": [0.46, 0.15, 0.03], "orientation": [1, 0, 0, 0], "gripper": 0, "radius": 0.02 },',
    '    { "label": "lift", "position": [0.45, 0.14, 0.26], "orientation": [1, 0, 0, 0], "gripper": 0, "radius": 0.04 }',
    '  ]',
    '}',
    '```',
    '',
    '```json execute',
  ].join('\n'),
);

export function writeNotebookFile(
  text: string | Uint8Array,
  name = `test-${++counter}.waybook.md`,
): vscode.Uri {
  mkdirSync(workspace, { recursive: true });
  const path = join(workspace, name);
  writeFileSync(path, text);
  return vscode.Uri.file(path);
}

export async function openNotebook(text: string, name?: string): Promise<vscode.NotebookDocument> {
  const uri = writeNotebookFile(text, name);
  const notebook = await vscode.workspace.openNotebookDocument(uri);
  await vscode.window.showNotebookDocument(notebook);
  return notebook;
}

export async function fileText(uri: vscode.Uri): Promise<string> {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await vscode.workspace.fs.readFile(uri));
}

/** Polls until `condition` gives something; fails with `what` when it never does. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  limit = 100_000,
): Promise<NonNullable<T>> {
  const end = Date.now() + limit;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`Never happened: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export async function hooks(): Promise<TestHooks> {
  const extension = vscode.extensions.getExtension<TestHooks>('waybook.waybook');
  if (!extension) throw new Error('The extension is not there.');
  return extension.activate();
}

export async function edit(build: (edit: vscode.WorkspaceEdit) => void): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  build(change);
  if (!(await vscode.workspace.applyEdit(change))) throw new Error('VS Code refused the edit.');
}

/** Closes every editor. What is dirty is reverted first: closing it would ask, and nobody would answer. */
export const closeAll = async (): Promise<void> => {
  for (const notebook of vscode.workspace.notebookDocuments.filter(({ isDirty }) => isDirty)) {
    await vscode.window.showNotebookDocument(notebook);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  }
  await vscode.commands.executeCommand('workbench.action.closeAllEditors');
};

export const idsOf = (notebook: vscode.NotebookDocument): (string | undefined)[] =>
  notebook.getCells().map((cell) => (cell.metadata['waybook'] as { id?: string } | undefined)?.id);

export const runAll = (): Thenable<unknown> => vscode.commands.executeCommand('notebook.execute');

/** A saved notebook as somebody else would read it: a copy under another name, since VS Code keeps the first in memory. */
export async function reread(notebook: vscode.NotebookDocument): Promise<vscode.NotebookDocument> {
  const copy = vscode.Uri.joinPath(notebook.uri, '..', `copy-${++counter}.waybook.md`);
  await vscode.workspace.fs.copy(notebook.uri, copy, { overwrite: true });
  const runs = (uri: vscode.Uri): vscode.Uri => uri.with({ path: uri.path.replace(/\.md$/, '.runs') });
  await vscode.workspace.fs.copy(runs(notebook.uri), runs(copy)).then(undefined, () => undefined);
  return vscode.workspace.openNotebookDocument(copy);
}
