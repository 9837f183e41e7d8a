import * as vscode from 'vscode';
import { currentNotebook } from '../notebook/cells.ts';
import type { Runs } from '../kernel/runs.ts';
import type { RunFolders } from '../outputs/run-folders.ts';
import type { RunRecord } from '../outputs/run-records.ts';
import { runLabel, runTime } from '../outputs/run-label.ts';

/** Runs of the notebook in front, newest first. */
export class RunsTree implements vscode.TreeDataProvider<RunRecord>, vscode.Disposable {
  private readonly changes = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.changes.event;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly folders: RunFolders,
    runs: Runs,
  ) {
    this.subscriptions = [
      vscode.window.createTreeView('waybook.runs', { treeDataProvider: this }),
      runs.onDidEnd(() => this.refresh()),
      vscode.window.onDidChangeActiveNotebookEditor(() => this.refresh()),
      this.changes,
    ];
  }

  refresh(): void {
    this.changes.fire();
  }

  async getChildren(parent?: RunRecord): Promise<RunRecord[]> {
    const notebook = currentNotebook();
    return parent || !notebook ? [] : this.folders.list(notebook);
  }

  getTreeItem(run: RunRecord): vscode.TreeItem {
    const item = new vscode.TreeItem(runLabel(run));
    const { icon, word } = outcomeOf(run.outcome);
    item.id = run.name;
    item.description = `${word} · ${runTime(run)}`;
    item.iconPath = icon;
    const unknown =
      run.outcome === 'running'
        ? vscode.l10n.t('Its process ended without a word: a real robot may still have been moving.')
        : undefined;
    item.tooltip = [run.name, run.robot, word, run.summary, unknown].filter(Boolean).join('\n');
    item.contextValue = 'run';
    item.command = { command: 'waybook.showRun', title: vscode.l10n.t('Show Run'), arguments: [run] };
    return item;
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

function outcomeOf(outcome: string | undefined): { icon: vscode.ThemeIcon; word: string } {
  switch (outcome) {
    case 'succeeded':
      return {
        icon: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
        word: vscode.l10n.t('success'),
      };
    case 'failed':
      return {
        icon: new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed')),
        word: vscode.l10n.t('failed'),
      };
    case 'cancelled':
      return { icon: new vscode.ThemeIcon('circle-slash'), word: vscode.l10n.t('stopped') };
    default:
      return { icon: new vscode.ThemeIcon('question'), word: vscode.l10n.t('not finished') };
  }
}
