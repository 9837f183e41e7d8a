import {
  add,
  quatFromAxisAngle,
  rotate,
  subtract,
  TOOL_DOWN,
  withYaw,
  type Vec3,
} from '../../core/geometry.ts';
import type { ObjectFeatures } from '../grounding/features.ts';
import { HANDLE_NOUNS } from '../language/nouns.ts';
import { refusal } from '../refusal.ts';
import { nearestYaw } from './grasp.ts';
import { RADIUS } from './gripper-shape.ts';
import { findPart, STRADDLE } from './handles.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** Steps of an arc are no larger than this [rad]. */
const ARC_STEP = 0.25;
/** Share of a hinge's range that it is taken through, from wherever it is. */
export const SWING = 0.8;

export interface Hinge {
  readonly thing: ObjectFeatures;
  readonly f: ObjectFeatures;
  readonly axis: Vec3;
  /** a point on it, in base [m] */
  readonly origin: Vec3;
  /** rad */
  readonly travel: number;
}

/**
 * How far a door on a standing hinge is open [rad], by the box of what it closes: shut, it lies along the side at whose end
 * the hinge is, and from there it turns outwards. Undefined for other hinges, and where that box is not known.
 */
export function openAngle(writer: WaypointWriter, { thing, axis, origin }: Hinge): number | undefined {
  if (Math.abs(axis[2]) < 0.7) return undefined;
  const stems = new Set(thing.names.flatMap((name) => name.slice(0, -1)));
  const owner = writer.scene
    .others(thing.object.id)
    .find((f) =>
      thing.object.partOf === undefined
        ? f.object.partOf === undefined && [...f.nouns].some((noun) => stems.has(noun))
        : f.object.id === thing.object.partOf,
    );
  if (owner === undefined) return undefined;
  const [cx, cy] = [owner.object.pose.position[0] - origin[0], owner.object.pose.position[1] - origin[1]];
  const sense = Math.sign(axis[2]);
  const sides = [0, 1].map((k) => {
    const [ux, uy] = rotate(owner.object.pose.orientation, k === 0 ? [1, 0, 0] : [0, 1, 0]);
    const inwards = Math.sign(ux * cx + uy * cy) || 1;
    return [ux * inwards, uy * inwards] as const;
  });
  // a quarter turn on, a shut door points away from the box
  const shut = sides.find(([ux, uy]) => sense * (-uy * cx + ux * cy) < 0);
  if (shut === undefined) return undefined;
  const [dx, dy] = [thing.object.pose.position[0] - origin[0], thing.object.pose.position[1] - origin[1]];
  const angle = sense * Math.atan2(shut[0] * dy - shut[1] * dx, shut[0] * dx + shut[1] * dy);
  return angle < -0.3 ? undefined : Math.max(0, angle);
}

/** The handle of a thing on a hinge; nothing for what slides or has no known motion. */
export function hingeOf(writer: WaypointWriter, id: string, means: string | undefined): Hinge | undefined {
  const thing = writer.scene.of(id);
  const f = means === undefined ? findPart(writer, thing, HANDLE_NOUNS) : writer.scene.of(means);
  const articulation = thing.object.articulation ?? f?.object.articulation;
  if (articulation?.kind !== 'revolute') return undefined;
  const { axis, origin, travel = 1.2 } = articulation;
  if (origin === undefined) {
    throw refusal('geometry', `I do not know where the hinge of the ${thing.object.label} is.`, {
      candidates: [thing.object],
      hint: 'Mark its handle and its hinge with a pin.',
    });
  }
  return { thing, f: f ?? thing, axis, origin, travel };
}

/**
 * Fingers round the handle from above, along the arc about the hinge, let go, up. About a standing hinge the hand turns
 * with the handle; about a lying one it stays upright and the handle turns between the fingers.
 */
export function swing(writer: WaypointWriter, { f, axis, origin }: Hinge, angle: number): void {
  const { label } = f.object;
  const standing = Math.abs(axis[2]) > 0.7;
  const width = Math.min(f.object.size[0], f.object.size[1]);
  const closed = Math.max(0, width - 0.004) / writer.robot.maxOpening;
  const open = Math.min(1, Math.max(STRADDLE, width + 0.02) / writer.robot.maxOpening);
  const [x, y] = f.object.pose.position;
  const z = Math.max(f.object.pose.position[2], f.max[2] - 0.015);
  // a lying hinge is pulled across the fingers' flats, so that they stay on both sides of the handle
  const yaw = nearestYaw(
    standing ? writer.yaw - angle / 2 : Math.atan2(axis[1], axis[0]) + Math.PI / 2,
    writer.yaw,
  );
  const start: Vec3 = [x, y, z];
  const over = Math.max(writer.travelHeight(writer.position, start, [f.object.id]), z + 0.08);
  writer.go(`above ${label}`, [x, y, over], withYaw(TOOL_DOWN, yaw), RADIUS.transit, open);
  writer.go(`grasp ${label}`, start, withYaw(TOOL_DOWN, yaw), RADIUS.contact, closed);
  const steps = Math.max(2, Math.ceil(Math.abs(angle) / ARC_STEP));
  const arm = subtract(start, origin);
  for (let i = 1; i <= steps; i++) {
    const share = (angle * i) / steps;
    const at = add(origin, rotate(quatFromAxisAngle(axis, share), arm));
    const heading = standing ? yaw + share * Math.sign(axis[2]) : yaw;
    const last = i === steps;
    writer.go(`swing ${label}`, at, withYaw(TOOL_DOWN, heading), RADIUS.contact, last ? open : closed);
  }
  const [ex, ey, ez] = writer.position;
  writer.scene.move(f.object.id, [ex, ey, ez]);
  writer.go('retreat', [ex, ey, Math.max(ez + 0.1, z)], writer.orientation, RADIUS.transit);
}
