import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { composeNotebook } from '../../notebook/file/compose.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { cellMetadata, toDocumentMetadata, toEditedCell, toPlainCell, withCell } from './cell-data.ts';

const TEXT = [
  '---',
  'waybook: 1',
  '---',
  '# Title',
  '',
  'prose',
  '',
  '```json capture {#table  note="a b"}',
  '{ "camera": "front" }',
  '```',
  '',
  '```json waypoints {#grasp plan=put planned=0123456789abcdef}',
  '{ "waypoints": [] }',
  '```',
  '',
].join('\n');

/** What VS Code does to cells between reading and saving: a JSON round trip of metadata and line feeds in text. */
function throughEditor(text: string): string {
  const document = readNotebook(text, 'test');
  const cells = document.cells
    .map(toPlainCell)
    .map((cell) => JSON.parse(JSON.stringify(cell)) as ReturnType<typeof toPlainCell>);
  return composeNotebook({ ...toDocumentMetadata(document), cells: cells.map(toEditedCell) });
}

describe('cells between the file and the editor', () => {
  it('come back byte for byte, with either line end', () => {
    expect(throughEditor(TEXT)).toBe(TEXT);
    expect(throughEditor(TEXT.replaceAll('\n', '\r\n'))).toBe(TEXT.replaceAll('\n', '\r\n'));
  });

  it('come back byte for byte whatever stands between the fences', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { maxLength: 6 }), (lines) => {
        const prose = lines
          .map((line) => line.replace(/^(<{7}|>{7})/, '').replace(/[\r\u2028\u2029]/g, ' '))
          .join('\n');
        const text = `---\nwaybook: 1\n---\n${prose}\n\n${TEXT.slice(TEXT.indexOf('```json capture'))}`;
        expect(throughEditor(text)).toBe(text);
      }),
      { seed: 7, numRuns: 200 },
    );
  });

  it('a copy without metadata gets an id of its own and the same body', () => {
    const document = readNotebook(TEXT, 'test');
    const plain = document.cells.map(toPlainCell);
    const grasp = plain.at(-1);
    if (!grasp) throw new Error('no cell');
    const text = composeNotebook({
      ...toDocumentMetadata(document),
      cells: [...plain, { ...grasp, metadata: {} }].map(toEditedCell),
    });
    const again = readNotebook(text, 'test').cells.filter(({ kind }) => kind === 'waypoints');
    expect(again.map(({ body }) => body)).toEqual([grasp.text, grasp.text]);
    expect(new Set(again.map(({ id }) => id)).size).toBe(2);
    expect(text.startsWith(TEXT)).toBe(true);
  });

  it('a cell that became another kind loses the references that mean nothing there', () => {
    const metadata = withCell(undefined, {
      id: 'grasp',
      attributes: { plan: 'put', planned: 'x', custom: 'kept' },
    });
    const edited = toEditedCell({ markup: false, language: 'waybook-execute', text: '{}', metadata });
    expect(edited).toMatchObject({ kind: 'execute', id: 'grasp', attributes: { custom: 'kept' } });
  });

  it('code in another language becomes a fence that holds it, however many backticks it has', () => {
    const edited = toEditedCell({
      markup: false,
      language: 'python',
      text: '````\nx\n````',
      metadata: undefined,
    });
    expect(edited.kind).toBe('markdown');
    expect(edited.body).toBe('`````python\n````\nx\n````\n`````');
  });

  it('metadata that is not ours or damaged reads as none', () => {
    for (const value of [
      undefined,
      {},
      { waybook: 3 },
      { waybook: { id: 4, attributes: { a: 1 }, raw: [] } },
    ]) {
      expect(cellMetadata(value)).toEqual({ id: undefined, attributes: {}, raw: undefined });
    }
  });
});
