import * as vscode from 'vscode';
import type { Scene } from '../../core/scene.ts';
import type {
  Difference,
  HostToInspector,
  InspectorDocument,
  InspectorPlace,
} from '../../core/viewer-messages.ts';
import { attributesOf, findCell, runnableKindOf } from '../notebook/cells.ts';
import { outputMetadata, sceneOf } from '../outputs/cell-output.ts';
import type { RunFolders } from '../outputs/run-folders.ts';
import { runLabel } from '../outputs/run-label.ts';
import type { RunRecord } from '../outputs/run-records.ts';
import type { Staleness } from '../outputs/staleness.ts';
import type { Log } from '../support/log.ts';
import { compareFacts } from './compare-facts.ts';

/** What is laid over the scene that a panel shows. */
export interface Compared {
  readonly label: string;
  readonly scene: Scene;
  readonly differences: readonly Difference[];
}

/** Says by meaning what differs between two run folders; fails where no session can be asked. */
export type CompareRecords = (
  before: string,
  after: string,
) => Promise<readonly { text: string; cell?: string }[]>;

/** What a panel shows. */
export interface Shown {
  readonly notebook: vscode.NotebookDocument;
  readonly cell: string;
  /** shown from a record, and not what the cell shows now */
  readonly run?: RunRecord;
  /** shown instead of an output */
  readonly fixed?: Scene;
}

/** Gathers what a panel shows and compares with, from the outputs of cells and from records. */
export class InspectorDocuments {
  constructor(
    private readonly folders: RunFolders,
    private readonly staleness: Staleness,
    private readonly compareRecords: CompareRecords,
    private readonly log: Log,
  ) {}

  /** Undefined where there is nothing to show yet. */
  async of(shown: Shown, webview: vscode.Webview): Promise<InspectorDocument | undefined> {
    const { notebook, cell: id, run, fixed } = shown;
    const cell = findCell(notebook, id);
    if (fixed) {
      const under = cell ? this.captureOf(cell) : [];
      const base = await this.baseOf(webview, notebook, cell && recordOf(under, cell));
      return { title: fixed.title, cell: id, scenes: [...under, fixed], base, editable: false, runs: [] };
    }
    const records = await this.folders.list(notebook);
    const runs = records
      .filter((record) => record.cells.has(id))
      .map((record) => ({ id: record.name, label: runLabel(record) }));
    if (run) {
      const recorded = run.cells.get(id);
      const scene = recorded && (await this.folders.preview(notebook, run, recorded.preview));
      if (!scene) return undefined;
      return {
        title: scene.title,
        cell: id,
        scenes: [scene],
        base: await this.baseOf(webview, notebook, run.name),
        editable: false,
        runs,
        badge: vscode.l10n.t('From {0}', runLabel(run)),
        place: placeOf(shown),
      };
    }
    const scene = cell && sceneOf(cell);
    if (!cell || !scene) return undefined;
    const metadata = outputMetadata(cell);
    const stale = this.staleness.reason(notebook, id);
    const badge =
      stale !== undefined
        ? vscode.l10n.t('Stale: {0}', stale)
        : metadata?.restored
          ? vscode.l10n.t('From {0}', metadata.run ?? vscode.l10n.t('an earlier run'))
          : undefined;
    return {
      title: scene.title,
      cell: id,
      scenes: [...this.below(cell), scene],
      base: await this.baseOf(webview, notebook, metadata?.record),
      editable: runnableKindOf(cell) === 'waypoints',
      runs,
      badge,
      place: placeOf(shown),
    };
  }

  /** What an execute cell executes lies under it: the capture of its waypoints, where the scene has no cloud itself. */
  private below(cell: vscode.NotebookCell): Scene[] {
    const scene = sceneOf(cell);
    return !scene || scene.layers.some(({ kind }) => kind === 'cloud') ? [] : this.captureOf(cell);
  }

  private captureOf(cell: vscode.NotebookCell): Scene[] {
    const capture = attributesOf(cell)['capture'];
    const source = capture === undefined ? undefined : findCell(cell.notebook, capture);
    const found = source && sceneOf(source);
    return found ? [found] : [];
  }

  /** URL, ending in a slash, that the sidecars of a run are relative to. */
  async baseOf(
    webview: vscode.Webview,
    notebook: vscode.NotebookDocument,
    run: string | undefined,
  ): Promise<string> {
    const { folder } = await this.folders.folderOf(notebook);
    return `${webview.asWebviewUri(run === undefined ? folder : vscode.Uri.joinPath(folder, run)).toString()}/`;
  }

  /** Another run of the same cell, and what differs; without scenes where there is none. */
  async compared(
    shown: Shown,
    name: string | undefined,
    webview: vscode.Webview,
  ): Promise<Extract<HostToInspector, { type: 'compare' }>> {
    const none = { id: '', label: '' };
    const records = name === undefined ? [] : await this.folders.list(shown.notebook);
    const record = records.find((candidate) => candidate.name === name);
    const recorded = record?.cells.get(shown.cell);
    const scene =
      record && recorded && (await this.folders.preview(shown.notebook, record, recorded.preview));
    if (!record || !scene) {
      return { type: 'compare', run: none, scenes: [], base: '', differences: [] };
    }
    const cell = findCell(shown.notebook, shown.cell);
    const own = shown.run?.cells.get(shown.cell);
    const mine =
      shown.run && own
        ? await this.folders.preview(shown.notebook, shown.run, own.preview)
        : cell && sceneOf(cell);
    const left = shown.run?.name ?? (cell && outputMetadata(cell)?.record);
    return {
      type: 'compare',
      run: { id: record.name, label: runLabel(record) },
      scenes: [scene],
      base: await this.baseOf(webview, shown.notebook, record.name),
      differences: [
        ...(mine ? compareFacts(mine, scene) : []),
        ...(left === undefined ? [] : await this.byMeaning(shown, left, record.name)),
      ],
    };
  }

  /** What the records say; nothing where they cannot be read, since the pictures are compared all the same. */
  private async byMeaning({ notebook, cell }: Shown, a: string, b: string): Promise<Difference[]> {
    try {
      const { folder } = await this.folders.folderOf(notebook);
      const path = (name: string): string => vscode.Uri.joinPath(folder, name).fsPath;
      const found = await this.compareRecords(path(a), path(b));
      return found
        .filter((difference) => difference.cell === undefined || difference.cell === cell)
        .map(({ text }) => ({ name: text, left: '', right: '' }));
    } catch (error) {
      this.log.error('Compare', error);
      return [];
    }
  }
}

/** The run whose sidecars the scenes under a cell need. */
function recordOf(under: readonly Scene[], cell: vscode.NotebookCell): string | undefined {
  const source = under[0] && findCell(cell.notebook, under[0].cell);
  return source && outputMetadata(source)?.record;
}

/** Where a panel's output is found again; undefined where there is nothing to find. */
export function placeOf({ notebook, cell, run, fixed }: Shown): InspectorPlace | undefined {
  if (fixed || notebook.isUntitled) return undefined;
  return { notebook: notebook.uri.toString(), cell, ...(run ? { run: run.name } : {}) };
}
