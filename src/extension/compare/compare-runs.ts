import * as vscode from 'vscode';
import type { InspectorDoor } from '../inspector/inspector-door.ts';
import type { RunFolders } from '../outputs/run-folders.ts';
import { runLabel, runTime } from '../outputs/run-label.ts';
import type { RunRecord } from '../outputs/run-records.ts';

/** Two runs of a notebook over each other: the one of the menu, or one that is chosen, and another. */
export async function compareRuns(
  inspectors: InspectorDoor,
  folders: RunFolders,
  notebook: vscode.NotebookDocument,
  asked: unknown,
): Promise<void> {
  const all = (await folders.list(notebook)).filter(({ cells }) => cells.size > 0);
  if (all.length < 2) {
    void vscode.window.showInformationMessage(vscode.l10n.t('There are no two runs to compare yet.'));
    return;
  }
  const named = typeof asked === 'object' && asked !== null ? (asked as { name?: unknown }).name : undefined;
  const run = all.find(({ name }) => name === named) ?? (await pick(all, vscode.l10n.t('Compare this run')));
  if (!run) return;
  const other = await pick(
    all.filter((candidate) => candidate !== run),
    vscode.l10n.t('Compare {0} with', runLabel(run)),
  );
  if (other) await inspectors.compareRuns(notebook, run, other);
}

async function pick(runs: readonly RunRecord[], title: string): Promise<RunRecord | undefined> {
  const items = runs.map((run) => ({
    label: runLabel(run),
    description: [run.outcome, runTime(run)].filter(Boolean).join(' · '),
    run,
  }));
  return (await vscode.window.showQuickPick(items, { title }))?.run;
}
