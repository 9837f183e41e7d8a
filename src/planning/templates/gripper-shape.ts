/**
 * Sizes of a common two-finger hand that templates keep clear of things [m]. Only the opening is known of the robot
 * at hand; these are on the generous side of such grippers.
 */
export const FINGER = {
  /** along the opening */
  thickness: 0.012,
  /** across the opening */
  width: 0.022,
  /** from the fingertip centre (the tool frame) to the very tip */
  tip: 0.009,
  /** from the tool frame up to the palm */
  reach: 0.043,
} as const;

/** The hand above the fingers, along and across the opening. */
export const HAND = { along: 0.21, across: 0.065 } as const;

/** How far refinement may move a waypoint [m]: where fingers touch, near that, and in free space. */
export const RADIUS = { contact: 0.02, near: 0.03, transit: 0.05 } as const;
