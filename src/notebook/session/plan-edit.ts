import type { NotebookDocument } from '../file/document.ts';
import { insertCell, setAttributes, setBody } from '../file/edit.ts';
import { withIds } from '../file/cell-ids.ts';
import type { SessionEvent } from './session-api.ts';

/** The notebook with a plan written into its waypoints cell, made below the instruction where it is missing. */
export function withPlan(
  document: NotebookDocument,
  plan: Extract<SessionEvent, { kind: 'plan-written' }>,
): NotebookDocument {
  const index = document.cells.findIndex((cell) => cell.id === plan.cell);
  const existing = document.cells[index];
  if (existing) {
    const attributes = { ...existing.attributes, plan: plan.instruction, planned: plan.planned };
    return withIds(setAttributes(setBody(document, index, plan.body), index, attributes));
  }
  const at = document.cells.findIndex((cell) => cell.id === plan.instruction);
  const capture = document.cells[at]?.attributes['capture'];
  return withIds(
    insertCell(document, at + 1, {
      kind: 'waypoints',
      id: plan.cell,
      attributes: {
        plan: plan.instruction,
        ...(capture === undefined ? {} : { capture }),
        planned: plan.planned,
      },
      body: plan.body,
    }),
  );
}
