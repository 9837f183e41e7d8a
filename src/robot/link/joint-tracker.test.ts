import { describe, expect, it } from 'vitest';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import { JointTracker } from './joint-tracker.ts';

/** `/joint_states` of the whole arm at a time in hundredths of a second. */
const message = (hundredths: number, position = 0): unknown => ({
  header: {
    stamp: { sec: Math.floor(hundredths / 100), nanosec: (hundredths % 100) * 1e7 },
    frame_id: 'base',
  },
  name: simulatorProfile.joints,
  position: simulatorProfile.joints.map(() => position),
  velocity: [],
  effort: [],
});

describe('joint states', () => {
  it('that are late or repeated do not turn time back', () => {
    const tracker = new JointTracker(simulatorProfile);
    for (let i = 0; i < 200; i++) {
      tracker.add(message(500 + i));
      expect(tracker.add(message(500 + i - 3))).toBeUndefined();
      expect(tracker.add(message(500 + i))).toBeUndefined();
      expect(tracker.latest?.stamp).toBeCloseTo(5 + i / 100, 9);
    }
  });

  it('of a clock that was set back for good are followed after a tenth of a second, without the old history', () => {
    const tracker = new JointTracker(simulatorProfile);
    for (let i = 0; i < 50; i++) tracker.add(message(360_000 + i));
    const accepted = Array.from({ length: 20 }, (_, i) => tracker.add(message(i + 1, 0.5)) !== undefined);
    expect(accepted.indexOf(true)).toBe(9);
    expect(accepted.slice(9).every(Boolean)).toBe(true);
    expect(tracker.latest?.stamp).toBeCloseTo(0.2, 9);
    // What it moved at is told within the new time alone.
    expect(tracker.latest?.velocities.every((v) => v === 0)).toBe(true);
    expect(() => tracker.at(3600.2)).toThrow(/No joint state is known/);
  });
});
