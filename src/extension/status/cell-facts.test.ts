import { describe, expect, it } from 'vitest';
import type { OutputMetadata } from '../outputs/output-metadata.ts';
import { groupVariables } from '../debug/variable-groups.ts';
import { cellStatus, type CellSituation } from './cell-facts.ts';

const output: OutputMetadata = {
  cell: 'grasp',
  kind: 'refined',
  ok: true,
  verdict: 'Refined',
  facts: [
    { name: 'Refiner', value: 'Action expert' },
    { name: 'Samples', value: '420' },
  ],
};
const base: CellSituation = {
  id: 'grasp',
  attributes: { capture: 'table', plan: 'put' },
  edited: false,
  paused: false,
};
const left = (situation: CellSituation): string[] =>
  cellStatus(situation)
    .filter(({ side }) => side === 'left')
    .map(({ text }) => text);

describe('the row below a cell', () => {
  it('names the cell and what it uses on the right', () => {
    expect(cellStatus(base).map(({ text }) => text)).toEqual(['capture #table', '#grasp']);
  });

  it('shows facts, with the name where the value alone says nothing', () => {
    expect(left({ ...base, output })).toEqual(['Action expert', 'Samples 420']);
  });

  it('a refusal is said in one word that opens the inspector', () => {
    const refused = { ...output, ok: false, verdict: 'Refused: the tool would hit the table.', facts: [] };
    const [item] = cellStatus({ ...base, output: refused });
    expect(item).toMatchObject({ text: '$(error) Refused', tooltip: refused.verdict, command: 'inspect' });
  });

  it('stale wins over where it came from, and an edited plan is marked', () => {
    expect(
      left({
        ...base,
        output: { ...output, facts: [] },
        stale: '#table was edited',
        from: 'From run of today',
        edited: true,
      }),
    ).toEqual(['$(history) Stale: #table was edited', '$(edit) edited plan']);
  });

  it('while it runs, old facts are not shown as if they were new', () => {
    expect(left({ ...base, output, activity: '12 of 420 samples' })).toEqual(['12 of 420 samples']);
  });
});

describe('variables of the debugger', () => {
  it('are grouped by the part before the slash, in the order of the session', () => {
    const nodes = groupVariables({
      target: '[0, 0, 1] m',
      'Joint state/joint1': 0.0741,
      'Joint state/joint2': -1,
      'Pose error/position': '1.1 mm',
    });
    expect(nodes.map(({ name, members }) => [name, members?.map((m) => `${m.name}=${m.value}`)])).toEqual([
      ['target', undefined],
      ['Joint state', ['joint1=0.074', 'joint2=-1']],
      ['Pose error', ['position=1.1 mm']],
    ]);
  });
});
