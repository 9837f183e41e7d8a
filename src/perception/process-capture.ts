import { cloudHash, type CameraIntrinsics, type Capture } from '../core/capture.ts';
import type { Pose, Vec3 } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { RobotState } from '../core/robot-state.ts';
import type { SceneGeom } from '../core/scene.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { fuseClouds } from './fuse-clouds.ts';
import { removeOutliers } from './outliers.ts';
import { refineHoles } from './refine-holes.ts';
import { segmentObjects } from './segment-objects.ts';
import { placedSolids, removeRobot } from './self-filter.ts';
import { cropBox, dropInvalid, toBase } from './transform.ts';
import { voxelGrid } from './voxel-grid.ts';

/** One camera's view as it came, in the camera's frame. `RobotLink.observe` gives one. */
export interface RawFrame {
  /** camera name, or the file that the cloud was read from */
  readonly camera: string;
  readonly cloud: PointCloud;
  /** cloud's frame in base */
  readonly cameraPose: Pose;
  readonly intrinsics?: CameraIntrinsics;
  /** robot state at the cloud's stamp */
  readonly robot?: RobotState;
}

/** The parts of a robot model that the self-filter needs. */
export interface RobotBody {
  readonly linkNames: readonly string[];
  readonly solids: ReadonlyMap<string, readonly SceneGeom[]>;
  linkPoses(joints: ArrayLike<number>, gripper?: number): Pose[];
}

export interface CaptureOptions {
  /** m; 0 keeps every point; default 4 mm */
  readonly voxel?: number;
  /** axis-aligned box in base [m]; absent: the default workspace */
  readonly crop?: { readonly min: Vec3; readonly max: Vec3 };
  /** leave the robot's own points in */
  readonly keepRobot?: boolean;
  /** round the robot's solids [m]; default 12 mm */
  readonly robotMargin?: number;
  /** what a detector reported; absent: things are segmented from the cloud */
  readonly detections?: readonly SceneObject[];
}

/** Reach of a table-top arm. */
export const DEFAULT_CROP = { min: [-0.2, -0.9, -0.1], max: [1.1, 0.9, 1.2] } as const satisfies {
  min: Vec3;
  max: Vec3;
};

/**
 * From a camera's frame to a capture in `base`: cropped, without the robot's own points and without flying pixels,
 * voxelised, with the things in it. Deterministic for equal input.
 */
export function processCapture(frame: RawFrame, options: CaptureOptions, body?: RobotBody): Capture {
  return processCaptures([frame], options, body);
}

/**
 * The same for several cameras that looked at one scene while nothing moved: their clouds are levelled and brought
 * together, and things are found in what all saw. Pose, intrinsics and stamp are the first camera's. Throws a RangeError
 * for no frames.
 */
export function processCaptures(
  frames: readonly RawFrame[],
  options: CaptureOptions,
  body?: RobotBody,
): Capture {
  const [frame] = frames;
  if (frame === undefined) throw new RangeError('processCaptures: no frames');
  const { voxel = 0.004, keepRobot = false } = options;
  const parts = frames.map((one) => cleaned(one, options, body));
  const clean = fuseClouds(parts.map((part) => part.kept));
  const cloud = voxel > 0 ? voxelGrid(clean, voxel) : clean;
  const objects = options.detections
    ? refineHoles(options.detections, clean)
    : segmentObjects(keepRobot ? fuseClouds(parts.map((part) => removeOutliers(part.without))) : clean);
  return {
    cloud,
    source: frames.map(({ camera }) => camera).join(', '),
    ...(frames.length > 1 ? { cameras: frames.map(({ camera }) => camera) } : {}),
    cameraPose: frame.cameraPose,
    ...(frame.intrinsics ? { intrinsics: frame.intrinsics } : {}),
    ...(frame.robot ? { robot: frame.robot } : {}),
    objects,
    rawCount: frames.reduce((sum, one) => sum + one.cloud.count, 0),
    hash: cloudHash(cloud),
  };
}

/** One camera's cloud in base, cropped and without flying pixels: what is kept of it, and what is not the robot. */
function cleaned(
  frame: RawFrame,
  { crop = DEFAULT_CROP, keepRobot = false, robotMargin = 0.012 }: CaptureOptions,
  body: RobotBody | undefined,
): { kept: PointCloud; without: PointCloud } {
  const inBase = cropBox(toBase(frame.cloud, frame.cameraPose), crop);
  const solids =
    body && frame.robot
      ? placedSolids(body.linkNames, body.solids, body.linkPoses(frame.robot.joints, frame.robot.gripper))
      : [];
  const without = removeRobot(inBase, solids, robotMargin);
  return { kept: removeOutliers(keepRobot ? inBase : without), without };
}

/** The same for a cloud that is in `base` already, such as one read from a file: no robot to take away. */
export function processCloud(
  cloud: PointCloud,
  options: Pick<CaptureOptions, 'voxel' | 'crop'> = {},
): PointCloud {
  const { voxel = 0.004, crop } = options;
  const finite = dropInvalid(cloud);
  const clean = removeOutliers(crop ? cropBox(finite, crop) : finite);
  return voxel > 0 ? voxelGrid(clean, voxel) : clean;
}
