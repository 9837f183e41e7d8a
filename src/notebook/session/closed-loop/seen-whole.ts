import type { Vec3 } from '../../../core/geometry.ts';
import type { SceneObject } from '../../../core/scene-object.ts';
import { gripperEvents, type Waypoint } from '../../../core/waypoint.ts';

/** A thing whose footprint is this much smaller or larger than it was is partly hidden, or two that touch. */
const LEAST_SHARE = 0.75;
const MOST_SHARE = 1.5;
/** Farther from a thing's centre than this, a waypoint is not about it [m]. */
const ABOUT = 0.06;

/**
 * Which corrected waypoints may be believed. A moving arm hides what it goes to, and the middle of what is left to see
 * is not the middle of the thing: there the waypoints stay where the last whole view put them. `reference` and `seen` are
 * the things of the first and of the newest look, found in the same way; `planned` is where waypoints were in the first.
 */
export function keepWhereHidden(
  planned: readonly Waypoint[],
  before: readonly Waypoint[],
  corrected: readonly Waypoint[],
  reference: readonly SceneObject[],
  seen: readonly SceneObject[],
  gripper: number,
): Waypoint[] {
  const events = gripperEvents(before, gripper).map((event) => event.waypoint);
  const anchors = events.length > 0 ? events : [before.length - 1];
  const believed = new Map(
    anchors.map((anchor) => {
      const then = nearest(reference, planned[anchor]?.position);
      const now = nearest(seen, corrected[anchor]?.position);
      return [anchor, !then || (now !== undefined && isWhole(then, now))] as const;
    }),
  );
  return before.map((waypoint, k) => {
    const anchor = anchors.reduce((a, b) => (Math.abs(b - k) < Math.abs(a - k) ? b : a));
    const moved = corrected[k];
    if (!moved || believed.get(anchor) !== true) return waypoint;
    return { ...waypoint, position: moved.position, orientation: moved.orientation };
  });
}

function isWhole(then: SceneObject, now: SceneObject): boolean {
  const share = (now.size[0] * now.size[1]) / (then.size[0] * then.size[1]);
  return share >= LEAST_SHARE && share <= MOST_SHARE;
}

function nearest(objects: readonly SceneObject[], at: Vec3 | undefined): SceneObject | undefined {
  if (!at) return undefined;
  let best: SceneObject | undefined;
  let least = ABOUT;
  for (const object of objects) {
    const [x, y] = object.pose.position;
    const away = Math.hypot(x - at[0], y - at[1]);
    if (away < least) [least, best] = [away, object];
  }
  return best;
}
