import type { RunnableKind } from '../../notebook/file/document.ts';

/**
 * Ids for runnable cells that have none, or one that an earlier cell has: index of the cell to its new id. A cell
 * without one is named after its kind, a duplicate after what it was copied from.
 */
export function missingIds(cells: readonly { readonly kind?: RunnableKind; readonly id?: string }[]): Map<number, string> {
  const taken = new Set<string>(cells.flatMap(({ kind, id }) => (kind !== undefined && id !== undefined ? [id] : [])));
  const seen = new Set<string>();
  const needed = new Map<number, string>();
  cells.forEach(({ kind, id }, index) => {
    if (kind === undefined) return;
    if (id !== undefined && !seen.has(id)) {
      seen.add(id);
      return;
    }
    const fresh = freeId(id ?? kind, taken, id === undefined);
    taken.add(fresh);
    seen.add(fresh);
    needed.set(index, fresh);
  });
  return needed;
}

function freeId(stem: string, taken: ReadonlySet<string>, plainIsFine: boolean): string {
  if (plainIsFine && !taken.has(stem)) return stem;
  // "grasp-2" copied again is "grasp-3", not "grasp-2-2".
  const base = stem.replace(/-\d+$/, '');
  for (let n = 2; ; n++) if (!taken.has(`${base}-${n}`)) return `${base}-${n}`;
}
