import {
  add,
  lerp,
  matrixFromQuat,
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
import type { TrueWaypoint } from './demo-tasks.ts';

/** How wrong a planner's waypoints are. Standard deviations. */
export interface Coarseness {
  /** shared by all waypoints of one thing, per axis [m] */
  readonly thing: number;
  /** of each waypoint on its own, per axis [m] */
  readonly waypoint: number;
  /** along the line from the camera [m] */
  readonly ray: number;
  /** about the vertical, shared by neighbours [rad] */
  readonly yaw: number;
  /** chance that a waypoint in free space is missing, and that a middle one is added */
  readonly missing: number;
  readonly extra: number;
}

/** A plan as a planner might have given it, and what each of its waypoints should have been. */
export interface CoarsePlan {
  readonly waypoints: readonly Waypoint[];
  readonly truth: readonly TrueWaypoint[];
}

/** Errors up to about 4 cm and 25°, drawn anew for every plan. */
export function sampleCoarseness(random: Random): Coarseness {
  return {
    thing: random.uniform(0, 0.022),
    waypoint: random.uniform(0, 0.005),
    ray: random.next() < 0.4 ? random.uniform(0, 0.02) : 0,
    yaw: random.uniform(0, 0.35),
    missing: 0.08,
    extra: 0.08,
  };
}

/** Heights are guessed better than places: a table is flat. */
const HEIGHT_SHARE = 0.6;

export function coarsen(
  truth: readonly TrueWaypoint[],
  camera: Pose,
  coarseness: Coarseness,
  random: Random,
): CoarsePlan {
  const { thing, waypoint, ray, yaw, missing, extra } = coarseness;
  const shared = new Map<number, { shift: Vec3; turn: number }>();
  const errorOf = (t: TrueWaypoint): { shift: Vec3; turn: number } => {
    let error = shared.get(t.thing);
    if (!error) {
      const away = scale(rotate(camera.orientation, [0, 0, 1]), ray * random.normal());
      error = {
        shift: add(away, [
          thing * random.normal(),
          thing * random.normal(),
          HEIGHT_SHARE * thing * random.normal(),
        ]),
        turn: Math.max(-0.7, Math.min(0.7, yaw * random.normal())),
      };
      shared.set(t.thing, error);
    }
    return error;
  };
  const kept = truth.filter((t, i) => t.contact || changesGripper(truth, i) || random.next() >= missing);
  const listed = withExtras(kept.length > 0 ? kept : truth, extra, random);
  const waypoints = listed.map((t, i): Waypoint => {
    const error = errorOf(t);
    const own: Vec3 = [0, 1, 2].map(() => waypoint * random.normal()) as unknown as Vec3;
    return {
      label: `w${i}`,
      position: add(add(t.pose.position, error.shift), own),
      orientation: withYaw(t.pose.orientation, error.turn + 0.03 * random.normal()),
      gripper: t.gripper,
      radius: t.radius,
    };
  });
  return {
    waypoints,
    truth: listed.map((t, i) => ({ ...t, pose: nearestTurn(t, waypoints[i]!.orientation) })),
  };
}

const changesGripper = (truth: readonly TrueWaypoint[], i: number): boolean =>
  i > 0 && truth[i]!.gripper !== truth[i - 1]!.gripper;

/** Middles between neighbours, as a planner that likes to be thorough gives. */
function withExtras(truth: readonly TrueWaypoint[], chance: number, random: Random): TrueWaypoint[] {
  const listed: TrueWaypoint[] = [];
  truth.forEach((t, i) => {
    const before = truth[i - 1];
    if (before && truth.length + (listed.length - i) < 8 && random.next() < chance) {
      const pose = {
        position: lerp(before.pose.position, t.pose.position, 0.5),
        orientation: slerp(before.pose.orientation, t.pose.orientation, 0.5),
      };
      listed.push({ ...before, pose, contact: false, symmetry: 0, gripper: before.gripper });
    }
    listed.push(t);
  });
  return listed;
}

/** Of the orientations that are as good, the one nearest to what was planned. */
function nearestTurn(t: TrueWaypoint, planned: Quat): Pose {
  if (t.symmetry === 0) return { ...t.pose, orientation: planned };
  const off = yawBetween(t.pose.orientation, planned);
  const turns = Math.round(off / t.symmetry) * t.symmetry;
  return { ...t.pose, orientation: withYaw(t.pose.orientation, turns) };
}

/** Turn about the vertical from one tool orientation to another, for tools that point alike [rad]. */
function yawBetween(a: Quat, b: Quat): number {
  const ma = matrixFromQuat(a);
  const mb = matrixFromQuat(b);
  return Math.atan2(mb[4]!, mb[1]!) - Math.atan2(ma[4]!, ma[1]!);
}
