import type { Pose } from './geometry.ts';
import type { PointCloud } from './point-cloud.ts';
import type { RobotState } from './robot-state.ts';
import type { SceneObject } from './scene-object.ts';
import { bytesOf, hashBytes, hashJson } from './hash.ts';

/** Pinhole intrinsics [px]. */
export interface CameraIntrinsics {
  readonly width: number;
  readonly height: number;
  readonly fx: number;
  readonly fy: number;
  readonly cx: number;
  readonly cy: number;
}

/** A point cloud as the robot saw it, already in `base`, with what is needed to trust and repeat it. */
export interface Capture {
  readonly cloud: PointCloud;
  /** camera name, names apart by commas where several were fused, or the file it was read from (base name only) */
  readonly source: string;
  /** the cameras that were fused, the first of which pose and intrinsics are of; absent for one camera or a file */
  readonly cameras?: readonly string[];
  /** camera optical frame (+Z forward, +X right, +Y down) in base, where known */
  readonly cameraPose?: Pose;
  readonly intrinsics?: CameraIntrinsics;
  readonly robot?: RobotState;
  /** what a detector or segmentation found in it */
  readonly objects: readonly SceneObject[];
  /** points before cropping, voxels and the robot's own points were taken away */
  readonly rawCount: number;
  /** what a person has to know of how it was read */
  readonly note?: string;
  /** SHA-256 over the cloud's content */
  readonly hash: string;
}

/** The camera whose pose and picture go with a capture; a file's name for one from a file. */
export const mainCamera = ({ cameras, source }: Pick<Capture, 'cameras' | 'source'>): string =>
  cameras?.[0] ?? source;

/** Content hash of a cloud: frame and points; neither file name nor wall time. */
export function cloudHash(cloud: PointCloud): string {
  return hashJson({
    frame: cloud.frame,
    count: cloud.count,
    positions: hashBytes(bytesOf(cloud.positions)),
    colors: cloud.colors ? hashBytes(bytesOf(cloud.colors)) : null,
    fields: Object.fromEntries(
      Object.entries(cloud.fields ?? {}).map(([name, values]) => [name, hashBytes(bytesOf(values))]),
    ),
  });
}
