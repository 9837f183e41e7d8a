import { describe, expect, it } from 'vitest';
import type { SessionFailure } from '../../notebook/session/session-api.ts';
import { moveInText } from '../plan/move-in-text.ts';
import { forSession, lineOfBreakpoint, placeBreakpoint } from '../debug/breakpoint-places.ts';
import { fixesFor } from './fix-proposals.ts';
import { locateWaypoints } from './waypoint-locations.ts';

const TEXT = [
  '{',
  '  "frame": "base",',
  '  "waypoints": [',
  '    { "label": "above", "position": [0.45, 0.1, 0.25], "orientation": [1, 0, 0, 0], "gripper": 1 },',
  '    { "label": "grasp",',
  '      "position": [0.46, 0.15, 0.03],',
  '      "orientation": [1, 0, 0, 0], "gripper": 0 },',
  '    { "label": "lift", "position": [0.45, 0.1, 0.3] }',
  '  ]',
  '}',
].join('\n');
const cell = { id: 'plan', isWaypoints: true, text: TEXT };
const apply = (text: string, edits: readonly { start: number; end: number; text: string }[]): string =>
  [...edits]
    .sort((a, b) => b.start - a.start)
    .reduce((out, edit) => out.slice(0, edit.start) + edit.text + out.slice(edit.end), text);

describe('waypoints in the text of a cell', () => {
  it('are found with their numbers, and not in broken JSON', () => {
    expect(locateWaypoints(TEXT).map(({ label, position }) => [label, position?.value[2]])).toEqual([
      ['above', 0.25],
      ['grasp', 0.03],
      ['lift', 0.3],
    ]);
    expect(locateWaypoints('{ "waypoints": 3 }')).toEqual([]);
    expect(locateWaypoints('nothing')).toEqual([]);
  });

  it.each([
    [3, 'above', 3],
    [4, 'grasp', 4],
    [5, 'grasp', 4],
    [6, 'grasp', 4],
    [7, 'lift', 7],
  ])('a breakpoint on line %i means %s', (line, waypoint, shown) => {
    expect(placeBreakpoint(cell, line)).toEqual({ line: shown, breakpoint: { cell: 'plan', waypoint } });
  });

  it('a breakpoint before the first waypoint means the start of the cell', () => {
    expect(placeBreakpoint(cell, 1).breakpoint).toEqual({ cell: 'plan' });
    expect(placeBreakpoint({ ...cell, isWaypoints: false }, 0).breakpoint).toEqual({ cell: 'plan' });
  });

  it('a breakpoint finds its waypoint after lines were added, and none when it is gone', () => {
    const moved = {
      ...cell,
      text: TEXT.replace(
        '  "waypoints": [\n',
        '  "waypoints": [\n    { "label": "start", "position": [0, 0, 1] },\n',
      ),
    };
    expect(lineOfBreakpoint(moved, { cell: 'plan', waypoint: 'grasp' })).toBe(5);
    expect(lineOfBreakpoint(cell, { cell: 'plan', waypoint: 'no such' })).toBeUndefined();
  });

  it('moving one changes its numbers and nothing else', () => {
    const result = moveInText(TEXT, {
      waypoint: 1,
      label: 'grasp',
      position: [0.5, -0, 0.12345],
      orientation: [0, 1, 0, 0],
    });
    if (!('replacements' in result)) throw new Error('refused');
    const after = apply(TEXT, result.replacements);
    expect(after).toBe(
      TEXT.replace('[0.46, 0.15, 0.03]', '[0.5, 0, 0.1235]').replace(
        '"orientation": [1, 0, 0, 0], "gripper": 0',
        '"orientation": [0, 1, 0, 0], "gripper": 0',
      ),
    );
  });

  it('moving one that was renamed, or that stands in the frame of an object, is refused', () => {
    const move = {
      waypoint: 1,
      label: 'grasp',
      position: [0, 0, 0] as const,
      orientation: [1, 0, 0, 0] as const,
    };
    expect(moveInText(TEXT, { ...move, label: 'other' })).toEqual({ refused: 'gone' });
    expect(moveInText(TEXT, { ...move, waypoint: 9 })).toEqual({ refused: 'gone' });
    expect(moveInText(TEXT.replace('"frame": "base"', '"frame": {"object": "red cube"}'), move)).toEqual({
      refused: 'frame',
    });
  });

  it('clearance is fixed by raising the waypoint by what is missing, rounded up', () => {
    const failure: SessionFailure = {
      code: 'input/collision',
      message: '',
      details: {
        place: { waypoint: 1 },
        limit: { name: 'clearance', value: 0.0105, limit: 0.02, unit: 'm' },
      },
    };
    const [fix] = fixesFor(TEXT, failure);
    if (!fix) throw new Error('no fix');
    expect(fix.kind).toBe('raise');
    const raised = locateWaypoints(apply(TEXT, [fix]))[1]?.position?.value[2] ?? 0;
    expect(raised - 0.03).toBeGreaterThanOrEqual(0.0095);
    expect(raised - 0.03).toBeLessThanOrEqual(0.012);
  });

  it('reach is fixed only by a position that the validator named', () => {
    const details = { place: { waypoint: 2 }, data: { nearest: [0.4, 0.1, 0.28] } };
    expect(fixesFor(TEXT, { code: 'input/reach', message: '', details }).map(({ text }) => text)).toEqual([
      '[0.4, 0.1, 0.28]',
    ]);
    expect(
      fixesFor(TEXT, {
        code: 'input/reach',
        message: '',
        details: { place: { waypoint: 2 }, data: { nearest: ['x', 1, 2] } },
      }),
    ).toEqual([]);
    expect(fixesFor(TEXT, { code: 'input/reach', message: '', details: {} })).toEqual([]);
  });
});

describe('breakpoints as the session has them', () => {
  it('one on a plan counts in every cell that executes it', () => {
    const executes = new Map([
      ['go', 'plan'],
      ['again', 'plan'],
      ['other', 'else'],
    ]);
    expect(forSession([{ cell: 'plan', waypoint: 'grasp' }, { cell: 'table' }], executes)).toEqual([
      { cell: 'go', waypoint: 'grasp' },
      { cell: 'again', waypoint: 'grasp' },
      { cell: 'table' },
    ]);
  });
});
