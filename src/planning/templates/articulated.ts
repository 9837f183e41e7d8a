import { rotate, TOOL_DOWN, withYaw, type Vec3 } from '../../core/geometry.ts';
import type { ObjectFeatures } from '../grounding/features.ts';
import { CONTROL_NOUNS, HANDLE_NOUNS } from '../language/nouns.ts';
import { refusal } from '../refusal.ts';
import { nearestYaw } from './grasp.ts';
import { FINGER, HAND, RADIUS } from './gripper-shape.ts';
import { leant, overhung } from './lean.ts';
import { handleOf, STRADDLE } from './handles.ts';
import { hingeOf, openAngle, SWING, swing } from './hinged.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** How far a drawer is pulled unless its travel is known or said [m]. */
const PULL = 0.15;
/** A drawer that opens by less than this is no use [m]. */
const LEAST_PULL = 0.05;
/** Where a leaning hand comes from and goes back to, along its own axis [m]. */
const LEAN_BACK = 0.1;
/** What stands before an opened handle keeps this from it, and so does a hand that grasps that thing later [m]. */
const BEFORE = 0.012;
/** Slides what runs on a rail by its handle, the way that was said; as far as it goes unless a distance is given. */
export function slideByHandle(
  writer: WaypointWriter,
  id: string,
  direction: Vec3,
  distance: number | undefined,
): void {
  const { f, axis } = handleOf(writer, id, undefined);
  const along = axis[0] * direction[0] + axis[1] * direction[1];
  if (Math.abs(along) < 0.5) {
    throw refusal('geometry', `The ${writer.scene.of(id).object.label} does not slide that way.`, {
      candidates: [f.object],
    });
  }
  const travel = writer.scene.of(id).object.articulation?.travel ?? PULL;
  const way = Math.sign(along) * Math.min(distance ?? Infinity, travel * 0.9);
  const yaw = nearestYaw(Math.atan2(axis[0], -axis[1]), writer.yaw);
  const orientation = withYaw(TOOL_DOWN, yaw);
  const [x, y, z] = f.object.pose.position;
  const straddle = Math.min(1, STRADDLE / writer.robot.maxOpening);
  const over = writer.travelHeight(writer.position, f.object.pose.position, [f.object.id, id]);
  writer.go(
    `above ${f.object.label}`,
    [x, y, Math.max(over, z + 0.08)],
    orientation,
    RADIUS.transit,
    straddle,
  );
  writer.go(`grasp ${f.object.label}`, [x, y, z], orientation, RADIUS.contact, 0);
  const end: Vec3 = [x + axis[0] * way, y + axis[1] * way, z];
  writer.go(`slide ${f.object.label}`, end, orientation, RADIUS.contact, straddle);
  for (const part of [f, writer.scene.of(id)]) {
    const p = writer.scene.of(part.object.id).object.pose.position;
    writer.scene.move(part.object.id, [p[0] + axis[0] * way, p[1] + axis[1] * way, p[2]]);
  }
  writer.go('retreat', [end[0], end[1], Math.max(end[2] + 0.1, over)], orientation, RADIUS.transit);
}

/** How far a handle moves along its axis before hand or front meet what stands there [m]. */
function roomBefore(
  writer: WaypointWriter,
  handle: ObjectFeatures,
  id: string,
  [ax, ay]: readonly [number, number],
): number {
  const [hx, hy] = handle.object.pose.position;
  const halfAcross =
    (Math.abs(ay) * (handle.max[0] - handle.min[0]) + Math.abs(ax) * (handle.max[1] - handle.min[1])) / 2;
  let room = Infinity;
  for (const o of writer.scene.others(id, handle.object.id, handle.object.partOf ?? id)) {
    if (o.fixture || o.max[2] - writer.scene.table < 0.004) continue;
    const [dx, dy] = [o.object.pose.position[0] - hx, o.object.pose.position[1] - hy];
    const along = dx * ax + dy * ay;
    const half = (Math.abs(ax) * (o.max[0] - o.min[0]) + Math.abs(ay) * (o.max[1] - o.min[1])) / 2;
    const halfSide = (Math.abs(ay) * (o.max[0] - o.min[0]) + Math.abs(ax) * (o.max[1] - o.min[1])) / 2;
    if (along < 0 || Math.abs(dx * ay - dy * ax) > halfAcross + halfSide + 0.01) continue;
    room = Math.min(room, along - Math.max(half + BEFORE, HAND.across / 2 + BEFORE));
  }
  return room;
}

/** Fingers round the bar from above, pull along the axis, let go, leave. What is on a hinge is swung. */
export function openByPulling(
  writer: WaypointWriter,
  id: string,
  options: { means?: string; distance?: number },
): void {
  const hinge = hingeOf(writer, id, options.means);
  if (hinge !== undefined)
    return swing(writer, hinge, SWING * hinge.travel - (openAngle(writer, hinge) ?? 0));
  const { f, axis } = handleOf(writer, id, options.means);
  const thing = writer.scene.of(id);
  const { label } = f.object;
  const whole = Math.min(PULL, (thing.object.articulation?.travel ?? Infinity) * 0.9);
  const distance = options.distance ?? Math.min(whole, roomBefore(writer, f, id, axis));
  if (distance < LEAST_PULL)
    throw refusal(
      'geometry',
      `There is no room to open the ${thing.object.label}: something stands before it.`,
      {
        candidates: [thing.object],
        hint: 'Move away what stands before it first.',
      },
    );
  const leaning = overhung(writer, f, id, axis);
  // of the two ways to turn a leaning hand, the counter-clockwise one keeps common arms' wrists off their limits
  const yaw = nearestYaw(Math.atan2(axis[0], -axis[1]), leaning ? writer.yaw + Math.PI / 2 : writer.yaw);
  const orientation = leaning ? leant(withYaw(TOOL_DOWN, yaw), axis) : withYaw(TOOL_DOWN, yaw);
  const [x, y, z] = f.object.pose.position;
  const straddle = Math.min(1, STRADDLE / writer.robot.maxOpening);
  const back = rotate(orientation, [0, 0, -LEAN_BACK]);
  const above = writer.travelHeight(writer.position, f.object.pose.position, [f.object.id, id]);
  const from: Vec3 = leaning ? [x + back[0], y + back[1], z + back[2]] : [x, y, Math.max(above, z + 0.08)];
  if (leaning) {
    const high: Vec3 = [from[0] + axis[0] * 0.08, from[1] + axis[1] * 0.08, from[2] + 0.15];
    writer.go(`before ${label}`, high, withYaw(TOOL_DOWN, yaw), RADIUS.transit, straddle);
  }
  writer.go(`above ${label}`, from, orientation, RADIUS.transit, straddle);
  writer.go(`grasp ${label}`, [x, y, z], orientation, RADIUS.contact, 0);
  const end: Vec3 = [x + axis[0] * distance, y + axis[1] * distance, z];
  writer.go(`pull ${label}`, end, orientation, RADIUS.contact, straddle);
  for (const part of [f, thing, ...writer.scene.others().filter((o) => o.object.partOf === id && o !== f)]) {
    const p = writer.scene.of(part.object.id).object.pose.position;
    writer.scene.move(part.object.id, [p[0] + axis[0] * distance, p[1] + axis[1] * distance, p[2]]);
  }
  if (leaning)
    writer.go('back off', [end[0] + back[0], end[1] + back[1], end[2] + back[2]], orientation, RADIUS.near);
  writer.go(
    'retreat',
    leaning
      ? [writer.position[0], writer.position[1], writer.position[2] + 0.1]
      : [end[0], end[1], Math.max(end[2] + 0.1, writer.travelHeight(end, end, [f.object.id]))],
    orientation,
    RADIUS.transit,
  );
}

/** Closed fingers in front of the handle, push back along the axis. What is on a hinge is swung back. */
export function closeByPushing(
  writer: WaypointWriter,
  id: string,
  options: { means?: string; distance?: number },
): void {
  const hinge = hingeOf(writer, id, options.means);
  if (hinge !== undefined) {
    const angle = openAngle(writer, hinge);
    return swing(writer, hinge, angle === undefined ? -SWING * hinge.travel : -angle);
  }
  const { f, axis } = handleOf(writer, id, options.means);
  const thing = writer.scene.of(id);
  const { label } = f.object;
  const distance = options.distance ?? openBy(writer, thing, axis);
  if (distance < 0.01)
    throw refusal('geometry', `The ${thing.object.label} is already closed.`, { candidates: [thing.object] });
  const yaw = nearestYaw(Math.atan2(-axis[1], -axis[0]), writer.yaw);
  const orientation = withYaw(TOOL_DOWN, yaw);
  const [x, y, z] = f.object.pose.position;
  const half = (Math.abs(axis[0]) * (f.max[0] - f.min[0]) + Math.abs(axis[1]) * (f.max[1] - f.min[1])) / 2;
  const bar = Math.min(half, Math.min(...f.object.size) / 2) + FINGER.width / 2;
  const at = (along: number): Vec3 => [x + axis[0] * along, y + axis[1] * along, z];
  const start = at(bar + 0.03);
  const above = writer.travelHeight(writer.position, start, [f.object.id, id]);
  writer.go(
    `before ${label}`,
    [start[0], start[1], Math.max(above, z + 0.08)],
    orientation,
    RADIUS.transit,
    0,
  );
  writer.go(`contact ${label}`, start, orientation, RADIUS.near);
  writer.go(`push ${label}`, at(bar - distance), orientation, RADIUS.contact);
  writer.go('back off', at(bar - distance + 0.04), orientation, RADIUS.near);
  const end = at(bar - distance + 0.04);
  for (const part of [f, thing]) {
    const p = writer.scene.of(part.object.id).object.pose.position;
    writer.scene.move(part.object.id, [p[0] - axis[0] * distance, p[1] - axis[1] * distance, p[2]]);
  }
  writer.go(
    'retreat',
    [end[0], end[1], Math.max(z + 0.1, writer.travelHeight(end, end, [f.object.id]))],
    orientation,
    RADIUS.transit,
  );
}

/** How far a drawer stands out of the cabinet round it [m]. */
function openBy(writer: WaypointWriter, drawer: ObjectFeatures, axis: readonly [number, number]): number {
  const front = (f: ObjectFeatures) => {
    const p = f.object.pose.position;
    const half = (Math.abs(axis[0]) * (f.max[0] - f.min[0]) + Math.abs(axis[1]) * (f.max[1] - f.min[1])) / 2;
    return p[0] * axis[0] + p[1] * axis[1] + half;
  };
  const cabinet = writer.scene
    .others(drawer.object.id)
    .find(
      (f) =>
        f.object.id === drawer.object.partOf ||
        [...f.nouns].some((noun) => noun === 'cabinet' || noun === 'cupboard'),
    );
  if (cabinet !== undefined) return front(drawer) - front(cabinet);
  return drawer.object.articulation?.travel ?? PULL;
}

/** How far past the end of its travel a button is pushed [m]: a detector may see it that much too high. */
const PRESS_THROUGH = 0.006;

/** Closed fingers straight down on a thing, through its travel where that is known, else a few millimetres, and up. */
export function press(writer: WaypointWriter, id: string): void {
  const f = writer.scene.of(id);
  const { label } = f.object;
  const [x, y] = f.object.pose.position;
  const orientation = withYaw(TOOL_DOWN, nearestYaw(0, writer.yaw));
  const top = f.max[2];
  const height = f.max[2] - f.min[2];
  const { articulation } = f.object;
  const depth =
    articulation?.kind === 'prismatic' && articulation.travel !== undefined
      ? Math.min(articulation.travel + PRESS_THROUGH, Math.max(height, articulation.travel))
      : Math.min(0.008, Math.max(0.003, height * 0.4));
  const over = writer.travelHeight(writer.position, f.object.pose.position, [id]);
  writer.go(`above ${label}`, [x, y, Math.max(over, top + 0.06)], orientation, RADIUS.transit, 0);
  writer.go(
    `press ${label}`,
    [x, y, Math.max(top + FINGER.tip - depth, writer.scene.table + FINGER.tip)],
    orientation,
    RADIUS.contact,
  );
  writer.go('retreat', [x, y, top + 0.1], orientation, RADIUS.transit);
}

/** The button, switch or knob that switches a thing: itself, its part, or the only one in the scene. */
export function controlOf(writer: WaypointWriter, id: string, means: string | undefined): string {
  if (means !== undefined) return means;
  const thing = writer.scene.of(id);
  const controls = writer.scene
    .others()
    .filter((f) =>
      [...f.nouns].some((noun) => (CONTROL_NOUNS.has(noun) && !HANDLE_NOUNS.has(noun)) || noun === 'knob'),
    );
  if (controls.includes(thing)) return id;
  const own =
    controls.find((f) => f.object.partOf === id) ??
    controls.find((f) => f.names.some((name) => name.slice(0, -1).some((word) => thing.nouns.has(word))));
  if (own !== undefined) return own.object.id;
  const [only, second] = controls;
  if (only !== undefined && second === undefined) return only.object.id;
  throw refusal('geometry', `I do not know which control switches the ${thing.object.label}.`, {
    candidates: controls.map((f) => f.object),
    hint: 'Say how: "turn it on by pressing the green button", or mark its control in 3D.',
  });
}

/** Closed fingers to just above a thing. */
export function reach(writer: WaypointWriter, id: string, above: boolean): void {
  const f = writer.scene.of(id);
  const [x, y] = f.object.pose.position;
  const orientation = withYaw(TOOL_DOWN, nearestYaw(0, writer.yaw));
  const over = writer.travelHeight(writer.position, f.object.pose.position, [id]);
  writer.go(`above ${f.object.label}`, [x, y, Math.max(over, f.max[2] + 0.08)], orientation, RADIUS.transit);
  if (!above)
    writer.go(`at ${f.object.label}`, [x, y, f.max[2] + FINGER.tip + 0.006], orientation, RADIUS.near);
}
