import {
  add,
  lerp,
  matrixFromQuat,
  quatFromAxisAngle,
  quatMultiply,
  rotate,
  scale,
  slerp,
  withYaw,
  type Pose,
  type Quat,
  type Vec3,
} from '../../core/geometry.ts';
import type { Random } from '../../core/random.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { roundTheRim, type TrueWaypoint } from './true-plan.ts';

/** How wrong a planner's waypoints are. Standard deviations. */
export interface Coarseness {
  /** shared by all waypoints over one spot, per axis in the plane [m] */
  readonly spot: number;
  /** the same for height, as a share of `spot` */
  readonly height: number;
  /** of each waypoint on its own, per axis [m] */
  readonly waypoint: number;
  /** along the line from the camera, shared by a spot [m] */
  readonly ray: number;
  /** about the vertical, shared by a spot [rad] */
  readonly yaw: number;
  /** tilt of each waypoint [rad] */
  readonly tilt: number;
  /** chance that a waypoint in free space is missing, and that a middle one is added */
  readonly missing: number;
  readonly extra: number;
}

/** A plan as a planner might have given it, and what each of its waypoints should have been. */
export interface CoarsePlan {
  readonly waypoints: readonly Waypoint[];
  readonly truth: readonly TrueWaypoint[];
}

/** Exact plans are not to be touched. */
const NEARLY_EXACT = 0.2;
/** No error is larger than this: another thing would be meant [m, rad]. */
const MOST = { shift: 0.08, yaw: 0.75 };

/** From exact to 4 cm and 30 degrees, drawn anew for every plan. */
export function sampleCoarseness(random: Random): Coarseness {
  const exact = random.next() < NEARLY_EXACT;
  const deep = random.next();
  return {
    spot: exact ? random.uniform(0, 0.004) : random.uniform(0, 0.03),
    height: random.uniform(0.3, 1),
    waypoint: exact ? random.uniform(0, 0.001) : random.uniform(0, 0.005),
    ray: exact || deep > 0.4 ? 0 : random.uniform(0, deep < 0.1 ? 0.05 : 0.02),
    yaw: random.next() < 0.4 ? random.uniform(0, 0.04) : random.uniform(0, 0.5),
    tilt: exact ? 0.002 : random.uniform(0, 0.03),
    missing: random.next() < 0.3 ? 0.3 : 0,
    extra: 0.05,
  };
}

interface SharedError {
  readonly shift: Vec3;
  readonly turn: number;
}

/** A plan wrong by `coarseness`, with what it should have been: of what is as good, the nearest to what was planned. */
export function coarsen(
  truth: readonly TrueWaypoint[],
  camera: Pose,
  coarseness: Coarseness,
  random: Random,
): CoarsePlan {
  const listed = withExtras(withoutSome(truth, coarseness.missing, random), coarseness.extra, random);
  const shared = new Map<number, SharedError>();
  const errorOf = ({ group }: TrueWaypoint): SharedError => {
    const known = shared.get(group);
    if (known) return known;
    const error = sharedError(coarseness, camera, random);
    shared.set(group, error);
    return error;
  };
  const radius = random.uniform(0.03, 0.08);
  const waypoints = listed.map((t, i): Waypoint => {
    const error = errorOf(t);
    const tilt = quatFromAxisAngle([random.normal(), random.normal(), 0], coarseness.tilt * random.normal());
    return {
      label: `w${i}`,
      position: add(add(t.pose.position, error.shift), gaussian(random, coarseness.waypoint)),
      orientation: quatMultiply(tilt, withYaw(t.pose.orientation, error.turn)),
      gripper: t.gripper,
      radius,
    };
  });
  return { waypoints, truth: nearestEquivalent(listed, waypoints) };
}

function sharedError(coarseness: Coarseness, camera: Pose, random: Random): SharedError {
  const { spot, height, ray, yaw } = coarseness;
  const away = scale(rotate(camera.orientation, [0, 0, 1]), ray * random.normal());
  const shift = add(away, [spot * random.normal(), spot * random.normal(), height * spot * random.normal()]);
  const size = Math.hypot(...shift);
  return {
    shift: size > MOST.shift ? scale(shift, MOST.shift / size) : shift,
    turn: Math.max(-MOST.yaw, Math.min(MOST.yaw, yaw * random.normal())),
  };
}

const gaussian = (random: Random, spread: number): Vec3 => [
  spread * random.normal(),
  spread * random.normal(),
  spread * random.normal(),
];

function nearestEquivalent(truth: readonly TrueWaypoint[], planned: readonly Waypoint[]): TrueWaypoint[] {
  // How far round its rim each hollow thing was planned to be held.
  const turns = new Map<TrueWaypoint['hold'], number>();
  truth.forEach(({ hold, contact, pose }, i) => {
    if (hold.kind !== 'rim' || !contact || turns.has(hold)) return;
    const angle = (p: Vec3): number => Math.atan2(p[1] - hold.centre[1], p[0] - hold.centre[0]);
    const turn = angle(planned[i]!.position) - angle(pose.position);
    turns.set(hold, Math.max(-0.6, Math.min(0.6, Math.atan2(Math.sin(turn), Math.cos(turn)))));
  });
  return truth.map((t, i): TrueWaypoint => {
    const { hold, pose } = t;
    switch (hold.kind) {
      case 'seen':
        return t;
      case 'free':
        return { ...t, pose: { ...pose, orientation: turnedTo(pose.orientation, planned[i]!.orientation) } };
      case 'rim': {
        const turn = turns.get(hold) ?? 0;
        return {
          ...t,
          pose: { position: roundTheRim(t, hold, turn), orientation: withYaw(pose.orientation, turn) },
        };
      }
    }
  });
}

/** `q` turned about the vertical so that its opening points as that of `like` does. */
function turnedTo(q: Quat, like: Quat): Quat {
  const heading = (o: Quat): number => {
    const m = matrixFromQuat(o);
    return Math.atan2(m[4], m[1]);
  };
  return withYaw(q, heading(like) - heading(q));
}

const changesGripper = (truth: readonly TrueWaypoint[], i: number): boolean =>
  i > 0 && truth[i]!.gripper !== truth[i - 1]!.gripper;

function withoutSome(
  truth: readonly TrueWaypoint[],
  chance: number,
  random: Random,
): readonly TrueWaypoint[] {
  const kept = truth.filter((t, i) => t.contact || changesGripper(truth, i) || random.next() >= chance);
  return kept.length > 0 ? kept : truth;
}

/** Middles between neighbours, as a planner that likes to be thorough gives. At most 8 in all. */
function withExtras(truth: readonly TrueWaypoint[], chance: number, random: Random): TrueWaypoint[] {
  const listed: TrueWaypoint[] = [];
  truth.forEach((t, i) => {
    const before = truth[i - 1];
    if (before && truth.length + (listed.length - i) < 8 && random.next() < chance) {
      const pose = {
        position: lerp(before.pose.position, t.pose.position, 0.5),
        orientation: slerp(before.pose.orientation, t.pose.orientation, 0.5),
      };
      const { thing: _, ...between } = before;
      listed.push({ ...between, pose, contact: false });
    }
    listed.push(t);
  });
  return listed;
}
