import * as vscode from 'vscode';
import type { Scene } from '../../core/scene.ts';
import {
  parseInspectorToHost,
  type HostToInspector,
  type InspectorPlace,
  type InspectorToHost,
} from '../../core/viewer-messages.ts';
import { attributesOf, findCell, idOf, revealCell } from '../notebook/cells.ts';
import { nameOf } from '../notebook/notebook-text.ts';
import type { NotebookEdits } from '../notebook/notebook-edits.ts';
import { sceneOf } from '../outputs/cell-output.ts';
import type { RunFolders } from '../outputs/run-folders.ts';
import type { RunRecord } from '../outputs/run-records.ts';
import type { Staleness } from '../outputs/staleness.ts';
import type { Runs } from '../kernel/runs.ts';
import { locateWaypoints } from '../language/waypoint-locations.ts';
import { moveWaypoint } from '../plan/waypoint-edit.ts';
import { detach, type Log } from '../support/log.ts';
import { webviewPage } from '../support/webview-page.ts';
import type { ClosedPlaces } from './closed-places.ts';
import { CurrentWaypoint } from './current-waypoint.ts';
import {
  type Compared,
  type CompareRecords,
  InspectorDocuments,
  placeOf,
  type Shown,
} from './inspector-documents.ts';
import { INSPECTOR_TYPE } from './inspector-door.ts';
import { OwnSelections } from './own-selections.ts';

interface OpenInspector extends Shown {
  readonly panel: vscode.WebviewPanel;
  /** to compare with as soon as it shows */
  readonly first?: Compared | RunRecord;
  ready: boolean;
  /** it has been given something to show */
  shown: boolean;
  readonly own: OwnSelections;
}

/** What a panel is for; the rest of it comes with being opened. */
type Wanted = Omit<OpenInspector, 'panel' | 'ready' | 'shown' | 'own'>;

/** Panels beside the editor that show one output large: layers, time, plots, comparison, editing. */
export class Inspectors implements vscode.Disposable {
  private readonly open_ = new Set<OpenInspector>();
  private readonly current = new CurrentWaypoint();
  /** The window is left: panels that go now are not closed by a person. */
  private isDisposed = false;
  private readonly documents: InspectorDocuments;
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly dist: vscode.Uri,
    private readonly storage: vscode.Uri,
    private readonly edits: NotebookEdits,
    private readonly folders: RunFolders,
    staleness: Staleness,
    runs: Runs,
    compareRecords: CompareRecords,
    private readonly closed: ClosedPlaces,
    private readonly log: Log,
  ) {
    this.documents = new InspectorDocuments(folders, staleness, compareRecords, log);
    this.subscriptions = [
      runs.onEvent(({ run, event }) => {
        if (event.kind === 'output') this.refresh(run.notebook, event.cell);
        if (event.kind === 'paused') {
          for (const open of this.of(run.notebook)) {
            this.post(open, { type: 'follow', active: true });
            if (event.waypoint) this.post(open, { type: 'select', waypoint: event.waypoint.index });
          }
        }
        if (event.kind === 'resumed')
          for (const open of this.of(run.notebook)) this.post(open, { type: 'follow', active: false });
      }),
      // After a reload a panel may be there before its cell's output is.
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, cellChanges }) => {
        const outputs = cellChanges.filter((change) => change.outputs !== undefined);
        for (const open of outputs.length > 0 ? this.of(notebook) : []) {
          const isOurs = outputs.some(({ cell }) => idOf(cell) === open.cell);
          if (isOurs && !open.shown) detach(this.log, 'Inspector', this.show(open));
        }
      }),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) =>
        this.follow(textEditor.document, selections[0]),
      ),
    ];
  }

  /** Opens the output of a cell, or brings its panel to the front. */
  async open(cell: vscode.NotebookCell): Promise<void> {
    const id = idOf(cell);
    if (id === undefined || !sceneOf(cell)) {
      void vscode.window.showInformationMessage(vscode.l10n.t('This cell has no output yet. Run it first.'));
      return;
    }
    const existing = [...this.open_].find(
      (open) => open.notebook === cell.notebook && open.cell === id && !open.run && !open.fixed,
    );
    if (existing) {
      existing.panel.reveal();
      return;
    }
    this.create({ notebook: cell.notebook, cell: id });
  }

  /** Opens what a run recorded, in the cell whose trajectory it executed or refined last. */
  async openRun(notebook: vscode.NotebookDocument, run: RunRecord): Promise<void> {
    const cell = [...run.cells.keys()].at(-1);
    if (cell === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t('This run recorded no output.'));
      return;
    }
    this.create({ notebook, cell, run });
  }

  async compareRuns(notebook: vscode.NotebookDocument, run: RunRecord, other: RunRecord): Promise<void> {
    const cell = [...run.cells.keys()].filter((id) => other.cells.has(id)).at(-1);
    if (cell === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t('The two runs have no cell in common.'));
      return;
    }
    this.create({ notebook, cell, run, first: other });
  }

  /**
   * Fills a panel that was there before the window was reloaded; closes it where its notebook or run is gone, or where a person had
   * closed it before.
   */
  async revive(panel: vscode.WebviewPanel, place: InspectorPlace): Promise<void> {
    const { notebook: uri, cell, run: name } = place;
    if (this.closed.has(place)) {
      panel.dispose();
      return;
    }
    try {
      const notebook = await vscode.workspace.openNotebookDocument(vscode.Uri.parse(uri, true));
      const records = name === undefined ? [] : await this.folders.list(notebook);
      const run = records.find((record) => record.name === name);
      if (name !== undefined && !run) throw new Error(`There is no run ${name} any more.`);
      this.adopt(panel, { notebook, cell, ...(run ? { run } : {}) });
    } catch (error) {
      this.log.error('Inspector', error);
      panel.dispose();
    }
  }

  openCompared(notebook: vscode.NotebookDocument, cell: string, scene: Scene, other: Compared): void {
    this.create({ notebook, cell, fixed: scene, first: other });
  }

  dispose(): void {
    this.isDisposed = true;
    this.current.dispose();
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const { panel } of this.open_) panel.dispose();
  }

  private create(what: Wanted): void {
    const { notebook, cell } = what;
    const stem = nameOf(notebook).replace(/\.waybook\.md$/, '');
    const title = vscode.l10n.t('Inspector: {0} #{1}', stem, cell);
    const panel = vscode.window.createWebviewPanel(
      INSPECTOR_TYPE,
      title,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: false },
      // The view holds a point cloud and a camera that would be lost with each change of tab.
      { retainContextWhenHidden: true },
    );
    this.adopt(panel, what);
  }

  private adopt(panel: vscode.WebviewPanel, what: Wanted): void {
    const { notebook } = what;
    const folder = vscode.Uri.joinPath(notebook.uri, '..');
    panel.webview.options = {
      enableScripts: true,
      localResourceRoots: [this.dist, this.storage, ...(notebook.isUntitled ? [] : [folder])],
    };
    const open: OpenInspector = { ...what, panel, ready: false, shown: false, own: new OwnSelections() };
    this.open_.add(open);
    const place = placeOf(open);
    if (place) detach(this.log, 'Inspector', this.closed.opened(place));
    panel.onDidDispose(() => {
      this.open_.delete(open);
      if (place && !this.isDisposed) detach(this.log, 'Inspector', this.closed.closed(place));
    });
    panel.webview.onDidReceiveMessage((value: unknown) => {
      const message = parseInspectorToHost(value);
      if (message) detach(this.log, 'Inspector', this.receive(open, message));
    });
    panel.webview.html = webviewPage(panel.webview, this.dist, 'inspector.mjs', panel.title);
  }

  private async receive(open: OpenInspector, message: InspectorToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        open.ready = true;
        await this.show(open);
        if (open.first) await this.begin(open, open.first);
        return;
      case 'select':
        await this.selectInText(open, message.cell, message.waypoint);
        return;
      case 'current': {
        const cell = findCell(open.notebook, message.cell);
        if (cell) this.current.mark(cell, message.waypoint);
        return;
      }
      case 'edit': {
        const refused = await moveWaypoint(this.edits, open.notebook, message);
        if (refused !== undefined) {
          void vscode.window.showWarningMessage(refused);
          await this.show(open);
        }
        return;
      }
      case 'pin': {
        const { type: _type, cell: _cell, ...pin } = message;
        await vscode.commands.executeCommand('waybook.pinName', pin, open.notebook.uri.toString());
        return;
      }
      case 'compare':
        await this.compare(open, message.run);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'reveal': {
        const cell = findCell(open.notebook, message.cell);
        if (cell) await revealCell(cell);
        return;
      }
      case 'screenshot':
        await this.saveScreenshot(open, message.png);
        return;
      case 'seek':
        return;
    }
  }

  private async show(open: OpenInspector): Promise<void> {
    if (!open.ready) return;
    const document = await this.documents.of(open, open.panel.webview);
    if (!document) return;
    open.shown = true;
    this.post(open, { type: 'show', document });
  }

  private async begin(open: OpenInspector, first: Compared | RunRecord): Promise<void> {
    if ('name' in first) {
      await this.compare(open, first.name);
      return;
    }
    const { label, scene, differences } = first;
    const base = await this.documents.baseOf(open.panel.webview, open.notebook, undefined);
    this.post(open, { type: 'compare', run: { id: label, label }, scenes: [scene], base, differences });
  }

  private refresh(notebook: vscode.NotebookDocument, cell: string): void {
    for (const open of this.of(notebook)) {
      const shown = findCell(notebook, open.cell);
      const related =
        open.cell === cell || (shown !== undefined && attributesOf(shown)['trajectory'] === cell);
      if (related && !open.run && !open.fixed) detach(this.log, 'Inspector', this.show(open));
    }
  }

  private async compare(open: OpenInspector, name: string | undefined): Promise<void> {
    this.post(open, await this.documents.compared(open, name, open.panel.webview));
  }

  /** A line of JSON with the cursor in it and its waypoint in 3D light up together. */
  private follow(document: vscode.TextDocument, selection: vscode.Selection | undefined): void {
    if (!selection || this.open_.size === 0 || document.uri.scheme !== 'vscode-notebook-cell') return;
    for (const open of this.open_) {
      const cell = open.notebook.getCells().find((candidate) => candidate.document === document);
      if (!cell || idOf(cell) !== open.cell) continue;
      const offset = document.offsetAt(selection.active);
      if (selection.isEmpty && open.own.take(offset)) continue;
      const found = locateWaypoints(document.getText()).find(
        ({ span }) => offset >= span.start && offset <= span.end,
      );
      this.post(open, { type: 'select', waypoint: found?.index ?? -1 });
    }
  }

  private async selectInText(open: OpenInspector, id: string, waypoint: number): Promise<void> {
    const cell = findCell(open.notebook, id);
    const found = cell && locateWaypoints(cell.document.getText())[waypoint];
    if (!cell || !found) return;
    const editor = vscode.window.visibleTextEditors.find(({ document }) => document === cell.document);
    if (!editor) return;
    const { document } = cell;
    const range = new vscode.Range(
      document.positionAt(found.span.start),
      document.positionAt(found.span.end),
    );
    if (!editor.selection.isEmpty || !editor.selection.active.isEqual(range.start))
      open.own.put(found.span.start);
    editor.selection = new vscode.Selection(range.start, range.start);
    editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  }

  private async saveScreenshot({ notebook, cell }: OpenInspector, png: string): Promise<void> {
    const base64 = /^(?:data:image\/png;base64,)?([A-Za-z0-9+/=]+)$/.exec(png)?.[1];
    if (base64 === undefined) return;
    const name = `${nameOf(notebook).replace(/\.waybook\.md$/, '')}-${cell}.png`;
    const target = await vscode.window.showSaveDialog({
      defaultUri: notebook.isUntitled ? undefined : vscode.Uri.joinPath(notebook.uri, '..', name),
      filters: { PNG: ['png'] },
    });
    if (target) await vscode.workspace.fs.writeFile(target, Buffer.from(base64, 'base64'));
  }

  private of(notebook: vscode.NotebookDocument): OpenInspector[] {
    return [...this.open_].filter((open) => open.notebook === notebook);
  }

  private post(open: OpenInspector, message: HostToInspector): void {
    if (open.ready) void open.panel.webview.postMessage(message);
  }
}
