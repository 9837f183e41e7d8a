import * as vscode from 'vscode';
import type { SessionEvent } from '../../notebook/session/session-api.ts';
import { cellMetadata, languageOfKind, withCell } from '../notebook/cell-data.ts';
import { attributesOf, findCell } from '../notebook/cells.ts';
import { wholeRange, type NotebookEdits } from '../notebook/notebook-edits.ts';
import type { PlanProposals } from './plan-proposals.ts';

export type PlanWritten = Extract<SessionEvent, { kind: 'plan-written' }>;

/**
 * Writes what the planner said into the notebook: a new waypoints cell below the instruction, or the one that is
 * there. A plan that a person has edited is theirs: it stays, and the difference is offered.
 */
export class PlanWriter {
  constructor(
    private readonly edits: NotebookEdits,
    private readonly proposals: PlanProposals,
  ) {}

  async write(notebook: vscode.NotebookDocument, event: PlanWritten): Promise<void> {
    if (event.conflict) {
      this.proposals.offer(notebook, event, () => this.replace(notebook, event));
      return;
    }
    await this.replace(notebook, event);
  }

  private async replace(notebook: vscode.NotebookDocument, event: PlanWritten): Promise<void> {
    const done = await this.edits.apply(() => this.editFor(notebook, event));
    if (!done) {
      void vscode.window.showWarningMessage(
        vscode.l10n.t(
          'The plan for #{0} could not be written: the notebook changed in the meantime. Run the instruction again.',
          event.instruction,
        ),
      );
    }
  }

  private editFor(notebook: vscode.NotebookDocument, event: PlanWritten): vscode.WorkspaceEdit | undefined {
    const instruction = findCell(notebook, event.instruction);
    const existing = findCell(notebook, event.cell);
    const edit = new vscode.WorkspaceEdit();
    if (existing) {
      const before = cellMetadata(existing.metadata);
      const attributes = { ...before.attributes, plan: event.instruction, planned: event.planned };
      if (existing.document.getText() !== event.body) {
        edit.replace(existing.document.uri, wholeRange(existing.document), event.body);
      }
      edit.set(notebook.uri, [
        vscode.NotebookEdit.updateCellMetadata(
          existing.index,
          withCell(existing.metadata, { ...before, attributes }),
        ),
      ]);
      return edit;
    }
    if (!instruction) return undefined;
    const capture = attributesOf(instruction)['capture'];
    const data = new vscode.NotebookCellData(
      vscode.NotebookCellKind.Code,
      event.body,
      languageOfKind('waypoints'),
    );
    data.metadata = withCell(undefined, {
      id: event.cell,
      attributes: {
        plan: event.instruction,
        ...(capture === undefined ? {} : { capture }),
        planned: event.planned,
      },
    });
    edit.set(notebook.uri, [vscode.NotebookEdit.insertCells(instruction.index + 1, [data])]);
    return edit;
  }
}
