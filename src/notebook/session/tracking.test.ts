import { describe, expect, it } from 'vitest';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import type { JointSamples } from '../../robot/gate/executed-log.ts';
import { greatest, trackingErrors } from './tracking.ts';

/** An arm with one joint that slides its tool along x. */
const slider = {
  joints: [{ name: 'x', lower: -1, upper: 1, velocity: 1, acceleration: 1 }],
  forward: (joints: ArrayLike<number>) => ({ position: [joints[0], 0, 0], orientation: [0, 0, 0, 1] }),
} as unknown as RobotModel;

const samples = (rows: readonly (readonly [t: number, x: number])[]): JointSamples => ({
  times: Float64Array.from(rows, ([t]) => t),
  joints: Float64Array.from(rows, ([, x]) => x),
  velocities: new Float64Array(rows.length),
  gripper: new Float64Array(rows.length),
});

describe('trackingErrors', () => {
  it('is zero where the arm is on its interpolated command', () => {
    const sent = samples([
      [0, 0],
      [0.02, 0.1],
      [0.04, 0.2],
    ]);
    const errors = trackingErrors(
      slider,
      sent,
      samples([
        [0, 0],
        [0.01, 0.05],
        [0.03, 0.15],
      ]),
    );
    expect(greatest(errors)).toBeCloseTo(0, 6);
  });

  it('measures how far the tool lags', () => {
    const sent = samples([
      [0, 0],
      [0.02, 0.1],
      [0.04, 0.2],
    ]);
    expect(greatest(trackingErrors(slider, sent, samples([[0.02, 0.08]])))).toBeCloseTo(0.02, 6);
  });

  it('holds the last command while the gripper works, and knows nothing before the first', () => {
    const sent = samples([
      [1, 0.5],
      [3, 0.9],
    ]);
    const errors = trackingErrors(
      slider,
      sent,
      samples([
        [0.5, 0.1],
        [2, 0.5],
        [4, 0.9],
      ]),
    );
    expect(errors[0]).toBeNaN();
    expect(errors[1]).toBeCloseTo(0, 6);
    expect(errors[2]).toBeCloseTo(0, 6);
  });
});
