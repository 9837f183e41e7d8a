import { WaybookError } from '../../core/errors.ts';
import { freeId, uniqueIds } from './cell-ids.ts';
import type { CellContent, Piece } from './cell-source.ts';
import { freshSource, patchedSource } from './cell-source.ts';
import { assemble } from './compose.ts';
import type { CellKind, NotebookCell, NotebookDocument } from './document.ts';
import { readNotebook } from './read-notebook.ts';

/*
 * Edits of a document, each a pure function that returns another document, read back from its own text: what a
 * document says and what its file says cannot drift apart. Bytes outside the edited cell stay, but for what keeps
 * neighbours apart. All throw `input/usage` for an index that is out of range, and `input/format` where the new text
 * is no notebook (a conflict marker in a body).
 */

type Slot = Piece & { readonly from: number | undefined };

/** Another body. Markdown that holds a cell's fence or a cell marker becomes several cells. */
export function setBody(document: NotebookDocument, index: number, body: string): NotebookDocument {
  const cell = cellAt(document, index);
  return replace(document, index, patchedSource(cell.raw, { ...cell, body }, document.eol));
}

/** Another id or attributes; the rest of the fence line stays as it was written. Ids of others are avoided. */
export function setAttributes(
  document: NotebookDocument,
  index: number,
  attributes: Readonly<Record<string, string>>,
  id?: string,
): NotebookDocument {
  const cell = cellAt(document, index);
  if (cell.kind === 'markdown') throw usage(`Cell ${index + 1} is Markdown and has no attributes.`);
  const wanted = id === undefined || id === cell.id ? cell.id : freeId(id, idsExcept(document, index));
  return replace(document, index, patchedSource(cell.raw, { ...cell, id: wanted, attributes }, document.eol));
}

/** A new cell before `index`, or at the end. A runnable cell without an id, or with one that is taken, gets a free one. */
export function insertCell(
  document: NotebookDocument,
  index: number,
  cell: Partial<CellContent> & { readonly kind: CellKind },
): NotebookDocument {
  if (!Number.isInteger(index) || index < 0 || index > document.cells.length)
    throw outOfRange(document, index);
  const id = cell.kind === 'markdown' ? undefined : freeId(cell.id ?? cell.kind, idsExcept(document, -1));
  const raw = freshSource({ attributes: {}, body: '', ...cell, id }, document.eol);
  const slots = slotsOf(document);
  slots.splice(index, 0, { kind: cell.kind, raw, from: undefined });
  return rebuilt(document, slots);
}

export function deleteCell(document: NotebookDocument, index: number): NotebookDocument {
  cellAt(document, index);
  const slots = slotsOf(document);
  slots.splice(index, 1);
  return rebuilt(document, slots);
}

/** Moves a cell so that it ends up at position `to`. */
export function moveCell(document: NotebookDocument, from: number, to: number): NotebookDocument {
  cellAt(document, from);
  cellAt(document, to);
  if (from === to) return document;
  const slots = slotsOf(document);
  slots.splice(to, 0, ...slots.splice(from, 1));
  return rebuilt(document, slots);
}

/** Another kind, same body. Attributes go when it becomes Markdown; a runnable cell keeps its id or gets one. */
export function setKind(document: NotebookDocument, index: number, kind: CellKind): NotebookDocument {
  const cell = cellAt(document, index);
  if (cell.kind === kind) return document;
  const id = kind === 'markdown' ? undefined : freeId(cell.id ?? kind, idsExcept(document, index));
  const raw = freshSource(
    { kind, id, attributes: kind === 'markdown' ? {} : cell.attributes, body: cell.body },
    document.eol,
  );
  return replace(document, index, raw, kind);
}

/** Splits Markdown before line `line` (from 0) of its body; a marker keeps the two apart. */
export function splitMarkdown(document: NotebookDocument, index: number, line: number): NotebookDocument {
  const cell = cellAt(document, index);
  if (cell.kind !== 'markdown') throw usage(`Cell ${index + 1} is not Markdown and cannot be split.`);
  const lines = cell.body.split('\n');
  if (!Number.isInteger(line) || line < 0 || line > lines.length)
    throw usage(`Cell ${index + 1} has no line ${line + 1}.`);
  const slots = slotsOf(document);
  const head = patchedSource(cell.raw, { ...cell, body: lines.slice(0, line).join('\n') }, document.eol);
  const tail = freshSource({ ...cell, body: lines.slice(line).join('\n') }, document.eol);
  slots.splice(
    index,
    1,
    { kind: 'markdown', raw: head, from: index },
    { kind: 'markdown', raw: tail, from: undefined },
  );
  return rebuilt(document, slots);
}

/** Writes an id into every runnable cell that lacks one, and a free one into duplicates. */
export function ensureIds(document: NotebookDocument): NotebookDocument {
  const ids = uniqueIds(document.cells);
  if (document.cells.every((cell, i) => cell.kind === 'markdown' || cell.id === ids[i])) return document;
  const slots = slotsOf(document).map((slot, i): Slot => {
    const cell = document.cells[i] as NotebookCell;
    if (cell.kind === 'markdown' || cell.id === ids[i]) return slot;
    return { ...slot, raw: patchedSource(slot.raw, { ...cell, id: ids[i] }, document.eol) };
  });
  return rebuilt(document, slots);
}

const slotsOf = (document: NotebookDocument): Slot[] =>
  document.cells.map((cell, from) => ({ kind: cell.kind, raw: cell.raw, from }));

function replace(document: NotebookDocument, index: number, raw: string, kind?: CellKind): NotebookDocument {
  const slots = slotsOf(document);
  const slot = slots[index] as Slot;
  slots[index] = { kind: kind ?? slot.kind, raw, from: kind === undefined ? index : undefined };
  return rebuilt(document, slots);
}

function rebuilt(document: NotebookDocument, slots: readonly Slot[]): NotebookDocument {
  const fresh = (i: number): boolean => {
    const before = i === 0 ? -1 : slots[i - 1]?.from;
    const here = slots[i]?.from;
    return before === undefined || here === undefined || here !== before + 1;
  };
  return readNotebook(assemble(document.frontMatterRaw, slots, document.eol, fresh), 'notebook');
}

const idsExcept = (document: NotebookDocument, index: number): Set<string> =>
  new Set(document.cells.flatMap((cell, i) => (i !== index && cell.id !== undefined ? [cell.id] : [])));

function cellAt(document: NotebookDocument, index: number): NotebookCell {
  const cell = document.cells[index];
  if (!cell) throw outOfRange(document, index);
  return cell;
}

const outOfRange = (document: NotebookDocument, index: number): WaybookError =>
  usage(`There is no cell ${index + 1}: the notebook has ${document.cells.length}.`);

const usage = (message: string): WaybookError => new WaybookError('input/usage', message);
