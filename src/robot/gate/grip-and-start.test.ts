import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GripOutcome, MoveGoal } from '../robot-link.ts';
import { judgeGrip } from './judge-grip.ts';
import { checkGoal } from '../link/check-goal.ts';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import { blendStart } from './start-blend.ts';

const grip = (outcome: Partial<GripOutcome>): GripOutcome => ({
  outcome: 'succeeded',
  opening: 0,
  reachedGoal: false,
  stalled: false,
  ...outcome,
});

describe('judgeGrip', () => {
  it('takes a stall with something between the fingers for a grasp, whatever the status', () => {
    const stalled = { opening: 0.5, stalled: true };
    expect(judgeGrip(grip(stalled), { to: 0, grasps: 'red cube' })).toBeUndefined();
    // Some servers abort on a stall.
    expect(
      judgeGrip(grip({ ...stalled, outcome: 'aborted' }), { to: 0, grasps: 'red cube' }),
    ).toBeUndefined();
  });

  it('knows fingers that closed on nothing, though the action succeeded', () => {
    const closed = grip({ opening: 0.005, reachedGoal: true });
    expect(judgeGrip(closed, { to: 0, grasps: 'red cube' })).toMatch(/red cube is not between the fingers/);
    expect(judgeGrip(closed, { to: 0 })).toBeUndefined();
  });

  it('refuses a way that ended half-way without a stall', () => {
    expect(judgeGrip(grip({ opening: 0.4, outcome: 'aborted' }), { to: 1 })).toMatch(/stopped at 40 %/);
    expect(judgeGrip(grip({ outcome: 'rejected' }), { to: 1 })).toMatch(/refused/);
  });
});

describe('blendStart', () => {
  const n = 51;
  const goal: MoveGoal = {
    jointNames: ['a'],
    times: Float64Array.from({ length: n }, (_, i) => i * 0.02),
    joints: Float64Array.from({ length: n }, (_, i) => i * 0.01),
    velocities: Float64Array.from({ length: n }, (_, i) => (i === n - 1 ? 0 : 0.5)),
  };
  const at = (q: number) => ({ stamp: 0, joints: [q], velocities: [0], gripper: 1 });

  it('starts where the arm is, ends where it was planned, and adds little acceleration', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.05, max: 0.05, noNaN: true }), (offset) => {
        const blended = blendStart(goal, at(offset), [10]);
        if (Math.abs(offset) < 0.002) {
          expect(blended).toBe(goal);
          return;
        }
        expect(blended.joints[0]).toBeCloseTo(offset, 12);
        expect(blended.joints[n - 1]).toBe(goal.joints[n - 1]);
        for (let i = 0; i + 2 < n; i++) {
          const added = (k: number) => (blended.joints[k] as number) - (goal.joints[k] as number);
          const acceleration = Math.abs(added(i) - 2 * added(i + 1) + added(i + 2)) / 0.02 ** 2;
          expect(acceleration).toBeLessThan(0.1 * 10 * 1.5);
        }
      }),
    );
  });

  it('leaves a goal alone that starts too far from the arm, so that it is refused before it is sent', () => {
    const far = blendStart(goal, at(0.2), [10]);
    expect(far).toBe(goal);
    expect(() => checkGoal(far, { ...simulatorProfile, joints: ['a'] }, at(0.2))).toThrow(
      /starts 0\.200 rad from/,
    );
  });
});
