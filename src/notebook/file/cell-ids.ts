import type { NotebookDocument, RunnableKind } from './document.ts';

/**
 * A free id: the stem itself, else with the next number behind it. "grasp-2" copied again is "grasp-3".
 */
export function freeId(stem: string, taken: ReadonlySet<string>): string {
  if (!taken.has(stem)) return stem;
  const base = stem.replace(/-\d+$/, '');
  for (let n = 2; ; n++) {
    if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
  }
}

export interface Named {
  readonly kind: 'markdown' | RunnableKind;
  readonly id?: string;
}

/** Ids for every runnable cell, unique: the first of duplicates keeps its own; one without is named after its kind. */
export function uniqueIds(cells: readonly Named[]): (string | undefined)[] {
  const taken = new Set(
    cells.flatMap((cell) => (cell.kind !== 'markdown' && cell.id !== undefined ? [cell.id] : [])),
  );
  const seen = new Set<string>();
  // Where counting went on for a stem: a file with thousands of the same id must not count from 2 for each.
  const next = new Map<string, number>();
  const fresh = (stem: string): string => {
    if (!taken.has(stem)) return stem;
    const base = stem.replace(/-\d+$/, '');
    let n = next.get(base) ?? 2;
    while (taken.has(`${base}-${n}`)) n++;
    next.set(base, n + 1);
    return `${base}-${n}`;
  };
  return cells.map((cell) => {
    if (cell.kind === 'markdown') return undefined;
    let id = cell.id;
    if (id === undefined || seen.has(id)) id = fresh(id ?? cell.kind);
    taken.add(id);
    seen.add(id);
    return id;
  });
}

/** The document with an id on every runnable cell, in memory only: `raw` stays as it is in the file. */
export function withIds(document: NotebookDocument): NotebookDocument {
  const ids = uniqueIds(document.cells);
  return {
    ...document,
    cells: document.cells.map((cell, i) => (ids[i] === cell.id ? cell : { ...cell, id: ids[i] })),
  };
}
