import { matrixFromQuat, TOOL_DOWN, withYaw, type Vec3 } from '../../core/geometry.ts';
import type { Target } from '../language/action.ts';
import type { ObjectFeatures } from '../grounding/features.ts';
import { refusal } from '../refusal.ts';
import { nearestYaw } from './grasp.ts';
import { FINGER, RADIUS } from './gripper-shape.ts';
import { placementOf } from './placement.ts';
import type { PlacementContext } from './placement-context.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** Distance behind a thing at which the fingers come down [m]. */
const BEHIND = 0.035;

/** Fingers this far apart turn a face that meets them askew until it lies against both [m]. */
const SPREAD = 0.03;

/**
 * Pushes a thing straight over the table: down behind it with the fingers side by side across the way, through until
 * its centre is at the goal, back off, up.
 */
export function push(writer: WaypointWriter, id: string, target: Target, context: PlacementContext): void {
  const f = writer.scene.of(id);
  const { label } = f.object;
  if (f.fixture)
    throw refusal('geometry', `The ${label} cannot be pushed over the table.`, { candidates: [f.object] });
  const goal = placementOf(f, target, context);
  const [x, y] = f.object.pose.position;
  const length = Math.hypot(goal.x - x, goal.y - y);
  if (length < 0.005) throw refusal('geometry', `The ${label} is already there.`, { candidates: [f.object] });
  const direction: [number, number] = [(goal.x - x) / length, (goal.y - y) / length];
  const yaw = nearestYaw(Math.atan2(-direction[1], -direction[0]), writer.yaw);
  const orientation = withYaw(TOOL_DOWN, yaw);
  const height = f.max[2] - f.min[2];
  const z = Math.max(
    writer.scene.table + FINGER.tip + 0.003,
    Math.min(f.min[2] + 0.4 * height, f.max[2] - 0.01),
  );
  const { askew, flush, face } = extents(f, direction);
  const opening = Math.max(0, Math.min(SPREAD, face - 2 * FINGER.thickness)) / writer.robot.maxOpening;
  const at = (from: readonly [number, number], distance: number): Vec3 => [
    from[0] - direction[0] * (distance + FINGER.width / 2),
    from[1] - direction[1] * (distance + FINGER.width / 2),
    z,
  ];
  const start = at([x, y], askew + BEHIND);
  const over = writer.travelHeight(writer.position, start, [id]);
  writer.go(
    `behind ${label}`,
    [start[0], start[1], Math.max(over, z + 0.08)],
    orientation,
    RADIUS.transit,
    opening,
  );
  writer.go(`contact side of ${label}`, start, orientation, RADIUS.near);
  writer.go(`push ${label}`, at([goal.x, goal.y], flush), orientation, RADIUS.contact);
  writer.scene.move(id, [goal.x, goal.y, f.object.pose.position[2]]);
  const off = at([goal.x, goal.y], flush + BEHIND);
  writer.go('back off', off, orientation, RADIUS.near);
  const up = Math.max(off[2] + 0.08, writer.travelHeight(off, off, [id]));
  writer.go('retreat', [off[0], off[1], up], orientation, RADIUS.transit);
}

/**
 * Half extents of a thing along the way of a push [m]: as it lies now, and once the face that is pushed lies flush
 * against the fingers; and how wide that face is.
 */
function extents(
  f: ObjectFeatures,
  direction: readonly [number, number],
): { askew: number; flush: number; face: number } {
  const m = matrixFromQuat(f.object.pose.orientation);
  const axes = [0, 1, 2]
    .map((k) => ({
      x: m[k] as number,
      y: m[3 + k] as number,
      z: m[6 + k] as number,
      half: (f.object.size[k] as number) / 2,
    }))
    .sort((a, b) => Math.abs(a.z) - Math.abs(b.z))
    .slice(0, 2)
    .map((axis) => ({ ...axis, along: Math.abs(axis.x * direction[0] + axis.y * direction[1]) }))
    .sort((a, b) => b.along - a.along);
  const [normal, side] = axes as [(typeof axes)[number], (typeof axes)[number]];
  if (f.round) return { askew: normal.half, flush: normal.half, face: 0 };
  return {
    askew: normal.along * normal.half + side.along * side.half,
    flush: normal.half,
    face: 2 * side.half,
  };
}
