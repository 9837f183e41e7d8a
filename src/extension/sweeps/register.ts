import * as vscode from 'vscode';
import type { Log } from '../support/log.ts';
import { messageOf } from '../../core/errors.ts';
import type { SweepNode, SweepsTree } from './sweeps-tree.ts';

/**
 * The Sweeps view. What it needs is loaded when it is first looked at: most sessions never see a sweep.
 */
export function registerSweeps(log: Log): vscode.Disposable {
  const changes = new vscode.EventEmitter<void>();
  let tree: Promise<SweepsTree> | undefined;
  const loaded = (): Promise<SweepsTree> =>
    (tree ??= import('./sweeps-tree.ts').then(({ SweepsTree }) => new SweepsTree(() => changes.fire())));
  const provider: vscode.TreeDataProvider<SweepNode> = {
    onDidChangeTreeData: changes.event,
    getChildren: async (node) => (await loaded()).children(node),
    getTreeItem: async (node) => (await loaded()).item(node),
  };
  const command = (
    name: string,
    run: (tree: SweepsTree, node: unknown) => Promise<void>,
  ): vscode.Disposable =>
    vscode.commands.registerCommand(`waybook.${name}`, async (node: unknown) => {
      try {
        await run(await loaded(), node);
      } catch (error) {
        log.error(name, error);
        void vscode.window.showErrorMessage(messageOf(error));
      }
    });
  const view = vscode.window.createTreeView('waybook.sweeps', { treeDataProvider: provider });
  // Sweeps run in terminals and on other machines, and where many files are watched the system may tell of none.
  const lookAgain = (): void => {
    if (view.visible && tree) changes.fire();
  };
  return vscode.Disposable.from(
    changes,
    view,
    view.onDidChangeVisibility(lookAgain),
    vscode.window.onDidChangeWindowState(({ focused }) => {
      if (focused) lookAgain();
    }),
    command('openSweepRun', (sweeps, node) => sweeps.openRun(node)),
    command('openSweepReport', (sweeps, node) => sweeps.openReport(node)),
    command('refreshSweeps', async (sweeps) => sweeps.refresh()),
    { dispose: () => void tree?.then((made) => made.dispose()) },
  );
}
