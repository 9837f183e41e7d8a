import { describe, expect, it } from 'vitest';
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
