import { describe, expect, it } from 'vitest';
import { fakeWorld } from './testing/fake-world.ts';
import { trajectoryGoalOp } from './testing/rosbridge-client.ts';
import { checkTrajectoryGoal } from './trajectory-goal.ts';

const { arm } = fakeWorld({ scene: 'x', seed: 0 });
type Points = Parameters<typeof trajectoryGoalOp>[2];
const check = (points: Points, joints: readonly string[] = arm.joints) =>
  checkTrajectoryGoal(trajectoryGoalOp('g', joints, points)['args'], arm);
const zero = { t: 0, p: [0, 0, 0] };

describe('a goal', () => {
  it('may name the joints in any order', () => {
    const result = check(
      [zero, { t: 1, p: [3, 1, 2].map((x) => x / 10), v: [0, 0, 0] }],
      ['joint3', 'joint1', 'joint2'],
    );
    expect('goal' in result && [...result.goal.positions.slice(3)]).toEqual([0.1, 0.2, 0.3]);
  });

  it('without speeds gets monotone ones, at rest at its ends', () => {
    const result = check([zero, { t: 1, p: [0.5, 0.5, 0] }, { t: 2, p: [1, 0.5, 0] }]);
    expect('goal' in result && [...result.goal.velocities]).toEqual([0, 0, 0, 0.5, 0, 0, 0, 0, 0]);
  });

  it.each<[string, Points, readonly string[] | undefined, RegExp]>([
    ['no points', [], undefined, /has no points/],
    ['wrong names', [zero], ['a', 'b', 'c'], /joint_names must be joint1, joint2, joint3; found a, b, c/],
    ['too few names', [zero], ['joint1', 'joint2'], /joint_names must be/],
    ['a doubled name', [zero], ['joint1', 'joint1', 'joint2'], /joint_names must be/],
    ['too few values', [{ t: 0, p: [0, 0] }], undefined, /point 0 has 2 positions, not 3/],
    [
      'NaN, which JSON sends as null',
      [{ t: 0, p: [0, null, 0] }],
      undefined,
      /point 0 of joint2 is not a finite number/,
    ],
    [
      'a joint limit',
      [zero, { t: 9, p: [0, 3.2, 0] }],
      undefined,
      /puts joint2 at 3.200 rad, its limits are -3.000 to 3.000/,
    ],
    [
      'a speed limit',
      [zero, { t: 0.1, p: [0, 0, 1] }],
      undefined,
      /moves joint3 at 10.000 rad\/s, its limit is 2.000/,
    ],
    [
      'a given speed',
      [zero, { t: 5, p: [0, 0, 1], v: [0, 0, 3] }, { t: 9, p: [0, 0, 1] }].map((x) => ({
        v: [0, 0, 0],
        ...x,
      })),
      undefined,
      /joint3 at 3.000 rad\/s/,
    ],
    [
      'times that fall',
      [zero, { t: 1, p: [0, 0, 0] }, { t: 1, p: [0, 0, 0] }],
      undefined,
      /times must rise; point 2/,
    ],
    [
      'no rest at the end',
      [
        { ...zero, v: [0, 0, 0] },
        { t: 1, p: [0.1, 0, 0], v: [1, 0, 0] },
      ],
      undefined,
      /joint1 still moves at the last point/,
    ],
    ['too long', [zero, { t: 700, p: [0, 0, 0] }], undefined, /takes 700 s, the limit is 600 s/],
  ])('with %s is refused', (_name, points, joints, message) => {
    const result = check(points, joints);
    expect('refused' in result && result.refused).toMatch(message);
  });

  it('with times of ROS 1 is refused, not read as zero', () => {
    const args = {
      trajectory: {
        joint_names: arm.joints,
        points: [{ positions: [0, 0, 0], time_from_start: { secs: 3, nsecs: 0 } }],
      },
    };
    const result = checkTrajectoryGoal(args, arm);
    expect('refused' in result && result.refused).toMatch(/ROS 1 form/);
  });
});
