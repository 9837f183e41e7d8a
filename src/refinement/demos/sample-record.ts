import { compose, inverse, type Pose } from '../../core/geometry.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { INPUTS, POSES, sizeOf, WAYPOINTS } from '../expert/contract.ts';
import { guidanceOf, writePose, type PlanStart } from '../expert/guidance.ts';
import { pointGroups } from '../expert/point-groups.ts';
import { splineCurve } from '../spline-path.ts';
import type { TrueWaypoint } from './demo-tasks.ts';

/**
 * One training sample: the network's inputs and what it should answer, float32 in this order. `truth_waypoints` and
 * `truth_path` are position and 6D rotation in the plan's guidance frame. Weights: 0 padding, 1 free space, 4 contact.
 * `found` is 0 where the thing that a waypoint belongs to is not there to be seen.
 */
export const RECORD = {
  ...INPUTS,
  truth_waypoints: [WAYPOINTS, 9],
  truth_path: [POSES, 9],
  weight: [WAYPOINTS],
  found: [WAYPOINTS],
  /** 1 where the turn about the vertical can be told from the thing */
  turn: [WAYPOINTS],
} as const;

export const RECORD_LENGTH = Object.values(RECORD).reduce((sum, shape) => sum + sizeOf(shape), 0);

export function writeRecord(
  out: Float32Array,
  plan: { readonly waypoints: readonly Waypoint[]; readonly truth: readonly TrueWaypoint[] },
  start: PlanStart,
  cloud: PointCloud | undefined,
  found: (thing: number) => boolean,
): void {
  const guidance = guidanceOf(plan.waypoints, start);
  const groups = pointGroups(cloud, plan.waypoints);
  const toFrame = inverse(guidance.frame);
  const inFrame = (pose: Pose): Pose => compose(toFrame, pose);

  const truthWaypoints = new Float32Array(sizeOf(RECORD.truth_waypoints));
  const weight = new Float32Array(WAYPOINTS);
  const seen = new Float32Array(WAYPOINTS);
  const turn = new Float32Array(WAYPOINTS);
  for (let k = 0; k < WAYPOINTS; k++) {
    const t = plan.truth[Math.min(k, plan.truth.length - 1)]!;
    writePose(truthWaypoints, 9 * k, inFrame(t.pose));
    if (k >= plan.truth.length) continue;
    weight[k] = t.contact ? 4 : 1;
    seen[k] = found(t.thing) ? 1 : 0;
    turn[k] = t.symmetry > 0 && t.contact ? 1 : 0;
  }
  const truth = plan.truth.map((t, i): Waypoint => ({ ...plan.waypoints[i]!, ...t.pose }));
  const curve = splineCurve(truth, start);
  const truthPath = new Float32Array(sizeOf(RECORD.truth_path));
  guidance.anchors.forEach(({ segment, u }, i) =>
    writePose(truthPath, 9 * i, inFrame(curve.pose(segment, u))),
  );

  let at = 0;
  const parts: Record<keyof typeof RECORD, Float32Array> = {
    waypoints: guidance.waypoints,
    waypoint_mask: guidance.waypoint_mask,
    guidance: guidance.guidance,
    blend: guidance.blend,
    points: groups.points,
    points_mask: groups.points_mask,
    truth_waypoints: truthWaypoints,
    truth_path: truthPath,
    weight,
    found: seen,
    turn,
  };
  for (const name of Object.keys(RECORD) as (keyof typeof RECORD)[]) {
    out.set(parts[name], at);
    at += parts[name].length;
  }
}
