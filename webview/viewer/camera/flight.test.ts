import { describe, expect, it } from 'vitest';
import { fly, takeOff } from './flight.ts';
import { HOME_ORBIT, preset } from './orbit.ts';

describe('a camera on its way', () => {
  const to = preset(HOME_ORBIT, 'top');

  it('starts where it stands on its first frame, whenever that comes', () => {
    const first = fly(takeOff(HOME_ORBIT, to), 5000);
    expect(first.orbit.elevation).toBeCloseTo(HOME_ORBIT.elevation, 9);
    expect(first.flight).toBeDefined();
  });

  it('eases out: past the middle in half its time, and never back', () => {
    let flight = fly(takeOff(HOME_ORBIT, to), 0).flight;
    let before = HOME_ORBIT.elevation;
    for (let now = 30; flight; now += 30) {
      const step = fly(flight, now);
      expect(step.orbit.elevation).toBeGreaterThanOrEqual(before);
      if (now === 90) expect(step.orbit.elevation).toBeGreaterThan((HOME_ORBIT.elevation + to.elevation) / 2);
      before = step.orbit.elevation;
      flight = step.flight;
    }
    expect(before).toBe(to.elevation);
  });
});
