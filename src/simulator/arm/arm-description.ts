import type { Pose, Vec3 } from '../../core/geometry.ts';
import type { SceneShape } from '../../core/scene.ts';

/** Solids that the simulator can collide: every drawable solid but meshes. */
export type SolidShape = Exclude<SceneShape, { kind: 'mesh' }>;

export type Rgb = readonly [number, number, number];

/** One solid of a link or thing, in its frame. Cylinders and capsules lie along their +Z. */
export interface Solid {
  readonly shape: SolidShape;
  readonly pose: Pose;
  /** 0..255 */
  readonly color: Rgb;
}

export interface ArmJoint {
  readonly name: string;
  /** joint frame in the frame of the link before, at angle 0; the joint turns about its +Z */
  readonly origin: Pose;
  /** rad */
  readonly lower: number;
  readonly upper: number;
  /** rad/s */
  readonly velocity: number;
  /** rad/s² */
  readonly acceleration: number;
  /** N·m */
  readonly effort: number;
}

export interface ArmLink {
  readonly name: string;
  readonly solids: readonly Solid[];
}

/** A parallel gripper: a hand with two fingers that move against each other along the tool's Y. */
export interface GripperDescription {
  /** hand frame in the flange's frame: +Z approach, +Y finger opening */
  readonly mount: Pose;
  readonly solids: readonly Solid[];
  /** kg, hand and fingers together */
  readonly mass: number;
  /** from the hand frame's origin to the fingertip centre, along +Z [m] */
  readonly tool: number;
  /** the fingers start here, along the hand's +Z [m] */
  readonly palm: number;
  /** how far the fingertip reaches beyond its centre [m] */
  readonly tip: number;
  /** travel of one finger from closed to open [m] */
  readonly travel: number;
  /** of a finger: across the hand (X) and along the opening (Y) [m] */
  readonly fingerWidth: number;
  readonly fingerThickness: number;
  /** m/s of one finger */
  readonly speed: number;
  /** N on each finger */
  readonly maxEffort: number;
}

/**
 * The one description from which an arm's physics, its URDF and its drawing are made, so that they agree. `links[0]`
 * is fixed to the base; `links[i]` is moved by `joints[i - 1]`.
 */
export interface ArmDescription {
  readonly name: string;
  /** kg, without the gripper: spread over the links in proportion to their solids' volume */
  readonly mass: number;
  readonly joints: readonly ArmJoint[];
  readonly links: readonly ArmLink[];
  /** flange in the last link's frame */
  readonly flange: Pose;
  readonly gripper: GripperDescription;
  /** rad: the tool points down over the middle of the table */
  readonly home: readonly number[];
}

export const TOOL_FRAME = 'tool';
export const BASE_FRAME = 'base';
export const HAND_LINK = 'hand';
export const FINGER_LINKS = ['left_finger', 'right_finger'] as const;
export const FINGER_JOINT = 'finger_joint';
/** follows {@link FINGER_JOINT} (URDF mimic) */
export const FINGER_MIMIC_JOINT = 'finger_joint_mimic';

/** A capsule between two points of a link's frame. */
export function capsule(from: Vec3, to: Vec3, radius: number, color: Rgb): Solid {
  return { shape: { kind: 'capsule', radius, length: lengthOf(from, to) }, pose: along(from, to), color };
}

/** A cylinder between two points of a link's frame. */
export function cylinder(from: Vec3, to: Vec3, radius: number, color: Rgb): Solid {
  return { shape: { kind: 'cylinder', radius, length: lengthOf(from, to) }, pose: along(from, to), color };
}

/** An axis-aligned box in a link's frame, by its full extents. */
export function box(centre: Vec3, size: Vec3, color: Rgb): Solid {
  return { shape: { kind: 'box', size }, pose: { position: centre, orientation: [0, 0, 0, 1] }, color };
}

const lengthOf = (a: Vec3, b: Vec3): number => Math.hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]);

/** Pose in the middle of a segment, +Z along it. */
function along(from: Vec3, to: Vec3): Pose {
  const length = lengthOf(from, to);
  const [x, y, z] = [(to[0] - from[0]) / length, (to[1] - from[1]) / length, (to[2] - from[2]) / length];
  const position: Vec3 = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2, (from[2] + to[2]) / 2];
  // Shortest turn from +Z to the direction; half a turn about X where it points down.
  if (z < -0.999999) return { position, orientation: [1, 0, 0, 0] };
  const w = Math.sqrt((1 + z) / 2);
  return { position, orientation: [-y / (2 * w), x / (2 * w), 0, w] };
}
