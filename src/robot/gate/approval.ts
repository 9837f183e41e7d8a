import { hashJson } from '../../core/hash.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { sampleCount } from '../../core/trajectory.ts';

/** What a person approves when a real robot is to move. Change one of these and the approval is void. */
export interface ApprovedMotion {
  /** the profile's name; never a URL */
  readonly robot: string;
  readonly planHash: string;
  readonly trajectoryHash: string;
  /** how far the tool may leave the approved path [m] */
  readonly tube: number;
  /** share of full speed, 0..1 */
  readonly speed: number;
  /** s of robot time for the whole motion */
  readonly deadline: number;
}

/** Hash over everything that an approval binds. */
export const approvalHash = (motion: ApprovedMotion): string =>
  hashJson({
    robot: motion.robot,
    planHash: motion.planHash,
    trajectoryHash: motion.trajectoryHash,
    tube: motion.tube,
    speed: motion.speed,
    deadline: motion.deadline,
  });

/**
 * What a headless run shows instead of a person: the same plan, tube, speed and robot. The path may differ, since it is
 * refined anew on what the camera sees then.
 */
export const standingApprovalHash = (
  motion: Pick<ApprovedMotion, 'robot' | 'planHash' | 'tube' | 'speed'>,
): string =>
  hashJson({ robot: motion.robot, planHash: motion.planHash, tube: motion.tube, speed: motion.speed });

/**
 * How far the tool's path leaves another's [m]: the greatest distance of a sample of `path` from the line through
 * the samples of `approved`. Order in time is not asked for, so that a path may be slower or start later.
 */
export function tubeDeviation(path: Trajectory, approved: Trajectory): { deviation: number; sample: number } {
  let deviation = 0;
  let sample = 0;
  for (let i = 0; i < sampleCount(path); i++) {
    const d = distanceToPath(path.tool, 7 * i, approved);
    if (d > deviation) [deviation, sample] = [d, i];
  }
  return { deviation, sample };
}

/** Distance of the point at `at` from the tool's line through a trajectory [m]. */
export function distanceToPath(point: Float64Array, at: number, path: Trajectory): number {
  const px = point[at] as number;
  const py = point[at + 1] as number;
  const pz = point[at + 2] as number;
  const { tool } = path;
  let best = Number.POSITIVE_INFINITY;
  const n = sampleCount(path);
  for (let i = 0; i < n; i++) {
    const a = 7 * i;
    const b = i + 1 < n ? a + 7 : a;
    const ux = (tool[b] as number) - (tool[a] as number);
    const uy = (tool[b + 1] as number) - (tool[a + 1] as number);
    const uz = (tool[b + 2] as number) - (tool[a + 2] as number);
    const wx = px - (tool[a] as number);
    const wy = py - (tool[a + 1] as number);
    const wz = pz - (tool[a + 2] as number);
    const length = ux * ux + uy * uy + uz * uz;
    const s = length > 0 ? Math.min(1, Math.max(0, (wx * ux + wy * uy + wz * uz) / length)) : 0;
    const d = Math.hypot(wx - s * ux, wy - s * uy, wz - s * uz);
    if (d < best) best = d;
  }
  return best;
}
