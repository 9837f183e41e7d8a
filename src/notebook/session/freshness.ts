import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import { type Params, usedParams } from '../file/parameters.ts';
import type { CellOutput } from './outputs.ts';

/** An output with the text that it was made from. */
export interface StoredOutput {
  readonly output: CellOutput;
  readonly source: string;
}

/** What of a cell decides its output: everything but `planned`, which only says who wrote it, and the parameters it uses. */
export function sourceOf(cell: NotebookCell, params: Params): string {
  const { planned: _planned, ...attributes } = cell.attributes;
  return JSON.stringify([cell.kind, cell.body, Object.entries(attributes).sort(), usedParams(cell, params)]);
}

/** Attributes that name another cell. */
const REFERENCES = ['capture', 'plan', 'trajectory'] as const;

/**
 * Whether a stored output may be used as it stands: its cell reads as it did, nothing moved since, and the same holds
 * for every cell that it refers to. What came from a file does not depend on the world.
 */
export function isFresh(
  id: string,
  document: NotebookDocument,
  stored: ReadonlyMap<string, StoredOutput>,
  epoch: number,
  params: Params,
  visiting: ReadonlySet<string> = new Set(),
): boolean {
  const entry = stored.get(id);
  const cell = document.cells.find((candidate) => candidate.id === id);
  if (!entry || !cell || entry.source !== sourceOf(cell, params) || visiting.has(id)) return false;
  const timeless = entry.output.kind === 'capture' && entry.output.capture.robot === undefined;
  if (!timeless && entry.output.epoch !== epoch) return false;
  return REFERENCES.every((attribute) => {
    const reference = cell.attributes[attribute];
    // A waypoints cell does not depend on the plan's output: its text is the plan.
    if (reference === undefined || (cell.kind === 'waypoints' && attribute === 'plan')) return true;
    return isFresh(reference, document, stored, epoch, params, new Set([...visiting, id]));
  });
}
