import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkReferences } from './check-notebook.ts';
import { editable, composeNotebook } from './compose.ts';
import type { CellKind, NotebookCell, NotebookDocument } from './document.ts';
import {
  deleteCell,
  ensureIds,
  insertCell,
  moveCell,
  setAttributes,
  setBody,
  setKind,
  splitMarkdown,
} from './edit.ts';
import { readNotebook } from './read-notebook.ts';
import { referencesOf } from '../graph/references.ts';
import { writeNotebook } from './write-notebook.ts';

const KINDS: CellKind[] = ['markdown', 'instruction', 'capture', 'waypoints', 'execute'];

/** Text that tries to break out of its cell. */
const nastyLine = fc.oneof(
  fc.constantFrom(
    '```',
    '````',
    '~~~',
    '```js',
    '~~~~ x',
    '<!--',
    '-->',
    '<div>',
    '</div>',
    '<script>',
    '<?php',
    '<![CDATA[',
    '- item',
    '  - nested',
    '> quote',
    '1. one',
    '---',
    '===',
    '    code',
    '\tcode',
    '',
    ' ',
    '# Title',
    '[a]: b',
    '[a]: <b',
    '[a]: b "',
    '<pre>',
    '<style>',
    '<textarea>',
    '<!X',
    '* * *',
    '{ "a": 1 }',
    '  ```',
    ' ~~~',
    '+',
    '\u2028',
    'é\u0301',
    '🤖',
    '\\',
    '`````` x',
  ),
  fc.string({ maxLength: 12 }).map((s) => s.replace(/[\r\n]/g, ' ')),
);
const nastyBody = fc.array(nastyLine, { maxLength: 6 }).map((lines) => lines.join('\n'));
const attributes = fc.dictionary(
  fc.constantFrom('capture', 'plan', 'trajectory', 'planned', 'note'),
  fc.oneof(fc.constantFrom('a', 'grasp', 'x-2', 'table', '"', '}', '\\', ''), fc.string({ maxLength: 6 })),
  { maxKeys: 3 },
);
const cellArbitrary = fc.record({
  kind: fc.constantFrom(...KINDS),
  id: fc.option(fc.constantFrom('a', 'b', 'grasp', 'table', 'é', 'x-2'), { nil: undefined }),
  attributes,
  body: nastyBody,
});

/** A first line `---` would be front matter, and not closed. */
const apart = (front: string, text: string): string =>
  front === '' && text.startsWith('---') ? `x\n\n${text}` : text;

/** A notebook as people leave them: odd spacing, unclosed blocks at the end, either line end. */
const notebookArbitrary = fc
  .record({
    front: fc.constantFrom(
      '',
      '---\nwaybook: 1\n---\n',
      '---\nwaybook: 1\nrobot: sim:tabletop?seed=3\n...\n\n\n',
    ),
    blocks: fc.array(
      fc.oneof(
        nastyBody.map((body) => `${body}\n\n`),
        fc.constantFrom(
          '```instruction {#a}\ndo it\n```\n',
          '```json capture {#table}\n{}\n```\n\n\n',
          '  ````json waypoints {plan=a  #grasp}\n  {\n  ```\n  }\n  ````  \n',
          '```json execute {#go trajectory=grasp}\n{ "speed": 1 }\n```\ntext at once\n',
          '<!-- cell -->\n',
          '<!-- cell -->\n\n',
          '```instruction {}\n```\n',
        ),
      ),
      { maxLength: 8 },
    ),
    tail: fc.constantFrom(
      '',
      '```instruction {#open}\nnever closed',
      '~~~\nnever closed',
      '<!-- x',
      '- list',
    ),
    eol: fc.constantFrom('\n', '\r\n'),
  })
  .map(({ front, blocks, tail, eol }) =>
    (front + apart(front, blocks.join('') + tail)).replaceAll('\n', eol),
  );

type Step = (document: NotebookDocument) => {
  next: NotebookDocument;
  touched: ReadonlySet<number>;
  map: (i: number) => number | undefined;
};

const same = (i: number): number => i;
const stepArbitrary: fc.Arbitrary<Step> = fc
  .record({
    kind: fc.constantFrom('body', 'attributes', 'insert', 'delete', 'move', 'kind', 'split', 'ids'),
    at: fc.nat(30),
    to: fc.nat(30),
    cell: cellArbitrary,
  })
  .map(({ kind, at, to, cell }): Step => (document) => {
    const n = document.cells.length;
    const unchanged = { next: document, touched: new Set<number>(), map: same };
    if (kind === 'insert' || n === 0) {
      const index = at % (n + 1);
      return {
        next: insertCell(document, index, cell),
        touched: new Set(),
        map: (i) => (i < index ? i : i + 1),
      };
    }
    const i = at % n;
    switch (kind) {
      case 'body':
        return { next: setBody(document, i, cell.body), touched: new Set([i]), map: same };
      case 'attributes':
        if (document.cells[i]?.kind === 'markdown') return unchanged;
        return {
          next: setAttributes(document, i, cell.attributes, cell.id),
          touched: new Set([i]),
          map: same,
        };
      case 'delete':
        return {
          next: deleteCell(document, i),
          touched: new Set([i]),
          map: (j) => (j === i ? undefined : j > i ? j - 1 : j),
        };
      case 'move': {
        const j = to % n;
        const order = document.cells.map((_, k) => k);
        order.splice(j, 0, ...order.splice(i, 1));
        return { next: moveCell(document, i, j), touched: new Set(), map: (k) => order.indexOf(k) };
      }
      case 'kind':
        return { next: setKind(document, i, cell.kind), touched: new Set([i]), map: same };
      case 'split': {
        const target = document.cells[i] as NotebookCell;
        if (target.kind !== 'markdown') return unchanged;
        const line = to % (target.body.split('\n').length + 1);
        return {
          next: splitMarkdown(document, i, line),
          touched: new Set([i]),
          map: (j) => (j > i ? j + 1 : j),
        };
      }
      default: {
        const next = ensureIds(document);
        return {
          next,
          touched: new Set(document.cells.flatMap((c, k) => (c.raw === next.cells[k]?.raw ? [] : [k]))),
          map: same,
        };
      }
    }
  });

/** What an edit elsewhere must leave alone: everything but the marker and blank lines that keep cells apart. */
const core = (cell: NotebookCell): string => {
  const text = cell.raw.replace(/^<!-- cell -->[ \t]*(\r\n|\n|\r|$)/, '');
  return text.replace(/^([ \t]*(\r\n|\n|\r))+/, '').replace(/(\r\n|\n|\r)?([ \t]*(\r\n|\n|\r|$))*$/, '');
};

const runnableIds = (document: NotebookDocument): string[] =>
  document.cells.flatMap((c) => (c.kind !== 'markdown' && c.id !== undefined ? [c.id] : []));

describe('edits', () => {
  it('keep every other cell, ids unique, and references that hold or are reported', () => {
    fc.assert(
      fc.property(
        notebookArbitrary,
        fc.array(stepArbitrary, { minLength: 1, maxLength: 12 }),
        (text, steps) => {
          let document = ensureIds(readNotebook(text, 'a'));
          expect(new Set(runnableIds(document)).size).toBe(runnableIds(document).length);
          for (const step of steps) {
            const { next, touched, map } = step(document);
            // What it says is what its file says.
            expect(readNotebook(writeNotebook(next), 'notebook')).toEqual(next);
            document.cells.forEach((cell, i) => {
              const j = map(i);
              if (j === undefined || touched.has(i)) return;
              // Markdown that holds cells of its own may have become several, so look from both ends.
              const found = [next.cells[j], ...next.cells].find(
                (c) => c !== undefined && c.kind === cell.kind && sameCore(c, cell),
              );
              expect(
                found,
                `cell ${i} (${JSON.stringify(cell.raw)}) in ${JSON.stringify(writeNotebook(next))}`,
              ).toBeDefined();
              if (cell.kind !== 'markdown') expect(found?.id).toBe(cell.id);
            });
            document = ensureIds(next);
            const ids = runnableIds(document);
            expect(new Set(ids).size).toBe(ids.length);
            expect(document.cells.every((c) => c.kind === 'markdown' || c.id !== undefined)).toBe(true);
            const known = new Map(
              document.cells.filter((c) => c.kind !== 'markdown').map((c) => [c.id, c.kind]),
            );
            const reported = checkReferences(document);
            for (const cell of document.cells) {
              for (const reference of referencesOf(cell)) {
                const holds = known.get(reference.id) === reference.target;
                const told = reported.some((f) => f.line === cell.line && f.severity === 'error');
                const pending = reference.attribute === 'trajectory' && !known.has(reference.id);
                expect(holds || told || pending).toBe(true);
              }
            }
          }
        },
      ),
      { numRuns: 400, seed: 11 },
    );
  });

  it('set exactly what was asked', () => {
    fc.assert(
      fc.property(notebookArbitrary, cellArbitrary, fc.nat(20), (text, cell, at) => {
        const document = readNotebook(text, 'a');
        const runnable = document.cells.flatMap((c, i) => (c.kind === 'markdown' ? [] : [i]));
        if (runnable.length > 0) {
          const index = runnable[at % runnable.length] as number;
          const next = setBody(document, index, cell.body);
          expect(next.cells[index]?.body).toBe(cell.body);
          expect(next.cells.length).toBe(document.cells.length);
          const cleaned = Object.fromEntries(
            Object.entries(cell.attributes).map(([k, v]) => [
              k,
              v.replace(/[\r\n\u2028\u2029]+/g, ' ').replaceAll('`', "'"),
            ]),
          );
          expect(setAttributes(document, index, cell.attributes).cells[index]?.attributes).toEqual(cleaned);
        }
      }),
      { numRuns: 300, seed: 12 },
    );
  });

  it('change nothing where an editor holds what was read', () => {
    fc.assert(
      fc.property(notebookArbitrary, (text) => {
        expect(composeNotebook(editable(readNotebook(text, 'a')))).toBe(text);
      }),
      { numRuns: 500, seed: 13 },
    );
  });

  it('compose what an editor made of it, cell for cell', () => {
    const plain = cellArbitrary.map((cell) =>
      cell.kind === 'markdown' ? { ...cell, id: undefined, attributes: {} } : cell,
    );
    fc.assert(
      fc.property(notebookArbitrary, fc.array(fc.tuple(fc.nat(30), plain)), (text, inserted) => {
        const document = readNotebook(text, 'a');
        const cells: Parameters<typeof composeNotebook>[0]['cells'][number][] = [...document.cells];
        for (const [at, cell] of inserted) cells.splice(at % (cells.length + 1), 0, cell);
        const written = composeNotebook({ ...editable(document), cells });
        const read = readNotebook(written, 'a');
        const fences = (list: readonly { kind: CellKind; body: string }[]): string[] =>
          list.flatMap((c) => (c.kind === 'markdown' ? [] : [`${c.kind}:${c.body}`]));
        expect(fences(read.cells)).toEqual(fences(cells));
        expect(read.cells.length).toBe(cells.length);
      }),
      { numRuns: 400, seed: 14 },
    );
  });
});

function sameCore(a: NotebookCell, b: NotebookCell): boolean {
  if (core(a) === core(b)) return true;
  // A list above would take an indented fence for its own, so its indentation goes; the body is the same.
  const flush = (cell: NotebookCell): string => core(cell).replace(/^ {0,3}/gm, '');
  if (a.kind !== 'markdown' && flush(a) === flush(b) && a.body === b.body) return true;
  // A cell that the end of the file closed gets its closing line when it is no longer last.
  const longer = core(a);
  return (
    longer.startsWith(core(b)) &&
    /^\s*(`{3,}|~{3,}|-->|\?>|\]\]>|>|<\/\w+>)?\s*$/.test(longer.slice(core(b).length))
  );
}
