import { WaybookError } from '../../core/errors.ts';
import type { Finding, NotebookCell, NotebookDocument } from './document.ts';
import type { Block } from './fences.ts';
import { findBlocks } from './fences.ts';
import { formatError, readFrontMatter } from './front-matter.ts';
import { SourceLines, toLineFeeds } from './source-lines.ts';

/** Outputs are never in the file: one that is larger than these is not a task notebook. */
export const FILE_LIMIT_BYTES = 64 * 1024 * 1024;
export const LINE_LIMIT = 2_000_000;

/**
 * Reads a task notebook. Throws a WaybookError `input/format` that names the line for invalid UTF-8, merge conflict
 * markers, front matter that cannot be read, another format version, and files beyond the limits. Everything else
 * that is not understood is kept as Markdown. Concatenating `frontMatterRaw` and every `raw` gives the text back.
 */
export function readNotebook(source: string | Uint8Array, fileName: string): NotebookDocument {
  return readWithFindings(source, fileName).document;
}

/** {@link readNotebook}, with what it noticed on the way: things that are legal and probably not meant. */
export function readWithFindings(
  source: string | Uint8Array,
  fileName: string,
): { document: NotebookDocument; findings: Finding[] } {
  const text = typeof source === 'string' ? source : decodeUtf8(source, fileName);
  if (text.length > FILE_LIMIT_BYTES) throw tooLarge(fileName, 1, `${Math.round(text.length / 1048576)} MB`);
  const lines = new SourceLines(text, LINE_LIMIT);
  if (lines.count > LINE_LIMIT) throw tooLarge(fileName, LINE_LIMIT, `more than ${LINE_LIMIT} lines`);
  refuseConflictMarkers(lines, fileName);
  const front = readFrontMatter(lines, fileName);
  const findings = [...front.findings];
  const first = lines.skipBlank(front.end, lines.count);
  const cells = readCells(lines, first, findings);
  return {
    document: {
      frontMatter: front.frontMatter,
      frontMatterRaw: lines.slice(0, first),
      cells,
      eol: prevailingEol(text),
    },
    findings,
  };
}

/** The cells of a text without front matter, as a notebook of the same lines would have them. */
export const cellsOf = (text: string): NotebookCell[] => {
  const lines = new SourceLines(text);
  return readCells(lines, lines.skipBlank(0, lines.count), []);
};

function readCells(lines: SourceLines, first: number, findings: Finding[]): NotebookCell[] {
  const cells: NotebookCell[] = [];
  let cursor = first;
  let marked = false;
  const markdownUpTo = (end: number): void => {
    if (end > cursor) cells.push(markdownCell(lines, cursor, end, marked));
    marked = false;
  };
  for (const block of findBlocks(toLineFeeds(lines.slice(first, lines.count)))) {
    const start = first + block.start;
    switch (block.kind) {
      case 'almost':
        findings.push({
          severity: block.error ? 'error' : 'warning',
          code: 'format/fence',
          message: block.error
            ? `This fence looks like a cell of kind ${block.cell}, but ${block.problem}.`
            : `${block.problem.charAt(0).toUpperCase()}${block.problem.slice(1)}.`,
          line: start + 1,
        });
        break;
      case 'marker':
        markdownUpTo(start);
        cursor = start;
        marked = true;
        break;
      case 'fence': {
        markdownUpTo(start);
        cursor = lines.skipBlank(first + block.end, lines.count);
        cells.push(runnableCell(lines, start, cursor, block));
        for (const key of block.cell.list.repeated) {
          findings.push({
            severity: 'warning',
            code: 'format/attribute',
            message: `The attribute "${key}" is given twice; the last one counts.`,
            line: start + 1,
            cell: block.cell.list.id,
          });
        }
        if (!block.closed) {
          findings.push({
            severity: 'warning',
            code: 'format/fence',
            message: 'This cell is not closed: it runs to the end of the file.',
            line: start + 1,
            cell: block.cell.list.id,
          });
        }
      }
    }
  }
  markdownUpTo(lines.count);
  return cells;
}

function runnableCell(
  lines: SourceLines,
  start: number,
  end: number,
  { cell, body }: Extract<Block, { kind: 'fence' }>,
): NotebookCell {
  return {
    kind: cell.kind,
    ...(cell.list.id === undefined ? {} : { id: cell.list.id }),
    attributes: cell.list.attributes,
    body,
    raw: lines.slice(start, end),
    line: start + 1,
    bodyLine: start + 2,
  };
}

/** `start` is the marker where the cell has one; blank lines round the text belong to `raw` only. */
function markdownCell(lines: SourceLines, start: number, end: number, marked: boolean): NotebookCell {
  const from = marked ? lines.skipBlank(start + 1, end) : start;
  let last = end;
  while (last > from && lines.isBlank(last - 1)) last--;
  const body = toLineFeeds(lines.slice(from, last));
  return {
    kind: 'markdown',
    attributes: {},
    body: body.endsWith('\n') ? body.slice(0, -1) : body,
    raw: lines.slice(start, end),
    line: start + 1,
    bodyLine: Math.min(from, Math.max(start, end - 1)) + 1,
  };
}

function refuseConflictMarkers(lines: SourceLines, fileName: string): void {
  const { text } = lines;
  for (const marker of ['<<<<<<<', '>>>>>>>']) {
    for (let at = text.indexOf(marker); at >= 0; at = text.indexOf(marker, at + 1)) {
      const atLineStart = at === 0 || '\r\n'.includes(text.charAt(at - 1));
      const after = text.charAt(at + marker.length);
      if (!atLineStart || !(after === '' || ' \t\r\n'.includes(after))) continue;
      throw formatError(
        'A merge conflict is not resolved: this line is a conflict marker.',
        fileName,
        lineOfOffset(text, at),
        'Open the file as text and resolve the conflict.',
      );
    }
  }
}

function lineOfOffset(text: string, offset: number): number {
  return new SourceLines(text.slice(0, offset + 1)).count;
}

/** The line end that most lines have; LF where there is none. */
function prevailingEol(text: string): '\n' | '\r\n' {
  let crlf = 0;
  let lf = 0;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
    if (at > 0 && text.charCodeAt(at - 1) === 13) crlf++;
    else lf++;
  }
  return crlf > lf ? '\r\n' : '\n';
}

/** UTF-8 with its byte order mark kept as U+FEFF. Throws `input/format` with the line of the first invalid byte. */
export function decodeUtf8(bytes: Uint8Array, fileName: string): string {
  if (bytes.length > FILE_LIMIT_BYTES)
    throw tooLarge(fileName, 1, `${Math.round(bytes.length / 1048576)} MB`);
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    return decoder.decode(bytes);
  } catch {
    let line = 1;
    for (let start = 0; start < bytes.length; line++) {
      const lf = bytes.indexOf(10, start);
      const end = lf < 0 ? bytes.length : lf + 1;
      try {
        decoder.decode(bytes.subarray(start, end));
      } catch {
        break;
      }
      start = end;
    }
    throw formatError('This line is not valid UTF-8.', fileName, line, 'Save the file as UTF-8.');
  }
}

function tooLarge(file: string, line: number, size: string): WaybookError {
  return new WaybookError('input/limit', `The file has ${size}: too large for a task notebook.`, {
    place: { file, line },
    hint: 'Outputs belong in the runs folder and clouds in files of their own.',
    limit: { name: 'file size', value: line, limit: LINE_LIMIT, unit: 'lines' },
  });
}
