import * as vscode from 'vscode';
import { parseRendererToHost, type HostToRenderer } from '../../core/viewer-messages.ts';
import { findCell, idOf, isTaskNotebook } from '../notebook/cells.ts';
import { locateWaypoints } from '../language/waypoint-locations.ts';
import type { Runs } from '../kernel/runs.ts';
import type { Staleness } from '../outputs/staleness.ts';
import { detach, type Log } from '../support/log.ts';
import type { FailedCells } from '../language/failed-cells.ts';
import { applyFix, refusalFixes } from '../language/refusal-fixes.ts';
import { CurrentWaypoint } from './current-waypoint.ts';
import type { InspectorDoor } from './inspector-door.ts';

/** The renderer under the cells and the rest of the editor show the same selection. */
export function connectRenderer(
  inspectors: InspectorDoor,
  runs: Runs,
  staleness: Staleness,
  failed: FailedCells,
  log: Log,
): vscode.Disposable {
  const current = new CurrentWaypoint();
  const messaging = vscode.notebooks.createRendererMessaging('waybook-scene');
  const post = (notebook: vscode.NotebookDocument, message: HostToRenderer): void => {
    const editor = vscode.window.visibleNotebookEditors.find((candidate) => candidate.notebook === notebook);
    if (editor) detach(log, 'Renderer', messaging.postMessage(message, editor));
  };
  const badges = new Map<string, string | undefined>();
  const showBadges = (): void => {
    for (const { notebook } of vscode.window.visibleNotebookEditors) {
      if (!isTaskNotebook(notebook)) continue;
      for (const cell of notebook.getCells()) {
        const id = idOf(cell);
        if (id === undefined || cell.outputs.length === 0) continue;
        const reason = staleness.reason(notebook, id);
        const badge = reason === undefined ? undefined : vscode.l10n.t('Stale: {0}', reason);
        const key = `${notebook.uri.toString()}#${id}`;
        if (badges.get(key) === badge) continue;
        badges.set(key, badge);
        post(notebook, { type: 'badge', cell: id, ...(badge === undefined ? {} : { badge }) });
      }
    }
  };
  /** A refusal explains itself: its waypoint stands out in 3D, and its buttons are there. */
  const explain = (cell: vscode.NotebookCell): void => {
    const id = idOf(cell);
    if (id === undefined) return;
    const waypoint = failed.get(cell.notebook, id)?.details.place?.waypoint;
    if (waypoint !== undefined) post(cell.notebook, { type: 'select', cell: id, waypoint });
    post(cell.notebook, { type: 'fixes', cell: id, fixes: refusalFixes(failed, cell) });
  };
  return vscode.Disposable.from(
    current,
    staleness.onDidChange(showBadges),
    messaging.onDidReceiveMessage(({ editor, message: value }) => {
      const message = parseRendererToHost(value);
      const cell =
        message && isTaskNotebook(editor.notebook) ? findCell(editor.notebook, message.cell) : undefined;
      if (!message || !cell) return;
      switch (message.type) {
        case 'inspect':
          detach(log, 'Inspector', inspectors.open(cell));
          return;
        case 'select':
          select(cell, message.waypoint);
          return;
        case 'refused':
          explain(cell);
          return;
        case 'fix':
          detach(log, 'Fix', applyFix(failed, cell, message.fix));
          return;
        case 'current':
          current.mark(cell, message.waypoint);
          return;
      }
    }),
    runs.onEvent(({ run, event }) => {
      if (event.kind === 'cell-ended' && event.failure) {
        const named = findCell(run.notebook, event.failure.details.place?.cell ?? event.cell);
        if (named) explain(named);
      }
      if (event.kind === 'paused' && event.waypoint)
        post(run.notebook, { type: 'select', cell: event.cell, waypoint: event.waypoint.index });
    }),
    vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections }) => {
      const { document } = textEditor;
      if (document.uri.scheme !== 'vscode-notebook-cell' || document.languageId !== 'waybook-waypoints')
        return;
      const notebook = vscode.window.visibleNotebookEditors
        .map((editor) => editor.notebook)
        .find(
          (candidate) =>
            isTaskNotebook(candidate) && candidate.getCells().some((cell) => cell.document === document),
        );
      const cell = notebook?.getCells().find((candidate) => candidate.document === document);
      const id = (cell?.metadata['waybook'] as { id?: string } | undefined)?.id;
      const active = selections[0]?.active;
      if (!notebook || id === undefined || !active) return;
      const offset = document.offsetAt(active);
      const found = locateWaypoints(document.getText()).find(
        ({ span }) => offset >= span.start && offset <= span.end,
      );
      if (found) post(notebook, { type: 'select', cell: id, waypoint: found.index });
    }),
  );
}

function select(cell: vscode.NotebookCell, waypoint: number): void {
  const { document } = cell;
  const found = locateWaypoints(document.getText())[waypoint];
  const editor = vscode.window.visibleTextEditors.find((candidate) => candidate.document === document);
  if (!found || !editor) return;
  const start = document.positionAt(found.span.start);
  editor.selection = new vscode.Selection(start, start);
  editor.revealRange(new vscode.Range(start, document.positionAt(found.span.end)));
}
