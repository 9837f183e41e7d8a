import * as vscode from 'vscode';
import { isTaskNotebook, NOTEBOOK_TYPE, runnableCells } from '../notebook/cells.ts';
import { RUNNABLE_LANGUAGES } from '../notebook/cell-data.ts';
import type { ControllerKind, Runs } from './runs.ts';

const EXTENSION_ID = 'waybook.waybook';
const IDS: Record<ControllerKind, string> = { simulator: 'waybook-simulator', robot: 'waybook-robot' };

/**
 * The two kernels: the kernel picker is the target picker. Simulator is selected where nothing is; Robot only ever
 * by a person.
 */
export class Controllers implements vscode.Disposable {
  private readonly controllers: Record<ControllerKind, vscode.NotebookController>;
  private readonly selected = new WeakMap<vscode.NotebookDocument, ControllerKind>();
  private readonly selections = new vscode.EventEmitter<vscode.NotebookDocument>();
  private readonly subscriptions: vscode.Disposable[] = [this.selections];
  readonly onDidSelect = this.selections.event;

  constructor(private readonly runs: Runs) {
    this.controllers = {
      simulator: this.create(
        'simulator',
        vscode.l10n.t('Simulator'),
        vscode.l10n.t('The built-in physics simulator; it starts by itself'),
      ),
      robot: this.create(
        'robot',
        vscode.l10n.t('Robot'),
        vscode.l10n.t('The robot configured on this machine; starts as monitor only'),
      ),
    };
    for (const notebook of vscode.workspace.notebookDocuments) this.prefer(notebook);
    this.subscriptions.push(vscode.workspace.onDidOpenNotebookDocument((notebook) => this.prefer(notebook)));
  }

  /** Which kernel a notebook has; undefined before one is selected. */
  kindOf(notebook: vscode.NotebookDocument): ControllerKind | undefined {
    return this.selected.get(notebook);
  }

  get(kind: ControllerKind): vscode.NotebookController {
    return this.controllers[kind];
  }

  /** Selects Simulator where nothing is selected. Affinity alone selects nothing, and the first Run would ask. */
  async ensureSelected(notebook: vscode.NotebookDocument): Promise<ControllerKind> {
    // Any answer from the window comes after the selection that it remembers for this notebook.
    await vscode.commands.executeCommand('setContext', 'waybook.ready', true);
    const known = this.selected.get(notebook);
    if (known) return known;
    const editor = vscode.window.visibleNotebookEditors.find((e) => e.notebook === notebook);
    if (editor) await this.select(editor, 'simulator');
    return this.selected.get(notebook) ?? 'simulator';
  }

  async select(editor: vscode.NotebookEditor, kind: ControllerKind): Promise<void> {
    await vscode.commands.executeCommand('notebook.selectKernel', {
      notebookEditor: editor,
      id: IDS[kind],
      extension: EXTENSION_ID,
    });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    this.controllers.simulator.dispose();
    this.controllers.robot.dispose();
  }

  private create(kind: ControllerKind, label: string, description: string): vscode.NotebookController {
    const controller = vscode.notebooks.createNotebookController(IDS[kind], NOTEBOOK_TYPE, label);
    controller.description = description;
    controller.supportedLanguages = [...RUNNABLE_LANGUAGES];
    controller.supportsExecutionOrder = true;
    controller.executeHandler = async (cells, notebook) => {
      await this.runs.start({
        notebook,
        controller,
        kind,
        cells: isEverything(cells, notebook) ? undefined : cells,
      });
    };
    this.subscriptions.push(
      controller.onDidChangeSelectedNotebooks(({ notebook, selected }) => {
        if (!selected && this.selected.get(notebook) !== kind) return;
        if (selected) this.selected.set(notebook, kind);
        else this.selected.delete(notebook);
        this.selections.fire(notebook);
      }),
    );
    return controller;
  }

  private prefer(notebook: vscode.NotebookDocument): void {
    if (isTaskNotebook(notebook)) {
      this.controllers.simulator.updateNotebookAffinity(
        notebook,
        vscode.NotebookControllerAffinity.Preferred,
      );
    }
  }
}

/** Run All comes as a call with every runnable cell. */
const isEverything = (cells: readonly vscode.NotebookCell[], notebook: vscode.NotebookDocument): boolean =>
  runnableCells(notebook).every((cell) => cells.includes(cell));
