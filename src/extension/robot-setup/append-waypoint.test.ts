import { describe, expect, it } from 'vitest';
import { parseWaypointsBody } from '../../notebook/file/cell-bodies.ts';
import { appendWaypoint, writtenPose } from './append-waypoint.ts';

const waypoint = {
  label: 'there',
  position: [0.4, 0, 0.2],
  orientation: [1, 0, 0, 0],
  gripper: 1,
  radius: 0.02,
};
const cellOf = (body: string) =>
  ({ kind: 'waypoints', id: 'w', attributes: {}, body, raw: '', line: 1, bodyLine: 1 }) as const;

describe('appendWaypoint', () => {
  it('makes a valid body of an empty one, and keeps what is there', () => {
    for (const before of ['', '{}', '{ "frame": "base", "waypoints": [] }']) {
      const after = appendWaypoint(before, waypoint) ?? '';
      expect(parseWaypointsBody(cellOf(after), {}).waypoints).toHaveLength(1);
    }
    const two = appendWaypoint(appendWaypoint('{ "refiner": "snap" }', waypoint) ?? '', {
      ...waypoint,
      label: 'in the cube’s frame',
      frame: { object: 'red cube' },
    });
    const parsed = parseWaypointsBody(cellOf(two ?? ''), {});
    expect(parsed.waypoints.map((w) => w.frame)).toEqual([undefined, { object: 'red cube' }]);
    expect(parsed.refiner).toBe('snap');
  });

  it('leaves alone what is no body of waypoints', () => {
    expect(appendWaypoint('[1]', waypoint)).toBeUndefined();
    expect(appendWaypoint('{ "waypoints": 3 }', waypoint)).toBeUndefined();
  });

  it('writes no more digits than an arm has', () => {
    expect(writtenPose({ position: [0.41234567, 0, 0], orientation: [1, 0, 0, 1e-9] })).toEqual({
      position: [0.4123, 0, 0],
      orientation: [1, 0, 0, 0],
    });
  });
});
