import { distance, type Vec3 } from '../../core/geometry.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import type { JointSamples } from '../../robot/gate/executed-log.ts';

/**
 * Distance of the tool from where it was sent, at every measured sample [m]; NaN before the first command. Between
 * two moves the last command stands, as it does while the gripper works.
 */
export function trackingErrors(model: RobotModel, sent: JointSamples, measured: JointSamples): Float32Array {
  const d = model.joints.length;
  const errors = new Float32Array(measured.times.length).fill(Number.NaN);
  let next = 0;
  measured.times.forEach((t, i) => {
    while (next < sent.times.length && (sent.times[next] as number) <= t) next++;
    if (next === 0) return;
    const asked = toolBetween(model, sent, next - 1, Math.min(next, sent.times.length - 1), t);
    const there = model.forward(measured.joints.subarray(i * d, (i + 1) * d)).position;
    errors[i] = distance(asked, there);
  });
  return errors;
}

/** Longer than this between two commands is a pause, not a motion [s]. */
const PAUSE = 0.1;

function toolBetween(model: RobotModel, sent: JointSamples, a: number, b: number, t: number): Vec3 {
  const d = model.joints.length;
  const from = sent.times[a] as number;
  const span = (sent.times[b] as number) - from;
  const s = span <= 0 || span > PAUSE ? 0 : Math.min(1, (t - from) / span);
  const joints = Float64Array.from({ length: d }, (_, k) => {
    const q = sent.joints[a * d + k] as number;
    return q + s * ((sent.joints[b * d + k] as number) - q);
  });
  return model.forward(joints).position;
}

/** Greatest of the values that are numbers; 0 where there is none. */
export function greatest(values: Float32Array): number {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}
