import { sourceOf } from '../../notebook/session/freshness.ts';
import type { CellKind } from '../../notebook/file/document.ts';

/** A runnable cell as far as staleness cares. */
export interface SourceCell {
  readonly id: string;
  readonly kind: CellKind;
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What an output was made from: each cell that it depends on, itself included, and how it read then. */
export type Sources = ReadonlyMap<string, string>;

const REFERENCES = ['capture', 'trajectory'] as const;

/** A cell and all that it refers to, directly or through others. Cycles end. */
export function dependenciesOf(id: string, cells: ReadonlyMap<string, SourceCell>): SourceCell[] {
  const found = new Map<string, SourceCell>();
  const visit = (next: string): void => {
    const cell = cells.get(next);
    if (!cell || found.has(next)) return;
    found.set(next, cell);
    for (const key of REFERENCES) {
      const reference = cell.attributes[key];
      if (reference !== undefined) visit(reference);
    }
  };
  visit(id);
  return [...found.values()];
}

export function sourcesOf(id: string, cells: ReadonlyMap<string, SourceCell>): Sources {
  return new Map(dependenciesOf(id, cells).map((cell) => [cell.id, textOf(cell)]));
}

/** The first cell that reads differently now, and how; undefined while the output still fits. */
export function changedSince(
  sources: Sources,
  cells: ReadonlyMap<string, SourceCell>,
): { cell: string; how: 'edited' | 'gone' } | undefined {
  for (const [id, text] of sources) {
    const cell = cells.get(id);
    if (!cell) return { cell: id, how: 'gone' };
    if (textOf(cell) !== text) return { cell: id, how: 'edited' };
  }
  return undefined;
}

const textOf = ({ kind, attributes, body, id }: SourceCell): string =>
  sourceOf({ kind, attributes, body, id, raw: '', line: 0, bodyLine: 0 });
