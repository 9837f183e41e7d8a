import { describe, expect, it } from 'vitest';
import type { NotebookDocument } from '../file/document.ts';
import { setAttributes, setBody } from '../file/edit.ts';
import { readNotebook } from '../file/read-notebook.ts';
import { cellStates, type CellState, type StoredKey } from './cell-states.ts';
import { outputKey, outputKeys } from './output-key.ts';
import { plannedHash } from './planned-hash.ts';
import { dependentsOf, pendingPlans } from './references.ts';

const TEXT = `---
waybook: 1
---
\`\`\`json capture {#table}
{ "camera": "front", "voxel": 0.004 }
\`\`\`

\`\`\`instruction {#put capture=table}
put it there
\`\`\`

\`\`\`json waypoints {#grasp plan=put capture=table planned=ab}
{ "waypoints": [{ "position": [0, 0, 0.1] }] }
\`\`\`

\`\`\`json execute {#go trajectory=grasp}
{ "speed": 0.5 }
\`\`\`
`;
const document = readNotebook(TEXT, 'a');
const environment = { parameters: { seed: 1 }, planner: 'language', refiner: 'spline', robotHash: 'r' };
const epoch = { session: 's', counter: 4 };
const index = (id: string): number => document.cells.findIndex((c) => c.id === id);

const stored = new Map<string, StoredKey>(
  [...outputKeys(document, environment)].map(([id, key]) => [id, { key, epoch }]),
);
const states = (
  changed: NotebookDocument,
  now = epoch,
  env: typeof environment = environment,
): Record<string, CellState> => Object.fromEntries(cellStates(changed, stored, env, now));

describe('output keys', () => {
  it('do not depend on layout, on who wrote the plan, or on line ends', () => {
    const other = readNotebook(
      TEXT.replace('{ "camera": "front", "voxel": 0.004 }', '{\n "voxel": 4e-3,\n "camera": "front" }')
        .replace('planned=ab', 'planned=cd')
        .replaceAll('\n', '\r\n'),
      'a',
    );
    expect(outputKeys(other, environment)).toEqual(outputKeys(document, environment));
  });

  it('differ by kind, and do not exist for what names nothing', () => {
    const cell = document.cells[index('go')];
    if (!cell) throw new Error('no cell');
    expect(outputKey({ ...cell, kind: 'capture' }, {})).not.toBe(outputKey(cell, {}));
    expect(
      outputKeys(setAttributes(document, index('go'), { trajectory: 'none' }), environment).has('go'),
    ).toBe(false);
    expect(
      outputKeys(setAttributes(document, index('go'), { trajectory: 'table' }), environment).has('go'),
    ).toBe(false);
  });
});

describe('states', () => {
  it('are fresh when nothing changed, past when the world moved, missing without output', () => {
    expect(Object.values(states(document))).toEqual(['fresh', 'fresh', 'fresh', 'fresh']);
    expect(new Set(Object.values(states(document, { ...epoch, counter: 5 })))).toEqual(new Set(['past']));
    expect(new Set(Object.values(states(document, { ...epoch, session: 'other' })))).toEqual(
      new Set(['past']),
    );
    expect(new Set(cellStates(document, new Map(), environment, epoch).values())).toEqual(
      new Set(['missing']),
    );
  });

  it('go stale along references, and no further', () => {
    const body = setBody(document, index('grasp'), '{ "waypoints": [{ "position": [0, 0, 0.2] }] }');
    expect(states(body)).toEqual({ table: 'fresh', put: 'fresh', grasp: 'stale', go: 'stale' });
    const speed = setBody(document, index('go'), '{ "speed": 0.6 }');
    expect(states(speed)).toEqual({ table: 'fresh', put: 'fresh', grasp: 'fresh', go: 'stale' });
    // The text of a waypoints cell is the plan: another instruction asks for another plan, the old one stays what it is.
    const words = setBody(document, index('put'), 'put it elsewhere');
    expect(states(words)).toEqual({ table: 'fresh', put: 'stale', grasp: 'fresh', go: 'fresh' });
    const capture = setBody(document, index('table'), '{ "camera": "left" }');
    expect(new Set(Object.values(states(capture)))).toEqual(new Set(['stale']));
    expect(new Set(Object.values(states(document, epoch, { ...environment, robotHash: 'other' })))).toEqual(
      new Set(['stale']),
    );
  });
});

describe('references', () => {
  it('know what depends on a cell, and what planning is going to make', () => {
    expect(dependentsOf(document, 'table').map((c) => c.id)).toEqual(['put', 'grasp', 'go']);
    const waiting = readNotebook(
      '---\nwaybook: 1\n---\n```instruction {#a}\nx\n```\n```json execute {#b trajectory=c}\n{}\n```\n```json execute {#d trajectory=e}\n{}\n```\n',
      'a',
    );
    expect([...pendingPlans(waiting)].map(([id, cell]) => [id, cell.id])).toEqual([['c', 'a']]);
  });
});

describe('plannedHash', () => {
  it('ignores what editors change unasked, and nothing else', () => {
    expect(plannedHash('{\n}\n')).toBe(plannedHash('{\r\n}'));
    expect(plannedHash('{ }')).not.toBe(plannedHash('{}'));
    expect(plannedHash('{}')).toMatch(/^[0-9a-f]{16}$/);
  });
});
