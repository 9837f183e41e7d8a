import type { CellKind, RunnableKind } from './document.ts';
import { patchAttributes, formatAttributes } from './attributes.ts';
import { CELL_MARKER, findBlocks, readInfo } from './fences.ts';
import { SourceLines, toLineFeeds } from './source-lines.ts';

/** The exact source of one cell and its kind, on its way into a file. */
export interface Piece {
  readonly kind: CellKind;
  readonly raw: string;
}

export interface CellContent {
  readonly kind: CellKind;
  readonly id?: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly body: string;
}

const FENCE_HEAD: Record<RunnableKind, string> = {
  instruction: 'instruction',
  capture: 'json capture',
  waypoints: 'json waypoints',
  execute: 'json execute',
};

/** The body as the format can hold it: line feeds only; Markdown without blank lines at either end. */
export function normaliseBody(kind: CellKind, body: string): string {
  const text = toLineFeeds(body);
  return kind === 'markdown' ? trimBlankLines(text) : text;
}

function trimBlankLines(text: string): string {
  const lines = new SourceLines(text);
  const from = lines.skipBlank(0, lines.count);
  let to = lines.count;
  while (to > from && lines.isBlank(to - 1)) to--;
  const body = lines.slice(from, to);
  return body.endsWith('\n') ? body.slice(0, -1) : body;
}

/** Source of a cell that has none yet, followed by a blank line. */
export function freshSource(cell: CellContent, eol: string): string {
  const body = normaliseBody(cell.kind, cell.body);
  if (cell.kind === 'markdown') return withEol(body === '' ? '' : `${body}\n\n`, eol);
  const fence = '`'.repeat(fenceLength(body, 3));
  const open = `${fence}${FENCE_HEAD[cell.kind]} ${formatAttributes(cell.id, cell.attributes)}`;
  return withEol(`${open}\n${body === '' ? '' : `${body}\n`}${fence}\n\n`, eol);
}

/**
 * `raw` with other content of the same kind: fence line, closing line, marker and the blank lines behind it stay as
 * they were written, as far as the new content lets them.
 */
export function patchedSource(raw: string, cell: CellContent, eol: string): string {
  const body = normaliseBody(cell.kind, cell.body);
  return cell.kind === 'markdown' ? patchMarkdown(raw, body, eol) : patchFence(raw, cell, body, eol);
}

function patchMarkdown(raw: string, body: string, eol: string): string {
  const lines = new SourceLines(raw);
  const first = firstBlock(raw);
  const marked = first?.kind === 'marker' && first.start === 0;
  const from = marked ? lines.skipBlank(1, lines.count) : 0;
  let to = lines.count;
  while (to > from && lines.isBlank(to - 1)) to--;
  const lastLine = lines.slice(to - 1, to);
  const ended = /[\r\n]$/.test(lastLine) || to < lines.count || to === from;
  return (
    lines.slice(0, from) +
    withEol(body, eol) +
    (body !== '' && ended ? eol : '') +
    lines.slice(to, lines.count)
  );
}

function patchFence(raw: string, cell: CellContent, body: string, eol: string): string {
  const block = firstBlock(raw);
  if (block?.kind !== 'fence' || block.start !== 0) return freshSource(cell, eol);
  const lines = new SourceLines(raw);
  const opening = lines.line(0);
  const indent = opening.length - opening.trimStart().length;
  const oldLength = runOfBackticks(opening.slice(indent));
  const length = fenceLength(body, oldLength);
  const info = opening.slice(indent + oldLength);
  const parsed = readInfo(info);
  const brace = parsed?.brace ?? info.length;
  const newInfo = patchAttributes(info, brace, cell.id, cell.attributes);
  const margin = opening.slice(0, indent);
  const head = `${margin}${'`'.repeat(length)}${newInfo}${lines.slice(0, 1).slice(opening.length) || eol}`;
  const inner =
    body === block.body
      ? lines.slice(1, block.closed ? block.end - 1 : block.end)
      : body === ''
        ? ''
        : withEol(
            `${body
              .split('\n')
              .map((line) => margin + line)
              .join('\n')}\n`,
            eol,
          );
  const closing = block.closed ? lines.slice(block.end - 1, block.end) : '';
  const widened = length === oldLength ? closing : closing.replace(/`+/, '`'.repeat(length));
  return head + inner + widened + lines.slice(block.end, lines.count);
}

/** Makes sure that what follows `piece` cannot be read as part of it. `indent` is that of the next fence. */
export function contained(piece: Piece, eol: string, indent = ''): Piece {
  let raw = piece.raw;
  if (raw !== '' && !/[\r\n]$/.test(raw)) raw += eol;
  if (isContained(raw, indent)) return { ...piece, raw };
  if (piece.kind !== 'markdown') {
    const fence = '`'.repeat(runOfBackticks(raw.trimStart()));
    return { ...piece, raw: `${raw}${fence}${eol}${eol}` };
  }
  const spaced = `${raw}${eol}`;
  if (isContained(spaced, indent)) return { ...piece, raw: spaced };
  for (const closer of closersOf(raw)) {
    const closed = `${raw}${closer}${eol}${eol}`;
    if (isContained(closed, '')) return { ...piece, raw: closed };
  }
  return { ...piece, raw: spaced };
}

const PROBE = '```instruction {#probe}\n```\n';

function isContained(raw: string, indent: string): boolean {
  const text = toLineFeeds(raw);
  const line = new SourceLines(text).count;
  const last = findBlocks(text + indent + PROBE).at(-1);
  return last?.kind === 'fence' && last.start === line && last.cell.list.id === 'probe';
}

/** What can end a block that blank lines do not end: an open fence, or raw HTML of CommonMark's kinds 1 to 5. */
function closersOf(raw: string): string[] {
  const fences = new Set<string>();
  for (const line of toLineFeeds(raw).split('\n')) {
    const run = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (run !== undefined) fences.add(run);
  }
  // Only the closer that fits is kept, so a wrong guess costs a check and no bytes.
  const tried = [...fences].slice(-8).reverse();
  return [...tried, '-->', '?>', ']]>', '>', '</script>', '</pre>', '</style>', '</textarea>'];
}

/** Puts a cell marker before Markdown that has none. */
export function withMarker(raw: string, eol: string): string {
  return hasMarker(raw) ? raw : `${CELL_MARKER}${eol}${raw === '' ? '' : eol}${raw}`;
}

export function withoutMarker(raw: string): string {
  if (!hasMarker(raw)) return raw;
  const lines = new SourceLines(raw);
  return lines.slice(lines.skipBlank(1, lines.count), lines.count);
}

export function hasMarker(raw: string): boolean {
  const first = firstBlock(raw);
  return first?.kind === 'marker' && first.start === 0;
}

/**
 * A runnable cell's source without the spaces before its fence, which a list above it would take for its own. The body
 * stays what it is: that many spaces at the start of its lines do not count.
 */
export function withoutIndent(raw: string): string {
  const indent = /^ {1,3}/.exec(raw)?.[0].length ?? 0;
  const end = indent === 0 ? 0 : (firstBlock(raw)?.end ?? 0);
  const lines = new SourceLines(raw);
  let text = '';
  for (let i = 0; i < end; i++) {
    const line = lines.slice(i, i + 1);
    const spaces = /^ */.exec(line)?.[0].length ?? 0;
    text += line.slice(Math.min(indent, spaces));
  }
  return text + lines.slice(end, lines.count);
}

function firstBlock(raw: string): ReturnType<typeof findBlocks>[number] | undefined {
  return findBlocks(toLineFeeds(raw))[0];
}

/** One more backtick than the longest run that opens a line of the body, and no fewer than before. */
function fenceLength(body: string, least: number): number {
  let longest = 0;
  for (const line of body.split('\n')) {
    const text = line.trimStart();
    if (text.startsWith('```')) longest = Math.max(longest, runOfBackticks(text));
  }
  return Math.max(least, longest + 1, 3);
}

function runOfBackticks(text: string): number {
  let n = 0;
  while (text.charAt(n) === '`') n++;
  return n;
}

const withEol = (text: string, eol: string): string => (eol === '\n' ? text : text.replaceAll('\n', eol));
