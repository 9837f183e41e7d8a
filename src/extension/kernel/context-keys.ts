import * as vscode from 'vscode';
import { currentNotebook, isTaskNotebook } from '../notebook/cells.ts';
import { detach, type Log } from '../support/log.ts';
import type { Controllers } from './controllers.ts';
import type { Runs } from './runs.ts';

/** Keys that menus and key bindings read; the walkthrough's steps complete by them too. */
export function trackContextKeys(runs: Runs, controllers: Controllers, log: Log): vscode.Disposable {
  const set = (key: string, value: boolean): void =>
    detach(log, key, vscode.commands.executeCommand('setContext', key, value));
  const select = (editor: vscode.NotebookEditor | undefined): void => {
    if (editor && isTaskNotebook(editor.notebook))
      detach(log, 'Kernel', controllers.ensureSelected(editor.notebook));
  };
  const inFront = (): void => set('waybook.notebookInFront', currentNotebook() !== undefined);
  select(vscode.window.activeNotebookEditor);
  inFront();
  return vscode.Disposable.from(
    vscode.window.onDidChangeActiveNotebookEditor(select),
    vscode.window.onDidChangeActiveNotebookEditor(inFront),
    vscode.window.onDidChangeVisibleNotebookEditors(inFront),
    runs.onDidChange(() => {
      const all = runs.all();
      set('waybook.running', all.length > 0);
      set(
        'waybook.paused',
        all.some(({ view }) => view.tag === 'paused'),
      );
    }),
    runs.onEvent(({ event }) => {
      if (event.kind !== 'output' || !event.scene.verdict.ok) return;
      if (event.scene.kind === 'capture') set('waybook.hasCaptured', true);
      if (event.scene.kind === 'refined') set('waybook.hasRefined', true);
      if (event.scene.kind === 'executed') set('waybook.hasExecuted', true);
    }),
  );
}
