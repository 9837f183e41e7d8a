import { parseAttributes } from '../../notebook/file/attributes.ts';

/** A cell's id in a line of a task notebook's text: where it is defined, or where another cell names it. */
export interface CellReference {
  readonly id: string;
  /** columns from 0, of the id alone */
  readonly start: number;
  readonly end: number;
  readonly role: 'definition' | 'reference';
  readonly key?: string;
}

const FENCE = /^ {0,3}`{3,}\s*(?:instruction|json\s+(?:capture|waypoints|execute))\s*(?=\{)/;
export const REFERENCE_KEYS: readonly string[] = ['capture', 'plan', 'trajectory'];

/** References in a fence line; none in any other line. */
export function referencesInFence(line: string): CellReference[] {
  const head = FENCE.exec(line)?.[0];
  if (head === undefined) return [];
  const parsed = parseAttributes(line, head.length);
  if (!parsed.ok) return [];
  const { id, idSpan, spans } = parsed.list;
  const found: CellReference[] = [];
  if (id !== undefined && idSpan)
    found.push({ id, start: idSpan.start + 1, end: idSpan.end, role: 'definition' });
  for (const { key, value, start, end } of spans) {
    if (!REFERENCE_KEYS.includes(key)) continue;
    const quoted = line.charAt(start + key.length + 1) === '"' ? 1 : 0;
    found.push({
      id: value,
      start: start + key.length + 1 + quoted,
      end: end - quoted,
      role: 'reference',
      key,
    });
  }
  return found;
}

/** `#id` in prose, an instruction or Markdown. */
export function referencesInProse(line: string, ids: ReadonlySet<string>): CellReference[] {
  return [...line.matchAll(/#([\p{L}\p{N}_][\p{L}\p{N}_.:-]*)/gu)].flatMap((match) => {
    // A full stop that ends the sentence is not part of the id.
    const id = [match[1] ?? '', (match[1] ?? '').replace(/[.:]+$/, '')].find((name) => ids.has(name));
    return id === undefined
      ? []
      : [{ id, start: match.index + 1, end: match.index + 1 + id.length, role: 'reference' as const }];
  });
}

/** What is being typed after `capture=` and the like, at the end of a line's start; undefined elsewhere. */
export function referenceBeingTyped(before: string): string | undefined {
  if (!FENCE.test(before)) return undefined;
  const key = /(?:^|[\s{])(\w+)="?[^\s"}]*$/.exec(before)?.[1];
  return key !== undefined && REFERENCE_KEYS.includes(key) ? key : undefined;
}

/** The kind of cell that a reference by `key` means. */
export const kindOfKey = (key: string): 'capture' | 'instruction' | 'waypoints' =>
  key === 'capture' ? 'capture' : key === 'plan' ? 'instruction' : 'waypoints';
