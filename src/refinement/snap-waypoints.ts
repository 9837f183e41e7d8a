import { rotate, withYaw, type Vec3 } from '../core/geometry.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { gripperEvents, type Waypoint } from '../core/waypoint.ts';

export interface SnapResult {
  readonly waypoints: readonly Waypoint[];
  /** what was moved, for people */
  readonly notes: readonly string[];
}

/** Yaw is corrected no further than this: more would be another grasp, not a better one [rad]. */
const MAX_YAW = 0.6;
/** Things without a clear direction are not turned to. */
const MIN_ELONGATION = 1.25;

/**
 * Moves the waypoints round each gripper event rigidly onto the nearest thing within their radius: its centre in the
 * plane, its grasp direction about the vertical. Heights stay as planned, since segmentation sees tops better than
 * bottoms. Where nothing is within the radius, nothing moves. `objects` are in base, without the robot.
 */
export function snapWaypoints(
  waypoints: readonly Waypoint[],
  objects: readonly SceneObject[],
  initialGripper: number,
): SnapResult {
  const moved = [...waypoints];
  const notes: string[] = [];
  const events = gripperEvents(waypoints, initialGripper).map((e) => e.waypoint);
  const anchors = events.length > 0 ? events : [waypoints.length - 1];
  anchors.forEach((anchor, k) => {
    const target = waypoints[anchor];
    if (!target) return;
    const object = nearestWithin(objects, target);
    if (!object) {
      notes.push(
        `Nothing within ${(1000 * target.radius).toFixed(0)} mm of waypoint ${anchor + 1} "${target.label}".`,
      );
      return;
    }
    const shift: Vec3 = [
      object.pose.position[0] - target.position[0],
      object.pose.position[1] - target.position[1],
      0,
    ];
    const yaw = yawTowards(target, object);
    // A group reaches half-way to the events beside it.
    const from = k === 0 ? 0 : Math.ceil(((anchors[k - 1] as number) + anchor + 1) / 2);
    const to =
      k === anchors.length - 1
        ? waypoints.length - 1
        : Math.ceil((anchor + (anchors[k + 1] as number) + 1) / 2) - 1;
    for (let i = from; i <= to; i++) {
      const waypoint = waypoints[i] as Waypoint;
      if (planar(waypoint.position, target.position) > 0.05) continue;
      moved[i] = {
        ...waypoint,
        position: [waypoint.position[0] + shift[0], waypoint.position[1] + shift[1], waypoint.position[2]],
        orientation: withYaw(waypoint.orientation, yaw),
      };
    }
    notes.push(
      `Waypoint ${anchor + 1} "${target.label}" moved ${(1000 * Math.hypot(shift[0], shift[1])).toFixed(0)} mm to the ${object.label}.`,
    );
  });
  return { waypoints: moved, notes };
}

const planar = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** The nearest thing in the plane whose box reaches near the waypoint's height. */
function nearestWithin(objects: readonly SceneObject[], waypoint: Waypoint): SceneObject | undefined {
  const [, , z] = waypoint.position;
  let best: SceneObject | undefined;
  let least = waypoint.radius;
  for (const object of objects) {
    const top = object.pose.position[2] + object.size[2] / 2;
    if (z > top + 0.12 || z < object.pose.position[2] - object.size[2] / 2 - 0.03) continue;
    const off = planar(object.pose.position, waypoint.position);
    if (off <= least) {
      least = off;
      best = object;
    }
  }
  return best;
}

/**
 * Turn about the vertical [rad] that lays the fingers across the thing's narrow side: a quarter turn's ambiguity for
 * square ones, a half turn's for long ones; 0 for round ones and for tools that do not point down.
 */
function yawTowards(waypoint: Waypoint, object: SceneObject): number {
  const approach = rotate(waypoint.orientation, [0, 0, 1]);
  if (
    approach[2] > -0.9 ||
    object.shape === 'cylinder' ||
    object.shape === 'bowl' ||
    object.shape === 'plate'
  )
    return 0;
  const opening = rotate(waypoint.orientation, [0, 1, 0]);
  const along = rotate(object.pose.orientation, [1, 0, 0]);
  const long = object.size[0] / object.size[1] > MIN_ELONGATION;
  const period = long ? Math.PI : Math.PI / 2;
  // Fingers open along the narrow side: a quarter turn from the long one.
  const wanted = Math.atan2(along[1], along[0]) + Math.PI / 2;
  const current = Math.atan2(opening[1], opening[0]);
  const turn = wanted - current;
  const nearest = turn - period * Math.round(turn / period);
  return Math.abs(nearest) <= MAX_YAW ? nearest : 0;
}
