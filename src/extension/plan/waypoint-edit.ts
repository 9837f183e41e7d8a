import * as vscode from 'vscode';
import type { WaypointEdit } from '../../core/viewer-messages.ts';
import { findCell } from '../notebook/cells.ts';
import type { NotebookEdits } from '../notebook/notebook-edits.ts';
import { moveInText } from './move-in-text.ts';

/**
 * Writes a waypoint that was moved in a view into the JSON of its cell: one edit on release, and so one step of undo.
 * Edits wait for each other, each is built from the text as it then is, and one that no longer fits is refused.
 * Resolves to why it was refused, or undefined when it is done.
 */
export async function moveWaypoint(
  edits: NotebookEdits,
  notebook: vscode.NotebookDocument,
  move: WaypointEdit,
): Promise<string | undefined> {
  let refused: string | undefined;
  const done = await edits.apply(() => {
    const cell = findCell(notebook, move.cell);
    if (!cell) {
      refused = vscode.l10n.t('#{0} is not in the notebook any more.', move.cell);
      return undefined;
    }
    const { document } = cell;
    const result = moveInText(document.getText(), move);
    if ('refused' in result) {
      refused = refusalText(result.refused, move);
      return undefined;
    }
    const edit = new vscode.WorkspaceEdit();
    for (const { start, end, text } of result.replacements) {
      edit.replace(
        document.uri,
        new vscode.Range(document.positionAt(start), document.positionAt(end)),
        text,
      );
    }
    return edit;
  });
  if (refused !== undefined) return refused;
  return done
    ? undefined
    : vscode.l10n.t('The notebook changed meanwhile; the waypoint stays where the text says.');
}

function refusalText(why: 'gone' | 'frame' | 'parameter', { waypoint, cell }: WaypointEdit): string {
  if (why === 'parameter') {
    return vscode.l10n.t(
      'Waypoint {0} of #{1} takes values from parameters: change them in the front matter or in the text.',
      waypoint + 1,
      cell,
    );
  }
  return why === 'gone'
    ? vscode.l10n.t(
        'Waypoint {0} of #{1} was edited meanwhile; it stays where the text says.',
        waypoint + 1,
        cell,
      )
    : vscode.l10n.t(
        'Waypoint {0} of #{1} is written in the frame of an object: change its numbers in the text.',
        waypoint + 1,
        cell,
      );
}
