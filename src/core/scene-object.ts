import type { Pose, Vec3 } from './geometry.ts';

/** How a thing moves when it is pulled, lifted or turned. */
export interface Articulation {
  readonly kind: 'prismatic' | 'revolute';
  /** unit vector in base: the opening direction of a drawer, the hinge line of a door */
  readonly axis: Vec3;
  /** a point on the hinge line, in base [m]; prismatic joints need none */
  readonly origin?: Vec3;
  /** travel from closed to open [m or rad], where known */
  readonly travel?: number;
}

/** One thing in the scene that words can mean and a gripper can reach. All poses in `base`. */
export interface SceneObject {
  /** unique within a scene, stable between captures where the source allows it */
  readonly id: string;
  /** what a person would call it: "red cube" */
  readonly label: string;
  /** further names for the same thing */
  readonly names?: readonly string[];
  /** one of the basic colour words, where it has one */
  readonly colour?: string;
  /** cube, block, cylinder, bowl, peg, drawer, handle, hole, region, … */
  readonly shape?: string;
  /** centre of the box and its turn */
  readonly pose: Pose;
  /** full extents of the box along its own axes [m] */
  readonly size: Vec3;
  /** 0..1 */
  readonly score: number;
  readonly source: 'detections' | 'segmentation' | 'pinned';
  /** id of the thing this is a part of: a handle of its drawer */
  readonly partOf?: string;
  readonly articulation?: Articulation;
}
