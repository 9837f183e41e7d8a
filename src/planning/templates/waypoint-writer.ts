import type { Pose, Quat, Vec3 } from '../../core/geometry.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { ObjectFeatures } from '../grounding/features.ts';
import { refusal } from '../refusal.ts';
import { FINGER } from './gripper-shape.ts';
import { yawOf } from './grasp.ts';
import { SceneState } from './scene-state.ts';
import type { PlanRequest } from '../planner.ts';

/** What the gripper holds: where the fingertips are with respect to the thing's centre. */
export interface Held {
  readonly id: string;
  /** tool position minus object centre, at the yaw of the grasp [m] */
  readonly offset: Vec3;
  readonly yaw: number;
  readonly width: number;
  readonly release: number;
}

/** Height over what is in the way while nothing is near [m]. */
const CLEAR = 0.05;
/** Lowest height over the table to travel at [m]. */
const TRAVEL = 0.12;
/** Half width of the way that hand and load sweep [m]. */
const SWEEP = 0.11;

/** Collects waypoints and keeps track of where tool, gripper, load and things are after each. */
export class WaypointWriter {
  readonly waypoints: Waypoint[] = [];
  readonly scene: SceneState;
  readonly robot: PlanRequest['robot'];
  position: Vec3;
  orientation: Quat;
  gripper: number;
  held: Held | undefined;

  constructor(request: Pick<PlanRequest, 'objects' | 'robot'>) {
    this.scene = new SceneState(request.objects);
    this.robot = request.robot;
    const pose: Pose = request.robot.toolPose;
    this.position = pose.position;
    this.orientation = pose.orientation;
    this.gripper = request.robot.gripper;
  }

  get yaw(): number {
    return yawOf(this.orientation);
  }

  /** Appends a waypoint; the gripper keeps its opening unless one is given. */
  go(label: string, position: Vec3, orientation: Quat, radius: number, gripper = this.gripper): void {
    const { min, max } = this.robot.workspace;
    const outside = [0, 1, 2].find(
      (k) =>
        (position[k] as number) < (min[k] as number) - 1e-6 ||
        (position[k] as number) > (max[k] as number) + 1e-6,
    );
    if (outside !== undefined) {
      const axis = 'xyz'[outside] as string;
      const value = position[outside] as number;
      throw refusal(
        'geometry',
        `"${label}" would be at ${axis} = ${value.toFixed(3)} m, outside the workspace (${min[outside]} to ${max[outside]} m).`,
        {
          words: [label],
          hint: 'Choose a nearer place.',
          data: { waypoint: this.waypoints.length },
        },
      );
    }
    this.waypoints.push({
      label,
      position: rounded(position),
      orientation,
      gripper: Math.round(gripper * 1000) / 1000,
      radius,
    });
    this.position = position;
    this.orientation = orientation;
    this.gripper = gripper;
  }

  /**
   * Height of the tool at which the straight way from `from` to `to` passes over everything, with what is held
   * hanging below; `ignore` names what is meant to be touched.
   */
  travelHeight(from: Vec3, to: Vec3, ignore: readonly string[]): number {
    const below = this.#below();
    let top = this.scene.table;
    for (const f of this.scene.others(...ignore, ...(this.held === undefined ? [] : [this.held.id]))) {
      if (f.object.partOf !== undefined && ignore.includes(f.object.partOf)) continue;
      if (nearSegment(f, from, to, SWEEP)) top = Math.max(top, f.max[2]);
    }
    for (const id of ignore) top = Math.max(top, this.scene.of(id).max[2]);
    const ceiling = this.robot.workspace.max[2] - 0.005;
    return Math.min(ceiling, Math.max(this.scene.table + TRAVEL + below, top + CLEAR + below));
  }

  /** How far the lowest point of fingers and load is below the tool frame [m]. */
  #below(): number {
    if (this.held === undefined) return FINGER.tip;
    const f = this.scene.of(this.held.id);
    const half = (f.max[2] - f.min[2]) / 2;
    return Math.max(FINGER.tip, this.held.offset[2] + half);
  }
}

const rounded = (v: Vec3): Vec3 => [round(v[0]), round(v[1]), round(v[2])];
/** A tenth of a millimetre is finer than any robot here. */
const round = (x: number): number => Math.round(x * 1e4) / 1e4;

/** Whether a box comes within `margin` of the horizontal way from `a` to `b`. */
function nearSegment(f: ObjectFeatures, a: Vec3, b: Vec3, margin: number): boolean {
  // clip the segment against the grown box (slab method)
  let low = 0;
  let high = 1;
  for (const k of [0, 1] as const) {
    const d = b[k] - a[k];
    const min = f.min[k] - margin - a[k];
    const max = f.max[k] + margin - a[k];
    if (Math.abs(d) < 1e-9) {
      if (min > 0 || max < 0) return false;
      continue;
    }
    const near = Math.min(min / d, max / d);
    const far = Math.max(min / d, max / d);
    low = Math.max(low, near);
    high = Math.min(high, far);
  }
  return low <= high;
}
