import type { Pose, Vec3 } from '../../core/geometry.ts';
import { compose, inverse, transformPoint } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { sampleCount } from '../../core/trajectory.ts';
import type { Sphere } from './link-spheres.ts';
import { FINE, spheresOf } from './link-spheres.ts';

/** A waypoint this near to a thing's box means to touch it [m]. */
const MEANT = 0.03;
/** A thing's points may lie this far outside its box [m]. */
export const BOX_MARGIN = 0.012;
/** Contact is allowed while the tool is this near to where it grips, lets go or touches [m]. */
const NEAR_CONTACT = 0.1;
/** A gripper that closes by at least this much takes hold of something, one that opens lets go. */
const CLOSES = 0.05;

/** Something carried: spheres in the tool's frame, while samples `first`..`last` are executed. */
export interface HeldObject {
  readonly label: string;
  readonly first: number;
  readonly last: number;
  readonly spheres: readonly Sphere[];
}

/** Where, and with what, the gripper is meant to be in contact. */
export interface Contacts {
  /** things that the gripper may touch: grasped, pushed, pulled, or placed into */
  readonly targets: readonly SceneObject[];
  /** [n] 1 where the tool is near a grip or a target */
  readonly near: Uint8Array;
  readonly held: readonly HeldObject[];
}

/** The distance of a point in base from an object's box [m], 0 inside. */
export function distanceToBox(object: Pick<SceneObject, 'pose' | 'size'>, point: Vec3): number {
  const local = transformPoint(inverse(object.pose), point);
  return Math.hypot(...local.map((x, k) => Math.max(0, Math.abs(x) - (object.size[k] as number) / 2)));
}

export function toolPose(t: Trajectory, sample: number): Pose {
  const v = t.tool.subarray(7 * sample, 7 * sample + 7);
  const at = (k: number): number => v[k] ?? 0;
  return { position: [at(0), at(1), at(2)], orientation: [at(3), at(4), at(5), at(6)] };
}

/**
 * What a trajectory means to touch. `targets` names things by id where the plan knows them; without it, those that a
 * waypoint lies in or beside. A part brings along what it belongs to, and a thing what
 * it lies in: whoever pulls a handle moves its drawer, and a peg touches the plate round its hole.
 * `holding` is in the gripper at the start already; `gripperWidth` is the widest opening [m].
 */
export function contactsOf(
  t: Trajectory,
  objects: readonly SceneObject[],
  options: { targets?: readonly string[]; holding?: SceneObject; gripperWidth?: number } = {},
): Contacts {
  const n = sampleCount(t);
  const touched = [
    ...t.waypointSamples.filter((sample) => sample >= 0 && sample < n),
    ...t.segments.flatMap((segment) => (segment.kind === 'grip' ? [segment.at] : [])),
  ].map((sample) => toolPose(t, sample).position);
  const meant = (object: SceneObject): boolean =>
    options.targets?.includes(object.id) ?? touched.some((point) => distanceToBox(object, point) <= MEANT);
  const chosen = new Set(objects.filter(meant).map((object) => object.id));
  for (const object of objects)
    if (chosen.has(object.id) && object.partOf !== undefined) chosen.add(object.partOf);
  const held = heldObjects(t, chosenOf(objects, chosen), options.holding);
  for (const object of objects)
    if (held.some((carried) => isPlacedAt(carried, t, object))) chosen.add(object.id);
  for (const object of objects) if (holdsOneOf(object, objects, chosen)) chosen.add(object.id);
  const pushes = options.targets ? [] : pushesOf(t, objects, held, options.gripperWidth ?? 0);
  for (const push of pushes) chosen.add(push.object);
  const targets = chosenOf(objects, chosen);
  const near = nearContact(t, targets);
  for (const { first, last } of pushes) near.fill(1, first, last + 1);
  return { targets, near, held };
}

/** Whether something carried is let go in or on a thing: a long one reaches far below the fingers that hold it. */
function isPlacedAt(carried: HeldObject, t: Trajectory, object: SceneObject): boolean {
  if (object.label === carried.label) return false;
  const tool = toolPose(t, carried.last);
  return carried.spheres.some(
    ({ center, radius }) => distanceToBox(object, transformPoint(tool, center)) - radius <= BOX_MARGIN,
  );
}

/** Whether one of `chosen` lies inside a thing: a hole in its plate, a cube in its bowl. */
const holdsOneOf = (
  thing: SceneObject,
  objects: readonly SceneObject[],
  chosen: ReadonlySet<string>,
): boolean =>
  objects.some(
    (object) => object !== thing && chosen.has(object.id) && distanceToBox(thing, object.pose.position) === 0,
  );

const chosenOf = (objects: readonly SceneObject[], ids: ReadonlySet<string>): SceneObject[] =>
  objects.filter((object) => ids.has(object.id));

/** A gripper that holds nothing, stays as it is, and is led into something too wide to fit between its fingers pushes it. */
function pushesOf(
  t: Trajectory,
  objects: readonly SceneObject[],
  held: readonly HeldObject[],
  gripperWidth: number,
): { object: string; first: number; last: number }[] {
  const stops = t.waypointSamples.filter((sample) => sample >= 0);
  return stops.slice(1).flatMap((last, k) => {
    const first = stops[k] as number;
    const opening = t.gripper[first] as number;
    const changes = Math.abs(opening - (t.gripper[last] as number)) > CLOSES;
    const carries = held.some((object) => object.first <= last && object.last >= first);
    if (changes || carries) return [];
    return objects.flatMap(({ id, pose, size }) => {
      if (Math.min(size[0], size[1]) <= opening * gripperWidth) return [];
      for (let i = first; i <= last; i++) {
        if (distanceToBox({ pose, size }, toolPose(t, i).position) <= BOX_MARGIN)
          return [{ object: id, first, last }];
      }
      return [];
    });
  });
}

function nearContact(t: Trajectory, targets: readonly SceneObject[]): Uint8Array {
  const n = sampleCount(t);
  const near = new Uint8Array(n);
  const grips = t.segments.flatMap((segment) =>
    segment.kind === 'grip' ? [toolPose(t, segment.at).position] : [],
  );
  for (let i = 0; i < n; i++) {
    const { position } = toolPose(t, i);
    const close =
      grips.some(
        (point) => Math.hypot(...point.map((x, k) => x - (position[k] as number))) <= NEAR_CONTACT,
      ) || targets.some((target) => distanceToBox(target, position) <= NEAR_CONTACT);
    if (close) near[i] = 1;
  }
  return near;
}

function heldObjects(
  t: Trajectory,
  targets: readonly SceneObject[],
  holding: SceneObject | undefined,
): HeldObject[] {
  const held: HeldObject[] = [];
  let current = holding && carried(holding, toolPose(t, 0), 0);
  for (const segment of t.segments) {
    if (segment.kind !== 'grip') continue;
    if (segment.to - segment.from > CLOSES && current) {
      held.push({ ...current, last: segment.at });
      current = undefined;
    } else if (segment.from - segment.to > CLOSES && !current) {
      const tool = toolPose(t, segment.at);
      const nearest = targets
        .filter((object) => object.partOf === undefined && object.articulation === undefined)
        .map((object) => ({ object, distance: distanceToBox(object, tool.position) }))
        .filter(({ distance }) => distance <= MEANT)
        .sort((a, b) => a.distance - b.distance)[0];
      if (nearest) current = carried(nearest.object, tool, segment.at + 1);
    }
  }
  if (current) held.push({ ...current, last: sampleCount(t) - 1 });
  return held;
}

function carried(object: SceneObject, tool: Pose, first: number): Omit<HeldObject, 'last'> {
  const pose = compose(inverse(tool), object.pose);
  return {
    label: object.label,
    first,
    spheres: spheresOf([{ shape: { kind: 'box', size: object.size }, pose }], FINE),
  };
}
