import * as vscode from 'vscode';
import { parseInspectorPlace } from '../../core/viewer-messages.ts';
import type { RunRecord } from '../outputs/run-records.ts';
import type { Scene } from '../../core/scene.ts';
import type { Compared } from './inspector-documents.ts';
import type { Inspectors } from './inspectors.ts';

/** Type of the panels, by which VS Code knows one again. */
export const INSPECTOR_TYPE = 'waybook.inspector';

/** Opens inspectors; their code is loaded with the first one. */
export class InspectorDoor implements vscode.Disposable {
  private loading: Promise<Inspectors> | undefined;
  private loaded: Inspectors | undefined;

  /** Panels that were open when the window was reloaded come back with what they showed. */
  private readonly revival = vscode.window.registerWebviewPanelSerializer(INSPECTOR_TYPE, {
    deserializeWebviewPanel: async (panel, state: unknown) => {
      const stored = typeof state === 'object' && state !== null ? (state as { place?: unknown }) : {};
      const place = parseInspectorPlace(stored.place);
      if (place) await (await this.inspectors()).revive(panel, place);
      else panel.dispose();
    },
  });

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
    this.revival.dispose();
    this.loaded?.dispose();
  }

  private async inspectors(): Promise<Inspectors> {
    this.loading ??= this.load();
    this.loaded = await this.loading;
    return this.loaded;
  }
}
