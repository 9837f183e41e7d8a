import { compareWaypoints, type Difference } from '../../records/compare-records.ts';
import { parseWaypointsBody } from '../file/cell-bodies.ts';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import { fillText, fillValue, NO_PARAMS, type Params, usedParams } from '../file/parameters.ts';
import { WaybookError } from '../../core/errors.ts';

/**
 * What changed from one notebook to another, by meaning: cells by their id, waypoints by how far they moved, settings
 * by their values. Layout, key order and line ends are no change.
 */
export function compareNotebooks(before: NotebookDocument, after: NotebookDocument): Difference[] {
  const found: Difference[] = [...compareFrontMatter(before, after)];
  const old = runnable(before);
  const now = runnable(after);
  for (const [id, cell] of old) {
    const other = now.get(id);
    if (!other) found.push({ kind: 'cell', cell: id, text: `${cell.kind} cell is gone` });
    else found.push(...compareCells(id, cell, other, paramsOf(before), paramsOf(after)));
  }
  for (const [id, cell] of now)
    if (!old.has(id)) found.push({ kind: 'cell', cell: id, text: `${cell.kind} cell is new` });
  const kept = [...now.keys()].filter((id) => old.has(id));
  const order = [...old.keys()].filter((id) => now.has(id));
  if (kept.some((id, i) => id !== order[i]))
    found.push({
      kind: 'cell',
      text: `cells run in another order: ${kept.map((id) => `#${id}`).join(', ')}`,
    });
  if (prose(before) !== prose(after))
    found.push({ kind: 'text', text: 'the text between the cells changed' });
  return found;
}

const runnable = (document: NotebookDocument): Map<string, NotebookCell> =>
  new Map(
    document.cells.flatMap((c) => (c.kind !== 'markdown' && c.id !== undefined ? [[c.id, c] as const] : [])),
  );

const prose = (document: NotebookDocument): string =>
  document.cells.flatMap((c) => (c.kind === 'markdown' ? [c.body] : [])).join('\n\n');

const paramsOf = ({ frontMatter }: NotebookDocument): Params => frontMatter.params ?? NO_PARAMS;

function compareCells(id: string, a: NotebookCell, b: NotebookCell, p: Params, q: Params): Difference[] {
  if (a.kind !== b.kind) return [{ kind: 'cell', cell: id, text: `${a.kind} cell is now ${b.kind}` }];
  return [...compareAttributes(id, a, b), ...compareBodies(id, a, b, p, q)];
}

function compareAttributes(id: string, a: NotebookCell, b: NotebookCell): Difference[] {
  const keys = new Set([...Object.keys(a.attributes), ...Object.keys(b.attributes)]);
  keys.delete('planned');
  return [...keys].flatMap((key): Difference[] => {
    const [from, to] = [a.attributes[key], b.attributes[key]];
    return from === to
      ? []
      : [{ kind: 'cell', cell: id, text: `${key}: ${from ?? 'none'} -> ${to ?? 'none'}` }];
  });
}

/** Bodies count as they are with their own parameters filled in. */
function compareBodies(id: string, a: NotebookCell, b: NotebookCell, p: Params, q: Params): Difference[] {
  const same = JSON.stringify(usedParams(a, p)) === JSON.stringify(usedParams(b, q));
  if (a.body === b.body && same) return [];
  if (a.kind === 'instruction') {
    const [from, to] = [fillText(a.body, p).trim(), fillText(b.body, q).trim()];
    if (from === to) return [];
    return [{ kind: 'text', cell: id, text: `instruction "${oneLine(from)}" -> "${oneLine(to)}"` }];
  }
  if (a.kind === 'waypoints') {
    try {
      const [old, now] = [parseWaypointsBody(a, p), parseWaypointsBody(b, q)];
      const frames =
        JSON.stringify(old.frame) === JSON.stringify(now.frame)
          ? []
          : [setting(id, 'frame', old.frame, now.frame)];
      const refiner = old.refiner === now.refiner ? [] : [setting(id, 'refiner', old.refiner, now.refiner)];
      return [...frames, ...refiner, ...compareWaypoints(id, old.waypoints, now.waypoints)];
    } catch (error) {
      if (!(error instanceof WaybookError)) throw error;
      return [{ kind: 'cell', cell: id, text: 'the body changed, and one side cannot be read' }];
    }
  }
  const [old, now] = [json(a.body, p), json(b.body, q)];
  if (!old || !now)
    return [{ kind: 'cell', cell: id, text: 'the body changed, and one side cannot be read' }];
  return compareSettings(id, old, now);
}

function compareSettings(
  id: string | undefined,
  a: Readonly<Record<string, unknown>>,
  b: Readonly<Record<string, unknown>>,
): Difference[] {
  return [...new Set([...Object.keys(a), ...Object.keys(b)])].flatMap((key) =>
    JSON.stringify(a[key]) === JSON.stringify(b[key]) ? [] : [setting(id, key, a[key], b[key])],
  );
}

function compareFrontMatter(a: NotebookDocument, b: NotebookDocument): Difference[] {
  const flat = ({
    frontMatter: { unknown, waybook: _waybook, params, ...known },
  }: NotebookDocument): Record<string, unknown> => ({
    ...unknown,
    ...known,
    ...Object.fromEntries(Object.entries(params ?? NO_PARAMS).map(([key, v]) => [`parameter ${key}`, v])),
  });
  return compareSettings(undefined, flat(a), flat(b));
}

const setting = (cell: string | undefined, key: string, from: unknown, to: unknown): Difference => {
  const amount = typeof from === 'number' && typeof to === 'number' ? { amount: Math.abs(to - from) } : {};
  return {
    kind: 'cell',
    ...(cell === undefined ? {} : { cell }),
    text: `${key}: ${shown(from)} -> ${shown(to)}`,
    ...amount,
  };
};

const shown = (value: unknown): string =>
  value === undefined ? 'none' : typeof value === 'string' ? value : JSON.stringify(value);
const oneLine = (text: string): string => text.trim().replace(/\s+/g, ' ').slice(0, 80);

function json(body: string, params: Params): Record<string, unknown> | undefined {
  try {
    const filled = (_key: string, value: unknown): unknown =>
      typeof value === 'string' ? fillValue(value, params) : value;
    const value: unknown = JSON.parse(body, filled);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
