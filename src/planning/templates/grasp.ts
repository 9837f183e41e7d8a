import { matrixFromQuat, rotate, TOOL_DOWN, withYaw, type Quat, type Vec3 } from '../../core/geometry.ts';
import type { ObjectFeatures } from '../grounding/features.ts';
import { HOLLOW_NOUNS } from '../language/nouns.ts';
import { refusal } from '../refusal.ts';
import { FINGER, HAND } from './gripper-shape.ts';
import type { SceneState } from './scene-state.ts';

/** A way to hold a thing from above. */
export interface Grasp {
  /** fingertip centre in base [m] */
  readonly position: Vec3;
  readonly orientation: Quat;
  readonly yaw: number;
  /** opening to come with, 0..1 */
  readonly opening: number;
  /** opening that lets go without reaching far, 0..1 */
  readonly release: number;
  /** extent between the fingers [m] */
  readonly width: number;
}

/** Room that the fingers need beside what they grasp, both together [m]. */
const ROOM = 0.012;
const ROOM_RELEASED = 0.024;
/** Sine of the angle between fingers and a mug's handle up to which they do not meet it. */
const HANDLE_FREE = 0.6;
/** How deep fingers reach down a rim [m]. */
const RIM_DEPTH = 0.022;

/** Yaw of a tool that points down, from its orientation. */
export function yawOf(orientation: Quat): number {
  const y = rotate(orientation, [0, 1, 0]);
  // pointing down, the tool's +Y is base -Y at yaw 0
  return Math.atan2(y[0], -y[1]);
}

const wrap = (angle: number): number => Math.atan2(Math.sin(angle), Math.cos(angle));
/** Fingers are alike, so a half turn changes nothing: the equivalent yaw nearest to `to`. */
export function nearestYaw(yaw: number, to: number): number {
  const difference = wrap(2 * (yaw - to)) / 2;
  return to + difference;
}

/**
 * A grasp from above: across the narrowest side that fits, away from neighbours, turning the tool as little as
 * possible. Refuses things wider than the gripper that have no rim.
 */
export function graspFromAbove(
  f: ObjectFeatures,
  scene: SceneState,
  maxOpening: number,
  toolYaw: number,
): Grasp {
  const lid = f.nouns.has('lid');
  const options = lid ? [] : sides(f).filter((side) => side.width <= maxOpening - ROOM);
  const [x, y] = f.object.pose.position;
  const top = f.max[2];
  const bottom = f.min[2];
  if (lid) return knobGrasp(f, maxOpening, toolYaw);
  if (options.length === 0) {
    const rim = rimGrasp(f, scene, maxOpening, toolYaw);
    if (rim !== undefined) return rim;
    const narrowest = Math.min(...sides(f).map((side) => side.width));
    throw refusal(
      'geometry',
      `The ${f.object.label} is ${(narrowest * 1000).toFixed(0)} mm wide, and the gripper opens ${(maxOpening * 1000).toFixed(0)} mm.`,
      {
        words: [f.object.label],
        candidates: [f.object],
        hint: 'Push it instead, or grasp a part of it.',
      },
    );
  }
  const z = Math.max((top + bottom) / 2, top - FINGER.reach + 0.012, scene.table + FINGER.tip + 0.002);
  const neighbours = scene
    .others(f.object.id)
    .filter((o) => o.object.partOf !== f.object.id && f.object.partOf !== o.object.id);
  const handle = handleAngle(f);
  let best: { cost: number; yaw: number; width: number; opening: number } | undefined;
  for (const side of options) {
    for (const opening of [maxOpening, Math.min(maxOpening, side.width + 0.03), side.width + ROOM]) {
      const yaw = nearestYaw(side.yaw, toolYaw);
      const blocked = obstruction([x, y, z], yaw, opening, neighbours);
      const far = Math.max(0, Math.abs(wrap(yaw)) - 1.75);
      const cost =
        blocked * 100 +
        Math.abs(yaw - toolYaw) * 0.3 +
        far * 5 +
        side.width * 4 +
        (maxOpening - opening) * 2 +
        (handle === undefined ? 0 : 8 * Math.max(0, Math.abs(Math.sin(yaw - handle)) - HANDLE_FREE));
      if (best === undefined || cost < best.cost - 1e-9) best = { cost, yaw, width: side.width, opening };
    }
  }
  const { yaw, width, opening } = best as NonNullable<typeof best>;
  return {
    position: [x, y, z],
    orientation: withYaw(TOOL_DOWN, yaw),
    yaw,
    opening: Math.min(1, opening / maxOpening),
    release: Math.min(1, (width + ROOM_RELEASED) / maxOpening),
    width,
  };
}

/** Where a mug's handle sticks out, along its +X [rad]; undefined for what has none. */
function handleAngle(f: ObjectFeatures): number | undefined {
  if (!f.nouns.has('mug') && !f.nouns.has('cup')) return undefined;
  const m = matrixFromQuat(f.object.pose.orientation);
  return Math.atan2(m[3], m[0]);
}

/** Horizontal extents that fingers can close on, with the tool's yaw for each. */
function sides(f: ObjectFeatures): { width: number; yaw: number }[] {
  const { size, pose } = f.object;
  const m = matrixFromQuat(pose.orientation);
  const axes = [0, 1, 2].map((k) => ({
    axis: [m[k], m[3 + k], m[6 + k]] as unknown as Vec3,
    extent: size[k] as number,
  }));
  const upright = axes.reduce((a, b) => (Math.abs(a.axis[2]) > Math.abs(b.axis[2]) ? a : b));
  const level = axes.filter((a) => a !== upright);
  if (f.round) return Array.from({ length: 12 }, (_, i) => ({ width: size[0], yaw: (i * Math.PI) / 12 }));
  return level.map(({ axis, extent }) => ({ width: extent, yaw: Math.atan2(axis[0], -axis[1]) }));
}

/** How much of the neighbours the fingers and the hand would run into; 0 is free. */
function obstruction(
  tool: Vec3,
  yaw: number,
  opening: number,
  neighbours: readonly ObjectFeatures[],
): number {
  const along: [number, number] = [Math.sin(yaw), -Math.cos(yaw)];
  const across: [number, number] = [along[1], -along[0]];
  let sum = 0;
  for (const n of neighbours) {
    for (const sign of [-1, 1]) {
      const reach = sign * (opening / 2 + FINGER.thickness / 2);
      const centre: [number, number] = [tool[0] + along[0] * reach, tool[1] + along[1] * reach];
      if (n.max[2] > tool[2] - FINGER.tip - 0.004 && n.min[2] < tool[2] + FINGER.reach) {
        sum += penetration(centre, along, across, FINGER.thickness / 2 + 0.003, FINGER.width / 2 + 0.003, n);
      }
    }
    if (n.max[2] > tool[2] + FINGER.reach - 0.005) {
      sum += penetration([tool[0], tool[1]], along, across, HAND.along / 2, HAND.across / 2, n);
    }
  }
  return sum;
}

/** Overlap depth of a rectangle with a box's own rectangle (separating axes of both), 0 where apart [m]. */
function penetration(
  centre: readonly [number, number],
  along: readonly [number, number],
  across: readonly [number, number],
  halfAlong: number,
  halfAcross: number,
  f: ObjectFeatures,
): number {
  const m = matrixFromQuat(f.object.pose.orientation);
  const yaw = Math.atan2(m[3], m[0]);
  const upright = Math.abs(m[8]) > 0.9;
  const u: [number, number] = upright ? [Math.cos(yaw), Math.sin(yaw)] : [1, 0];
  const v: [number, number] = [-u[1], u[0]];
  const hu = upright ? f.object.size[0] / 2 : (f.max[0] - f.min[0]) / 2;
  const hv = upright ? f.object.size[1] / 2 : (f.max[1] - f.min[1]) / 2;
  const d: [number, number] = [f.object.pose.position[0] - centre[0], f.object.pose.position[1] - centre[1]];
  let depth = Infinity;
  for (const axis of [along, across, u, v]) {
    const distance = Math.abs(d[0] * axis[0] + d[1] * axis[1]);
    const project = (p: readonly [number, number], h: number) =>
      h * Math.abs(p[0] * axis[0] + p[1] * axis[1]);
    const reach = project(along, halfAlong) + project(across, halfAcross) + project(u, hu) + project(v, hv);
    depth = Math.min(depth, reach - distance);
  }
  return Math.max(0, depth);
}

/** A lid is held by the knob in its middle. */
function knobGrasp(f: ObjectFeatures, maxOpening: number, toolYaw: number): Grasp {
  const [x, y] = f.object.pose.position;
  return {
    position: [x, y, f.max[2] - 0.012],
    orientation: withYaw(TOOL_DOWN, toolYaw),
    yaw: toolYaw,
    opening: Math.min(1, 0.06 / maxOpening),
    release: Math.min(1, 0.05 / maxOpening),
    width: 0.02,
  };
}

/** One finger inside a hollow thing and one outside, on the side of the rim nearest to free space and the robot. */
function rimGrasp(
  f: ObjectFeatures,
  scene: SceneState,
  maxOpening: number,
  toolYaw: number,
): Grasp | undefined {
  const hollow = [...f.nouns].some((noun) => HOLLOW_NOUNS.has(noun)) || f.container;
  const height = f.max[2] - f.min[2];
  const ring = f.nouns.has('ring') || f.nouns.has('hoop');
  if ((!hollow && !ring) || height < (ring ? 0.015 : 0.025) || f.fixture) return undefined;
  const radius = (f.max[0] - f.min[0] + (f.max[1] - f.min[1])) / 4;
  const neighbours = scene.others(f.object.id).filter((o) => o.min[2] < f.max[2]);
  const wall = ring ? Math.min(0.012, radius * 0.25) : 0.006;
  const depth = Math.min(RIM_DEPTH, height / 2);
  const z = Math.max(f.max[2] - depth, scene.table + FINGER.tip + 0.002);
  const opening = Math.min(maxOpening, 0.05);
  // a load that has shifted between the fingers must not be taken along when they leave
  const across = 2 * (2 * (radius - wall) - FINGER.thickness - 0.01);
  const release = ring ? opening : Math.max(opening, Math.min(maxOpening, across));
  const handle = handleAngle(f);
  let best: { cost: number; angle: number; yaw: number } | undefined;
  for (let i = 0; i < 16; i++) {
    const angle = (i * Math.PI) / 8;
    const x = f.object.pose.position[0] + (radius - wall) * Math.cos(angle);
    const y = f.object.pose.position[1] + (radius - wall) * Math.sin(angle);
    const yaw = nearestYaw(Math.atan2(Math.cos(angle), -Math.sin(angle)), toolYaw);
    const cost =
      obstruction([x, y, z], yaw, opening, neighbours) * 100 +
      Math.abs(yaw - toolYaw) +
      Math.abs(wrap(yaw)) * 0.5 +
      (handle === undefined ? 0 : 2 * Math.max(0, Math.cos(angle - handle)));
    if (best === undefined || cost < best.cost - 1e-9) best = { cost, angle, yaw };
  }
  const { angle, yaw } = best as NonNullable<typeof best>;
  const [cx, cy] = f.object.pose.position;
  return {
    position: [cx + (radius - wall) * Math.cos(angle), cy + (radius - wall) * Math.sin(angle), z],
    orientation: withYaw(TOOL_DOWN, yaw),
    yaw,
    opening: opening / maxOpening,
    release: release / maxOpening,
    width: wall,
  };
}
