import type { Pose, Vec3 } from '../../core/geometry.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { Random } from '../../core/random.ts';
import { gripperEvents, type Waypoint } from '../../core/waypoint.ts';
import { followPath } from '../../kinematics/joint-path.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import type { RefinedPath, Refiner } from '../../refinement/refiner.ts';
import { snapRefiner } from '../../refinement/snap.ts';
import { ArmSpheres } from '../../robot/gate/arm-spheres.ts';
import { DistanceField } from '../../robot/gate/distance-field.ts';
import { rrtConnect } from './rrt-connect.ts';

/** Least distance of arm and gripper from the cloud on the way [m]. */
const CLEARANCE = 0.015;
/** What is seen this near to a waypoint is what the gripper acts on there [m]. */
const CONTACT = 0.07;
/** Something held is taken for a ball below the fingertips [m]. */
const HELD = { radius: 0.035, below: 0.015 };
const STEP = 0.15;
const RESOLUTION = 0.03;
const ITERATIONS = 600;

/**
 * The classical pipeline whole: waypoints onto the nearest thing, then a collision-free way between them. Where the spline
 * between two waypoints comes too near to the cloud, RRT-Connect in joint space replaces it; the straight ways into and out
 * of gripper events stay.
 */
export function snapRrtRefiner(model: RobotModel, joints: ArrayLike<number>): Omit<Refiner, 'id'> {
  return {
    refine: async (request, signal) => {
      const snapped = await snapRefiner.refine(request, signal);
      if (snapped.kind !== 'refined' || !request.capture) return snapped;
      const path = aroundThings(model, joints, snapped.path, request.capture.cloud, request.start.gripper);
      return { ...snapped, path };
    },
  };
}

function aroundThings(
  model: RobotModel,
  joints: ArrayLike<number>,
  path: RefinedPath,
  cloud: PointCloud,
  initialGripper: number,
): RefinedPath {
  const events = gripperEvents(path.waypoints, initialGripper);
  const acts = new Set(events.map((e) => e.waypoint));
  const scene = new SceneClearance(model, withoutContacts(cloud, path.waypoints));
  const d = model.joints.length;
  const poses: Pose[] = [path.poses[0]!];
  const waypointIndices: number[] = [];
  let q: Float64Array = Float64Array.from(joints);
  let opening = initialGripper;
  let from = 0;
  path.waypointIndices.forEach((to, k) => {
    const straight = acts.has(k) || acts.has(k - 1);
    const solved = followed(model, path, from, to, q);
    const held = opening < 0.9 && k > 0;
    let part = path.poses.slice(from + 1, to + 1);
    if (solved && !straight) {
      const far = (i: number): boolean => scene.free(solved.subarray(i * d, (i + 1) * d), opening, held);
      const blocked = Array.from({ length: to - from }, (_, i) => i).some((i) => i > 0 && !far(i));
      const end = solved.slice(solved.length - d);
      const way = blocked
        ? rrtConnect(
            {
              start: q,
              goal: end,
              lower: model.joints.map((j) => Math.max(j.lower + 0.05, -Math.PI)),
              upper: model.joints.map((j) => Math.min(j.upper - 0.05, Math.PI)),
              free: (c) => scene.free(c, opening, held),
              step: STEP,
              resolution: RESOLUTION,
              iterations: ITERATIONS,
            },
            new Random('rrt-connect', k),
          )
        : undefined;
      if (way) part = [...toolPoses(model, way).slice(1, -1), path.poses[to]!];
    }
    poses.push(...part);
    waypointIndices.push(poses.length - 1);
    if (solved) q = solved.slice(solved.length - d);
    opening = path.waypoints[k]!.gripper;
    from = to;
  });
  return { ...path, poses, waypointIndices };
}

/** Joints along the path, or undefined where the arm cannot follow it: whoever times it will say so. */
function followed(
  model: RobotModel,
  path: RefinedPath,
  from: number,
  to: number,
  start: Float64Array,
): Float64Array | undefined {
  try {
    return followPath(model, path, from, to, start);
  } catch {
    return undefined;
  }
}

/** Dense tool poses along straight edges in joint space, ends included. */
function toolPoses(model: RobotModel, way: readonly Float64Array[]): Pose[] {
  const poses = [model.forward(way[0]!)];
  for (let i = 1; i < way.length; i++) {
    const a = way[i - 1]!;
    const b = way[i]!;
    const n = Math.max(1, Math.ceil(Math.max(...a.map((v, k) => Math.abs(b[k]! - v))) / 0.02));
    for (let s = 1; s <= n; s++) poses.push(model.forward(a.map((v, k) => v + (s / n) * (b[k]! - v))));
  }
  return poses;
}

/** [3n] what is to be kept away from: not what a waypoint is at, for that is grasped, pushed or placed on. */
function withoutContacts(cloud: PointCloud, waypoints: readonly Waypoint[]): Float32Array {
  const contacts: Vec3[] = waypoints.map((w) => w.position);
  const kept: number[] = [];
  for (let p = 0; p < cloud.positions.length; p += 3) {
    const x = cloud.positions[p]!;
    const y = cloud.positions[p + 1]!;
    const z = cloud.positions[p + 2]!;
    if (contacts.every(([a, b, c]) => Math.hypot(a - x, b - y, c - z) > CONTACT)) kept.push(x, y, z);
  }
  return Float32Array.from(kept);
}

/** Whether a configuration keeps away from what was seen. */
class SceneClearance {
  readonly #spheres: ArmSpheres;
  readonly #field: DistanceField;
  readonly #tool = new Float64Array(7);
  readonly #model: RobotModel;

  constructor(model: RobotModel, points: Float32Array) {
    this.#model = model;
    this.#spheres = new ArmSpheres(model);
    this.#field = new DistanceField(points, { min: [-0.2, -0.8, -0.05], max: [1, 0.8, 0.9] }, 0.015);
  }

  free(q: ArrayLike<number>, opening: number, held: boolean): boolean {
    const arm = this.#spheres;
    arm.place(q, opening);
    for (const group of arm.groups) {
      const [x, y, z] = group.center as unknown as readonly [number, number, number];
      if (this.#field.distance(x, y, z) - group.bound > CLEARANCE) continue;
      arm.placeGroup(group);
      for (let s = group.first; s < group.last; s++) {
        const away = this.#field.distance(
          arm.centers[3 * s]!,
          arm.centers[3 * s + 1]!,
          arm.centers[3 * s + 2]!,
        );
        if (away - arm.radii[s]! < CLEARANCE) return false;
      }
    }
    if (!held) return true;
    const t = this.#tool;
    this.#model.forwardInto(q, t);
    // Third column of the rotation: the approach axis.
    const ax = 2 * (t[3]! * t[5]! + t[6]! * t[4]!);
    const ay = 2 * (t[4]! * t[5]! - t[6]! * t[3]!);
    const az = 1 - 2 * (t[3]! * t[3]! + t[4]! * t[4]!);
    const { below, radius } = HELD;
    return this.#field.distance(t[0]! + below * ax, t[1]! + below * ay, t[2]! + below * az) - radius > 0;
  }
}
