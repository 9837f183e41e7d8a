import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import { readNotebook } from './read-notebook.ts';
import { writeNotebook } from './write-notebook.ts';

const SAMPLE = `---
waybook: 1
robot: sim:tabletop?seed=7
---
# Put the red cube in the bowl

\`\`\`json capture {#table}
{ "camera": "front", "voxel": 0.004 }
\`\`\`

\`\`\`instruction {#put-cube capture=table}
put the red cube in the blue bowl
\`\`\`

Prose between.

<!-- cell -->

A second Markdown cell.

\`\`\`json execute {#go trajectory=grasp note="a \\"quoted\\" word"}
{ "speed": 0.5 }
\`\`\`
`;

function failure(run: () => unknown): WaybookError {
  try {
    run();
  } catch (error) {
    if (error instanceof WaybookError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('readNotebook', () => {
  it('finds cells, ids, attributes, bodies and lines', () => {
    const document = readNotebook(SAMPLE, 'a.waybook.md');
    expect(document.frontMatter.robot).toBe('sim:tabletop?seed=7');
    expect(document.cells.map((c) => [c.kind, c.id, c.line, c.bodyLine])).toEqual([
      ['markdown', undefined, 5, 5],
      ['capture', 'table', 7, 8],
      ['instruction', 'put-cube', 11, 12],
      ['markdown', undefined, 15, 15],
      ['markdown', undefined, 17, 19],
      ['execute', 'go', 21, 22],
    ]);
    expect(document.cells[2]?.attributes).toEqual({ capture: 'table' });
    expect(document.cells[4]?.body).toBe('A second Markdown cell.');
    expect(document.cells[5]?.attributes).toEqual({ trajectory: 'grasp', note: 'a "quoted" word' });
  });

  it.each([
    ['as it is', SAMPLE],
    ['with CR LF', SAMPLE.replaceAll('\n', '\r\n')],
    ['with lone CR', SAMPLE.replaceAll('\n', '\r')],
    ['with a byte order mark', `\uFEFF${SAMPLE}`],
    ['without a last line end', SAMPLE.trimEnd()],
    ['with blank lines all over', SAMPLE.replaceAll('\n\n', '\n \t\n\n')],
    ['empty', ''],
    ['only blank lines', '\n\n \n'],
    ['no front matter', '# Title\n'],
    ['an open fence', '```instruction {#a}\nx'],
  ])('gives the bytes back: %s', (_name, text) => {
    expect(writeNotebook(readNotebook(text, 'a'))).toBe(text);
    expect(writeNotebook(readNotebook(new TextEncoder().encode(text), 'a'))).toBe(text);
  });

  it('keeps fences in lists, quotes, tildes and other languages as Markdown', () => {
    const text = [
      '- item',
      '',
      '  ```instruction {#a}',
      '  x',
      '  ```',
      '',
      '> ```instruction {#b}',
      '> x',
      '> ```',
      '',
      '~~~instruction {#c}',
      '~~~',
      '',
      '```json',
      '```',
      '',
      '    ```instruction {#d}',
      '',
    ].join('\n');
    expect(readNotebook(text, 'a').cells.map((c) => c.kind)).toEqual(['markdown']);
  });

  it('reads a fence that holds a shorter fence', () => {
    const text = '````instruction {#a}\n```\ncode\n```\n````\n';
    expect(readNotebook(text, 'a').cells[0]?.body).toBe('```\ncode\n```');
  });

  it.each([
    ['conflict markers', '---\nwaybook: 1\n---\n\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> x\n', 5],
    ['bad YAML', '---\nwaybook: 1\nrobot: [a\n---\n', 4],
    ['YAML that is no map', '---\n- a\n---\n', 2],
    ['a duplicate key', '---\nwaybook: 1\nrobot: a\nrobot: b\n---\n', 4],
    ['front matter that is not closed', '---\nwaybook: 1\n', 1],
    ['another version', '---\nwaybook: 2\n---\n', 2],
    ['a wrong type', '---\nwaybook: 1\nparams: 3\n---\n', 3],
    ['a pin without a place', '---\nwaybook: 1\npins: {lid: 3}\n---\n', 3],
    ['a pin that opens nowhere', '---\nwaybook: 1\npins: {grip: {at: [0, 0, 0], opens: up}}\n---\n', 3],
  ])('refuses %s and names the line', (_name, text, line) => {
    const error = failure(() => readNotebook(text, 'a.waybook.md'));
    expect(error.code).toBe('input/format');
    expect(error.details.place).toMatchObject({ file: 'a.waybook.md', line });
  });

  it('reads pins: places, ways and hinges', () => {
    const text = [
      '---',
      'waybook: 1',
      'pins:',
      '  butter: [0.4, 0.1, 0.02]',
      '  drawer handle: { at: [0.5, 0, 0.1], opens: [-1, 0, 0] }',
      '  door handle: { at: [0.5, 0.3, 0.1], hinge: { origin: [0.6, 0.1, 0], axis: [0, 0, 2] } }',
      '---',
      '',
    ].join('\n');
    expect(readNotebook(text, 'a').frontMatter.pins).toEqual({
      butter: { at: [0.4, 0.1, 0.02] },
      'drawer handle': { at: [0.5, 0, 0.1], opens: [-1, 0, 0] },
      'door handle': { at: [0.5, 0.3, 0.1], hinge: { origin: [0.6, 0.1, 0], axis: [0, 0, 1] } },
    });
  });

  it('names the line of invalid UTF-8', () => {
    const bytes = new Uint8Array([...new TextEncoder().encode('a\nb\nc'), 0xc3, 0x28, 10]);
    expect(failure(() => readNotebook(bytes, 'a')).details.place?.line).toBe(3);
  });

  it('survives YAML made to hurt', () => {
    const nested = `---\nwaybook: 1\nx: ${'['.repeat(20_000)}\n---\n`;
    expect(failure(() => readNotebook(nested, 'a')).code).toBe('input/format');
    const bomb = [
      '---',
      'a: &a [x,x,x,x,x,x,x,x,x]',
      ...[...'bcdefgh'].map((c, i) => `${c}: &${c} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
      '---',
      '',
    ].join('\n');
    expect(failure(() => readNotebook(bomb, 'a')).code).toBe('input/format');
  });
});
