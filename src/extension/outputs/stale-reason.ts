import { hashJson } from '../../core/hash.ts';
import type { NotebookDocument } from '../../notebook/file/document.ts';
import { cellStates, type StoredKey } from '../../notebook/graph/cell-states.ts';
import type { KeyEnvironment } from '../../notebook/graph/output-key.ts';
import { referencesOf } from '../../notebook/graph/references.ts';

/** An output that the editor shows: its key when it was made, where one is known, and whether it is good. */
export interface ShownOutput {
  readonly key?: string;
  readonly ok: boolean;
}

/**
 * Why an output no longer fits: its cell or one that it names was edited, is gone or was refused; another robot, seed,
 * planner or refiner was chosen; or one of these, where nobody saw which.
 */
export type StaleReason =
  | { readonly kind: 'edited' | 'gone' | 'refused'; readonly cell: string }
  | { readonly kind: 'settings' | 'unknown' };

/** The host does not know which world a session is in, and need not: what is past is shown plainly. */
const NO_EPOCH = { session: '', counter: 0 };

/**
 * Stale outputs by cell, with the cell where it starts. Outputs without a key (from elsewhere) are taken to fit.
 * `fitted` is an environment under which some output of this notebook did fit.
 */
export function staleReasons(
  document: NotebookDocument,
  shown: ReadonlyMap<string, ShownOutput>,
  environment: KeyEnvironment,
  fitted?: KeyEnvironment,
): Map<string, StaleReason> {
  const stored = new Map<string, StoredKey>();
  for (const [id, { key }] of shown) if (key !== undefined) stored.set(id, { key, epoch: NO_EPOCH });
  const states = cellStates(document, stored, environment, NO_EPOCH);
  const stale = new Set([...states].filter(([, state]) => state === 'stale').map(([id]) => id));
  const byId = new Map(document.cells.flatMap((cell) => (cell.id === undefined ? [] : [[cell.id, cell]])));
  const inputsOf = (id: string): string[] => {
    const cell = byId.get(id);
    // The text of a waypoints cell is the plan: it does not depend on who wrote it.
    return cell ? referencesOf(cell).flatMap((r) => (r.attribute === 'plan' ? [] : [r.id])) : [];
  };
  const origin = (id: string, seen: ReadonlySet<string>): StaleReason => {
    for (const input of inputsOf(id)) {
      if (!byId.has(input)) return { kind: 'gone', cell: input };
      if (stale.has(input) && !seen.has(input)) return origin(input, new Set([...seen, input]));
    }
    return { kind: 'edited', cell: id };
  };
  // With every output stale, the cells alone do not tell what changed: an edit at the top looks like another robot.
  const whole: StaleReason | undefined =
    stale.size < 2 || stale.size < stored.size || same(environment, fitted)
      ? undefined
      : { kind: fitted ? 'settings' : 'unknown' };
  const reasons = new Map<string, StaleReason>();
  for (const id of shown.keys()) {
    if (stale.has(id)) {
      reasons.set(id, whole ?? origin(id, new Set([id])));
      continue;
    }
    const refused = inputsOf(id).find((input) => shown.get(input)?.ok === false);
    if (refused !== undefined) reasons.set(id, { kind: 'refused', cell: refused });
  }
  return reasons;
}

const same = (a: KeyEnvironment, b: KeyEnvironment | undefined): boolean =>
  b !== undefined && hashJson({ ...a }) === hashJson({ ...b });
