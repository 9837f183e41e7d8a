import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import * as vscode from 'vscode';
import { WaybookError } from '../../core/errors.ts';
import { RECORDS_FOLDER, readDescription, REPORT_FILE, SUMMARY_FILE } from '../../sweep/sweep-folder.ts';
import {
  childrenOf,
  describeRate,
  type Failure,
  notebookOf,
  type SweepNode,
  sweepsIn,
} from './sweep-nodes.ts';

export type { SweepNode } from './sweep-nodes.ts';

/** More sweeps than this in one workspace are for the file system. */
const MOST_SWEEPS = 200;
/** A sweep that runs writes its summary every other second [ms]. */
const SETTLE_MS = 500;

/** The sweeps under the workspace's folders: their factors with rates, their failures as notebooks. */
export class SweepsTree implements vscode.Disposable {
  private readonly watcher = vscode.workspace.createFileSystemWatcher(`**/${SUMMARY_FILE}`);
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly changed: () => void) {
    for (const event of [this.watcher.onDidCreate, this.watcher.onDidChange, this.watcher.onDidDelete])
      event(() => this.refresh());
  }

  refresh(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(this.changed, SETTLE_MS);
  }

  async children(node?: SweepNode): Promise<SweepNode[]> {
    if (node) return childrenOf(node);
    const files = await vscode.workspace.findFiles(`**/${SUMMARY_FILE}`, '**/node_modules/**', MOST_SWEEPS);
    const paths = files.filter((uri) => uri.scheme === 'file').map((uri) => uri.fsPath);
    return sweepsIn(paths).map((sweep) => ({ kind: 'sweep', sweep }));
  }

  item(node: SweepNode): vscode.TreeItem {
    switch (node.kind) {
      case 'sweep': {
        const { summary, folder } = node.sweep;
        const item = new vscode.TreeItem(summary.title, vscode.TreeItemCollapsibleState.Collapsed);
        item.id = folder;
        const state = stateOf(summary.state, summary.done, summary.runs);
        const rate = describeRate(summary.overall);
        // A narrow side bar cuts the end off: of a sweep that runs, how far it is comes first.
        item.description = summary.state === 'finished' ? `${rate} · ${state}` : `${state} · ${rate}`;
        item.tooltip = [
          vscode.workspace.asRelativePath(folder),
          ...summary.reasons.map((r) => `${r.count}× ${r.reason}`),
        ].join('\n');
        item.iconPath = new vscode.ThemeIcon(summary.state === 'running' ? 'sync' : 'graph-scatter');
        item.contextValue = 'sweep';
        return item;
      }
      case 'factor': {
        const item = new vscode.TreeItem(node.name, vscode.TreeItemCollapsibleState.Expanded);
        item.id = `${node.sweep.folder} ${node.name}`;
        return item;
      }
      case 'rate': {
        const item = new vscode.TreeItem(node.rate.label);
        item.description = describeRate(node.rate);
        return item;
      }
      case 'failures': {
        const item = new vscode.TreeItem(
          vscode.l10n.t('Failures'),
          vscode.TreeItemCollapsibleState.Collapsed,
        );
        item.id = `${node.sweep.folder} failures`;
        item.description = String(node.sweep.summary.failures.length);
        item.iconPath = new vscode.ThemeIcon('error', new vscode.ThemeColor('testing.iconFailed'));
        return item;
      }
      case 'failure': {
        const { failure } = node;
        const item = new vscode.TreeItem(
          failure.label === '' ? vscode.l10n.t('Run {0}', failure.index) : failure.label,
        );
        item.id = `${node.sweep.folder} ${failure.index}`;
        item.description = failure.reason;
        item.tooltip = failure.reason;
        item.contextValue = 'sweepRun';
        item.command = {
          command: 'waybook.openSweepRun',
          title: vscode.l10n.t('Open as Notebook'),
          arguments: [node],
        };
        return item;
      }
    }
  }

  /** The run as a notebook with its parameters in its front matter, and its last outputs where they were kept. */
  async openRun(node: unknown): Promise<void> {
    if (!isNode(node) || node.kind !== 'failure') return;
    const { sweep, failure } = node;
    const kept = notebookOf(failure);
    const file = kept === undefined ? undefined : join(sweep.folder, kept);
    const path = file !== undefined && existsSync(file) ? file : await writeNotebookOf(sweep.folder, failure);
    const document = await vscode.workspace.openNotebookDocument(vscode.Uri.file(path));
    await vscode.window.showNotebookDocument(document);
  }

  /** In the browser: the report is one file with scripts of its own. */
  async openReport(node: unknown): Promise<void> {
    if (!isNode(node) || node.kind !== 'sweep') return;
    await vscode.env.openExternal(vscode.Uri.file(join(node.sweep.folder, REPORT_FILE)));
  }

  dispose(): void {
    clearTimeout(this.timer);
    this.watcher.dispose();
  }
}

/** A run without a record, one that crashed, is written down from the sweep's own description. */
async function writeNotebookOf(folder: string, failure: Failure): Promise<string> {
  const { orderOf } = await import('../../sweep/description.ts');
  const description = readDescription(folder);
  if (!description) {
    throw new WaybookError('input/file', `The sweep ${basename(folder)} has lost its description.`, {
      hint: 'Its report still says which parameters the run had.',
    });
  }
  const order = orderOf(description, failure.index);
  const path = join(folder, RECORDS_FOLDER, `${order.record}.waybook.md`);
  if (!existsSync(path)) await writeFile(path, order.text);
  return path;
}

function stateOf(state: 'running' | 'stopped' | 'finished', done: number, runs: number): string {
  switch (state) {
    case 'running':
      return vscode.l10n.t('{0} of {1} done', done, runs);
    case 'stopped':
      return vscode.l10n.t('stopped at {0} of {1}', done, runs);
    case 'finished':
      return vscode.l10n.t('finished');
  }
}

const isNode = (value: unknown): value is SweepNode =>
  typeof value === 'object' && value !== null && 'kind' in value && 'sweep' in value;
