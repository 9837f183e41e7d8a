import {
  add,
  distance,
  inverse,
  rotate,
  subtract,
  transformPoint,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { gripperEvents, type Waypoint } from '../../core/waypoint.ts';
import { planByLanguage } from '../../planning/language-planner.ts';
import { simulatorProfile } from '../../robot/profiles/simulator-profile.ts';
import type { Thing } from '../../simulator/scene/thing.ts';
import type { PlanStart } from '../expert/guidance.ts';
import { placeOf, type DemoScene } from './demo-scene.ts';

/**
 * What can be told about the turn of a grasp. `seen`: the thing shows it. `free`: any turn is as good, so that the planned
 * one is right. `rim`: held by a wall round `centre`; any place along it is as good, and the turn goes with the place.
 */
export type Hold =
  | { readonly kind: 'seen' }
  | { readonly kind: 'free' }
  | { readonly kind: 'rim'; readonly centre: Vec3; readonly grasp: Vec3 };

/** A waypoint as it should be reached. */
export interface TrueWaypoint {
  readonly pose: Pose;
  readonly gripper: number;
  /** fingers or load touch something there: its place matters to millimetres */
  readonly contact: boolean;
  readonly hold: Hold;
  /** waypoints over one spot, about which a planner is wrong in one way */
  readonly group: number;
  /** id of the thing that it is about; none where it is only passed through */
  readonly thing?: string;
}

export interface TruePlan {
  readonly start: PlanStart;
  readonly waypoints: readonly TrueWaypoint[];
  /** the thing that the first contact is about: without it there is nothing to do */
  readonly primary?: string;
}

const MAX_OPENING = 0.08;
/** Waypoints nearer than this in the plane are over the same spot [m]. */
const SAME_SPOT = 0.03;
const CONTACT_RADIUS = 0.0201;
/** A gripper that closes this far closes on something; wider is getting ready. */
const SHUT = 0.05;
/** Things without a side that the fingers could lie against. */
const ROUND_SHAPES = new Set(['cylinder', 'ball', 'peg', 'bottle', 'lid', 'button', 'mug', 'plate', 'post']);
const HOLLOW_SHAPES = new Set(['bowl', 'ring', 'mug', 'pot']);

/**
 * The plan that works: the built-in planner's for what a perfect detector reports; where it refuses to hold a thing in the
 * task "pick up", the thing's own known grasp. Throws the planner's WaybookError where neither is there.
 */
export function truePlan(scene: DemoScene, start: PlanStart): TruePlan {
  const waypoints = exactWaypoints(scene, start);
  const groups = spotsOf(waypoints);
  const events = gripperEvents(waypoints, start.gripper);
  const objects = scene.objects.filter((o) => o.shape !== 'region');
  let hold: Hold = { kind: 'seen' };
  let holding = -1;
  const holds = waypoints.map((_, i): Hold => {
    // The way to a grasp belongs to it.
    const closing = events.find((e) => e.to <= SHUT && e.waypoint >= i && groups[e.waypoint] === groups[i]);
    if (closing && closing.waypoint !== holding) {
      holding = closing.waypoint;
      hold = holdOf(waypoints[closing.waypoint]!, objects);
    }
    return hold;
  });
  const truth = waypoints.map((w, i): TrueWaypoint => {
    const about = nearestThing(w, scene.things);
    return {
      pose: { position: w.position, orientation: w.orientation },
      gripper: w.gripper,
      contact: w.radius <= CONTACT_RADIUS,
      hold: holds[i]!,
      group: groups[i]!,
      ...(about ? { thing: about } : {}),
    };
  });
  const primary = truth.find((w) => w.contact)?.thing;
  return { start, waypoints: truth, ...(primary ? { primary } : {}) };
}

/** The waypoints of the plan that works, as the planner writes them. */
export function exactWaypoints(scene: DemoScene, start: PlanStart): readonly Waypoint[] {
  try {
    return planByLanguage({
      instruction: scene.instruction,
      objects: scene.objects,
      robot: {
        toolPose: start.pose,
        gripper: start.gripper,
        maxOpening: MAX_OPENING,
        workspace: simulatorProfile.workspace ?? { min: [-1, -1, 0], max: [1, 1, 1.2] },
      },
      viewpoint: 'robot',
    }).waypoints;
  } catch (error) {
    const subject = scene.choice.task === 'pick-and-hold' ? scene.things[0] : undefined;
    const grasp = subject && knownGrasp(subject, start.pose);
    if (!grasp) throw error;
    return pickBy(grasp);
  }
}

/** Of a thing's known grasps, the one that turns the tool least. Fingers are alike: half a turn changes nothing. */
function knownGrasp(thing: Thing, tool: Pose): Pose | undefined {
  const body = placeOf(thing);
  const opening = rotate(tool.orientation, [0, 1, 0]);
  let best: Pose | undefined;
  let least = Infinity;
  for (const { pose } of thing.grasps ?? []) {
    const position = add(body.position, rotate(body.orientation, pose.position));
    const yaw = 2 * Math.atan2(body.orientation[2], body.orientation[3]);
    for (const orientation of halfTurns(pose.orientation, yaw)) {
      const across = rotate(orientation, [0, 1, 0]);
      const turn = Math.acos(Math.max(-1, Math.min(1, across[0] * opening[0] + across[1] * opening[1])));
      if (turn < least - 1e-6) {
        least = turn;
        best = { position, orientation };
      }
    }
  }
  return best;
}

function halfTurns(q: Pose['orientation'], yaw: number): Pose['orientation'][] {
  return [yaw, yaw + Math.PI].map((angle) => {
    const turn: Pose['orientation'] = [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)];
    const [x, y, z, w] = q;
    const [, , c, d] = turn;
    return [d * x - c * y, d * y + c * x, d * z + c * w, d * w - c * z];
  });
}

const HOVER = 0.08;
const LIFT = 0.15;

function pickBy({ position, orientation }: Pose): Waypoint[] {
  const at = (label: string, height: number, gripper: number, radius: number): Waypoint => ({
    label,
    position: [position[0], position[1], position[2] + height],
    orientation,
    gripper,
    radius,
  });
  return [at('above', HOVER, 1, 0.05), at('grasp', 0, 0, 0.02), at('lift', LIFT, 0, 0.05)];
}

/** Numbers the spots that waypoints are over. */
export function spotsOf(waypoints: readonly { readonly position: Vec3 }[]): number[] {
  const spots: Vec3[] = [];
  return waypoints.map(({ position }) => {
    const known = spots.findIndex((s) => Math.hypot(s[0] - position[0], s[1] - position[1]) < SAME_SPOT);
    return known >= 0 ? known : spots.push(position) - 1;
  });
}

function holdOf(grasp: Waypoint, objects: readonly SceneObject[]): Hold {
  const held = objects
    .filter((o) => holdsPoint(o, grasp.position))
    .reduce<SceneObject | undefined>((a, b) => (a && volume(a) <= volume(b) ? a : b), undefined);
  if (!held) return { kind: 'seen' };
  const centre = held.pose.position;
  const off = Math.hypot(centre[0] - grasp.position[0], centre[1] - grasp.position[1]);
  const shape = held.shape ?? '';
  if (HOLLOW_SHAPES.has(shape) && off > 0.015) return { kind: 'rim', centre, grasp: grasp.position };
  return { kind: ROUND_SHAPES.has(shape) ? 'free' : 'seen' };
}

const volume = (o: SceneObject): number => o.size[0] * o.size[1] * o.size[2];

/** Whether a point is in a thing's box, grown by a centimetre. */
function holdsPoint(object: SceneObject, point: Vec3): boolean {
  const local = transformPoint(inverse(object.pose), point);
  return local.every((v, k) => Math.abs(v) <= object.size[k]! / 2 + 0.01);
}

/** The thing that a waypoint is over: the nearest one, by its foot's middle, whose reach the waypoint is in. */
function nearestThing(waypoint: Waypoint, things: readonly Thing[]): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const thing of things) {
    const label = thing.labels[0];
    if (!label) continue;
    const body = placeOf(thing);
    const centre = add(body.position, rotate(body.orientation, label.pose.position));
    const reach = Math.hypot(label.size[0], label.size[1]) / 2 + 0.02;
    const planar = Math.hypot(centre[0] - waypoint.position[0], centre[1] - waypoint.position[1]);
    const off = planar + 0.3 * Math.abs(distance(centre, waypoint.position) - planar);
    if (planar <= reach && off < least) {
      least = off;
      best = thing.id;
    }
  }
  return best;
}

/** How a rim grasp changes the waypoints that go with it, when it is taken `turn` [rad] further round. */
export function roundTheRim(w: TrueWaypoint, hold: Hold & { kind: 'rim' }, turn: number): Vec3 {
  const offset = subtract(hold.grasp, hold.centre);
  const [x, y, z] = w.pose.position;
  const [c, s] = [Math.cos(turn), Math.sin(turn)];
  return [x - offset[0] + c * offset[0] - s * offset[1], y - offset[1] + s * offset[0] + c * offset[1], z];
}
