import * as vscode from 'vscode';
import type { SessionFailure } from '../../notebook/session/session-api.ts';
import type { Finding } from '../../notebook/file/document.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { WaybookError } from '../../core/errors.ts';
import { findCell, idOf, isTaskNotebook, runnableCells } from '../notebook/cells.ts';
import { nameOf, textOf } from '../notebook/notebook-text.ts';
import type { Runs } from '../kernel/runs.ts';
import { detach, type Log } from '../support/log.ts';
import { locateWaypoints } from './waypoint-locations.ts';

const DELAY_MS = 400;
const SOURCE = 'waybook';

/** Findings of the check and failures of runs, in the Problems view and under the text that they mean. */
export class CellDiagnostics implements vscode.Disposable {
  private readonly findings = vscode.languages.createDiagnosticCollection('waybook');
  private readonly failures = vscode.languages.createDiagnosticCollection('waybook-run');
  private readonly timers = new Map<vscode.NotebookDocument, NodeJS.Timeout>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    runs: Runs,
    private readonly log: Log,
  ) {
    this.subscriptions = [
      vscode.workspace.onDidOpenNotebookDocument((notebook) => this.soon(notebook)),
      vscode.workspace.onDidChangeNotebookDocument(({ notebook, contentChanges, cellChanges, metadata }) => {
        const onlyOutputs =
          contentChanges.length === 0 &&
          metadata === undefined &&
          cellChanges.every((change) => change.document === undefined && change.metadata === undefined);
        if (!onlyOutputs) this.soon(notebook);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document }) => {
        if (document.uri.scheme !== 'vscode-notebook-cell') return;
        this.failures.delete(document.uri);
      }),
      vscode.workspace.onDidCloseNotebookDocument((notebook) => this.forget(notebook)),
      runs.onEvent(({ run, event }) => {
        if (event.kind === 'cell-started')
          this.failures.delete(findCell(run.notebook, event.cell)?.document.uri ?? run.notebook.uri);
        if (event.kind === 'cell-ended' && event.failure) this.show(run.notebook, event.cell, event.failure);
      }),
      this.findings,
      this.failures,
    ];
    for (const notebook of vscode.workspace.notebookDocuments) this.soon(notebook);
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
    for (const timer of this.timers.values()) clearTimeout(timer);
  }

  private soon(notebook: vscode.NotebookDocument): void {
    if (!isTaskNotebook(notebook)) return;
    clearTimeout(this.timers.get(notebook));
    this.timers.set(
      notebook,
      setTimeout(() => {
        this.timers.delete(notebook);
        detach(this.log, 'Check', this.check(notebook));
      }, DELAY_MS),
    );
  }

  private async check(notebook: vscode.NotebookDocument): Promise<void> {
    const { checkNotebook } = await import('../../notebook/file/check-notebook.ts');
    if (notebook.isClosed) return;
    const text = textOf(notebook);
    let found: readonly Finding[];
    let bodyLines: number[] = [];
    try {
      const document = readNotebook(text, nameOf(notebook));
      bodyLines = document.cells.filter(({ kind }) => kind !== 'markdown').map(({ bodyLine }) => bodyLine);
      found = checkNotebook(text, nameOf(notebook));
    } catch (error) {
      if (!(error instanceof WaybookError)) {
        this.log.error('Check', error);
        return;
      }
      found = [
        { severity: 'error', code: error.code, message: error.message, line: error.details.place?.line ?? 1 },
      ];
    }
    const byUri = new Map<string, { uri: vscode.Uri; list: vscode.Diagnostic[] }>();
    const cells = runnableCells(notebook);
    for (const cell of cells) byUri.set(cell.document.uri.toString(), { uri: cell.document.uri, list: [] });
    byUri.set(notebook.uri.toString(), { uri: notebook.uri, list: [] });
    for (const finding of found) {
      const place = placeOf(finding, bodyLines, cells);
      const uri = place.cell?.document.uri ?? notebook.uri;
      const diagnostic = new vscode.Diagnostic(
        place.range,
        finding.message,
        finding.severity === 'error' ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
      );
      diagnostic.source = SOURCE;
      diagnostic.code = finding.code;
      byUri.get(uri.toString())?.list.push(diagnostic);
    }
    this.findings.set([...byUri.values()].map(({ uri, list }) => [uri, list]));
  }

  private show(notebook: vscode.NotebookDocument, id: string, failure: SessionFailure): void {
    const { place, hint } = failure.details;
    const named = place?.cell === undefined ? undefined : findCell(notebook, place.cell);
    const cell = named ?? findCell(notebook, id);
    if (!cell) return;
    const { document } = cell;
    const waypoint =
      place?.waypoint === undefined ? undefined : locateWaypoints(document.getText())[place.waypoint];
    const span = waypoint?.position ?? waypoint?.span;
    const range = span
      ? new vscode.Range(document.positionAt(span.start), document.positionAt(span.end))
      : document.lineAt(0).range;
    const diagnostic = new vscode.Diagnostic(
      range,
      [failure.message, hint].filter(Boolean).join(' '),
      vscode.DiagnosticSeverity.Error,
    );
    diagnostic.source = SOURCE;
    diagnostic.code = failure.code;
    this.failures.set(document.uri, [diagnostic]);
  }

  private forget(notebook: vscode.NotebookDocument): void {
    clearTimeout(this.timers.get(notebook));
    this.timers.delete(notebook);
    this.findings.delete(notebook.uri);
    for (const cell of notebook.getCells()) {
      this.findings.delete(cell.document.uri);
      this.failures.delete(cell.document.uri);
    }
  }
}

/** Lines of the file to a place in a cell: the runnable cells of both are the same, in the same order. */
function placeOf(
  { line, column = 1, endLine, endColumn, cell: id }: Finding,
  bodyLines: readonly number[],
  cells: readonly vscode.NotebookCell[],
): { cell?: vscode.NotebookCell; range: vscode.Range } {
  const named = id === undefined ? -1 : cells.findIndex((cell) => idOf(cell) === id);
  let index = named;
  if (index < 0) bodyLines.forEach((bodyLine, i) => (index = line >= bodyLine - 1 ? i : index));
  const cell = cells[index];
  const first = bodyLines[index];
  if (!cell || first === undefined) return { range: new vscode.Range(line - 1, 0, line - 1, 1000) };
  const inCell = line - first;
  if (inCell >= cell.document.lineCount) return { range: new vscode.Range(line - 1, 0, line - 1, 1000) };
  if (inCell < 0) return { cell, range: cell.document.lineAt(0).range };
  const start = new vscode.Position(inCell, Math.max(0, column - 1));
  const end =
    endLine === undefined
      ? cell.document.lineAt(inCell).range.end
      : new vscode.Position(endLine - first, Math.max(0, (endColumn ?? 1) - 1));
  return { cell, range: cell.document.validateRange(new vscode.Range(start, end)) };
}
