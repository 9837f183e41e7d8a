import { describe, expect, it } from 'vitest';
import { setBody } from '../../notebook/file/edit.ts';
import { readNotebook } from '../../notebook/file/read-notebook.ts';
import { outputKeys } from '../../notebook/graph/output-key.ts';
import { staleReasons, type ShownOutput } from './stale-reason.ts';

const TEXT = [
  '---\nwaybook: 1\n---',
  '```json capture {#table}\n{ "camera": "front" }\n```\n',
  '```instruction {#put capture=table}\nput it there\n```\n',
  '```json waypoints {#grasp plan=put capture=table planned=ab}\n{ "waypoints": [] }\n```\n',
  '```json execute {#go trajectory=grasp}\n{ "speed": 0.5 }\n```\n',
].join('\n');
const document = readNotebook(TEXT, 'a');
const environment = { planner: 'language', refiner: 'spline', robotHash: 'r' };
const shown = new Map<string, ShownOutput>(
  [...outputKeys(document, environment)].map(([id, key]) => [id, { key, ok: true }]),
);
const at = (id: string): number => document.cells.findIndex((cell) => cell.id === id);
const reasons = (
  changed = document,
  outputs: ReadonlyMap<string, ShownOutput> = shown,
  env = environment,
  fitted: typeof environment | undefined = environment,
): Record<string, unknown> => Object.fromEntries(staleReasons(changed, outputs, env, fitted));

describe('why an output is stale', () => {
  it('nothing is where nothing changed, whoever planned it, however it is laid out', () => {
    expect(reasons()).toEqual({});
    expect(reasons(readNotebook(TEXT.replace('planned=ab', 'planned=cd'), 'a'))).toEqual({});
    expect(reasons(setBody(document, at('table'), '{"camera":"front"}'))).toEqual({});
  });

  it('names the cell where the change was made', () => {
    expect(reasons(setBody(document, at('grasp'), '{ "waypoints": [1] }'))).toEqual({
      grasp: { kind: 'edited', cell: 'grasp' },
      go: { kind: 'edited', cell: 'grasp' },
    });
    expect(reasons(setBody(document, at('put'), 'push it'))).toEqual({
      put: { kind: 'edited', cell: 'put' },
    });
  });

  it('names the cell that is gone', () => {
    const text = TEXT.replace(/```json capture[^`]*```\n/, '');
    expect(reasons(readNotebook(text, 'a'))).toMatchObject({
      put: { kind: 'gone', cell: 'table' },
      go: { kind: 'gone', cell: 'table' },
    });
  });

  it('says so when another robot, planner or refiner was chosen', () => {
    const expert = { ...environment, refiner: 'expert' };
    expect(reasons(document, shown, expert)).toMatchObject({
      table: { kind: 'settings' },
      go: { kind: 'settings' },
    });
    expect(Object.fromEntries(staleReasons(document, shown, expert))).toMatchObject({
      table: { kind: 'unknown' },
    });
  });

  it('an edit at the top is told from another choice', () => {
    expect(reasons(setBody(document, at('table'), '{}'))).toMatchObject({
      table: { kind: 'edited', cell: 'table' },
      go: { kind: 'edited', cell: 'table' },
    });
  });

  it('what rests on a refused motion must not look good', () => {
    const refused = new Map(shown).set('grasp', { ...shown.get('grasp'), ok: false });
    expect(reasons(document, refused)).toEqual({ go: { kind: 'refused', cell: 'grasp' } });
  });

  it('an output without a key is taken to fit', () => {
    expect(reasons(setBody(document, at('table'), '{}'), new Map([['table', { ok: true }]]))).toEqual({});
  });
});
