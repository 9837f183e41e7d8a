import { describe, expect, it } from 'vitest';
import { simulatorProfile } from '../../robot/profiles/simulator-profile.ts';
import { checkSpeed, parseMotionLimits, profileWithin, tightest } from './motion-limits.ts';

describe('motion limits', () => {
  it('refuses names that there are none of and values that bound nothing', () => {
    expect(parseMotionLimits({ toolSpeed: 0.3 })).toEqual({ toolSpeed: 0.3 });
    expect(() => parseMotionLimits({ toolspeed: 0.3 })).toThrow(/no limit "toolspeed"/);
    expect(() => parseMotionLimits({ speed: 0 })).toThrow(/above 0/);
  });

  it('takes the tighter of two sources', () => {
    expect(
      tightest({ toolSpeed: 0.5, clearance: 0.02 }, { toolSpeed: 0.3, clearance: 0.01, duration: 9 }),
    ).toEqual({
      toolSpeed: 0.3,
      clearance: 0.02,
      duration: 9,
    });
  });

  it('tightens a profile and never loosens it', () => {
    const tight = profileWithin(simulatorProfile, { toolSpeed: 0.25, clearance: 0.03 });
    expect(tight).toMatchObject({ toolSpeedLimit: 0.25, minClearance: 0.03 });
    expect(() => profileWithin(simulatorProfile, { toolSpeed: 5 })).toThrow(/tighten/);
    expect(() => profileWithin(simulatorProfile, { clearance: 0.001 })).toThrow(/tighten/);
  });

  it('refuses a speed above the limit instead of lowering it', () => {
    expect(() => checkSpeed(0.5, { speed: 0.5 })).not.toThrow();
    expect(() => checkSpeed(0.6, { speed: 0.5 })).toThrow(/0\.6 is above the limit of 0\.5/);
  });
});
