import {
  compose,
  inverse,
  matrixFromQuat,
  quatFromAxisAngle,
  quatFromMatrix,
  type Pose,
  type Quat,
  type Vec3,
} from '../../core/geometry.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { splineCurve, type SplineCurve } from '../spline-path.ts';
import type { Plane } from '../../perception/plane.ts';
import { POSE_WIDTH, POSES, WAYPOINT_WIDTH, WAYPOINTS } from './contract.ts';
import { tableHeight } from './point-groups.ts';

export interface PlanStart {
  readonly pose: Pose;
  readonly gripper: number;
}

/** One of the poses put out: where on the spline it lies. */
export interface Anchor {
  /** segment that leads to this waypoint */
  readonly segment: number;
  /** 0..1 along it */
  readonly u: number;
}

/** What the network is told about the plan, and what is needed to read its answer. */
export interface Guidance {
  /** in base: origin on the table under the plan's middle, +Z up, +X along the plan */
  readonly frame: Pose;
  readonly curve: SplineCurve;
  readonly anchors: readonly Anchor[];
  readonly waypoints: Float32Array;
  readonly waypoint_mask: Float32Array;
  readonly guidance: Float32Array;
  readonly blend: Float32Array;
}

/**
 * Numbers a plan's frame, its spline's poses and how far each waypoint's correction reaches. At most 8 waypoints. Heights
 * are counted from `table`; where none was seen, from the lowest waypoint.
 */
export function guidanceOf(waypoints: readonly Waypoint[], start: PlanStart, table?: Plane): Guidance {
  if (waypoints.length === 0 || waypoints.length > WAYPOINTS) {
    throw new RangeError(`guidanceOf: ${waypoints.length} waypoints, must be 1 to ${WAYPOINTS}`);
  }
  const frame = guidanceFrame(waypoints, start, table);
  const toFrame = inverse(frame);
  const curve = splineCurve(waypoints, start);
  const anchors = placeAnchors(curve);
  const opening = (k: number): number => (k < 0 ? start.gripper : waypoints[k]!.gripper);

  const rows = new Float32Array(WAYPOINTS * WAYPOINT_WIDTH);
  const mask = new Float32Array(WAYPOINTS);
  for (let k = 0; k < WAYPOINTS; k++) {
    const waypoint = waypoints[k];
    // Padding must still hold a rotation: the network orthonormalises every row.
    const pose = compose(toFrame, waypoint ?? waypoints[waypoints.length - 1]!);
    writePose(rows, k * WAYPOINT_WIDTH, pose);
    rows[k * WAYPOINT_WIDTH + 9] = opening(Math.min(k, waypoints.length) - 1);
    rows[k * WAYPOINT_WIDTH + 10] = opening(Math.min(k, waypoints.length - 1));
    rows[k * WAYPOINT_WIDTH + 11] = waypoint?.radius ?? 0;
    mask[k] = waypoint ? 1 : 0;
  }

  const guidance = new Float32Array(POSES * POSE_WIDTH);
  const blend = new Float32Array(POSES * WAYPOINTS);
  anchors.forEach(({ segment, u }, i) => {
    writePose(guidance, i * POSE_WIDTH, compose(toFrame, curve.pose(segment, u)));
    guidance[i * POSE_WIDTH + 9] = u < 1 ? opening(segment - 1) : opening(segment);
    blend[i * WAYPOINTS + segment] = u;
    // The start is where the robot is: nothing corrects it.
    if (segment > 0) blend[i * WAYPOINTS + segment - 1] = 1 - u;
  });
  return { frame, curve, anchors, waypoints: rows, waypoint_mask: mask, guidance, blend };
}

function guidanceFrame(waypoints: readonly Waypoint[], start: PlanStart, table: Plane | undefined): Pose {
  const n = waypoints.length;
  const mean = (k: 0 | 1): number => waypoints.reduce((sum, w) => sum + w.position[k], 0) / n;
  const [x, y] = [mean(0), mean(1)];
  const floor = table ? tableHeight(table, x, y) : Math.min(...waypoints.map((w) => w.position[2]));
  const first = waypoints[0]!.position;
  const planar = (p: Vec3): number => Math.hypot(p[0] - first[0], p[1] - first[1]);
  const far = waypoints.reduce((best, w) => (planar(w.position) > planar(best.position) ? w : best)).position;
  // A plan that stays over one spot looks along the way there.
  const [from, to] = planar(far) > 0.06 ? [first, far] : [start.pose.position, first];
  const direction = [to[0] - from[0], to[1] - from[1]] as const;
  const yaw = Math.hypot(...direction) > 0.01 ? Math.atan2(direction[1], direction[0]) : 0;
  return { position: [x, y, floor], orientation: quatFromAxisAngle([0, 0, 1], yaw) };
}

/** The first pose is the start; every waypoint is a pose; the rest are shared out by length. */
function placeAnchors(curve: SplineCurve): Anchor[] {
  const n = curve.segments;
  const least = 2;
  const lengths = Array.from({ length: n }, (_, k) => curve.length(k));
  const total = lengths.reduce((a, b) => a + b, 0);
  const spare = POSES - 1 - least * n;
  const counts = lengths.map((l) => least + Math.floor((spare * l) / Math.max(total, 1e-9)));
  // What rounding down left over goes to the longest segment.
  const longest = lengths.indexOf(Math.max(...lengths));
  counts[longest] = counts[longest]! + POSES - 1 - counts.reduce((a, b) => a + b, 0);
  return [
    { segment: 0, u: 0 },
    ...counts.flatMap((count, segment) =>
      Array.from({ length: count }, (_, i) => ({ segment, u: (i + 1) / count })),
    ),
  ];
}

/** Position and the first two columns of the rotation (Zhou et al. 2019), nine numbers. */
export function writePose(out: Float32Array | Float64Array, at: number, pose: Pose): void {
  const m = matrixFromQuat(pose.orientation);
  for (let k = 0; k < 3; k++) {
    out[at + k] = pose.position[k]!;
    out[at + 3 + k] = m[3 * k]!;
    out[at + 6 + k] = m[3 * k + 1]!;
  }
}

/** The pose of nine numbers, orthonormalised by Gram-Schmidt. */
export function readPose(row: ArrayLike<number>, at: number): Pose {
  const a: Vec3 = [row[at + 3]!, row[at + 4]!, row[at + 5]!];
  const b: Vec3 = [row[at + 6]!, row[at + 7]!, row[at + 8]!];
  const na = Math.hypot(...a);
  const x: Vec3 = [a[0] / na, a[1] / na, a[2] / na];
  const d = x[0] * b[0] + x[1] * b[1] + x[2] * b[2];
  const c: Vec3 = [b[0] - d * x[0], b[1] - d * x[1], b[2] - d * x[2]];
  const nc = Math.hypot(...c);
  const y: Vec3 = [c[0] / nc, c[1] / nc, c[2] / nc];
  const z: Vec3 = [x[1] * y[2] - x[2] * y[1], x[2] * y[0] - x[0] * y[2], x[0] * y[1] - x[1] * y[0]];
  const orientation: Quat = quatFromMatrix([x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]]);
  return { position: [row[at]!, row[at + 1]!, row[at + 2]!], orientation };
}
