import * as vscode from 'vscode';
import type { Breakpoint } from '../../notebook/session/session-api.ts';
import { findCell, idOf, isTaskNotebook, runnableKindOf } from '../notebook/cells.ts';
import { detach, type Log } from '../support/log.ts';
import { lineOfBreakpoint, placeBreakpoint, type BreakpointCell } from './breakpoint-places.ts';

const MEMORY = 'waybook.breakpoints';
/** VS Code takes a deleted cell's breakpoints away before it tells that the cell is gone. */
const RECENT_MS = 5000;

interface Known {
  readonly cellUri: string;
  readonly breakpoint: Breakpoint;
}

/**
 * Keeps breakpoints on their waypoints. VS Code ties them to cell URIs, which are positions: an edit on disk gives
 * cells new ones, and a file that changed while it was closed has others. The names are (cell id, waypoint label).
 */
export class BreakpointKeeper implements vscode.Disposable {
  private readonly known = new Map<string, Known>();
  private readonly removed: (Known & { readonly at: number })[] = [];
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly memory: vscode.Memento,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.debug.onDidChangeBreakpoints(({ removed }) => {
        for (const breakpoint of removed) {
          const found = this.known.get(breakpoint.id);
          if (found) this.removed.push({ ...found, at: Date.now() });
        }
        this.note();
      }),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges }) => {
        if (!isTaskNotebook(notebook)) return;
        const gone = contentChanges.flatMap(({ removedCells }) =>
          removedCells.map((cell) => cell.document.uri.toString()),
        );
        if (gone.length > 0) this.moveFrom(notebook, new Set(gone));
      }),
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.compare(notebook)),
    ];
    this.note();
    for (const notebook of vscode.workspace.notebookDocuments) this.compare(notebook);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  /** Breakpoints of cells that are gone, set again where their names are now. */
  private moveFrom(notebook: vscode.NotebookDocument, gone: ReadonlySet<string>): void {
    const recent = this.removed.filter(({ at, cellUri }) => Date.now() - at < RECENT_MS && gone.has(cellUri));
    this.removed.length = 0;
    const left = [...this.known.values()].filter(({ cellUri }) => gone.has(cellUri));
    const wanted = [...recent, ...left].map(({ breakpoint }) => breakpoint);
    const orphans = vscode.debug.breakpoints.filter(
      (breakpoint) =>
        breakpoint instanceof vscode.SourceBreakpoint && gone.has(breakpoint.location.uri.toString()),
    );
    this.set(notebook, wanted, orphans);
  }

  /** On opening: what stands there must be what was there when it was last seen. */
  private compare(notebook: vscode.NotebookDocument): void {
    if (!isTaskNotebook(notebook)) return;
    const wanted = this.memory.get<Record<string, Breakpoint[]>>(MEMORY, {})[notebook.uri.toString()] ?? [];
    if (wanted.length === 0) return;
    const present = breakpointsIn(notebook);
    const names = (list: readonly Breakpoint[]): string =>
      JSON.stringify(list.map((b) => [b.cell, b.waypoint ?? '']).sort());
    if (names(present.map(({ name }) => name)) === names(wanted)) return;
    this.set(
      notebook,
      wanted,
      present.map(({ breakpoint }) => breakpoint),
    );
  }

  private set(
    notebook: vscode.NotebookDocument,
    wanted: readonly Breakpoint[],
    instead: readonly vscode.Breakpoint[],
  ): void {
    const added = wanted.flatMap((breakpoint) => {
      const cell = findCell(notebook, breakpoint.cell);
      const line = cell && lineOfBreakpoint(describeCell(cell), breakpoint);
      return cell && line !== undefined
        ? [new vscode.SourceBreakpoint(new vscode.Location(cell.document.uri, new vscode.Position(line, 0)))]
        : [];
    });
    if (added.length === 0 && instead.length === 0) return;
    vscode.debug.removeBreakpoints(instead);
    vscode.debug.addBreakpoints(added);
  }

  /** Remembers what stands where, in memory by VS Code's id and on disk by name. */
  private note(): void {
    const saved: Record<string, Breakpoint[]> = {
      ...this.memory.get<Record<string, Breakpoint[]>>(MEMORY, {}),
    };
    for (const notebook of vscode.workspace.notebookDocuments.filter(isTaskNotebook)) {
      const found = breakpointsIn(notebook);
      for (const { breakpoint, cellUri, name } of found)
        this.known.set(breakpoint.id, { cellUri, breakpoint: name });
      saved[notebook.uri.toString()] = found.map(({ name }) => name);
    }
    const present = new Set(vscode.debug.breakpoints.map(({ id }) => id));
    for (const id of this.known.keys()) if (!present.has(id)) this.known.delete(id);
    detach(this.log, 'Breakpoints', this.memory.update(MEMORY, saved));
  }
}

function breakpointsIn(
  notebook: vscode.NotebookDocument,
): { breakpoint: vscode.SourceBreakpoint; cellUri: string; name: Breakpoint }[] {
  const cells = new Map(notebook.getCells().map((cell) => [cell.document.uri.toString(), cell]));
  return vscode.debug.breakpoints.flatMap((breakpoint) => {
    if (!(breakpoint instanceof vscode.SourceBreakpoint)) return [];
    const cellUri = breakpoint.location.uri.toString();
    const cell = cells.get(cellUri);
    if (!cell || idOf(cell) === undefined) return [];
    const { breakpoint: name } = placeBreakpoint(describeCell(cell), breakpoint.location.range.start.line);
    return [{ breakpoint, cellUri, name }];
  });
}

export const describeCell = (cell: vscode.NotebookCell): BreakpointCell => ({
  id: idOf(cell) ?? '',
  isWaypoints: runnableKindOf(cell) === 'waypoints',
  text: cell.document.getText(),
});
