import * as vscode from 'vscode';
import { plannedHash } from '../../notebook/graph/planned-hash.ts';
import { attributesOf, idOf, NOTEBOOK_TYPE, runnableKindOf } from '../notebook/cells.ts';
import { outputMetadata } from '../outputs/cell-output.ts';
import type { Staleness } from '../outputs/staleness.ts';
import type { ActiveRun, Runs } from '../kernel/runs.ts';
import { cellStatus, type CellSituation } from './cell-facts.ts';

/** The row below each cell: provider, waypoints, duration, clearance, verdict, badges and references. */
export class CellStatusItems implements vscode.NotebookCellStatusBarItemProvider, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeCellStatusBarItems = this.changes.event;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly runs: Runs,
    private readonly staleness: Staleness,
  ) {
    this.subscriptions = [
      vscode.notebooks.registerNotebookCellStatusBarItemProvider(NOTEBOOK_TYPE, this),
      runs.onDidChange(() => this.changes.fire()),
      runs.onDidEnd(() => this.changes.fire()),
      staleness.onDidChange(() => this.changes.fire()),
      this.changes,
    ];
  }

  provideCellStatusBarItems(cell: vscode.NotebookCell): vscode.NotebookCellStatusBarItem[] {
    if (runnableKindOf(cell) === undefined) return [];
    return cellStatus(this.situation(cell)).map(({ text, tooltip, side, command }) => {
      const alignment =
        side === 'left'
          ? vscode.NotebookCellStatusBarAlignment.Left
          : vscode.NotebookCellStatusBarAlignment.Right;
      const item = new vscode.NotebookCellStatusBarItem(text, alignment);
      item.tooltip = tooltip;
      item.accessibilityInformation = { label: text.replace(/\$\([^)]*\)\s*/g, '') };
      if (command === 'inspect')
        item.command = { command: 'waybook.openInspector', title: tooltip, arguments: [cell] };
      if (command === 'edit')
        item.command = { command: 'waybook.editCell', title: tooltip, arguments: [cell] };
      if (command === 'continue') item.command = { command: 'waybook.continue', title: tooltip };
      return item;
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private situation(cell: vscode.NotebookCell): CellSituation {
    const id = idOf(cell);
    const attributes = attributesOf(cell);
    const output = outputMetadata(cell);
    const run = this.runs.of(cell.notebook);
    const planned = attributes['planned'];
    return {
      id,
      attributes,
      output,
      stale: output && id !== undefined ? this.staleness.reason(cell.notebook, id) : undefined,
      edited:
        planned !== undefined &&
        runnableKindOf(cell) === 'waypoints' &&
        plannedHash(cell.document.getText()) !== planned,
      activity: run && id !== undefined ? activityOf(run, id) : undefined,
      paused: run?.view.tag === 'paused' && run.view.cell === id,
      from: output?.restored
        ? vscode.l10n.t('From {0}', output.run ?? vscode.l10n.t('an earlier run'))
        : undefined,
    };
  }
}

function activityOf(run: ActiveRun, id: string): string | undefined {
  const { view } = run;
  if (view.tag === 'idle' || view.cell !== id) return undefined;
  if (view.tag === 'paused') {
    return view.waypoint
      ? vscode.l10n.t('Paused before waypoint {0}: {1}', view.waypoint.index + 1, view.waypoint.label)
      : vscode.l10n.t('Paused');
  }
  return view.progress;
}
