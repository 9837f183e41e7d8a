import { TOOL_DOWN, withYaw, type Vec3 } from '../../core/geometry.ts';
import type { Target } from '../language/action.ts';
import { refusal } from '../refusal.ts';
import { nearestYaw } from './grasp.ts';
import { FINGER, RADIUS } from './gripper-shape.ts';
import { placementOf, halfExtent, type PlacementContext } from './placement.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** Distance behind a thing at which the fingers come down [m]. */
const BEHIND = 0.035;

/**
 * Pushes a thing straight over the table: down behind it with closed fingers across the way, through until its
 * centre is at the goal, back off, up.
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
  const half = halfAlong(f, direction);
  // the opening lies across the way, so that both fingers touch side by side
  const yaw = nearestYaw(Math.atan2(-direction[1], -direction[0]), writer.yaw);
  const orientation = withYaw(TOOL_DOWN, yaw);
  const height = f.max[2] - f.min[2];
  const z = Math.max(
    writer.scene.table + FINGER.tip + 0.003,
    Math.min(f.min[2] + 0.4 * height, f.max[2] - 0.01),
  );
  const back = half + FINGER.width / 2;
  const contact = (distance: number): Vec3 => [
    goal.x - direction[0] * distance,
    goal.y - direction[1] * distance,
    z,
  ];
  const start: Vec3 = [x - direction[0] * (back + BEHIND), y - direction[1] * (back + BEHIND), z];
  const over = writer.travelHeight(writer.position, start, [id]);
  writer.go(
    `behind ${label}`,
    [start[0], start[1], Math.max(over, z + 0.08)],
    orientation,
    RADIUS.transit,
    0,
  );
  writer.go(`contact side of ${label}`, start, orientation, RADIUS.near);
  const end = contact(back);
  writer.go(`push ${label}`, end, orientation, RADIUS.contact);
  writer.scene.move(id, [goal.x, goal.y, f.object.pose.position[2]]);
  const off = contact(back + BEHIND);
  writer.go('back off', off, orientation, RADIUS.near);
  writer.go(
    'retreat',
    [off[0], off[1], Math.max(off[2] + 0.08, writer.travelHeight(off, off, [id]))],
    orientation,
    RADIUS.transit,
  );
}

/** Half extent of the object's own box along a direction. */
function halfAlong(f: Parameters<typeof halfExtent>[0], direction: readonly [number, number]): number {
  return Math.min(halfExtent(f, direction), Math.hypot(f.object.size[0], f.object.size[1]) / 2);
}
