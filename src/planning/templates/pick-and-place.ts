import {
  quatFromAxisAngle,
  quatMultiply,
  rotate,
  TOOL_DOWN,
  withYaw,
  type Vec3,
} from '../../core/geometry.ts';
import type { Target } from '../language/action.ts';
import { refusal } from '../refusal.ts';
import { graspFromAbove } from './grasp.ts';
import { FINGER, RADIUS } from './gripper-shape.ts';
import { placementOf } from './placement.ts';
import type { PlacementContext } from './placement-context.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** Height over its place at which a load is turned and lowered from, and the empty hand leaves to [m]. */
const HOVER = 0.08;

/** Above, grasp, lift: ends with the thing held at a height that clears what stands round it. */
export function pick(
  writer: WaypointWriter,
  id: string,
  options: { lift?: number; towards?: Vec3; grip?: 'high' } = {},
): void {
  if (writer.held?.id === id) return;
  const f = writer.scene.of(id);
  if (f.area && !f.container)
    throw refusal('geometry', `The ${f.object.label} is flat on the table and cannot be grasped.`, {
      candidates: [f.object],
    });
  if (f.fixture && f.object.partOf === undefined && !f.area) {
    throw refusal('geometry', `The ${f.object.label} cannot be carried.`, { candidates: [f.object] });
  }
  let grasp = graspFromAbove(f, writer.scene, writer.robot.maxOpening, writer.yaw);
  if (options.grip === 'high') {
    const z = Math.max(grasp.position[2], f.max[2] - 0.022);
    grasp = { ...grasp, position: [grasp.position[0], grasp.position[1], z] };
  }
  const label = f.object.label;
  const [x, y, z] = grasp.position;
  const arrive = writer.travelHeight(writer.position, grasp.position, [id]);
  writer.go(
    `above ${label}`,
    [x, y, Math.max(arrive, z + HOVER)],
    grasp.orientation,
    RADIUS.transit,
    grasp.opening,
  );
  writer.go(`grasp ${label}`, grasp.position, grasp.orientation, RADIUS.contact, 0);
  const centre = f.object.pose.position;
  writer.held = {
    id,
    offset: [x - centre[0], y - centre[1], z - centre[2]],
    yaw: grasp.yaw,
    width: grasp.width,
    release: grasp.release,
  };
  const clear = writer.travelHeight(grasp.position, options.towards ?? grasp.position, [id]);
  const up =
    options.lift === undefined
      ? Math.max(clear - (f.max[2] - writer.scene.table), z + HOVER)
      : z + options.lift;
  writer.go(`lift ${label}`, [x, y, up], grasp.orientation, RADIUS.transit);
  writer.scene.move(id, [centre[0], centre[1], centre[2] + up - z]);
}

/** Picks a thing up where it is not held yet, and puts it where the target says. */
export function put(writer: WaypointWriter, id: string, target: Target, context: PlacementContext): void {
  const f = writer.scene.of(id);
  const about = placementOf(f, target, context);
  pick(writer, id, { towards: [about.x, about.y, about.surface] });
  const held = writer.held;
  if (held === undefined) return;
  const across: [number, number] = [Math.cos(held.yaw), Math.sin(held.yaw)];
  const goal = placementOf(f, target, { ...context, across });
  const { label } = f.object;
  const half = (f.max[2] - f.min[2]) / 2;
  const yaw = held.yaw;
  const turn = quatFromAxisAngle([0, 0, 1], yaw - held.yaw);
  const offset = rotate(turn, held.offset);
  const orientation = withYaw(TOOL_DOWN, yaw);
  // over a rim, the fingers stay out of the container as far as the drop allows
  const resting = goal.surface + half + goal.drop;
  const overRim =
    goal.rim === undefined ? resting : Math.max(resting, goal.rim + FINGER.tip - 0.012 - held.offset[2]);
  const centre: Vec3 = [goal.x, goal.y, overRim];
  const tool: Vec3 = [centre[0] + offset[0], centre[1] + offset[1], centre[2] + offset[2]];
  const where = target.kind === 'object' ? writer.scene.of(target.ids[0] as string).object.label : 'table';
  const ignore = target.kind === 'object' ? [id, ...target.ids] : [id];
  const height = Math.max(writer.travelHeight(writer.position, tool, [id]), tool[2] + HOVER * 0.75);
  writer.go(
    `above ${where}`,
    [tool[0], tool[1], Math.min(height, writer.robot.workspace.max[2])],
    orientation,
    RADIUS.transit,
  );
  writer.go(`place ${label}`, tool, orientation, RADIUS.contact, held.release);
  const rest: Vec3 = [goal.x, goal.y, goal.surface + half];
  writer.scene.move(id, rest);
  writer.held = undefined;
  retreat(writer, tool, ignore);
}

/** Straight up from where the gripper let go. */
export function retreat(writer: WaypointWriter, from: Vec3, ignore: readonly string[]): void {
  const up = Math.min(
    writer.robot.workspace.max[2],
    Math.max(from[2] + HOVER, writer.travelHeight(from, from, ignore)),
  );
  writer.go('retreat', [from[0], from[1], up], writer.orientation, RADIUS.transit);
}

/** Held high, over the hole, straight down, let go. */
export function insert(writer: WaypointWriter, id: string, holeId: string): void {
  const f = writer.scene.of(id);
  const hole = writer.scene.of(holeId);
  const { label } = f.object;
  const [hx, hy] = hole.object.pose.position;
  pick(writer, id, { grip: 'high', towards: hole.object.pose.position });
  const held = writer.held;
  if (held === undefined) return;
  const half = (f.max[2] - f.min[2]) / 2;
  const orientation = writer.orientation;
  const at = (bottom: number): Vec3 => [
    hx + held.offset[0],
    hy + held.offset[1],
    bottom + half + held.offset[2],
  ];
  const mouth = hole.max[2];
  const floor = Math.max(writer.scene.table, hole.min[2]);
  const over = writer.travelHeight(writer.position, at(mouth), [id, holeId]);
  const start = at(mouth + 0.02);
  writer.go(
    `above ${hole.object.label}`,
    [start[0], start[1], Math.max(start[2], over)],
    orientation,
    RADIUS.near,
  );
  writer.go(`${label} at ${hole.object.label}`, start, orientation, RADIUS.contact);
  writer.go(`insert ${label}`, at(floor + 0.002), orientation, RADIUS.contact, held.release);
  writer.scene.move(id, [hx, hy, floor + half]);
  writer.held = undefined;
  retreat(writer, writer.position, [id, holeId]);
}

/** Turns a thing about the vertical where it stands, in steps of at most a quarter. */
export function rotateInPlace(writer: WaypointWriter, id: string, angle: number): void {
  pick(writer, id, { lift: 0.03 });
  const held = writer.held;
  if (held === undefined) return;
  const f = writer.scene.of(id);
  const [x, y, z] = writer.position;
  const steps = Math.max(1, Math.ceil(Math.abs(angle) / (Math.PI / 2)));
  for (let i = 1; i <= steps; i++) {
    writer.go(
      `turn ${f.object.label}`,
      [x, y, z],
      withYaw(TOOL_DOWN, held.yaw + (angle * i) / steps),
      RADIUS.near,
    );
  }
  const tool: Vec3 = [x, y, z - 0.03 + 0.002];
  writer.go(`place ${f.object.label}`, tool, writer.orientation, RADIUS.contact, held.release);
  const p = f.object.pose.position;
  const turned = quatMultiply(quatFromAxisAngle([0, 0, 1], angle), f.object.pose.orientation);
  writer.scene.move(id, [p[0], p[1], p[2] - 0.03], turned);
  writer.held = undefined;
  retreat(writer, tool, [id]);
}

/** Turns a knob: grasped, turned in steps of at most an eighth, let go. */
export function rotateFixed(writer: WaypointWriter, id: string, angle: number): void {
  const f = writer.scene.of(id);
  // half of the turn is wound back before the grasp, so that the wrist stays near the middle of its range
  const grasp = graspFromAbove(f, writer.scene, writer.robot.maxOpening, writer.yaw - angle / 2);
  const { label } = f.object;
  const [x, y] = grasp.position;
  const at: Vec3 = [x, y, Math.max(grasp.position[2], f.max[2] - FINGER.reach / 2)];
  const over = writer.travelHeight(writer.position, at, [id]);
  writer.go(
    `above ${label}`,
    [x, y, Math.max(over, at[2] + HOVER)],
    grasp.orientation,
    RADIUS.transit,
    grasp.opening,
  );
  writer.go(`grasp ${label}`, at, grasp.orientation, RADIUS.contact, 0);
  const steps = Math.max(1, Math.ceil(Math.abs(angle) / (Math.PI / 4)));
  for (let i = 1; i <= steps; i++) {
    const last = i === steps;
    const orientation = withYaw(TOOL_DOWN, grasp.yaw + (angle * i) / steps);
    writer.go(`turn ${label}`, at, orientation, RADIUS.contact, last ? grasp.opening : 0);
  }
  retreat(writer, at, [id]);
}

/** Puts down whatever is held, straight below. */
export function release(writer: WaypointWriter): void {
  const held = writer.held;
  if (held === undefined) {
    writer.go('open gripper', writer.position, writer.orientation, RADIUS.near, 1);
    return;
  }
  const f = writer.scene.of(held.id);
  writer.go(`release ${f.object.label}`, writer.position, writer.orientation, RADIUS.near, 1);
  const [x, y] = f.object.pose.position;
  writer.scene.move(held.id, [x, y, writer.scene.table + (f.max[2] - f.min[2]) / 2]);
  writer.held = undefined;
}

/** Grasped and moved along the table without being lifted. */
export function drag(writer: WaypointWriter, id: string, target: Target, context: PlacementContext): void {
  const f = writer.scene.of(id);
  const goal = placementOf(f, target, context);
  const grasp = graspFromAbove(f, writer.scene, writer.robot.maxOpening, writer.yaw);
  const { label } = f.object;
  const [x, y, z] = grasp.position;
  const arrive = writer.travelHeight(writer.position, grasp.position, [id]);
  writer.go(
    `above ${label}`,
    [x, y, Math.max(arrive, z + HOVER)],
    grasp.orientation,
    RADIUS.transit,
    grasp.opening,
  );
  writer.go(`grasp ${label}`, grasp.position, grasp.orientation, RADIUS.contact, 0);
  const centre = f.object.pose.position;
  const to: Vec3 = [goal.x + x - centre[0], goal.y + y - centre[1], z];
  writer.go(`pull ${label}`, to, grasp.orientation, RADIUS.contact, grasp.release);
  writer.scene.move(id, [goal.x, goal.y, centre[2]]);
  retreat(writer, to, [id]);
}
