import { compose, quatFromAxisAngle, type Pose } from '../../core/geometry.ts';

/** One row of a Denavit-Hartenberg table, lengths in m, angles in rad; `theta` is the joint's offset. */
export interface DhRow {
  readonly a: number;
  readonly d: number;
  readonly alpha: number;
  readonly theta?: number;
}

/**
 * Joint frame in the frame before it, in the modified convention (Craig, Introduction to Robotics, §3.4):
 * Rot(x, alpha) · Trans(x, a) · Rot(z, theta) · Trans(z, d), where the row's a and alpha are those *before* the joint.
 */
export function modifiedDh(row: DhRow): Pose {
  const turn: Pose = { position: [0, 0, 0], orientation: quatFromAxisAngle([1, 0, 0], row.alpha) };
  return compose(turn, {
    position: [row.a, 0, row.d],
    orientation: quatFromAxisAngle([0, 0, 1], row.theta ?? 0),
  });
}

/**
 * Joint frames from a table in the standard convention, Rot(z, theta) · Trans(z, d) · Trans(x, a) · Rot(x, alpha),
 * where a row moves *with* its joint. Returns one joint frame a row, each in the frame before it, with the joint
 * about +Z, and what remains after the last joint as the flange.
 */
export function standardDh(rows: readonly DhRow[]): { joints: Pose[]; flange: Pose } {
  const joints: Pose[] = [];
  let pending: Pose = { position: [0, 0, 0], orientation: [0, 0, 0, 1] };
  for (const row of rows) {
    joints.push(compose(pending, offset(row.theta ?? 0)));
    pending = compose(
      { position: [0, 0, row.d], orientation: [0, 0, 0, 1] },
      { position: [row.a, 0, 0], orientation: quatFromAxisAngle([1, 0, 0], row.alpha) },
    );
  }
  return { joints, flange: pending };
}

const offset = (theta: number): Pose => ({
  position: [0, 0, 0],
  orientation: quatFromAxisAngle([0, 0, 1], theta),
});
