import { quatMultiply, TOOL_DOWN, withYaw, type Pose, type Quat, type Vec3 } from '../../core/geometry.ts';

/** A way to hold a thing that is known to work: the truth that demonstrations and oracle waypoints are made from. */
export interface Grasp {
  /** tool in the thing's frame */
  readonly pose: Pose;
  /** between the fingers when they have closed on it [m] */
  readonly width: number;
}

/** How far below the top of a thing the tool can go before the palm touches it [m]. */
export const GRASP_DEPTH = 0.038;

/** From above, fingers opening along the thing's Y turned by `yaw`. */
export const topGrasp = (at: Vec3, yaw: number, width: number): Grasp => ({
  pose: { position: at, orientation: withYaw(TOOL_DOWN, yaw) },
  width,
});

/** From above at any of `count` turns, `radius` away from the axis, across a wall: rims of bowls and mugs. */
export function rimGrasps(radius: number, height: number, width: number, count: number, from = 0): Grasp[] {
  return Array.from({ length: count }, (_, i) => {
    const angle = from + (2 * Math.PI * i) / count;
    // Fingers open along the radius: one inside, one outside.
    return topGrasp([radius * Math.cos(angle), radius * Math.sin(angle), height], angle - Math.PI / 2, width);
  });
}

/** Height of a grasp over the frame's origin for something that reaches from `bottom` to `top` there. */
export const graspHeight = (bottom: number, top: number): number =>
  Math.max((bottom + top) / 2, top - GRASP_DEPTH);

/** The same grasp with the fingers swapped: half a turn about the approach. */
export const flipped = (q: Quat): Quat => quatMultiply(q, [0, 0, 1, 0]);
