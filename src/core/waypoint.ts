import type { Quat, Vec3 } from './geometry.ts';

/** A frame that a waypoint may be written in: the robot's base, or an object found in the scene. */
export type WaypointFrame = 'base' | { readonly object: string };

/** One coarse pose of the tool, in the frame given beside it. */
export interface Waypoint {
  readonly label: string;
  /** [m] */
  readonly position: Vec3;
  /** unit x, y, z, w; tool +Z is the approach, +Y the direction in which the fingers open */
  readonly orientation: Quat;
  /** 0 closed .. 1 open; a change from the waypoint before is an event at this waypoint, at rest */
  readonly gripper: number;
  /** how far refinement may move it [m] */
  readonly radius: number;
}

/** Which waypoints change the gripper: index of the waypoint and the opening before and after. */
export interface GripperEvent {
  readonly waypoint: number;
  readonly from: number;
  readonly to: number;
}

/** Openings closer than this are the same command: the JSON holds two decimals. */
const SAME_OPENING = 0.01;

/** Gripper events of a plan that starts with the gripper at `initial` (0..1). */
export function gripperEvents(waypoints: readonly Waypoint[], initial: number): GripperEvent[] {
  const events: GripperEvent[] = [];
  let current = initial;
  waypoints.forEach((waypoint, index) => {
    if (Math.abs(waypoint.gripper - current) > SAME_OPENING) {
      events.push({ waypoint: index, from: current, to: waypoint.gripper });
      current = waypoint.gripper;
    }
  });
  return events;
}
