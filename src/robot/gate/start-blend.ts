import type { RobotState } from '../../core/robot-state.ts';
import { START_TOLERANCE } from '../link/check-goal.ts';
import type { MoveGoal } from '../robot-link.ts';

/** Deviations below this are the servo's own and are left to it [rad]. */
const NEGLIGIBLE = 0.002;
/** Share of a joint's acceleration limit that taking the deviation out may use. */
const SHARE = 0.1;

/**
 * The goal with its first samples bent towards where the arm really is, so that it starts without a jump: a controller
 * goes to the first point at once. The deviation fades by a smooth polynomial. Returns the goal itself where nothing
 * needs to change, and where the arm is too far from the start to be led there unseen.
 */
export function blendStart(goal: MoveGoal, state: RobotState, accelerations: readonly number[]): MoveGoal {
  const d = goal.jointNames.length;
  const n = goal.times.length;
  const offsets = Array.from({ length: d }, (_, j) => (state.joints[j] ?? 0) - (goal.joints[j] ?? 0));
  if (offsets.every((offset) => Math.abs(offset) < NEGLIGIBLE)) return goal;
  // Somebody moved the arm since the motion was validated: bending towards it would leave what was approved. Unbent, the
  // goal is refused before it is sent.
  if (offsets.some((offset) => Math.abs(offset) > START_TOLERANCE)) return goal;
  const end = goal.times[n - 1] ?? 0;
  const joints = goal.joints.slice();
  const velocities = goal.velocities.slice();
  offsets.forEach((offset, j) => {
    // The fading 1 - 3s² + 2s³ accelerates by at most 6 offset / T².
    const wanted = Math.sqrt((6 * Math.abs(offset)) / (SHARE * (accelerations[j] ?? 1)));
    const T = Math.min(end, Math.max(0.1, wanted));
    for (let i = 0; i < n && (goal.times[i] as number) < T; i++) {
      const s = (goal.times[i] as number) / T;
      const at = i * d + j;
      joints[at] = (joints[at] as number) + offset * (1 - s * s * (3 - 2 * s));
      velocities[at] = (velocities[at] as number) - (offset * 6 * s * (1 - s)) / T;
    }
  });
  return { ...goal, joints, velocities };
}
