import * as vscode from 'vscode';
import type { Fix } from '../../core/viewer-messages.ts';
import { attributesOf, idOf, revealCell } from '../notebook/cells.ts';
import type { FailedCells } from './failed-cells.ts';
import { fixesFor } from './fix-proposals.ts';
import { locateWaypoints } from './waypoint-locations.ts';

/** What can be done about the last refusal of a waypoints cell, the best first. Titles are for buttons. */
export function refusalFixes(failed: FailedCells, cell: vscode.NotebookCell): Fix[] {
  const id = idOf(cell);
  const failure = id === undefined ? undefined : failed.get(cell.notebook, id);
  const fixes: Fix[] = failure
    ? fixesFor(cell.document.getText(), failure).map(({ kind, title }) => ({ id: kind, title }))
    : [];
  if (attributesOf(cell)['plan'] !== undefined)
    fixes.push({ id: 'plan', title: vscode.l10n.t('Plan Again') });
  if (failure?.details.place?.waypoint !== undefined)
    fixes.push({ id: 'go', title: vscode.l10n.t('Go to Waypoint') });
  return fixes;
}

/** Does one of {@link refusalFixes}. An id that means nothing here, from whatever sent it, does nothing. */
export async function applyFix(failed: FailedCells, cell: vscode.NotebookCell, fix: string): Promise<void> {
  const { document } = cell;
  const id = idOf(cell);
  const failure = id === undefined ? undefined : failed.get(cell.notebook, id);
  if (fix === 'plan') {
    await vscode.commands.executeCommand('waybook.planAgain', cell);
    return;
  }
  if (!failure) return;
  if (fix === 'go') {
    const index = failure.details.place?.waypoint;
    const span = index === undefined ? undefined : locateWaypoints(document.getText())[index]?.span;
    if (span)
      await revealCell(
        cell,
        new vscode.Range(document.positionAt(span.start), document.positionAt(span.end)),
      );
    return;
  }
  const proposal = fixesFor(document.getText(), failure).find(({ kind }) => kind === fix);
  if (!proposal) return;
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(proposal.start), document.positionAt(proposal.end));
  edit.replace(document.uri, range, proposal.text);
  await vscode.workspace.applyEdit(edit);
}
