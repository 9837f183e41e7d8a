import * as vscode from 'vscode';
import { findCell, idOf, isTaskNotebook, runnableCells } from '../notebook/cells.ts';
import type { Controllers } from '../kernel/controllers.ts';
import type { Runs } from '../kernel/runs.ts';
import { detach, type Log } from '../support/log.ts';
import { sceneOutput } from './cell-output.ts';
import { runLabel } from './run-label.ts';
import type { RunFolders } from './run-folders.ts';
import { latestOutputs, type RecordedCell, type RunRecord } from './run-records.ts';

const SETTLE_MS = 150;
const AT_ONCE = 20;

/**
 * Brings outputs back from the records after opening, reloading, reverting or an edit on disk: replayed as an
 * execution without times and without an end, so that no tick says that a cell ran and the document stays clean.
 */
export class OutputRestorer implements vscode.Disposable {
  private readonly subscriptions: vscode.Disposable[];
  private readonly timers = new Map<vscode.NotebookDocument, NodeJS.Timeout>();
  private readonly restoring = new Map<vscode.NotebookDocument, Promise<void>>();
  /** notebooks whose outputs were lost while a run went on: they come back when it has ended */
  private readonly postponed = new WeakSet<vscode.NotebookDocument>();
  /** cells whose outputs a person cleared: they stay empty until the cell runs or the notebook is opened again */
  private readonly cleared = new WeakMap<vscode.NotebookDocument, Set<string>>();

  constructor(
    private readonly folders: RunFolders,
    private readonly controllers: Controllers,
    private readonly runs: Runs,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.soon(notebook)),
      vscode.window.onDidChangeVisibleNotebookEditors((editors) =>
        editors.forEach((editor) => this.soon(editor.notebook)),
      ),
      controllers.onDidSelect((notebook) => this.soon(notebook)),
      vscode.workspace.onDidChangeNotebookDocument((event) => {
        if (isTaskNotebook(event.notebook)) this.follow(event);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => {
        clearTimeout(this.timers.get(notebook));
        this.timers.delete(notebook);
      }),
      runs.onDidEnd(({ run }) => {
        if (this.postponed.delete(run.notebook)) this.soon(run.notebook);
      }),
    ];
    for (const editor of vscode.window.visibleNotebookEditors) this.soon(editor.notebook);
  }

  /** Shows the last outputs again, those that a person cleared too. */
  async restoreAll(notebook: vscode.NotebookDocument): Promise<void> {
    this.cleared.delete(notebook);
    await this.restore(notebook);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private soon(notebook: vscode.NotebookDocument): void {
    if (!isTaskNotebook(notebook) || notebook.isClosed) return;
    clearTimeout(this.timers.get(notebook));
    this.timers.set(
      notebook,
      setTimeout(() => {
        this.timers.delete(notebook);
        detach(this.log, 'Restoring outputs', this.restore(notebook));
      }, SETTLE_MS),
    );
  }

  private follow({
    notebook,
    contentChanges,
    cellChanges,
    metadata,
  }: vscode.NotebookDocumentChangeEvent): void {
    const added = contentChanges.flatMap(({ addedCells }) => [...addedCells]);
    for (const cell of added) this.cleared.get(notebook)?.delete(idOf(cell) ?? '');
    for (const { cell, outputs } of cellChanges)
      if (outputs !== undefined && outputs.length > 0) this.cleared.get(notebook)?.delete(idOf(cell) ?? '');
    const emptied = cellChanges.flatMap(({ cell, outputs }) =>
      outputs?.length === 0 ? (idOf(cell) ?? []) : [],
    );
    // Reading the file again, on Revert File or after an edit on disk, sets the document's metadata and empties the outputs
    // of cells that stayed the same; a person who clears outputs changes nothing else.
    const reread = metadata !== undefined || added.length > 0;
    if (!reread && !this.runs.of(notebook)) for (const id of emptied) this.clearedIn(notebook).add(id);
    if (added.length > 0 || (reread && emptied.length > 0)) this.soon(notebook);
  }

  private clearedIn(notebook: vscode.NotebookDocument): Set<string> {
    const found = this.cleared.get(notebook) ?? new Set<string>();
    this.cleared.set(notebook, found);
    return found;
  }

  /** One restore at a time per notebook; a second call waits for the first and looks again. */
  private async restore(notebook: vscode.NotebookDocument): Promise<void> {
    await this.restoring.get(notebook);
    const work = this.replay(notebook);
    this.restoring.set(notebook, work);
    await work.finally(() => this.restoring.delete(notebook));
  }

  private async replay(notebook: vscode.NotebookDocument): Promise<void> {
    if (notebook.isClosed) return;
    if (this.runs.of(notebook)) {
      this.postponed.add(notebook);
      return;
    }
    const empty = (): vscode.NotebookCell[] =>
      runnableCells(notebook).filter(
        (cell) => cell.outputs.length === 0 && !this.cleared.get(notebook)?.has(idOf(cell) ?? ''),
      );
    if (empty().length === 0) return;
    // The diff editor shows notebooks too, and no kernel can be selected there.
    if (!vscode.window.visibleNotebookEditors.some((editor) => editor.notebook === notebook)) return;
    const records = await this.folders.list(notebook);
    if (records.length === 0) return;
    const kind = await this.controllers.ensureSelected(notebook);
    const controller = this.controllers.get(kind);
    const { base } = await this.folders.folderOf(notebook);
    const latest = latestOutputs(records);
    const cells = empty();
    // A large notebook has hundreds of outputs: several at a time, those at the top first.
    for (let at = 0; at < cells.length; at += AT_ONCE) {
      const shown = await Promise.all(
        cells.slice(at, at + AT_ONCE).map(async (cell) => {
          const id = idOf(cell);
          const found = id === undefined ? undefined : latest.get(id);
          return id === undefined || !found || this.showRecorded(notebook, id, found, controller, base);
        }),
      );
      if (shown.includes(false)) return;
    }
  }

  /** Resolves to false where going on makes no sense. */
  private async showRecorded(
    notebook: vscode.NotebookDocument,
    id: string,
    { run, cell }: { run: RunRecord; cell: RecordedCell },
    controller: vscode.NotebookController,
    base: string | undefined,
  ): Promise<boolean> {
    const scene = await this.folders.preview(notebook, run, cell.preview);
    const now = findCell(notebook, id);
    if (this.runs.of(notebook)) this.postponed.add(notebook);
    if (!scene || !now || now.outputs.length > 0 || notebook.isClosed || this.runs.of(notebook)) return true;
    const output = sceneOutput(scene, {
      base: base === undefined ? undefined : `${base}/${run.name}`,
      run: runLabel(run),
      record: run.name,
      restored: true,
      key: cell.key,
    });
    try {
      const execution = controller.createNotebookCellExecution(now);
      execution.start();
      const shown = execution.replaceOutput(output);
      // Ended at once, which sends the output too: until then the cell counts as running, and Run All would leave it out.
      execution.end(undefined);
      await shown;
      return true;
    } catch {
      // The kernel changed or the cell began to run: whoever did that shows what is newer.
      return false;
    }
  }
}
