import { quatFromAxisAngle, quatMultiply, rotate, type Quat } from '../../core/geometry.ts';
import type { ObjectFeatures } from '../grounding/features.ts';
import { FINGER, HAND } from './gripper-shape.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** How far a hand leans out from under what is over a handle [rad]: its upper end then clears a drawer's own handle. */
const LEAN = Math.PI / 3;
/** What reaches no higher than this over the hand's lower end is not in its way [m]. */
const SLACK = 0.02;

/** Whether something fixed stands where a hand from straight above would be, its fingers opening along `axis`. */
export function overhung(
  writer: WaypointWriter,
  handle: ObjectFeatures,
  id: string,
  axis: readonly [number, number],
): boolean {
  const [x, y, z] = handle.object.pose.position;
  const along = Math.abs(axis[0]) * HAND.along + Math.abs(axis[1]) * HAND.across;
  const across = Math.abs(axis[1]) * HAND.along + Math.abs(axis[0]) * HAND.across;
  return writer.scene
    .others(id, handle.object.id)
    .some(
      (f) =>
        f.fixture &&
        f.max[2] > z + FINGER.reach + SLACK &&
        x + along / 2 > f.min[0] &&
        x - along / 2 < f.max[0] &&
        y + across / 2 > f.min[1] &&
        y - across / 2 < f.max[1],
    );
}

/** The same orientation leaning back along the way out, so that the fingers reach in from before and above. */
export function leant(orientation: Quat, axis: readonly [number, number]): Quat {
  const bar = [-axis[1], axis[0], 0] as const;
  const turned = [LEAN, -LEAN].map((angle) => quatMultiply(quatFromAxisAngle(bar, angle), orientation));
  const inwards = (q: Quat) => {
    const [tx, ty] = rotate(q, [0, 0, 1]);
    return -(tx * axis[0] + ty * axis[1]);
  };
  return turned.sort((a, b) => inwards(b) - inwards(a))[0] as Quat;
}
