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
import { CONTROL_NOUNS, HANDLE_NOUNS } from '../language/nouns.ts';
import { refusal } from '../refusal.ts';
import { nearestYaw } from './grasp.ts';
import { FINGER, HAND, RADIUS } from './gripper-shape.ts';
import type { WaypointWriter } from './waypoint-writer.ts';

/** How far a drawer is pulled unless its travel is known or said [m]. */
const PULL = 0.15;
/** A drawer that opens by less than this is no use [m]. */
const LEAST_PULL = 0.05;
/** What stands before an opened handle keeps this from it, and so does a hand that grasps that thing later [m]. */
const BEFORE = 0.012;
/** Opening with which fingers straddle a handle's bar, both together [m]. */
const STRADDLE = 0.045;

interface Handle {
  readonly f: ObjectFeatures;
  /** horizontal opening direction, unit */
  readonly axis: readonly [number, number];
}

/** The handle of a thing, and which way it opens. Refuses where neither detections nor a person said. */
function handleOf(writer: WaypointWriter, id: string, means: string | undefined): Handle {
  const thing = writer.scene.of(id);
  const f = means === undefined ? findPart(writer, thing, HANDLE_NOUNS) : writer.scene.of(means);
  const articulation = thing.object.articulation ?? f?.object.articulation;
  if (f === undefined) {
    throw refusal('geometry', `The ${thing.object.label} has no handle that I know of.`, {
      candidates: [thing.object],
      hint: 'Mark its handle and opening direction in 3D, or use a robot that detects handles.',
    });
  }
  const direction: Vec3 = articulation?.axis ?? rotate(f.object.pose.orientation, [1, 0, 0]);
  const length = Math.hypot(direction[0], direction[1]);
  if (length < 0.5) {
    throw refusal('geometry', `The ${f.object.label} does not open sideways.`, { candidates: [f.object] });
  }
  return { f, axis: [direction[0] / length, direction[1] / length] };
}

function findPart(
  writer: WaypointWriter,
  thing: ObjectFeatures,
  nouns: ReadonlySet<string>,
): ObjectFeatures | undefined {
  if ([...thing.nouns].some((noun) => nouns.has(noun))) return thing;
  const others = writer.scene.others().filter((f) => [...f.nouns].some((noun) => nouns.has(noun)));
  return (
    others.find((f) => f.object.partOf === thing.object.id) ??
    others.find(
      (f) =>
        f.object.partOf === undefined &&
        f.names.some((name) => name.slice(0, -1).some((word) => thing.nouns.has(word))),
    )
  );
}

/** Steps of an arc are no larger than this [rad]. */
const ARC_STEP = 0.25;
/** Share of a hinge's range that it is taken through, from wherever it is. */
const SWING = 0.8;

interface Hinge {
  readonly f: ObjectFeatures;
  readonly axis: Vec3;
  /** a point on it, in base [m] */
  readonly origin: Vec3;
  /** rad */
  readonly travel: number;
}

/** The handle of a thing on a hinge; nothing for what slides or has no known motion. */
function hingeOf(writer: WaypointWriter, id: string, means: string | undefined): Hinge | undefined {
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
  return { f: f ?? thing, axis, origin, travel };
}

/**
 * Fingers round the handle from above, along the arc about the hinge, let go, up. About a standing hinge the hand turns
 * with the handle; about a lying one it stays upright and the handle turns between the fingers.
 */
function swing(writer: WaypointWriter, { f, axis, origin }: Hinge, angle: number): void {
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
  if (hinge !== undefined) return swing(writer, hinge, SWING * hinge.travel);
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
  const yaw = nearestYaw(Math.atan2(axis[0], -axis[1]), writer.yaw);
  const orientation = withYaw(TOOL_DOWN, yaw);
  const [x, y, z] = f.object.pose.position;
  const straddle = Math.min(1, STRADDLE / writer.robot.maxOpening);
  const above = writer.travelHeight(writer.position, f.object.pose.position, [f.object.id, id]);
  writer.go(`above ${label}`, [x, y, Math.max(above, z + 0.08)], orientation, RADIUS.transit, straddle);
  writer.go(`grasp ${label}`, [x, y, z], orientation, RADIUS.contact, 0);
  const end: Vec3 = [x + axis[0] * distance, y + axis[1] * distance, z];
  writer.go(`pull ${label}`, end, orientation, RADIUS.contact, straddle);
  for (const part of [f, thing, ...writer.scene.others().filter((o) => o.object.partOf === id && o !== f)]) {
    const p = writer.scene.of(part.object.id).object.pose.position;
    writer.scene.move(part.object.id, [p[0] + axis[0] * distance, p[1] + axis[1] * distance, p[2]]);
  }
  writer.go(
    'retreat',
    [end[0], end[1], Math.max(end[2] + 0.1, writer.travelHeight(end, end, [f.object.id]))],
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
  if (hinge !== undefined) return swing(writer, hinge, -SWING * hinge.travel);
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
