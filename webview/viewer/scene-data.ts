import type { CameraIntrinsics } from '../../src/core/capture.ts';
import type { Pose, Vec3 } from '../../src/core/geometry.ts';
import type {
  BoxesLayer,
  FramesLayer,
  RefusedSample,
  Scene,
  SceneGeom,
  SceneShape,
  TrajectoryLayer,
} from '../../src/core/scene.ts';
import type { Waypoint } from '../../src/core/waypoint.ts';
import type { UrdfBody } from './urdf/urdf-body.ts';

/*
 * A scene with its buffers in memory: what layers are drawn from. Positions are as written, so for a scene with an
 * `origin` they are relative to it.
 */

interface Loaded {
  readonly id: string;
  readonly label: string;
  readonly cell: string | undefined;
  readonly hidden: boolean;
  /** changes whenever the content does; a layer with the same signature is kept on screen as it is */
  readonly signature: string;
}

export interface CloudData extends Loaded {
  readonly kind: 'cloud';
  readonly count: number;
  /** [n,3] m, finite */
  readonly positions: Float32Array;
  /** [n,3] 0..255 */
  readonly colors?: Uint8Array;
  /** each [n] */
  readonly fields: Readonly<Record<string, Float32Array>>;
  /** before decimation */
  readonly total: number;
  /** not-a-number positions left out */
  readonly dropped: number;
}

export interface WaypointsData extends Loaded {
  readonly kind: 'waypoints';
  readonly waypoints: readonly Waypoint[];
}

export interface TrajectoryData extends Loaded {
  readonly kind: 'trajectory';
  readonly role: TrajectoryLayer['role'];
  readonly count: number;
  /** [n] s, ascending */
  readonly times: Float64Array;
  /** [n,7] */
  readonly tool: Float32Array;
  /** [n] 0..1 */
  readonly gripper: Float32Array;
  readonly jointNames: readonly string[];
  /** [n,d] rad */
  readonly joints?: Float32Array;
  /** [n,d] rad/s */
  readonly velocities?: Float32Array;
  /** [n] m */
  readonly clearance?: Float32Array;
  readonly clearanceLimit?: number;
  /** [n] m */
  readonly deviation?: Float32Array;
  readonly events: TrajectoryLayer['events'];
  readonly refused: readonly RefusedSample[];
  readonly dropped: number;
}

/** Solids with their mesh buffers decoded. */
export type LoadedShape =
  | Exclude<SceneShape, { kind: 'mesh' }>
  | { readonly kind: 'mesh'; readonly vertices: Float32Array; readonly indices: Uint32Array }
  | { readonly kind: 'missing' };

export interface LoadedGeom {
  readonly shape: LoadedShape;
  readonly pose: Pose;
  readonly color: SceneGeom['color'];
}

export interface RobotData extends Loaded {
  readonly kind: 'robot';
  readonly links: readonly { readonly name: string; readonly geoms: readonly LoadedGeom[] }[];
  /** [m] s */
  readonly times: Float64Array;
  /** [m, links, 7] */
  readonly poses: Float32Array;
}

export interface UrdfData extends Loaded {
  readonly kind: 'urdf';
  readonly body: UrdfBody;
  readonly jointNames: readonly string[];
  /** [m] s */
  readonly times: Float64Array;
  /** [m, joints] */
  readonly joints: Float32Array;
}

export interface BoxesData extends Loaded {
  readonly kind: 'boxes';
  readonly boxes: BoxesLayer['boxes'];
}

export interface FramesData extends Loaded {
  readonly kind: 'frames';
  readonly frames: FramesLayer['frames'];
}

export interface CameraData extends Loaded {
  readonly kind: 'camera';
  readonly pose: Pose;
  readonly intrinsics: CameraIntrinsics;
  readonly far: number;
}

export type LayerData =
  CloudData | WaypointsData | TrajectoryData | RobotData | UrdfData | BoxesData | FramesData | CameraData;

export interface LoadedScene {
  readonly kind: Scene['kind'];
  readonly title: string;
  /** id of the cell that it is the output of */
  readonly cell: string;
  readonly layers: readonly LayerData[];
  readonly origin: Vec3;
  /** what a person must know about what is not shown */
  readonly notes: readonly string[];
}
