import { describe, expect, it } from 'vitest';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import { planBody, waypointsCellFor } from './plan-cell.ts';

const cell = (
  kind: NotebookCell['kind'],
  id: string,
  attributes: Record<string, string> = {},
): NotebookCell => ({
  kind,
  id,
  attributes,
  body: '',
  raw: '',
  line: 1,
  bodyLine: 2,
});
const documentOf = (...cells: NotebookCell[]): NotebookDocument => ({
  frontMatter: { waybook: 1, unknown: {} },
  frontMatterRaw: '',
  cells,
  eol: '\n',
});

describe('plan cell', () => {
  it('writes one waypoint a line, rounded, without negative zero', () => {
    const body = planBody([
      {
        label: 'above "it"',
        position: [0.45000001, -0.00001, 0.25],
        orientation: [1, 0, 0, 0],
        gripper: 1,
        radius: 0.03,
      },
    ]);
    expect(body).toBe(
      [
        '{',
        '  "frame": "base",',
        '  "waypoints": [',
        '    { "label": "above \\"it\\"", "position": [0.45, 0, 0.25], "orientation": [1, 0, 0, 0], "gripper": 1, "radius": 0.03 }',
        '  ]',
        '}',
      ].join('\n'),
    );
    expect(JSON.parse(body)).toMatchObject({ frame: 'base' });
  });

  it('prefers the cell that names the instruction as its plan', () => {
    const instruction = cell('instruction', 'put');
    const document = documentOf(
      instruction,
      cell('waypoints', 'mine', { plan: 'put' }),
      cell('execute', 'go', { trajectory: 'x' }),
    );
    expect(waypointsCellFor(document, instruction)).toMatchObject({ id: 'mine' });
  });

  it('takes the id that an execute cell below is waiting for, but not past the next instruction', () => {
    const first = cell('instruction', 'a');
    const second = cell('instruction', 'b');
    const document = documentOf(first, second, cell('execute', 'go', { trajectory: 'wanted' }));
    expect(waypointsCellFor(document, second)).toEqual({ id: 'wanted' });
    expect(waypointsCellFor(document, first)).toEqual({ id: 'a-plan' });
  });

  it('makes up an id that is free', () => {
    const instruction = cell('instruction', 'a');
    expect(waypointsCellFor(documentOf(instruction, cell('capture', 'a-plan')), instruction)).toEqual({
      id: 'a-plan-2',
    });
  });
});
