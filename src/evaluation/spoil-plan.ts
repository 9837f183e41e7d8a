import {
  add,
  normalize,
  rotate,
  scale,
  subtract,
  quatFromAxisAngle,
  withYaw,
  type Vec3,
} from '../core/geometry.ts';
import type { Random } from '../core/random.ts';
import { gripperEvents, type Waypoint } from '../core/waypoint.ts';
import type { Condition } from './condition.ts';

/** A plan as a planner might have given it: which exact waypoint each of its own was meant to be. */
export interface SpoiltPlan {
  readonly waypoints: readonly Waypoint[];
  /** index in the exact plan of each */
  readonly meant: readonly number[];
}

/** Waypoints this near in the plane belong to one thing [m]. */
const TOGETHER = 0.03;
/** Every plan may be corrected by this much, and by more where errors are larger: 2.5 standard deviations [m]. */
const RADIUS = { least: 0.05, most: 0.25, deviations: 2.5 };

/**
 * Which thing each waypoint belongs to, as numbers from 0: those over one spot belong together; where the plan acts on one
 * mechanism (`single`), all do, since a handle's error moves the whole pull.
 */
export function thingOf(waypoints: readonly Waypoint[], single: boolean): number[] {
  const spots: Vec3[] = [];
  return waypoints.map(({ position }) => {
    if (single) return 0;
    const found = spots.findIndex(
      (spot) => Math.hypot(spot[0] - position[0], spot[1] - position[1]) < TOGETHER,
    );
    if (found >= 0) return found;
    spots.push(position);
    return spots.length - 1;
  });
}

/**
 * The plan with the condition's errors. The same stream gives the same directions at every size of error, so that larger
 * errors are the smaller ones grown; what is not asked for draws nothing less from it.
 */
export function spoilPlan(
  exact: readonly Waypoint[],
  things: readonly number[],
  condition: Condition,
  camera: Vec3,
  initialGripper: number,
  random: Random,
): SpoiltPlan {
  const events = new Set(gripperEvents(exact, initialGripper).map((e) => e.waypoint));
  const count = Math.max(-1, ...things) + 1;
  const errors = Array.from({ length: count }, (_, thing) => {
    const own = exact.flatMap((w, i) => (things[i] === thing ? [{ w, i }] : []));
    const anchor = (own.find(({ i }) => events.has(i)) ?? own[0])!.w.position;
    const away = normalize(subtract(anchor, camera));
    const shift = add(scale(normal3(random), condition.shared), scale(away, condition.ray * random.normal()));
    return { anchor, shift, turn: condition.yaw * random.normal() };
  });
  const radius = Math.min(
    RADIUS.most,
    Math.max(
      RADIUS.least,
      RADIUS.deviations * Math.hypot(condition.shared, condition.iid, condition.ray),
      1.5 * condition.moved,
    ),
  );
  const waypoints: Waypoint[] = [];
  const meant: number[] = [];
  exact.forEach((waypoint, i) => {
    const own = scale(normal3(random), condition.iid);
    const missing = random.next() < condition.drop;
    if (missing && inFreeSpace(exact, things, events, i)) return;
    const { anchor, shift, turn } = errors[things[i]!]!;
    // A thing that is believed to be turned is approached from where its approach would then be.
    const turned = add(
      anchor,
      rotate(quatFromAxisAngle([0, 0, 1], turn), subtract(waypoint.position, anchor)),
    );
    waypoints.push({
      ...waypoint,
      position: add(add(turned, shift), own),
      orientation: withYaw(waypoint.orientation, turn),
      radius: Math.max(waypoint.radius, radius),
    });
    meant.push(i);
  });
  return { waypoints, meant };
}

const normal3 = (random: Random): Vec3 => [random.normal(), random.normal(), random.normal()];

/** Neither where the gripper acts, nor the end, nor the lowest of what belongs to one thing, which is where it touches. */
function inFreeSpace(
  exact: readonly Waypoint[],
  things: readonly number[],
  events: ReadonlySet<number>,
  index: number,
): boolean {
  if (events.has(index) || index === exact.length - 1) return false;
  const height = exact[index]!.position[2];
  return exact.some((w, i) => things[i] === things[index] && w.position[2] < height - 0.01);
}
