import {
  add,
  compose,
  distance,
  lerp,
  norm,
  quatFromAxisAngle,
  quatMultiply,
  rotationVector,
  scale,
  subtract,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import { gripperEvents, type Waypoint } from '../../core/waypoint.ts';
import { poseCount, splineCurve, type SplineCurve } from '../spline-path.ts';
import { POSE_WIDTH } from './contract.ts';
import { readPose, type Guidance, type PlanStart } from './guidance.ts';

export interface AppliedActions {
  readonly waypoints: readonly Waypoint[];
  /** dense, without the start */
  readonly poses: readonly Pose[];
  /** index in `poses` of each waypoint */
  readonly waypointIndices: readonly number[];
}

/** How far a dense pose may be from the smooth curve through the corrected waypoints [m, rad]. */
const MAX_FREE = { position: 0.05, orientation: 0.3 };

/**
 * The network's poses as a dense path in base. Waypoints move to where the network put them, but never further than
 * their radius; a smooth curve goes through them; what the network adds between waypoints is added to that curve, except
 * on the straight ways into and out of gripper events.
 */
export function applyActions(
  waypoints: readonly Waypoint[],
  start: PlanStart,
  guidance: Guidance,
  actions: Float32Array,
): AppliedActions {
  const wanted = guidance.anchors.map((_, i) => compose(guidance.frame, readPose(actions, i * POSE_WIDTH)));
  const corrected = waypoints.map((waypoint, k): Waypoint => {
    const at = guidance.anchors.findIndex((a) => a.segment === k && a.u === 1);
    const to = wanted[at]!;
    const shift = subtract(to.position, waypoint.position);
    const kept = Math.min(1, waypoint.radius / Math.max(norm(shift), 1e-9));
    return { ...waypoint, position: add(waypoint.position, scale(shift, kept)), orientation: to.orientation };
  });
  const curve = splineCurve(corrected, start);
  const straight = new Set(
    gripperEvents(waypoints, start.gripper).flatMap(({ waypoint }) => [waypoint, waypoint + 1]),
  );
  const poses: Pose[] = [];
  const waypointIndices: number[] = [];
  for (let k = 0; k < curve.segments; k++) {
    const free = straight.has(k) ? undefined : freePart(guidance, curve, wanted, k);
    const n = poseCount(curve.pose(k, 0), curve.pose(k, 1));
    for (let i = 1; i <= n; i++) poses.push(free && i < n ? free(i / n) : curve.pose(k, i / n));
    waypointIndices.push(poses.length - 1);
  }
  return { waypoints: corrected, poses, waypointIndices };
}

interface Offset {
  readonly u: number;
  readonly position: Vec3;
  /** rotation vector [rad] */
  readonly turn: Vec3;
}

/** What the network adds to the curve along one segment, interpolated smoothly between its poses. */
function freePart(
  guidance: Guidance,
  curve: SplineCurve,
  wanted: readonly Pose[],
  segment: number,
): (u: number) => Pose {
  const zero: Vec3 = [0, 0, 0];
  const offsets: Offset[] = [{ u: 0, position: zero, turn: zero }];
  guidance.anchors.forEach((anchor, i) => {
    if (anchor.segment !== segment || anchor.u === 0) return;
    if (anchor.u === 1) {
      offsets.push({ u: 1, position: zero, turn: zero });
      return;
    }
    const base = curve.pose(segment, anchor.u);
    const position = subtract(wanted[i]!.position, base.position);
    const turn = rotationVector(base.orientation, wanted[i]!.orientation);
    offsets.push({
      u: anchor.u,
      position: limited(position, MAX_FREE.position),
      turn: limited(turn, MAX_FREE.orientation),
    });
  });
  return (u) => {
    const next = Math.max(
      1,
      offsets.findIndex((o) => o.u >= u),
    );
    const a = offsets[next - 1]!;
    const b = offsets[next]!;
    const s = (u - a.u) / (b.u - a.u);
    const eased = s * s * (3 - 2 * s);
    const base = curve.pose(segment, u);
    const turn = lerp(a.turn, b.turn, eased);
    return {
      position: add(base.position, lerp(a.position, b.position, eased)),
      orientation: quatMultiply(quatFromAxisAngle(turn, norm(turn)), base.orientation),
    };
  };
}

const limited = (v: Vec3, most: number): Vec3 => scale(v, Math.min(1, most / Math.max(norm(v), 1e-9)));

/** How far a refined waypoint lies from where it was planned [m]. */
export const moved = (before: Waypoint, after: Waypoint): number => distance(before.position, after.position);
