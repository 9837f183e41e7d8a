import { describe, expect, it } from 'vitest';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import { isFresh, sourceOf, type StoredOutput } from './freshness.ts';
import type { CellOutput } from './outputs.ts';

const cell = (
  kind: NotebookCell['kind'],
  id: string,
  body: string,
  attributes: Record<string, string> = {},
): NotebookCell => ({
  kind,
  id,
  attributes,
  body,
  raw: '',
  line: 1,
  bodyLine: 2,
});
const notebook = (...cells: NotebookCell[]): NotebookDocument => ({
  frontMatter: { waybook: 1, unknown: {} },
  frontMatterRaw: '',
  cells,
  eol: '\n',
});
const look = cell('capture', 'look', '{}');
const grasp = cell('waypoints', 'grasp', '{"waypoints":[]}', { capture: 'look' });
const ran = (of: NotebookCell, epoch: number, robot = true): [string, StoredOutput] => [
  of.id ?? '',
  {
    source: sourceOf(of, {}),
    output: {
      kind: of.kind === 'capture' ? 'capture' : 'refined',
      cell: of.id,
      key: '',
      epoch,
      capture: robot ? { robot: {} } : {},
    } as unknown as CellOutput,
  },
];

describe('freshness', () => {
  it('holds while nothing changed and nothing moved', () => {
    const stored = new Map([ran(look, 3), ran(grasp, 3)]);
    expect(isFresh('grasp', notebook(look, grasp), stored, 3, {})).toBe(true);
  });

  it('ends when the world moves on, except for what came from a file', () => {
    expect(isFresh('look', notebook(look), new Map([ran(look, 3)]), 4, {})).toBe(false);
    expect(isFresh('look', notebook(look), new Map([ran(look, 3, false)]), 4, {})).toBe(true);
  });

  it('ends when the cell or one that it refers to is edited', () => {
    const stored = new Map([ran(look, 3), ran(grasp, 3)]);
    expect(isFresh('grasp', notebook({ ...look, body: '{"voxel":0.01}' }, grasp), stored, 3, {})).toBe(false);
    expect(isFresh('grasp', notebook(look, { ...grasp, body: '{}' }), stored, 3, {})).toBe(false);
  });

  it('does not depend on who wrote the plan', () => {
    const stored = new Map([ran(look, 3), ran(grasp, 3)]);
    const signed = { ...grasp, attributes: { ...grasp.attributes, planned: 'abc' } };
    expect(isFresh('grasp', notebook(look, signed), stored, 3, {})).toBe(true);
  });

  it('never holds for cells that refer to each other in a circle', () => {
    const a = cell('waypoints', 'a', '{}', { capture: 'b' });
    const b = cell('waypoints', 'b', '{}', { capture: 'a' });
    expect(isFresh('a', notebook(a, b), new Map([ran(a, 1), ran(b, 1)]), 1, {})).toBe(false);
  });
});
