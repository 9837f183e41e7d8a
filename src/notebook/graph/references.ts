import type { NotebookCell, NotebookDocument, RunnableKind } from '../file/document.ts';

/** An attribute that names another cell, and the kind that the other must have. */
export interface ReferenceRule {
  readonly attribute: 'capture' | 'plan' | 'trajectory';
  readonly target: RunnableKind;
}

const RULES: Record<RunnableKind, readonly ReferenceRule[]> = {
  capture: [],
  instruction: [{ attribute: 'capture', target: 'capture' }],
  waypoints: [
    { attribute: 'plan', target: 'instruction' },
    { attribute: 'capture', target: 'capture' },
  ],
  execute: [{ attribute: 'trajectory', target: 'waypoints' }],
};

export const referenceRules = (kind: NotebookCell['kind']): readonly ReferenceRule[] =>
  kind === 'markdown' ? [] : RULES[kind];

export interface Reference extends ReferenceRule {
  readonly id: string;
}

/** Cells that this one names, in the order of its kind's rules. */
export function referencesOf(cell: NotebookCell): Reference[] {
  return referenceRules(cell.kind).flatMap((rule) => {
    const id = cell.attributes[rule.attribute];
    return id === undefined ? [] : [{ ...rule, id }];
  });
}

/**
 * Ids that planning is going to create: where an instruction has no waypoints cell yet, the first execute cell after
 * it that waits for a cell which does not exist names the new one.
 */
export function pendingPlans(document: NotebookDocument): Map<string, NotebookCell> {
  const { cells } = document;
  const known = new Set(cells.flatMap((cell) => (cell.id === undefined ? [] : [cell.id])));
  const planned = new Set(cells.flatMap((c) => (c.kind === 'waypoints' ? [c.attributes['plan']] : [])));
  const pending = new Map<string, NotebookCell>();
  let waiting: NotebookCell | undefined;
  for (const cell of cells) {
    if (cell.kind === 'instruction')
      waiting = cell.id === undefined || planned.has(cell.id) ? undefined : cell;
    const wanted = cell.kind === 'execute' ? cell.attributes['trajectory'] : undefined;
    if (waiting && wanted !== undefined && !known.has(wanted)) {
      if (!pending.has(wanted)) pending.set(wanted, waiting);
      waiting = undefined;
    }
  }
  return pending;
}

/** Cells whose output depends on `id`, near ones first. */
export function dependentsOf(document: NotebookDocument, id: string): NotebookCell[] {
  const reached = new Set([id]);
  const found: NotebookCell[] = [];
  for (let grew = true; grew;) {
    grew = false;
    for (const cell of document.cells) {
      if (cell.id === undefined || reached.has(cell.id)) continue;
      if (!referencesOf(cell).some((reference) => reached.has(reference.id))) continue;
      reached.add(cell.id);
      found.push(cell);
      grew = true;
    }
  }
  return found;
}
