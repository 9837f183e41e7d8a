import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import { parseCaptureBody, parseExecuteBody, parseWaypointsBody } from './cell-bodies.ts';
import { checkNotebook } from './check-notebook.ts';
import type { NotebookDocument } from './document.ts';
import {
  fillText,
  fillValue,
  instructionOf,
  type Params,
  placeholdersIn,
  resolveParams,
  usedParams,
} from './parameters.ts';
import { readNotebook } from './read-notebook.ts';
import { writeNotebook } from './write-notebook.ts';

const TEXT = `---
waybook: 1
params:
  seed: 3
  height: 0.15
  thing: red cube
  loop: true
---
\`\`\`json capture {#look}
{ "camera": "front", "voxel": 0.004 }
\`\`\`

\`\`\`instruction {#do}
put the {{thing}} in the bowl
\`\`\`

\`\`\`json waypoints {#w capture=look}
{ "frame": { "object": "{{ thing }}" }, "waypoints": [{ "label": "over {{thing}}", "position": [0, 0, "{{height}}"] }] }
\`\`\`

\`\`\`json execute {#go trajectory=w}
{ "closedLoop": "{{loop}}" }
\`\`\`
`;
const document = readNotebook(TEXT, 'a');
const params = document.frontMatter.params as Params;
const cell = (id: string, of: NotebookDocument = document) => {
  const found = of.cells.find((c) => c.id === id);
  if (!found) throw new Error(`no ${id}`);
  return found;
};
const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (error instanceof WaybookError) return error.code;
    throw error;
  }
  return 'nothing was thrown';
};

const name = fc.stringMatching(/^[A-Za-z_][\w-]{0,8}$/);
const value = fc.oneof(fc.string(), fc.boolean(), fc.double({ noNaN: true, noDefaultInfinity: true }));

describe('parameters', () => {
  it('stand for their values, in their own type, wherever a body may use them', () => {
    expect(parseWaypointsBody(cell('w'), params)).toMatchObject({
      frame: { object: 'red cube' },
      waypoints: [{ label: 'over red cube', position: [0, 0, 0.15] }],
    });
    expect(parseExecuteBody(cell('go'), params)).toEqual({ closedLoop: true });
    expect(instructionOf(cell('do'), params)).toBe('put the red cube in the bowl');
    expect(parseCaptureBody(cell('look'), params)).toEqual({ camera: 'front', voxel: 0.004 });
  });

  it('leave the file as it is', () => {
    expect(writeNotebook(document)).toBe(TEXT);
    expect(checkNotebook(TEXT, 'a')).toEqual([]);
  });

  it('are checked like what they stand for, and the place is that of the placeholder', () => {
    const found = checkNotebook(TEXT.replace('height: 0.15', 'height: 25'), 'a');
    expect(found).toMatchObject([{ code: 'body/limit', line: 18, cell: 'w' }]);
    expect(found[0]?.message).toContain('It comes from the parameter height, 25.');
    expect(checkNotebook(TEXT.replace('height: 0.15', 'height: high'), 'a')).toMatchObject([
      { code: 'body/schema', line: 18 },
    ]);
  });

  it('that nobody declared or nobody uses are findings with a line and a column', () => {
    expect(checkNotebook(TEXT.replace('the {{thing}}', 'the {{Thing}}'), 'a')).toMatchObject([
      { severity: 'error', code: 'body/parameter', line: 14, column: 9 },
    ]);
    expect(checkNotebook(TEXT.replace('"{{height}}"', '"{{hight}}"'), 'a')).toMatchObject([
      { severity: 'warning', code: 'parameter/unused', line: 5, column: 3 },
      { severity: 'error', code: 'body/parameter', line: 18 },
    ]);
    expect(checkNotebook(TEXT.replace('  loop', '  the arm: 1\n  loop'), 'a')).toMatchObject([
      { severity: 'warning', code: 'parameter/unused', line: 7, message: /No cell can use/ },
    ]);
  });

  it('must be there when a cell runs', () => {
    expect(codeOf(() => parseWaypointsBody(cell('w'), {}))).toBe('input/reference');
    expect(codeOf(() => instructionOf(cell('do'), {}))).toBe('input/reference');
    expect(codeOf(() => instructionOf(cell('do'), { toString: 1 }))).toBe('input/reference');
  });

  it('given for a run replace those declared, and keep their types', () => {
    expect(resolveParams(params, { height: 0.2, thing: 7, seed: 9 })).toEqual({
      seed: 9,
      height: 0.2,
      thing: '7',
      loop: true,
    });
    expect(resolveParams(undefined, { seed: 1 })).toEqual({ seed: 1 });
    expect(codeOf(() => resolveParams(params, { hight: 1 }))).toBe('input/usage');
    expect(codeOf(() => resolveParams(params, { toString: 1 }))).toBe('input/usage');
    expect(codeOf(() => resolveParams(params, { height: 'up' }))).toBe('input/usage');
    expect(codeOf(() => resolveParams(params, { loop: 1 }))).toBe('input/usage');
  });

  it('of a cell are those that it names', () => {
    expect(usedParams(cell('w'), params)).toEqual({ height: 0.15, thing: 'red cube' });
    expect(usedParams(cell('look'), params)).toEqual({});
  });

  it('survive being filled in: any value alone in a text comes back itself', () => {
    fc.assert(
      fc.property(name, value, (key, v) => {
        const filled = fillValue(`{{ ${key} }}`, { [key]: v });
        expect(Object.is(filled, v)).toBe(true);
      }),
    );
  });

  it('fill a text once, whatever the values hold, and leave everything else', () => {
    fc.assert(
      fc.property(
        fc.dictionary(name, value, { maxKeys: 4, noNullPrototype: true }),
        fc.array(fc.tuple(fc.string(), name), { maxLength: 6 }),
        (given, parts) => {
          const plain = parts.map(([text, key]) => [text.replaceAll(/[{}]/g, ''), key] as const);
          const text = plain.map(([before, key]) => `${before}{{${key}}}`).join('');
          const expected = plain
            .map(([before, key]) => before + (Object.hasOwn(given, key) ? String(given[key]) : `{{${key}}}`))
            .join('');
          expect(fillText(text, given)).toBe(expected);
          expect(placeholdersIn(text).map((p) => p.name)).toEqual(plain.map(([, key]) => key));
        },
      ),
    );
  });

  it('make the body that has the value written in its place', () => {
    const number = fc.double({ min: -9, max: 9, noNaN: true }).filter((v) => !Object.is(v, -0));
    fc.assert(
      fc.property(number, number, fc.double({ min: 0, max: 1, noNaN: true }), (x, z, gripper) => {
        const body = (a: string, b: string, c: string): string =>
          `\`\`\`json waypoints {#w}\n{"waypoints": [{"position": [${a}, 0, ${b}], "gripper": ${c}}]}\n\`\`\`\n`;
        const written = readNotebook(body(...([x, z, gripper].map(String) as [string, string, string])), 'a');
        const named = readNotebook(body('"{{x}}"', '"{{z}}"', '"{{g}}"'), 'a');
        expect(parseWaypointsBody(cell('w', named), { x, z, g: gripper })).toEqual(
          parseWaypointsBody(cell('w', written), {}),
        );
      }),
    );
  });
});
