import type { Vec3 } from '../../core/geometry.ts';
import { matrixFromQuat } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { sampleCount } from '../../core/trajectory.ts';
import type { ArmSpheres, SphereGroup } from './arm-spheres.ts';
import { transformInto } from './arm-spheres.ts';
import type { Contacts, HeldObject } from './contacts.ts';
import { BOX_MARGIN, distanceToBox } from './contacts.ts';
import { DistanceField } from './distance-field.ts';
import type { SelfCollision } from './self-collision.ts';
import type { Findings } from './validation.ts';

/** Clearances above this are not told apart [m]. */
const CLEARANCE_RANGE = 0.15;
/**
 * Near a meant contact, gripper and held object may sink into what was seen by this much [m], at most half a sphere's
 * radius: noise and rounding. A cloud is a surface without an inside, so a sphere that sank in by more would seem to leave.
 */
const TOUCH_DEPTH = 0.006;
const touchDepth = (radius: number): number => Math.min(TOUCH_DEPTH, radius / 2);
const SELF_CLEARANCE = 0.004;
/** Samples checked at most; between them the arm moves a few millimetres. */
const MAX_CHECKED = 1500;
/** Growing by less than this between checks still counts as not coming nearer [m]. */
const RETREAT_SLACK = 0.001;

export interface ClearanceReport {
  /** [n] m, at most {@link CLEARANCE_RANGE}; meant contacts left out */
  readonly clearance: Float32Array;
  readonly least: number;
}

/**
 * The distance of arm, gripper and whatever they hold from a cloud, along a trajectory. The gripper and what it holds may
 * come near the targets anywhere and touch other things near a meant contact; nothing else may come nearer than `limit`.
 * For the rest of the arm targets count as the boxes that they are, until they are carried away. An arm that starts too
 * near may move away.
 */
export function checkClearance(
  t: Trajectory,
  arm: ArmSpheres,
  points: Float32Array,
  contacts: Contacts,
  limit: number,
  found: Findings,
): ClearanceReport {
  const n = sampleCount(t);
  const d = t.jointNames.length;
  const step = Math.max(1, Math.ceil(n / MAX_CHECKED));
  const others = withoutTargets(points, contacts.targets);
  const field = new DistanceField(others, fieldBox(t, arm, others));
  const held = contacts.held.map((object) => new HeldSpheres(object));
  const targets = contacts.targets.map((target) => new TargetBox(target, contacts.held));
  const clearance = new Float32Array(n).fill(CLEARANCE_RANGE);
  const retreat = new Map<string, number>();
  let overall = CLEARANCE_RANGE;
  for (let i = 0; i < n; i += step) {
    arm.place(t.joints.subarray(i * d, (i + 1) * d), t.gripper[i] as number);
    const touching = contacts.near[i] === 1;
    let nearest = CLEARANCE_RANGE;
    let worst: { link: string; distance: number; allowed: number } | undefined;
    const judge = (near: Nearest, link: string, mayTouch: boolean): void => {
      const touches = mayTouch && touching;
      if (!touches) nearest = Math.min(nearest, near.distance);
      const [distance, allowed] = touches ? [near.room - TOUCH_DEPTH, -TOUCH_DEPTH] : [near.distance, limit];
      if (distance - allowed < (worst ? worst.distance - worst.allowed : 0))
        worst = { link, distance, allowed };
    };
    for (const group of arm.groups) {
      const onTool = arm.onTool[group.first] === 1;
      const least = groupDistance(arm, group, field, onTool ? [] : targets, i);
      if (least.distance < CLEARANCE_RANGE) judge(least, arm.model.linkNames[group.link] ?? '', onTool);
    }
    for (const object of held) {
      if (i < object.first || i > object.last) continue;
      judge(object.distance(t.tool, i, field), `the held ${object.label}`, true);
    }
    clearance.fill(nearest, i, Math.min(n, i + step));
    overall = Math.min(overall, nearest);
    if (worst) report(worst, i, retreat, found);
  }
  return { clearance, least: overall };
}

/** A link's distance from what was seen, or anything above the range where it is far. */
function groupDistance(
  arm: ArmSpheres,
  group: SphereGroup,
  field: DistanceField,
  targets: readonly TargetBox[],
  sample: number,
): Nearest {
  const [cx, cy, cz] = group.center as unknown as readonly [number, number, number];
  const seen = field.distance(cx, cy, cz) - group.bound < CLEARANCE_RANGE;
  const near = targets.filter(
    (box) => sample < box.until && box.distance(cx, cy, cz) - group.bound < CLEARANCE_RANGE,
  );
  if (!seen && near.length === 0) return { distance: CLEARANCE_RANGE, room: CLEARANCE_RANGE };
  arm.placeGroup(group);
  const least = { distance: CLEARANCE_RANGE, room: CLEARANCE_RANGE };
  for (let s = group.first; s < group.last; s++) {
    const x = arm.centers[3 * s] as number;
    const y = arm.centers[3 * s + 1] as number;
    const z = arm.centers[3 * s + 2] as number;
    let distance = field.distance(x, y, z);
    for (const box of near) distance = Math.min(distance, box.distance(x, y, z));
    keepNearest(least, distance, arm.radii[s] as number);
  }
  return least;
}

/** Of some spheres: the least distance, and the least room left where touching is meant [m]. */
interface Nearest {
  distance: number;
  room: number;
}

function keepNearest(least: Nearest, toCenter: number, radius: number): void {
  const distance = toCenter - radius;
  if (distance < least.distance) least.distance = distance;
  const room = distance + touchDepth(radius);
  if (room < least.room) least.room = room;
}

/** Too near at the start and not coming nearer is how one leaves; anything else is refused. */
function report(
  worst: { link: string; distance: number; allowed: number },
  sample: number,
  retreat: Map<string, number>,
  found: Findings,
): void {
  const before = retreat.get(worst.link);
  const leaving = sample === 0 || (before !== undefined && worst.distance >= before - RETREAT_SLACK);
  if (leaving) {
    retreat.set(worst.link, worst.distance);
    return;
  }
  retreat.delete(worst.link);
  found.limit(
    sample,
    `clearance of ${worst.link}`,
    worst.distance,
    worst.allowed,
    'm',
    'Raise or move the waypoint before it, or clear the way and capture again.',
    'input/collision',
  );
}

/** Where both the arm comes and something was seen: beyond it, nothing is within the range. */
function fieldBox(t: Trajectory, arm: ArmSpheres, points: Float32Array): { min: Vec3; max: Vec3 } {
  const d = t.jointNames.length;
  const n = sampleCount(t);
  // Links move little between these, and what is held reaches a hand's breadth beyond the fingers.
  const step = Math.max(1, Math.floor(n / 100));
  const swept = emptyBox();
  for (let i = 0; i < n; i += i + step < n || i === n - 1 ? step : n - 1 - i) {
    arm.place(t.joints.subarray(i * d, (i + 1) * d), t.gripper[i] as number);
    for (const { center, bound } of arm.groups) grow(swept, center, 0, bound + 0.1);
  }
  const seen = emptyBox();
  // A link whose centre is outside is then farther than the range from every point.
  const pad = CLEARANCE_RANGE + Math.max(0, ...arm.groups.map((group) => group.bound));
  for (let p = 0; p < points.length; p += 3) grow(seen, points, p, pad);
  const min = swept.min.map((x, k) => Math.max(x, seen.min[k] as number));
  const max = swept.max.map((x, k) => Math.max(min[k] as number, Math.min(x, seen.max[k] as number)));
  const finite = [...min, ...max].every(Number.isFinite);
  return finite
    ? { min: min as [number, number, number], max: max as [number, number, number] }
    : { min: [0, 0, 0], max: [0, 0, 0] };
}

const emptyBox = (): { min: number[]; max: number[] } => ({
  min: [Infinity, Infinity, Infinity],
  max: [-Infinity, -Infinity, -Infinity],
});

function grow(
  box: { min: number[]; max: number[] },
  points: ArrayLike<number>,
  at: number,
  pad: number,
): void {
  for (let k = 0; k < 3; k++) {
    const x = points[at + k] as number;
    if (x - pad < (box.min[k] as number)) box.min[k] = x - pad;
    if (x + pad > (box.max[k] as number)) box.max[k] = x + pad;
  }
}

/** A target as the rest of the arm must avoid it: its box, until it is carried away. */
class TargetBox {
  /** first sample at which it is not there any more */
  readonly until: number;
  readonly #half: readonly number[];
  readonly #center: Vec3;
  readonly #turn: readonly number[];

  constructor(target: SceneObject, held: readonly HeldObject[]) {
    this.until = held.find((object) => object.label === target.label)?.first ?? Number.POSITIVE_INFINITY;
    this.#half = target.size.map((s) => s / 2);
    this.#center = target.pose.position;
    this.#turn = matrixFromQuat(target.pose.orientation);
  }

  distance(x: number, y: number, z: number): number {
    const m = this.#turn;
    const dx = x - this.#center[0];
    const dy = y - this.#center[1];
    const dz = z - this.#center[2];
    let squared = 0;
    for (let k = 0; k < 3; k++) {
      const local = (m[k] as number) * dx + (m[k + 3] as number) * dy + (m[k + 6] as number) * dz;
      const out = Math.max(0, Math.abs(local) - (this.#half[k] as number));
      squared += out * out;
    }
    return Math.sqrt(squared);
  }
}

function withoutTargets(points: Float32Array, targets: readonly SceneObject[]): Float32Array {
  if (targets.length === 0) return points;
  const kept: number[] = [];
  const reach = targets.map((target) => Math.hypot(...target.size) / 2 + BOX_MARGIN);
  for (let p = 0; p < points.length; p += 3) {
    const point: Vec3 = [points[p] as number, points[p + 1] as number, points[p + 2] as number];
    const own = targets.some((target, k) => {
      const [x, y, z] = target.pose.position;
      if (Math.hypot(point[0] - x, point[1] - y, point[2] - z) > (reach[k] as number)) return false;
      return distanceToBox(target, point) <= BOX_MARGIN;
    });
    if (!own) kept.push(...point);
  }
  return Float32Array.from(kept);
}

class HeldSpheres {
  readonly first: number;
  readonly last: number;
  readonly label: string;
  readonly #centers: Float64Array;
  readonly #radii: readonly number[];
  readonly #placed = new Float64Array(3);

  constructor(object: HeldObject) {
    this.first = object.first;
    this.last = object.last;
    this.label = object.label;
    this.#centers = Float64Array.from(object.spheres.flatMap((sphere) => [...sphere.center]));
    this.#radii = object.spheres.map((sphere) => sphere.radius);
  }

  distance(tool: Float64Array, sample: number, field: DistanceField): Nearest {
    const least = { distance: CLEARANCE_RANGE, room: CLEARANCE_RANGE };
    const p = this.#placed;
    this.#radii.forEach((radius, s) => {
      transformInto(tool, 7 * sample, this.#centers, 3 * s, p, 0);
      keepNearest(least, field.distance(p[0] as number, p[1] as number, p[2] as number), radius);
    });
    return least;
  }
}

/** The arm against itself. */
export function checkSelf(t: Trajectory, self: SelfCollision, found: Findings): void {
  const n = sampleCount(t);
  const d = t.jointNames.length;
  // Links move some centimetres between these; a collision does not come and go in less.
  const step = Math.max(1, Math.min(4, Math.floor(n / 20)));
  const retreat = new Map<string, number>();
  for (let i = 0; i < n; i += i + step < n || i === n - 1 ? step : n - 1 - i) {
    const near = self.nearest(t.joints.subarray(i * d, (i + 1) * d), t.gripper[i] as number);
    if (!near || near.distance >= SELF_CLEARANCE) continue;
    const key = near.links.join(' and ');
    const before = retreat.get(key);
    const leaving = i === 0 || (before !== undefined && near.distance >= before - RETREAT_SLACK);
    if (leaving) {
      retreat.set(key, near.distance);
      continue;
    }
    found.limit(
      i,
      `distance between ${key}`,
      near.distance,
      SELF_CLEARANCE,
      'm',
      'Turn the gripper, or move the waypoint away from the arm’s own base.',
      'input/collision',
    );
  }
}
