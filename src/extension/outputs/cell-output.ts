import * as vscode from 'vscode';
import type { SessionFailure } from '../../notebook/session/session-api.ts';
import { SCENE_MIME, type Scene } from '../../core/scene.ts';
import { metadataOf, readOutputMetadata, type OutputMetadata } from './output-metadata.ts';

/** An output that the renderer draws, with a plain text for viewers that have none. */
export function sceneOutput(scene: Scene, more: Partial<OutputMetadata> = {}): vscode.NotebookCellOutput {
  const metadata = metadataOf(scene, more);
  return new vscode.NotebookCellOutput(
    [
      vscode.NotebookCellOutputItem.json(scene, SCENE_MIME),
      vscode.NotebookCellOutputItem.text(plainText(scene)),
    ],
    { waybook: metadata },
  );
}

function plainText(scene: Scene): string {
  const facts = scene.facts.map(({ name, value }) => `${name}: ${value}`);
  return [scene.verdict.text, ...facts, ...(scene.notes ?? [])].join('\n');
}

/** What went wrong, where, and what to do next, for a cell that produced no scene. */
export function failureOutput(failure: SessionFailure, cell: string): vscode.NotebookCellOutput {
  const { hint, place } = failure.details;
  const where = place?.waypoint === undefined ? '' : vscode.l10n.t('Waypoint {0}: ', place.waypoint + 1);
  const message = [`${where}${failure.message}`, hint]
    .filter((part) => part !== undefined && part !== '')
    .join('\n');
  const metadata: OutputMetadata = { cell, kind: 'live', ok: false, verdict: failure.message, facts: [] };
  return new vscode.NotebookCellOutput(
    [
      vscode.NotebookCellOutputItem.error({
        name: failureTitle(failure),
        message,
        stack: `${failureTitle(failure)}: ${message}`,
      }),
    ],
    { waybook: metadata },
  );
}

/** One word for the kind of failure. */
export function failureTitle({ code }: SessionFailure): string {
  if (code === 'input/limit' || code === 'input/reach' || code === 'input/collision')
    return vscode.l10n.t('Refused');
  if (code === 'input/approval') return vscode.l10n.t('Not approved');
  if (code === 'link/lost') return vscode.l10n.t('Link lost');
  return vscode.l10n.t('Failed');
}

export function outputMetadata(cell: vscode.NotebookCell): OutputMetadata | undefined {
  for (const output of cell.outputs) {
    const found = readOutputMetadata(output.metadata);
    if (found) return found;
  }
  return undefined;
}

/** The scene of a cell's output, or undefined where there is none. */
export function sceneOf(cell: vscode.NotebookCell): Scene | undefined {
  for (const output of cell.outputs) {
    const item = output.items.find(({ mime }) => mime === SCENE_MIME);
    if (!item) continue;
    try {
      return JSON.parse(new TextDecoder().decode(item.data)) as Scene;
    } catch {
      return undefined;
    }
  }
  return undefined;
}
