import type { CameraIntrinsics } from './capture.ts';
import type { Pose, Vec3 } from './geometry.ts';
import type { Provenance } from './provenance.ts';
import type { Waypoint } from './waypoint.ts';

/** MIME type of the output item that holds a {@link Scene}. */
export const SCENE_MIME = 'application/vnd.waybook.scene+json';
export const SCENE_VERSION = 1;
/** A preview larger than this is decimated: it travels through VS Code's output model. */
export const PREVIEW_LIMIT_BYTES = 256 * 1024;

export type BufferType = 'f32' | 'f64' | 'u8' | 'u16' | 'u32' | 'i32';

/** A typed array by content: inline, or in a sidecar file beside `index.json`. Little-endian. */
export interface SceneBuffer {
  readonly dtype: BufferType;
  readonly shape: readonly number[];
  readonly sha256: string;
  readonly base64?: string;
  /** relative to the folder that holds the preview; resolved by the viewer's host */
  readonly path?: string;
}

/** Drawable solids of a robot link or a simulated thing. Sizes are full extents [m]. */
export type SceneShape =
  | { readonly kind: 'box'; readonly size: Vec3 }
  | { readonly kind: 'sphere'; readonly radius: number }
  | { readonly kind: 'cylinder'; readonly radius: number; readonly length: number }
  | { readonly kind: 'capsule'; readonly radius: number; readonly length: number }
  | { readonly kind: 'mesh'; readonly vertices: SceneBuffer; readonly indices: SceneBuffer };

export interface SceneGeom {
  readonly shape: SceneShape;
  /** in its link's frame; cylinders and capsules lie along +Z */
  readonly pose: Pose;
  /** 0..255 */
  readonly color?: readonly [number, number, number];
}

interface LayerBase {
  /** unique within the scene, stable between runs: "refined", "executed", "cloud:table" */
  readonly id: string;
  readonly label: string;
  /** cell that made it */
  readonly cell?: string;
  readonly hidden?: boolean;
}

export interface CloudLayer extends LayerBase {
  readonly kind: 'cloud';
  /** f32 [n,3] */
  readonly positions: SceneBuffer;
  /** u8 [n,3] */
  readonly colors?: SceneBuffer;
  /** each f32 [n] */
  readonly fields?: Readonly<Record<string, SceneBuffer>>;
  /** points before decimation, where fewer are shown */
  readonly total?: number;
}

export interface WaypointsLayer extends LayerBase {
  readonly kind: 'waypoints';
  /** in base, resolved */
  readonly waypoints: readonly Waypoint[];
}

export interface RefusedSample {
  readonly sample: number;
  /** "clearance", "velocity of joint4", … */
  readonly limitName: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
}

export interface TrajectoryLayer extends LayerBase {
  readonly kind: 'trajectory';
  readonly role: 'refined' | 'executed' | 'compared';
  /** f64 [n] s */
  readonly times: SceneBuffer;
  /** f32 [n,7] tool pose x y z qx qy qz qw */
  readonly tool: SceneBuffer;
  /** f32 [n] 0..1 */
  readonly gripper: SceneBuffer;
  readonly jointNames?: readonly string[];
  /** f32 [n,d] rad */
  readonly joints?: SceneBuffer;
  /** f32 [n,d] rad/s */
  readonly velocities?: SceneBuffer;
  /** f32 [n] m; NaN where unknown */
  readonly clearance?: SceneBuffer;
  /** m: the least clearance that is allowed */
  readonly clearanceLimit?: number;
  /** f32 [n] m: distance to where it should have been (executed), or to the coarse plan (refined) */
  readonly deviation?: SceneBuffer;
  readonly events: readonly {
    readonly t: number;
    readonly label: string;
    readonly kind: 'waypoint' | 'grip';
  }[];
  readonly refused?: readonly RefusedSample[];
}

/** A body whose links are drawn as solids; poses are given per frame of its own clock. */
export interface RobotLayer extends LayerBase {
  readonly kind: 'robot';
  readonly links: readonly { readonly name: string; readonly geoms: readonly SceneGeom[] }[];
  /** f64 [m] s; one entry where it does not move */
  readonly times: SceneBuffer;
  /** f32 [m, links, 7] link poses in base */
  readonly poses: SceneBuffer;
}

export interface BoxesLayer extends LayerBase {
  readonly kind: 'boxes';
  readonly boxes: readonly {
    readonly label: string;
    readonly pose: Pose;
    readonly size: Vec3;
    readonly score?: number;
    readonly role: 'detection' | 'target' | 'held' | 'workspace';
  }[];
}

export interface FramesLayer extends LayerBase {
  readonly kind: 'frames';
  readonly frames: readonly { readonly name: string; readonly pose: Pose }[];
}

export interface CameraLayer extends LayerBase {
  readonly kind: 'camera';
  readonly pose: Pose;
  readonly intrinsics: CameraIntrinsics;
  /** depth of the drawn frustum [m] */
  readonly far: number;
}

/**
 * An arm as its own URDF describes it, posed by joint values. A mesh is read from `meshes`, else by its file name where
 * that is a path relative to the preview; a mesh that is in neither place is left out, and its link's collision solids
 * stand in where it has some. Nothing is read from a network.
 */
export interface UrdfLayer extends LayerBase {
  readonly kind: 'urdf';
  /** u8 [n]: the description, UTF-8 */
  readonly urdf: SceneBuffer;
  /** link that frame `base` is fixed to; absent: the root */
  readonly baseLink?: string;
  readonly jointNames: readonly string[];
  /** f64 [m] s; one entry where it does not move */
  readonly times: SceneBuffer;
  /** f32 [m, joints] rad, or m of sliding joints */
  readonly joints: SceneBuffer;
  /** u8 [n] each: STL by the file name that the URDF gives */
  readonly meshes?: Readonly<Record<string, SceneBuffer>>;
}

export type SceneLayer =
  | CloudLayer
  | WaypointsLayer
  | TrajectoryLayer
  | RobotLayer
  | UrdfLayer
  | BoxesLayer
  | FramesLayer
  | CameraLayer;

/** A fact for the status row: "6 waypoints", "clearance 61 mm". */
export interface SceneFact {
  readonly name: string;
  readonly value: string;
}

/**
 * What one output shows, in frame `base`, metres. Version 1; later versions only add. A reader must skip layers
 * whose kind it does not know, and say so.
 */
export interface Scene {
  readonly version: number;
  readonly kind: 'capture' | 'plan' | 'refined' | 'executed' | 'live';
  /** id of the cell that this is the output of */
  readonly cell: string;
  readonly title: string;
  /** one line: what came out */
  readonly verdict: { readonly ok: boolean; readonly text: string };
  readonly facts: readonly SceneFact[];
  readonly layers: readonly SceneLayer[];
  /** subtracted from every position before it was written, for clouds far from the origin [m] */
  readonly origin?: Vec3;
  readonly notes?: readonly string[];
  readonly provenance?: Provenance;
}
