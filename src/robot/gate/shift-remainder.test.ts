import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Vec3 } from '../../core/geometry.ts';
import { distance, TOOL_DOWN } from '../../core/geometry.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { loadRobotModel } from '../../kinematics/load-robot-model.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { timeParametrise } from '../../kinematics/time-parametrise.ts';
import { splineRefiner } from '../../refinement/spline.ts';
import { armUrdf } from '../../simulator/arm/arm-urdf.ts';
import { pandaClass } from '../../simulator/arm/panda-class.ts';
import { simulatorProfile as profile } from '../profiles/simulator-profile.ts';
import { shiftRemainder, stateAt } from './shift-remainder.ts';
import { validate } from './validate.ts';

let model: RobotModel;
let move: Trajectory;

beforeAll(async () => {
  model = await loadRobotModel({
    urdf: armUrdf(pandaClass, []),
    joints: profile.joints,
    toolFrame: profile.frames.tool,
    accelerationLimits: profile.accelerationLimits,
    gripper: profile.gripper,
  });
  const waypoints = [
    { label: 'above', position: [0.5, 0.1, 0.2] as Vec3, orientation: TOOL_DOWN, gripper: 1, radius: 0.02 },
    { label: 'grasp', position: [0.5, 0.1, 0.03] as Vec3, orientation: TOOL_DOWN, gripper: 1, radius: 0.02 },
  ];
  const start = { pose: model.forward(profile.home), gripper: 1 };
  const refined = await splineRefiner.refine({ waypoints, start }, new AbortController().signal);
  if (refined.kind !== 'refined') throw new Error('the spline abstained');
  move = timeParametrise(
    model,
    refined.path,
    { joints: profile.home, gripper: 1 },
    { speed: 0.5, toolSpeedLimit: 1 },
  );
});

describe('shiftRemainder', () => {
  it('takes over with equal position and velocity, keeps every limit, and ends at rest on the moved target', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.05, max: 0.6, noNaN: true }),
        fc.double({ min: 0.02, max: 0.05, noNaN: true }),
        fc.double({ min: 0, max: 2 * Math.PI, noNaN: true }),
        (share, by, angle) => {
          const last = move.times[move.times.length - 1] as number;
          const takeover = share * last;
          const end = model.forward(move.joints.subarray(-7));
          const [x, y, z] = end.position;
          const moved: Vec3 = [x + by * Math.cos(angle), y + by * Math.sin(angle), z];
          const next = shiftRemainder(model, move, takeover, { ...end, position: moved });
          if (!next) throw new Error('no replacement');
          const running = stateAt(move, takeover);
          expect([...next.joints.subarray(0, 7)]).toEqual([...running.joints]);
          expect([...next.velocities.subarray(0, 7)]).toEqual([...running.velocities]);
          expect(next.velocities.subarray(-7).every((v) => v === 0)).toBe(true);
          expect(distance(model.forward(next.joints.subarray(-7)).position, moved)).toBeLessThan(1e-3);
          const state = {
            stamp: 0,
            joints: [...running.joints],
            velocities: [...running.velocities],
            gripper: 1,
          };
          const limits = { startVelocities: [...running.velocities] };
          const verdict = validate(next, { profile, model, state, now: 0, limits });
          expect(verdict.refusal?.explain()).toBeUndefined();
        },
      ),
      { numRuns: 30 },
    );
  });

  it('declines where nothing is left to change, or the new end is out of reach', () => {
    const last = move.times[move.times.length - 1] as number;
    const end = model.forward(move.joints.subarray(-7));
    expect(shiftRemainder(model, move, last - 0.05, end)).toBeUndefined();
    expect(shiftRemainder(model, move, 0.3, { ...end, position: [2, 0, 0] })).toBeUndefined();
  });
});
