import { describe, expect, it } from 'vitest';
import { changedSince, dependenciesOf, sourcesOf, type SourceCell } from './dependencies.ts';
import { readOutputMetadata } from './output-metadata.ts';
import { latestOutputs, newestFirst, parsePreview, parseRunIndex } from './run-records.ts';

const index = (cells: Record<string, unknown>): string =>
  JSON.stringify({ version: 1, run: 'r', notebook: 'n', started: 's', state: 'succeeded', cells });

describe('run records', () => {
  it('previews that would leave the folder are dropped', () => {
    const record = parseRunIndex(
      'r',
      index({
        a: { key: 'k', preview: 'a.scene.json' },
        b: { preview: '../b.json' },
        c: { preview: '.hidden' },
        d: 3,
      }),
    );
    expect([...(record?.cells.keys() ?? [])]).toEqual(['a']);
  });

  it('what is no index is none', () => {
    for (const text of ['', '[]', '3', '{"cells": 4'])
      expect(parseRunIndex('r', text)?.cells.size ?? 0).toBe(0);
  });

  it('a run whose task was not fulfilled did not succeed', () => {
    const text = JSON.stringify({
      state: 'succeeded',
      end: { verdict: { success: false, reason: 'the cube is on the floor' } },
      cells: {},
    });
    expect(parseRunIndex('r', text)).toMatchObject({
      outcome: 'failed',
      summary: 'the cube is on the floor',
    });
  });

  it('each cell shows its newest output', () => {
    const records = newestFirst(['20260101T000000Z-a', '20260102T000000Z-b']).map((name) =>
      parseRunIndex(
        name,
        index(
          name.endsWith('b')
            ? { x: { preview: 'x.json' } }
            : { x: { preview: 'x.json' }, y: { preview: 'y.json' } },
        ),
      ),
    );
    const latest = latestOutputs(records.filter((record) => record !== undefined));
    expect([...latest].map(([id, { run }]) => [id, run.name.slice(-1)])).toEqual([
      ['x', 'b'],
      ['y', 'a'],
    ]);
  });

  it('a preview without layers or verdict is not shown', () => {
    expect(parsePreview('{"layers": [], "verdict": {"ok": true, "text": "fine"}}')?.facts).toEqual([]);
    for (const text of ['{}', '{"layers": [], "verdict": {}}', 'null', '{'])
      expect(parsePreview(text)).toBeUndefined();
  });

  it('output metadata of others, or damaged, is none of ours', () => {
    for (const value of [undefined, {}, { waybook: {} }, { waybook: { cell: 1, verdict: 'x', ok: true } }])
      expect(readOutputMetadata(value)).toBeUndefined();
    expect(
      readOutputMetadata({
        waybook: { cell: 'a', verdict: 'x', ok: true, facts: [3, { name: 'n', value: 'v' }] },
      })?.facts,
    ).toEqual([{ name: 'n', value: 'v' }]);
  });
});

describe('staleness', () => {
  const cell = (
    id: string,
    kind: SourceCell['kind'],
    body: string,
    attributes: Record<string, string> = {},
  ): SourceCell => ({ id, kind, body, attributes });
  const cells = new Map(
    [
      cell('table', 'capture', '{}'),
      cell('grasp', 'waypoints', '{"waypoints": []}', { capture: 'table', plan: 'put', planned: 'a' }),
      cell('go', 'execute', '{}', { trajectory: 'grasp' }),
    ].map((c) => [c.id, c]),
  );
  const withCell = (changed: SourceCell): Map<string, SourceCell> =>
    new Map([...cells, [changed.id, changed]]);

  it('an output depends on what its cell names, through other cells', () => {
    expect(dependenciesOf('go', cells).map(({ id }) => id)).toEqual(['go', 'grasp', 'table']);
    const cycle = new Map(
      [cell('a', 'waypoints', '', { capture: 'b' }), cell('b', 'capture', '', { capture: 'a' })].map((c) => [
        c.id,
        c,
      ]),
    );
    expect(dependenciesOf('a', cycle)).toHaveLength(2);
  });

  it('an edit anywhere below makes it stale; who planned it does not', () => {
    const sources = sourcesOf('go', cells);
    expect(changedSince(sources, cells)).toBeUndefined();
    expect(changedSince(sources, withCell(cell('table', 'capture', '{"voxel": 1}')))).toEqual({
      cell: 'table',
      how: 'edited',
    });
    expect(
      changedSince(
        sources,
        withCell(
          cell('grasp', 'waypoints', '{"waypoints": []}', { capture: 'table', plan: 'put', planned: 'b' }),
        ),
      ),
    ).toBeUndefined();
    const without = new Map([...cells].filter(([id]) => id !== 'table'));
    expect(changedSince(sources, without)).toEqual({ cell: 'table', how: 'gone' });
  });
});
