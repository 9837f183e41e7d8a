import { hashJson } from '../../core/hash.ts';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import { toLineFeeds } from '../file/source-lines.ts';
import { referencesOf } from './references.ts';

/**
 * Key of an output: SHA-256 over canonical JSON (RFC 8785) of the cell's body, its attributes except `planned`, and
 * `parts`: parameters, keys of referenced outputs, hashes of planner, refiner, model and robot profile. A JSON body
 * counts by what it says, not by how it is laid out.
 */
export function outputKey(cell: NotebookCell, parts: Readonly<Record<string, unknown>>): string {
  const { planned: _planned, ...attributes } = cell.attributes;
  return hashJson({ kind: cell.kind, body: meaningOf(cell), attributes, parts: withoutUndefined(parts) });
}

function meaningOf(cell: NotebookCell): unknown {
  const text = toLineFeeds(cell.body).trim();
  if (cell.kind === 'instruction' || cell.kind === 'markdown') return text;
  try {
    const value: unknown = JSON.parse(text);
    hashJson(value);
    return { json: value };
  } catch {
    return text;
  }
}

const withoutUndefined = (parts: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(parts).filter(([, value]) => value !== undefined));

/** What outputs depend on beside the document. Hashes, never ports, tokens, paths or wall time. */
export interface KeyEnvironment {
  readonly parameters?: Readonly<Record<string, string | number | boolean>>;
  /** of the planner: provider, model and prompt */
  readonly planner?: string;
  readonly refiner?: string;
  readonly modelHash?: string;
  readonly robotHash?: string;
}

/**
 * Keys of all runnable cells with an id, each over the keys of the cells that it names. A cell that names one that does
 * not exist, or of the wrong kind, has no key: it cannot have an output. Kinds only refer upwards, so this ends.
 */
export function outputKeys(document: NotebookDocument, environment: KeyEnvironment): Map<string, string> {
  const byId = new Map<string, NotebookCell>();
  for (const cell of document.cells) if (cell.id !== undefined && !byId.has(cell.id)) byId.set(cell.id, cell);
  const keys = new Map<string, string>();
  const visit = (id: string): string | undefined => {
    const known = keys.get(id);
    const cell = byId.get(id);
    if (known !== undefined || !cell) return known;
    const inputs: Record<string, string> = {};
    for (const { attribute, id: named, target } of referencesOf(cell)) {
      // The text of a waypoints cell is the plan: it does not depend on the output of the cell that wrote it.
      if (attribute === 'plan') continue;
      const key = byId.get(named)?.kind === target ? visit(named) : undefined;
      if (key === undefined) return undefined;
      inputs[attribute] = key;
    }
    const key = outputKey(cell, { inputs, ...environment });
    keys.set(id, key);
    return key;
  };
  for (const id of byId.keys()) visit(id);
  return keys;
}
