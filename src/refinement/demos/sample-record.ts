import { compose, inverse, type Pose } from '../../core/geometry.ts';
import type { Plane } from '../../perception/plane.ts';
import { INPUTS, POINTS, POSE_WIDTH, POSES, sizeOf, WAYPOINTS, WAYPOINT_WIDTH } from '../expert/contract.ts';
import { guidanceOf, writePose, type PlanStart } from '../expert/guidance.ts';
import { pointGroups, type StandingPoints } from '../expert/point-groups.ts';
import { splineCurve } from '../spline-path.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { CoarsePlan } from './coarsen.ts';

/**
 * One training sample: the network's inputs and what it should answer, int16 in this order, each {@link STEPS_PER_UNIT}
 * times the number. `anchor` is the waypoint that a pose leads to, by 8, and how far along (`blend` follows from it);
 * `points_count` is the number of points by 64, valid ones first. `truth_waypoints` and `truth_path` are position and 6D
 * rotation in the plan's guidance frame. `weight`: 0 padding, 1/4 free space, 1 contact. `found` is 0 where the thing that
 * a waypoint belongs to is not there to be seen. `turn` is 1 where the turn about the vertical can be told from the thing.
 */
export const MOTION_RECORD = {
  waypoints: [WAYPOINTS, WAYPOINT_WIDTH],
  waypoint_mask: [WAYPOINTS],
  guidance: [POSES, POSE_WIDTH],
  anchor: [POSES, 2],
  truth_waypoints: [WAYPOINTS, 9],
  truth_path: [POSES, 9],
  weight: [WAYPOINTS],
  found: [WAYPOINTS],
  turn: [WAYPOINTS],
} as const;

/** The same with points. */
export const CLOUD_RECORD = {
  ...MOTION_RECORD,
  points_count: [WAYPOINTS],
  points: INPUTS.points,
} as const;

export type RecordLayout = Readonly<Record<string, readonly number[]>>;

export const lengthOf = (layout: RecordLayout): number =>
  Object.values(layout).reduce((sum, shape) => sum + sizeOf(shape), 0);

/** Steps of 0.06 mm; numbers up to 2. */
export const STEPS_PER_UNIT = 16384;

const CONTACT_WEIGHT = 1;
const FREE_WEIGHT = 0.25;

/** Writes one sample; `seen` is absent in action pre-training, which stands on a table at z = 0. */
export function writeRecord(
  out: Int16Array,
  plan: CoarsePlan,
  start: PlanStart,
  table: Plane | undefined,
  seen: StandingPoints | undefined,
  found: (thing: string | undefined) => boolean,
): void {
  const guidance = guidanceOf(plan.waypoints, start, table);
  const toFrame = inverse(guidance.frame);
  const inFrame = (pose: Pose): Pose => compose(toFrame, pose);
  const row = (shape: readonly number[]): Float32Array => new Float32Array(sizeOf(shape));
  const truthWaypoints = row(MOTION_RECORD.truth_waypoints);
  const [weight, known, turn] = [
    row(MOTION_RECORD.weight),
    row(MOTION_RECORD.found),
    row(MOTION_RECORD.turn),
  ];
  for (let k = 0; k < WAYPOINTS; k++) {
    const t = plan.truth[Math.min(k, plan.truth.length - 1)]!;
    writePose(truthWaypoints, 9 * k, inFrame(t.pose));
    if (k >= plan.truth.length) continue;
    weight[k] = t.contact ? CONTACT_WEIGHT : FREE_WEIGHT;
    known[k] = found(t.thing) ? 1 : 0;
    turn[k] = t.hold.kind === 'free' || !t.contact ? 0 : 1;
  }
  const truth = plan.truth.map((t, i): Waypoint => ({ ...plan.waypoints[i]!, ...t.pose }));
  const curve = splineCurve(truth, start);
  const truthPath = row(MOTION_RECORD.truth_path);
  const anchor = row(MOTION_RECORD.anchor);
  guidance.anchors.forEach(({ segment, u }, i) => {
    writePose(truthPath, 9 * i, inFrame(curve.pose(segment, u)));
    anchor[2 * i] = segment / WAYPOINTS;
    anchor[2 * i + 1] = u;
  });
  const motion: Record<keyof typeof MOTION_RECORD, Float32Array> = {
    waypoints: guidance.waypoints,
    waypoint_mask: guidance.waypoint_mask,
    guidance: guidance.guidance,
    anchor,
    truth_waypoints: truthWaypoints,
    truth_path: truthPath,
    weight,
    found: known,
    turn,
  };
  let at = 0;
  const put = (values: Float32Array): void => {
    for (const value of values) {
      out[at++] = Math.max(-32767, Math.min(32767, Math.round(STEPS_PER_UNIT * value)));
    }
  };
  for (const name of Object.keys(MOTION_RECORD) as (keyof typeof MOTION_RECORD)[]) put(motion[name]);
  if (!seen) return;
  const groups = pointGroups(seen, plan.waypoints);
  const counts = row(CLOUD_RECORD.points_count);
  groups.points_mask.forEach((present, i) => {
    const group = Math.floor(i / POINTS);
    counts[group] = counts[group]! + present / POINTS;
  });
  put(counts);
  put(groups.points);
}
