import { gripperEvents, type Waypoint } from '../../core/waypoint.ts';
import { WAYPOINTS } from './contract.ts';

/**
 * Cuts a long plan into stretches of at most 8 waypoints, each seen by the network at once. Cuts lie half-way between
 * gripper events where they can, so that what belongs to one grasp stays together. Result: [first, last] pairs.
 */
export function windowsOf(waypoints: readonly Waypoint[], initialGripper: number): [number, number][] {
  const events = gripperEvents(waypoints, initialGripper).map((e) => e.waypoint);
  const groupEnds = events.map((event, i) =>
    i + 1 < events.length ? Math.floor((event + events[i + 1]!) / 2) : waypoints.length - 1,
  );
  const windows: [number, number][] = [];
  let first = 0;
  while (first < waypoints.length) {
    const furthest = Math.min(waypoints.length, first + WAYPOINTS) - 1;
    const fitting = groupEnds.filter((end) => end >= first && end <= furthest);
    const last = furthest === waypoints.length - 1 ? furthest : (fitting.at(-1) ?? furthest);
    windows.push([first, last]);
    first = last + 1;
  }
  return windows;
}
