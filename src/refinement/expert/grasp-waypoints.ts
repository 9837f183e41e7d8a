import { gripperEvents, type Waypoint } from '../../core/waypoint.ts';

/** Waypoints nearer than this in the plane are over the same spot [m]. */
const SAME_SPOT = 0.03;
/** Lower by more than this is deeper, not just as deep [m]. */
const LOWER = 0.01;

/**
 * Which waypoints take hold of something: those where the gripper closes and none of the plan goes deeper over the same
 * spot. A gripper that closes on its way, to push or to press or to fit between things, takes hold of nothing.
 */
export function graspWaypoints(waypoints: readonly Waypoint[], initialGripper: number): ReadonlySet<number> {
  const closing = gripperEvents(waypoints, initialGripper).filter((e) => e.to < e.from);
  return new Set(
    closing
      .map((e) => e.waypoint)
      .filter((k) => {
        const [x, y, z] = waypoints[k]!.position;
        return !waypoints.some(
          ({ position: p }) => Math.hypot(p[0] - x, p[1] - y) < SAME_SPOT && p[2] < z - LOWER,
        );
      }),
  );
}
