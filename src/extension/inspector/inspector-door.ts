import type * as vscode from 'vscode';
import type { RunRecord } from '../outputs/run-records.ts';
import type { Scene } from '../../core/scene.ts';
import type { Compared, Inspectors } from './inspectors.ts';

/** Opens inspectors; their code is loaded with the first one. */
export class InspectorDoor implements vscode.Disposable {
  private loading: Promise<Inspectors> | undefined;
  private loaded: Inspectors | undefined;

  constructor(private readonly load: () => Promise<Inspectors>) {}

  /** Opens the output of a cell, or brings its panel to the front. */
  async open(cell: vscode.NotebookCell): Promise<void> {
    await (await this.inspectors()).open(cell);
  }

  /** Opens what a run recorded. */
  async openRun(notebook: vscode.NotebookDocument, run: RunRecord): Promise<void> {
    await (await this.inspectors()).openRun(notebook, run);
  }

  /** Opens what a run recorded with another run over it. */
  async compareRuns(notebook: vscode.NotebookDocument, run: RunRecord, other: RunRecord): Promise<void> {
    await (await this.inspectors()).compareRuns(notebook, run, other);
  }

  /** Opens a scene of a cell with another over it, and a list of what differs. */
  async openCompared(
    notebook: vscode.NotebookDocument,
    cell: string,
    scene: Scene,
    other: Compared,
  ): Promise<void> {
    (await this.inspectors()).openCompared(notebook, cell, scene, other);
  }

  dispose(): void {
    this.loaded?.dispose();
  }

  private async inspectors(): Promise<Inspectors> {
    this.loading ??= this.load();
    this.loaded = await this.loading;
    return this.loaded;
  }
}
