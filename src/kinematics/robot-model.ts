import type { Pose } from '../core/geometry.ts';
import type { SceneGeom } from '../core/scene.ts';

/** Limits of one joint. Continuous joints have infinite position limits. */
export interface JointLimits {
  readonly name: string;
  /** rad */
  readonly lower: number;
  readonly upper: number;
  /** rad/s */
  readonly velocity: number;
  /** rad/s² */
  readonly acceleration: number;
}

/**
 * Kinematics of a loaded arm. Joint vectors are in `joints` order. Stateless to the caller: every call takes the
 * configuration. Must be disposed by whoever loaded it.
 */
export interface RobotModel extends Disposable {
  readonly name: string;
  readonly joints: readonly JointLimits[];
  /** links in tree order */
  readonly linkNames: readonly string[];
  /** drawable solids by link, in the link's frame */
  readonly geoms: ReadonlyMap<string, readonly SceneGeom[]>;
  /** what each link occupies, for self-filter and collision: its collision solids, or the drawable ones without */
  readonly solids: ReadonlyMap<string, readonly SceneGeom[]>;
  /** what the description lacked, for people: missing meshes, missing limits */
  readonly warnings: readonly string[];
  /** SHA-256 of what the model was built from */
  readonly hash: string;
  /** Tool pose in base. */
  forward(joints: ArrayLike<number>): Pose;
  /** The same without allocation: x, y, z [m], qx, qy, qz, qw into `out` from `offset`. */
  forwardInto(joints: ArrayLike<number>, out: Float64Array, offset?: number): void;
  /** Poses in base of all links, in `linkNames` order. `gripper` 0..1 moves the fingers. */
  linkPoses(joints: ArrayLike<number>, gripper?: number): Pose[];
  /** The same without allocation: seven numbers per link, in `linkNames` order. */
  linkPosesInto(joints: ArrayLike<number>, gripper: number, out: Float64Array): void;
  /** 6×d geometric Jacobian at the tool in base, row-major: three linear rows, then three angular. */
  jacobian(joints: ArrayLike<number>, out: Float64Array): void;
}

/** Nearest solution of inverse kinematics, or how far it got. */
export interface IkResult {
  readonly joints: Float64Array;
  readonly converged: boolean;
  /** m */
  readonly positionError: number;
  /** rad */
  readonly orientationError: number;
}
