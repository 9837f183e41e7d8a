import type { CameraIntrinsics } from '../core/capture.ts';
import type { Pose } from '../core/geometry.ts';
import type { SceneGeom } from '../core/scene.ts';
import type { Goal } from './goals.ts';
import type { SceneObject } from '../core/scene-object.ts';

/** What a depth camera gets wrong. All zero means exact. */
export interface SensorNoise {
  /** standard deviation of depth at 1 m; grows with depth squared [m] */
  readonly depthAtOneMetre: number;
  /** probability that a pixel at a depth edge reads between the two surfaces */
  readonly flyingPixels: number;
  /** probability that a pixel gives nothing; three times that at grazing incidence */
  readonly holes: number;
  /** disparity step at 1 m, so that the depth step grows with depth squared [m] */
  readonly quantisation: number;
  /** standard deviation per axis of the pose that the robot believes a camera has, fixed by the seed */
  readonly extrinsicPosition: number;
  /** rad */
  readonly extrinsicRotation: number;
}

/** What the built-in detector gets wrong, fixed per object by the seed. */
export interface DetectionNoise {
  /** standard deviation per axis [m] */
  readonly position: number;
  /** standard deviation about the vertical [rad] */
  readonly yaw: number;
}

export interface WorldOptions {
  /**
   * A scene's name or alias, optionally with switches: `stack`, `tabletop?distractors=3&obstacles=2`. Switches:
   * `distractors`, `obstacles` (how many), `noise=off|normal`, `arm` (a name of the arm catalogue), `object` (a shape
   * family for what the task handles), `goal=RELATION:THING:THING` (once or more; replaces the task's own goal). Options given beside it win.
   */
  readonly scene: string;
  /** integer, 0 … 2^31-1: decides the whole scene and all noise */
  readonly seed: number;
  readonly noise?: 'off' | 'normal' | Partial<SensorNoise>;
  readonly detectionNoise?: DetectionNoise;
  readonly distractors?: number;
  readonly obstacles?: number;
  /** name in the arm catalogue; the default is the Panda-class arm */
  readonly arm?: string;
  /** shape family that replaces the task's own subject, where the task has one */
  readonly object?: string;
  /** what must come true instead of the task's own goal: all of them */
  readonly goals?: readonly Goal[];
}

export interface WorldCamera {
  readonly name: string;
  /** `<name>_optical_frame`: +Z forward, +X right, +Y down */
  readonly frame: string;
  readonly intrinsics: CameraIntrinsics;
  /** link that carries it: `base` for the fixed ones, a link of the hand for `wrist` */
  readonly parentFrame: string;
  /** optical frame in the parent, as the robot believes; what `/tf` publishes */
  readonly poseInParent: Pose;
}

/** One depth image and its points, in the camera's optical frame. */
export interface WorldCloud {
  readonly width: number;
  readonly height: number;
  /** [width·height·3] m, row by row; NaN where the camera saw nothing */
  readonly positions: Float32Array;
  /** [width·height·3] shaded RGB */
  readonly colors: Uint8Array;
  /** [width·height] m along +Z of the optical frame; NaN where the camera saw nothing */
  readonly depth: Float32Array;
}

export interface WorldImage {
  readonly width: number;
  readonly height: number;
  /** [width·height·3] */
  readonly rgb: Uint8Array;
}

/** A rigid thing that can be drawn: a robot link, an object, or the table. */
export interface WorldBody {
  readonly name: string;
  readonly kind: 'robot' | 'object' | 'fixture';
  readonly geoms: readonly SceneGeom[];
  /** in base, now */
  readonly pose: Pose;
}

/** Verdict of the scene's success predicate (same shape as the robot link's `TaskVerdict`). */
export interface WorldVerdict {
  readonly task: string;
  readonly success: boolean;
  readonly reason: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Facts about the arm that its server and clients need. Joint vectors are in `joints` order. */
export interface WorldArm {
  readonly name: string;
  /** `joint1` … */
  readonly joints: readonly string[];
  /** rad, rad/s, rad/s², N·m per joint */
  readonly limits: readonly {
    readonly lower: number;
    readonly upper: number;
    readonly velocity: number;
    readonly acceleration: number;
    readonly effort: number;
  }[];
  /** rad: where it starts */
  readonly home: readonly number[];
  readonly gripper: {
    readonly joint: string;
    /** travel of one finger, 0 closed [m] */
    readonly open: number;
    /** between the fingertips when open [m] */
    readonly width: number;
    /** m/s of one finger */
    readonly speed: number;
    /** N */
    readonly maxEffort: number;
  };
}

/**
 * The physical world: one arm, one scene, one task. Time passes only in `step`. The same options and the same calls
 * give the same bits on one machine. Must be disposed: it owns memory outside the garbage collector's reach.
 */
export interface World extends Disposable {
  /** canonical scene name, without switches */
  readonly scene: string;
  readonly seed: number;
  /** what people call the task, as an instruction: "put the red cube in the blue bowl" */
  readonly instruction: string;
  /** s */
  readonly time: number;
  /** s, 0.002 */
  readonly timestep: number;
  readonly arm: WorldArm;
  readonly cameras: readonly WorldCamera[];
  /** what `/robot_description` publishes */
  readonly urdf: string;

  /** Servo set-points [rad, rad/s]; held until the next call. Throws a RangeError on wrong lengths and NaN. */
  setArmTarget(joints: ArrayLike<number>, velocities?: ArrayLike<number>): void;
  /** Set-point of one finger [m] and the force it may use [N]. The finger moves there at the gripper's own speed. */
  setGripperTarget(fingerPosition: number, effort: number): void;
  /** One physics step. Throws `internal/bug` when the physics diverged. */
  step(): void;

  armState(position: Float64Array, velocity: Float64Array, effort: Float64Array): void;
  /** m, mean of both fingers */
  fingerPosition(): number;
  /** m/s */
  fingerVelocity(): number;
  /** N, as the actuator pushes now; positive opens */
  fingerEffort(): number;

  renderCloud(camera: string): WorldCloud;
  /** Noise-free shaded picture, one ray a pixel. `scale` (1 … 8) multiplies width and height. */
  renderImage(camera: string, scale?: number): WorldImage;
  /** Optical frame in base now, as the robot believes: extrinsic noise applies to the truth, not to this. */
  cameraPose(camera: string): Pose;
  /** All things with a label, in a fixed order, with the truth's poses (plus `detectionNoise`, where asked for). */
  detections(): SceneObject[];
  /** Frames of the URDF in base now, by link name. */
  linkPoses(): ReadonlyMap<string, Pose>;
  /** What can be drawn. Static geometry first; names are unique and stable. */
  describeScene(): WorldBody[];

  /**
   * Puts a movable thing elsewhere, at rest, as a hand would between two glances. `id` as in `detections`. Throws
   * `input/reference` for what is not there or is fixed.
   */
  moveObject(id: string, pose: Pose): void;
  /** Sets a slide or hinge to `travel` [m or rad], at rest, clamped to its range. Throws as `moveObject` does. */
  setTravel(id: string, travel: number): void;

  /** SHA-256 over time and every position and velocity, bit by bit. */
  stateHash(): string;
  /** Everything that decides the future: physics state, warm start and set-points. */
  snapshot(): Uint8Array;
  /** Throws `input/format` where the bytes are not a snapshot of this scene and seed. */
  restore(bytes: Uint8Array): void;
  taskVerdict(): WorldVerdict;
}

/** What only a simulator knows: for demonstrations, oracle waypoints and tests; no robot publishes it. */
export interface GroundTruth {
  /**
   * Tool poses in base that hold a thing, best first, with the width between the fingers there [m]: the truth, for
   * demonstrations and oracle waypoints. Empty for what is not meant to be held.
   */
  grasps(id: string): { readonly pose: Pose; readonly width: number }[];
}

/** A scene that `createWorld` knows. */
export interface SceneInfo {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly summary: string;
}
