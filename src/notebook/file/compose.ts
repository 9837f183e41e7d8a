import type { NotebookDocument } from './document.ts';
import { uniqueIds } from './cell-ids.ts';
import type { CellContent, Piece } from './cell-source.ts';
import {
  contained,
  freshSource,
  normaliseBody,
  patchedSource,
  withMarker,
  withoutIndent,
  withoutMarker,
} from './cell-source.ts';
import { cellsOf } from './read-notebook.ts';

/** A cell as an editor holds it. `raw` is the source it was read from, where it still has it. */
export interface EditedCell extends CellContent {
  readonly raw?: string;
}

export interface ComposeInput {
  readonly frontMatterRaw: string;
  readonly eol: '\n' | '\r\n';
  readonly cells: readonly EditedCell[];
}

/**
 * Text of a notebook whose cells were edited elsewhere. A cell whose content still says what its `raw` says is
 * written as it was, byte for byte; of an edited one only what differs changes. Cells without usable `raw` get an id
 * where they lack one or have an earlier cell's. Never throws, so that saving cannot lose anything.
 */
export function composeNotebook({ frontMatterRaw, eol, cells }: ComposeInput): string {
  const sources = cells.map((cell) => sourceOf(cell, eol));
  const ids = uniqueIds(cells);
  const pieces = cells.map((cell, i): Piece => {
    const source = sources[i] as Source;
    if (source.verbatim || ids[i] === cell.id) return { kind: cell.kind, raw: source.raw };
    return { kind: cell.kind, raw: patchedSource(source.raw, { ...cell, id: ids[i] }, eol) };
  });
  return assemble(frontMatterRaw, pieces, eol, () => false);
}

interface Source {
  readonly raw: string;
  readonly verbatim: boolean;
}

function sourceOf(cell: EditedCell, eol: string): Source {
  if (cell.raw === undefined) return { raw: freshSource(cell, eol), verbatim: false };
  const [read, ...more] = cellsOf(cell.raw);
  const whole = more.length === 0;
  if (!whole || (read?.kind ?? 'markdown') !== cell.kind)
    return { raw: freshSource(cell, eol), verbatim: false };
  const same =
    (read?.body ?? '') === normaliseBody(cell.kind, cell.body) &&
    (cell.kind === 'markdown' ||
      (read?.id === cell.id && sameAttributes(read?.attributes ?? {}, cell.attributes)));
  if (same) return { raw: cell.raw, verbatim: true };
  return { raw: patchedSource(cell.raw, cell, eol), verbatim: false };
}

function sameAttributes(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}

/**
 * Joins pieces so that each is read back as a cell of its own: line ends where one is missing, blank lines and closing
 * fences where Markdown would swallow the next cell, and a cell marker between two Markdown cells. `fresh(i)` says that
 * the pieces i-1 and i were not neighbours before, so that a marker that lost its reason is dropped.
 */
export function assemble(
  frontMatterRaw: string,
  pieces: readonly Piece[],
  eol: '\n' | '\r\n',
  fresh: (index: number) => boolean,
): string {
  let text = frontMatterRaw === '' || /[\r\n]$/.test(frontMatterRaw) ? frontMatterRaw : frontMatterRaw + eol;
  let previous: Piece | undefined;
  pieces.forEach((original, i) => {
    let piece = original;
    if (piece.kind === 'markdown') {
      const empty = /^[ \t\r\n]*$/.test(withoutMarker(piece.raw));
      const asFrontMatter =
        text === '' && previous === undefined && /^\uFEFF?---[ \t]*(\r|\n|$)/.test(piece.raw);
      if (empty || asFrontMatter || previous?.kind === 'markdown')
        piece = { ...piece, raw: withMarker(piece.raw, eol) };
      else if (fresh(i)) piece = { ...piece, raw: withoutMarker(piece.raw) };
    }
    if (previous) {
      const indent = piece.kind === 'markdown' ? '' : (/^[ \t]*/.exec(piece.raw)?.[0] ?? '');
      const wanted = fresh(i) ? spaced(previous, eol) : previous;
      let before = contained(wanted, eol, indent);
      if (indent !== '' && !isNextCell(before.raw + piece.raw)) {
        piece = { ...piece, raw: withoutIndent(piece.raw) };
        before = contained(wanted, eol);
      }
      text += before.raw;
    }
    previous = piece;
  });
  return text + (previous?.raw ?? '');
}

const isNextCell = (text: string): boolean => cellsOf(text).length > 1;

/** With a blank line at its end, as people leave between blocks. */
function spaced(piece: Piece, eol: string): Piece {
  if (piece.raw === '' || /(\r\n|\n|\r)[ \t]*(\r\n|\n|\r)$/.test(piece.raw)) return piece;
  return { ...piece, raw: /[\r\n]$/.test(piece.raw) ? piece.raw + eol : piece.raw + eol + eol };
}

/** What {@link composeNotebook} needs of a document that was read. */
export const editable = (document: NotebookDocument): ComposeInput => ({
  frontMatterRaw: document.frontMatterRaw,
  eol: document.eol,
  cells: document.cells,
});
