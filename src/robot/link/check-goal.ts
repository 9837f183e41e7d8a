import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { MoveGoal } from '../robot-link.ts';

/** How far the first point of a goal may be from where the arm is [rad]. */
export const START_TOLERANCE = 0.05;
export const MAX_POINTS = 10_000;

/**
 * The last look at what is about to be sent: what a bridge would swallow without a word or turn into a jump. The gate's
 * validator has judged the trajectory before. Throws `input/limit`.
 */
export function checkGoal(goal: MoveGoal, profile: RobotProfile, state: RobotState | undefined): void {
  const n = goal.times.length;
  const d = goal.jointNames.length;
  if (d !== profile.joints.length || profile.joints.some((name) => !goal.jointNames.includes(name))) {
    throw bad(
      `moves the joints ${goal.jointNames.join(', ')}, but the robot’s are ${profile.joints.join(', ')}`,
    );
  }
  if (n < 2 || n > MAX_POINTS) throw bad(`has ${n} points; 2 to ${MAX_POINTS} are possible`);
  if (goal.joints.length !== n * d || goal.velocities.length !== n * d) {
    throw bad(
      `has arrays of ${goal.joints.length} and ${goal.velocities.length} values for ${n} points of ${d} joints`,
    );
  }
  if (goal.times[0] !== 0) throw bad('does not start at time 0');
  for (let i = 0; i < n; i++) {
    const t = goal.times[i] as number;
    if (!Number.isFinite(t) || (i > 0 && t <= (goal.times[i - 1] as number))) {
      throw bad(`has a time that does not increase at point ${i + 1}`);
    }
  }
  for (let k = 0; k < n * d; k++) {
    if (!Number.isFinite(goal.joints[k]) || !Number.isFinite(goal.velocities[k])) {
      throw bad(`has a value that is not finite at point ${Math.floor(k / d) + 1}`);
    }
  }
  for (let j = 0; j < d; j++) {
    if (Math.abs(goal.velocities[(n - 1) * d + j] as number) > 1e-6) throw bad('does not end at rest');
    const here = state?.joints[profile.joints.indexOf(goal.jointNames[j] as string)];
    if (here === undefined) continue;
    const gap = Math.abs((goal.joints[j] as number) - here);
    if (gap > START_TOLERANCE) {
      throw bad(
        `starts ${gap.toFixed(3)} rad from where ${goal.jointNames[j]} is (limit ${START_TOLERANCE})`,
      );
    }
  }
}

const bad = (what: string): WaybookError =>
  new WaybookError('input/limit', `The motion was not sent: it ${what}.`, {
    hint: 'Refine again from where the arm is.',
  });
