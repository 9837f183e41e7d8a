import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import { parseCaptureBody, parseExecuteBody, parseWaypointsBody } from './cell-bodies.ts';
import { withIds } from './cell-ids.ts';
import { checkNotebook } from './check-notebook.ts';
import type { NotebookCell } from './document.ts';
import { readNotebook } from './read-notebook.ts';
import { stripNotebook } from './strip.ts';
import { writeNotebook } from './write-notebook.ts';

const root = join(import.meta.dirname, '../../..');
const front = '---\nwaybook: 1\n---\n';
const cellOf = (text: string): NotebookCell => readNotebook(front + text, 'a').cells[0] as NotebookCell;
const waypoints = (body: string): NotebookCell => cellOf(`\`\`\`json waypoints {#w}\n${body}\n\`\`\`\n`);
const one = (fields: string): string =>
  `{\n  "waypoints": [\n    { "position": [0.4, 0, 0.2]${fields} }\n  ]\n}`;

function failure(run: () => unknown): WaybookError {
  try {
    run();
  } catch (error) {
    if (error instanceof WaybookError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('bodies', () => {
  it('come back typed, with defaults', () => {
    const body = parseWaypointsBody(
      waypoints(
        '{"frame": {"object": "red cube"}, "waypoints": [{"position": [0, 0, 0.1], "gripper": 0.5, "frame": "base"}, {"position": [0, 0, 0]}]}',
      ),
      {},
    );
    expect(body).toEqual({
      frame: { object: 'red cube' },
      waypoints: [
        {
          label: 'waypoint 1',
          position: [0, 0, 0.1],
          orientation: [1, 0, 0, 0],
          gripper: 0.5,
          radius: 0.02,
          frame: 'base',
        },
        { label: 'waypoint 2', position: [0, 0, 0], orientation: [1, 0, 0, 0], gripper: 0.5, radius: 0.02 },
      ],
    });
    expect(
      parseCaptureBody(cellOf('```json capture {#c}\n{"file": "captures/a.pcd", "extra": 1}\n```\n'), {}),
    ).toEqual({ file: 'captures/a.pcd' });
    expect(
      parseExecuteBody(cellOf('```json execute {#e}\n{"speed": 0.5, "closedLoop": true}\n```\n'), {}),
    ).toEqual({ speed: 0.5, closedLoop: true });
  });

  it.each([
    ['NaN', one(', "gripper": NaN'), 'input/limit', 7, 'NaN'],
    ['a number beyond a double', one(', "radius": 1e999'), 'input/limit', 7, 'too large'],
    ['a duplicate key', one(', "gripper": 1, "gripper": 0'), 'input/schema', 7, '"gripper" is given twice'],
    ['a quaternion that is not unit', one(', "orientation": [1, 1, 0, 0]'), 'input/limit', 7, '1.4142'],
    ['a gripper out of range', one(', "gripper": 1.5'), 'input/limit', 7, 'at most 1'],
    [
      'a missing position',
      '{\n  "waypoints": [\n    { "label": "x" }\n  ]\n}',
      'input/schema',
      7,
      '"position"',
    ],
    ['a wrong frame', one(', "frame": 3'), 'input/schema', 7, '"base"'],
    ['a trailing comma', '{\n  "waypoints": [],\n}', 'input/format', 7, 'not valid JSON'],
    ['a comment', '{\n  // no\n}', 'input/format', 6, 'not valid JSON'],
    ['an array', '[]', 'input/schema', 5, 'object'],
    ['nothing', '', 'input/format', 5, 'empty'],
    ['no waypoints', '{ "waypoints": [] }', 'input/schema', 5, 'at least 1'],
    ['absurd nesting', '['.repeat(100_000), 'input/format', 5, 'nested'],
  ])('refuse %s, naming cell, line and limit', (_name, body, code, line, words) => {
    const error = failure(() => parseWaypointsBody(waypoints(body), {}));
    expect(error.code).toBe(code);
    expect(error.details.place).toMatchObject({ cell: 'w', line });
    expect(error.explain()).toContain(words);
  });

  it.each(['/etc/passwd', 'C:\\x.pcd', '../x.pcd', 'a/../../x.pcd', 'http://x/y.pcd', '~/x.pcd'])(
    'refuse the capture file %s',
    (file) => {
      const cell = cellOf(`\`\`\`json capture {#c}\n${JSON.stringify({ file })}\n\`\`\`\n`);
      expect(failure(() => parseCaptureBody(cell, {})).code).toBe('input/schema');
    },
  );
});

const cell = (kind: string, attributes: string, body = '{}'): string =>
  `\`\`\`${kind === 'instruction' ? kind : `json ${kind}`} {${attributes}}\n${body}\n\`\`\`\n\n`;
const found = (text: string): string[] =>
  checkNotebook(front + text, 'a').map((f) => `${f.severity} ${f.line} ${f.code}`);
const ONE = '{ "waypoints": [{ "position": [0, 0, 0] }] }';

describe('checkNotebook', () => {
  it('finds nothing in the samples', () => {
    const samples = readdirSync(join(root, 'samples')).filter((name) => name.endsWith('.waybook.md'));
    expect(samples.length).toBeGreaterThan(0);
    for (const name of samples)
      expect(checkNotebook(readFileSync(join(root, 'samples', name)), name), name).toEqual([]);
  });

  it.each([
    ['a duplicate id', cell('capture', '#a') + cell('capture', '#a'), ['error 8 reference/id']],
    ['no id', cell('capture', ''), ['warning 4 reference/id']],
    ['a dangling capture', cell('instruction', '#i capture=no', 'do'), ['error 4 reference/reference']],
    ['a dangling plan', cell('waypoints', '#w plan=no', ONE), ['error 4 reference/reference']],
    ['a dangling trajectory', cell('execute', '#e trajectory=no'), ['error 4 reference/reference']],
    [
      'a trajectory that planning will make',
      cell('instruction', '#i', 'do') + cell('execute', '#e trajectory=no'),
      [],
    ],
    [
      'the wrong kind',
      cell('capture', '#c') + cell('execute', '#e trajectory=c'),
      ['error 8 reference/reference'],
    ],
    [
      'the wrong order',
      cell('execute', '#e trajectory=w') + cell('waypoints', '#w', ONE),
      ['warning 4 reference/order'],
    ],
    [
      'a circle',
      cell('execute', '#e trajectory=f') + cell('execute', '#f trajectory=e'),
      ['error 4 reference/reference', 'error 4 reference/cycle', 'error 8 reference/reference'],
    ],
    ['no trajectory', cell('execute', '#e'), ['error 4 reference/reference']],
    ['an unknown attribute', cell('capture', '#c colour=red'), ['warning 4 reference/attribute']],
    ['an unknown key', cell('capture', '#c', '{ "lens": 3 }'), ['warning 5 body/schema']],
    ['attributes that cannot be read', '```instruction {#a\nx\n```\n', ['error 4 format/fence']],
    ['a capture without json', '```capture {#a}\n{}\n```\n', ['warning 4 format/fence']],
    ['an instruction with json', '```json instruction {#a}\nx\n```\n', ['warning 4 format/fence']],
    ['another language with braces', '```json {"a": 1}\n{}\n```\n', []],
    ['another word alone', '```capture\n{}\n```\n', []],
    ['a fence without attributes', '```instruction\nx\n```\n', ['warning 4 format/fence']],
  ])('finds %s', (_name, text, expected) => {
    expect(found(text)).toEqual(expected);
  });

  it('validates by functions that fit the schemas', () => {
    execFileSync(process.execPath, [join(root, 'scripts/generate-validators.mjs'), '--check']);
  });

  it.each([
    ['prose', 'Some *prose* with `code` and [links](x).\n\n- a\n- b\n\n'],
    ['headings', 'a\n=\n'],
    ['fences', '```\nx\n```\n'],
    ['open brackets', '[a]: <b "\n'],
    ['quotes', `${'>'.repeat(30)} a\n`],
    ['lists', `${'- '.repeat(20)}a\n`],
    ['backslashes and backticks', '```instruction {#a k="\\\\"}\n````\n'],
  ])('takes work in proportion to the file: %s', (_name, unit) => {
    // A megabyte of each; a parser that is quadratic in one of them takes minutes.
    const text = unit.repeat(Math.ceil(1_000_000 / unit.length));
    expect(Array.isArray(checkNotebook(front + text, 'a'))).toBe(true);
  });

  it('takes work in proportion to the cells, however alike they are', () => {
    const text = front + cell('execute', '#e trajectory=none').repeat(30_000);
    expect(checkNotebook(text, 'a').length).toBeGreaterThan(30_000);
    expect(new Set(withIds(readNotebook(text, 'a')).cells.map((c) => c.id)).size).toBe(30_000);
  });

  it('refuses a file beyond its limits, with a line', () => {
    const error = failure(() => checkNotebook(`${front}${'\n'.repeat(2_100_000)}`, 'a'));
    expect(error.code).toBe('input/limit');
    expect(error.details.place?.line).toBe(2_000_000);
    expect(failure(() => checkNotebook(new Uint8Array(65 * 1024 * 1024), 'a')).code).toBe('input/limit');
  });
});

describe('stripNotebook', () => {
  it('takes endpoint names out and leaves the rest byte for byte', () => {
    const text =
      '---\nwaybook: 1 # comment\nrobot: arm-42\nfleet: west\nparams: { a: 1 }\n---\n\nSee ws://10.0.0.7:9090/?token=abc\n\n```instruction {#i}\npick  it\n```\n';
    const { document, removed } = stripNotebook(readNotebook(text, 'a'));
    expect(writeNotebook(document)).toBe(
      '---\nwaybook: 1 # comment\nparams: { a: 1 }\n---\n\nSee <url>\n\n```instruction {#i}\npick  it\n```\n',
    );
    expect(removed).toHaveLength(3);
    const clean = readNotebook('---\nwaybook: 1\nrobot: sim:tabletop?seed=1\n---\n# x\n', 'a');
    expect(stripNotebook(clean)).toEqual({ document: clean, removed: [] });
  });
});
