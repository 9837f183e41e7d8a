import {
  add,
  angleBetween,
  distance,
  dot,
  normalize,
  scale,
  slerp,
  subtract,
  type Pose,
  type Vec3,
} from '../core/geometry.ts';
import { gripperEvents, type Waypoint } from '../core/waypoint.ts';
import type { RefinedPath } from './refiner.ts';

/** Spacing of the poses of a refined path. */
const STEP = { position: 0.005, orientation: 0.05 };
/** Metres of chord that a turn of 1 rad counts as. */
const METRES_PER_RADIAN = 0.2;

/** A smooth curve of tool poses through a start and every waypoint, segment by segment. */
export interface SplineCurve {
  /** segment `k` leads to waypoint `k` */
  readonly segments: number;
  /** chord of a segment [m], turns included */
  length(segment: number): number;
  /** pose at `u` 0..1 of a segment */
  pose(segment: number, u: number): Pose;
}

/**
 * Positions are monotone cubics per axis over chord length (PCHIP; Fritsch and Butland 1984), so that the curve never
 * overshoots a waypoint; into and out of a waypoint where the gripper acts, it is exactly straight, so that a vertical
 * approach does not swing. Turns are eased spherical interpolations.
 */
export function splineCurve(
  waypoints: readonly Waypoint[],
  start: { readonly pose: Pose; readonly gripper: number },
): SplineCurve {
  const knots: Pose[] = [
    start.pose,
    ...waypoints.map(({ position, orientation }) => ({ position, orientation })),
  ];
  const rests = new Set(gripperEvents(waypoints, start.gripper).map((e) => e.waypoint + 1));
  const tangents = tangentsOf(knots, rests);
  return {
    segments: waypoints.length,
    length: (k) => chord(knots[k]!, knots[k + 1]!),
    pose: (k, u) => {
      const a = knots[k]!;
      const b = knots[k + 1]!;
      return u >= 1 ? b : segmentPose(a, b, tangents.leaving[k]!, tangents.arriving[k + 1]!, chord(a, b), u);
    },
  };
}

/** The curve as dense poses. */
export function splinePath(
  waypoints: readonly Waypoint[],
  start: { readonly pose: Pose; readonly gripper: number },
): RefinedPath {
  const curve = splineCurve(waypoints, start);
  const poses: Pose[] = [start.pose];
  const waypointIndices: number[] = [];
  for (let k = 0; k < curve.segments; k++) {
    const n = poseCount(curve.pose(k, 0), curve.pose(k, 1));
    for (let i = 1; i <= n; i++) poses.push(curve.pose(k, i / n));
    waypointIndices.push(poses.length - 1);
  }
  return { waypoints, poses, waypointIndices, confidence: waypoints.map(() => 1) };
}

/** Poses that a segment between `a` and `b` needs, for it may be half as long again as its chord. */
export const poseCount = (a: Pose, b: Pose): number =>
  Math.max(
    1,
    Math.ceil((1.5 * distance(a.position, b.position)) / STEP.position),
    Math.ceil((1.5 * angleBetween(a.orientation, b.orientation)) / STEP.orientation),
  );

const chord = (a: Pose, b: Pose): number =>
  Math.max(
    1e-6,
    Math.hypot(
      distance(a.position, b.position),
      METRES_PER_RADIAN * angleBetween(a.orientation, b.orientation),
    ),
  );

/** Cubic Hermite in position, slerp eased by 3u²-2u³ in orientation. */
function segmentPose(a: Pose, b: Pose, ta: Vec3, tb: Vec3, h: number, u: number): Pose {
  const u2 = u * u;
  const u3 = u2 * u;
  const position = add(
    add(scale(a.position, 2 * u3 - 3 * u2 + 1), scale(b.position, 3 * u2 - 2 * u3)),
    add(scale(ta, h * (u3 - 2 * u2 + u)), scale(tb, h * (u3 - u2))),
  );
  return { position, orientation: slerp(a.orientation, b.orientation, 3 * u2 - 2 * u3) };
}

/** Derivatives by chord length at every knot, as the segment before it arrives and the one after it leaves. */
function tangentsOf(
  knots: readonly Pose[],
  rests: ReadonlySet<number>,
): { arriving: Vec3[]; leaving: Vec3[] } {
  const arriving: Vec3[] = [];
  const leaving: Vec3[] = [];
  const last = knots.length - 1;
  for (let k = 0; k <= last; k++) {
    const here = knots[k]!;
    const before = k > 0 ? slope(knots[k - 1]!, here) : undefined;
    const after = k < last ? slope(here, knots[k + 1]!) : undefined;
    let tangent: Vec3 = [0, 0, 0];
    if (before && after && !rests.has(k)) {
      tangent = monotone(before, after, chord(knots[k - 1]!, here), chord(here, knots[k + 1]!));
      // A straight way into or out of a gripper event leaves no freedom but speed along it.
      if (rests.has(k + 1)) tangent = withoutOvershoot(along(tangent, after), before);
      if (rests.has(k - 1)) tangent = withoutOvershoot(along(tangent, before), after);
    } else if (before && !after) tangent = before;
    else if (after && !before) tangent = after;
    // At rest the direction alone matters: straight where the segment is straight.
    arriving.push(rests.has(k) && before ? before : tangent);
    leaving.push(rests.has(k) && after ? after : tangent);
  }
  return { arriving, leaving };
}

const slope = (a: Pose, b: Pose): Vec3 => scale(subtract(b.position, a.position), 1 / chord(a, b));

/** Part of `tangent` along `direction`, never backwards. */
function along(tangent: Vec3, direction: Vec3): Vec3 {
  const u = normalize(direction);
  return scale(u, Math.max(0, dot(tangent, u)));
}

/** `tangent` made short enough for the neighbouring segment to stay monotone on every axis (factor 3; Fritsch, Carlson). */
function withoutOvershoot(tangent: Vec3, slope: Vec3): Vec3 {
  const share = (t: number, s: number): number => (t === 0 ? 1 : Math.max(0, (3 * s) / t));
  return scale(
    tangent,
    Math.min(1, share(tangent[0], slope[0]), share(tangent[1], slope[1]), share(tangent[2], slope[2])),
  );
}

/** Weighted harmonic mean of neighbouring slopes, per axis; zero where they disagree in sign. */
function monotone(a: Vec3, b: Vec3, ha: number, hb: number): Vec3 {
  const wa = 2 * hb + ha;
  const wb = hb + 2 * ha;
  const mean = (x: number, y: number): number => (x * y <= 0 ? 0 : (wa + wb) / (wa / x + wb / y));
  return [mean(a[0], b[0]), mean(a[1], b[1]), mean(a[2], b[2])];
}
