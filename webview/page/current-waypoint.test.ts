import { describe, expect, it } from 'vitest';
import { waypointSpan } from './current-waypoint.ts';

const BODY = '{ "waypoints": [\n  { "label": "a" }, // first\n  { "label": "b" }\n] }';

describe('waypointSpan', () => {
  it('finds the text of a waypoint, comments or not', () => {
    const span = waypointSpan(BODY, 1);
    expect(BODY.slice(span?.start, span?.end)).toBe('{ "label": "b" }');
  });

  it('finds nothing before the first, after the last, or where there are none', () => {
    expect(waypointSpan(BODY, -1)).toBeUndefined();
    expect(waypointSpan(BODY, 2)).toBeUndefined();
    expect(waypointSpan('put the cube away', 0)).toBeUndefined();
  });
});
