import { describe, expect, it } from 'vitest';
import { TOOL_DOWN, withYaw } from '../core/geometry.ts';
import type { Trajectory } from '../core/trajectory.ts';
import type { Waypoint } from '../core/waypoint.ts';
import { fingerAngle, firstGrasp, isElongated, rmsJerk } from './measures.ts';

const opening = (gripper: number): Waypoint => ({
  label: 'w',
  position: [0, 0, 0],
  orientation: TOOL_DOWN,
  gripper,
  radius: 0.02,
});

describe('firstGrasp', () => {
  it('is the last closing before an opening: fingers made ready first do not hold anything', () => {
    expect(firstGrasp([0.6, 0, 0, 1].map(opening), 1)).toEqual({ close: 1, open: 3 });
    expect(firstGrasp([1, 0, 0].map(opening), 1)).toEqual({ close: 1 });
    expect(firstGrasp([1, 1].map(opening), 1)).toEqual({});
  });

  it('is of the first thing where there are several', () => {
    expect(firstGrasp([0, 1, 0, 1].map(opening), 1)).toEqual({ close: 0, open: 1 });
  });
});

describe('fingerAngle', () => {
  it('is the same for a grasp and its half turn', () => {
    const turned = (yaw: number) => ({ orientation: withYaw(TOOL_DOWN, yaw) });
    expect(fingerAngle(turned(0), turned(0.4))).toBeCloseTo(0.4, 9);
    expect(fingerAngle(turned(0), turned(Math.PI - 0.4))).toBeCloseTo(0.4, 9);
    expect(fingerAngle(turned(0), turned(Math.PI))).toBeCloseTo(0, 6);
  });
});

describe('isElongated', () => {
  it('goes by the footprint of what has sides', () => {
    expect(isElongated({ size: [0.12, 0.03, 0.03], shape: 'rod' })).toBe(true);
    expect(isElongated({ size: [0.03, 0.12, 0.03], shape: 'rod' })).toBe(true);
    expect(isElongated({ size: [0.04, 0.04, 0.1], shape: 'cube' })).toBe(false);
    expect(isElongated({ size: [0.12, 0.03, 0.03], shape: 'cylinder' })).toBe(false);
  });
});

describe('rmsJerk', () => {
  /** One move along x by a polynomial of time, sampled at 50 Hz. */
  const along = (x: (t: number) => number): Trajectory => {
    const n = 51;
    const times = Float64Array.from({ length: n }, (_, i) => i * 0.02);
    const tool = new Float64Array(7 * n);
    times.forEach((t, i) => (tool[7 * i] = x(t)));
    return {
      jointNames: [],
      times,
      joints: new Float64Array(0),
      velocities: new Float64Array(0),
      tool,
      gripper: new Float64Array(n),
      segments: [{ kind: 'move', first: 0, last: n - 1, toWaypoint: 0 }],
      waypointSamples: [n - 1],
    };
  };

  it('is six for t³, and nothing for constant acceleration', () => {
    expect(rmsJerk(along((t) => t ** 3))).toBeCloseTo(6, 6);
    expect(rmsJerk(along((t) => 0.5 * t ** 2))).toBeCloseTo(0, 6);
  });
});
