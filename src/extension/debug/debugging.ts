import * as vscode from 'vscode';
import type { Breakpoint } from '../../notebook/session/session-api.ts';
import { currentNotebook, findCell, idOf, isTaskNotebook, runnableKindOf } from '../notebook/cells.ts';
import type { Controllers } from '../kernel/controllers.ts';
import type { Runs } from '../kernel/runs.ts';
import type { Log } from '../support/log.ts';
import { detach } from '../support/log.ts';
import { lineOfBreakpoint, placeBreakpoint } from './breakpoint-places.ts';
import { WaybookDebugAdapter } from './debug-adapter.ts';

const TYPE = 'waybook';
const MEMORY = 'waybook.breakpoints';

/** Debugging of task notebooks, and breakpoints that survive a cell's change of URI. */
export class Debugging
  implements vscode.DebugAdapterDescriptorFactory, vscode.DebugConfigurationProvider, vscode.Disposable
{
  private readonly subscriptions: vscode.Disposable[];
  /** notebook URI -> breakpoints by the names that survive */
  private readonly remembered: Map<string, Breakpoint[]>;

  constructor(
    private readonly runs: Runs,
    private readonly controllers: Controllers,
    private readonly memory: vscode.Memento,
    private readonly log: Log,
  ) {
    this.remembered = new Map(Object.entries(memory.get<Record<string, Breakpoint[]>>(MEMORY, {})));
    this.subscriptions = [
      vscode.debug.registerDebugAdapterDescriptorFactory(TYPE, this),
      vscode.debug.registerDebugConfigurationProvider(TYPE, this),
      vscode.debug.onDidChangeBreakpoints((event) => {
        if (event.added.length + event.removed.length + event.changed.length > 0) this.remember();
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (isTaskNotebook(notebook) && contentChanges.length > 0) this.setAgain(notebook);
      }),
      vscode.workspace.onDidOpenNotebookDocument(
        (notebook) => isTaskNotebook(notebook) && this.setAgain(notebook),
      ),
    ];
  }

  resolveDebugConfiguration(
    _folder: vscode.WorkspaceFolder | undefined,
    configuration: vscode.DebugConfiguration,
  ): vscode.DebugConfiguration | undefined {
    const notebook =
      typeof configuration['notebook'] === 'string'
        ? configuration['notebook']
        : currentNotebook()?.uri.toString();
    if (notebook === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t('Open a task notebook to debug it.'));
      return undefined;
    }
    return {
      ...configuration,
      type: TYPE,
      request: 'launch',
      name: configuration.name || 'Waybook',
      notebook,
    };
  }

  async createDebugAdapterDescriptor(session: vscode.DebugSession): Promise<vscode.DebugAdapterDescriptor> {
    const named = String(session.configuration['notebook']);
    const uri = named.includes(':') ? vscode.Uri.parse(named) : vscode.Uri.file(named);
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    const kind = await this.controllers.ensureSelected(notebook);
    const { runs } = this;
    return new vscode.DebugAdapterInlineImplementation(
      new WaybookDebugAdapter({
        notebook,
        runs,
        launch: (breakpoints, stepping) =>
          runs.start({ notebook, kind, controller: this.controllers.get(kind), breakpoints, stepping }),
      }),
    );
  }

  async start(notebook: vscode.NotebookDocument, stopOnEntry = false): Promise<void> {
    await vscode.debug.startDebugging(
      vscode.workspace.getWorkspaceFolder(notebook.uri),
      {
        type: TYPE,
        request: 'launch',
        name: vscode.l10n.t('Task notebook'),
        notebook: notebook.uri.toString(),
        stopOnEntry,
      },
      { suppressSaveBeforeStart: true },
    );
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Notes every breakpoint by (cell id, waypoint label). */
  private remember(): void {
    for (const notebook of vscode.workspace.notebookDocuments.filter(isTaskNotebook)) {
      const found = this.breakpointsIn(notebook).flatMap(({ cell, breakpoint }) => {
        const id = idOf(cell);
        if (id === undefined) return [];
        const place = placeBreakpoint(
          { id, isWaypoints: runnableKindOf(cell) === 'waypoints', text: cell.document.getText() },
          breakpoint.location.range.start.line,
        );
        return [place.breakpoint];
      });
      const orphans = this.orphansOf(notebook);
      if (found.length > 0 || orphans.length === 0) this.remembered.set(notebook.uri.toString(), found);
    }
    detach(this.log, 'Breakpoints', this.memory.update(MEMORY, Object.fromEntries(this.remembered)));
  }

  /** After a reload or an edit on disk the cells are others: moves their breakpoints to where they belong now. */
  private setAgain(notebook: vscode.NotebookDocument): void {
    const orphans = this.orphansOf(notebook);
    const wanted = this.remembered.get(notebook.uri.toString()) ?? [];
    if (orphans.length === 0 || wanted.length === 0) return;
    const present = this.breakpointsIn(notebook).map(
      ({ cell, breakpoint }) => `${idOf(cell) ?? ''}:${breakpoint.location.range.start.line}`,
    );
    const restored = wanted.flatMap((breakpoint) => {
      const cell = findCell(notebook, breakpoint.cell);
      const line =
        cell &&
        lineOfBreakpoint(
          {
            id: breakpoint.cell,
            isWaypoints: runnableKindOf(cell) === 'waypoints',
            text: cell.document.getText(),
          },
          breakpoint,
        );
      if (!cell || line === undefined || present.includes(`${breakpoint.cell}:${line}`)) return [];
      return [
        new vscode.SourceBreakpoint(new vscode.Location(cell.document.uri, new vscode.Position(line, 0))),
      ];
    });
    detach(
      this.log,
      'Breakpoints',
      Promise.resolve().then(() => {
        vscode.debug.removeBreakpoints(orphans);
        vscode.debug.addBreakpoints(restored);
      }),
    );
  }

  private breakpointsIn(
    notebook: vscode.NotebookDocument,
  ): { cell: vscode.NotebookCell; breakpoint: vscode.SourceBreakpoint }[] {
    const cells = new Map(notebook.getCells().map((cell) => [cell.document.uri.toString(), cell]));
    return vscode.debug.breakpoints.flatMap((breakpoint) => {
      if (!(breakpoint instanceof vscode.SourceBreakpoint)) return [];
      const cell = cells.get(breakpoint.location.uri.toString());
      return cell ? [{ cell, breakpoint }] : [];
    });
  }

  /** Breakpoints that name a cell of this notebook which is there no more. */
  private orphansOf(notebook: vscode.NotebookDocument): vscode.SourceBreakpoint[] {
    const present = new Set(notebook.getCells().map((cell) => cell.document.uri.toString()));
    return vscode.debug.breakpoints.filter(
      (breakpoint): breakpoint is vscode.SourceBreakpoint =>
        breakpoint instanceof vscode.SourceBreakpoint &&
        breakpoint.location.uri.scheme === 'vscode-notebook-cell' &&
        breakpoint.location.uri.path === notebook.uri.path &&
        !present.has(breakpoint.location.uri.toString()),
    );
  }
}
