import type { CameraIntrinsics } from '../../core/capture.ts';
import { cross, normalize, quatFromMatrix, subtract, type Pose, type Vec3 } from '../../core/geometry.ts';
import { BASE_FRAME, HAND_LINK } from '../arm/arm-description.ts';

/** A camera as it is mounted. */
export interface CameraMount {
  readonly name: string;
  /** link that carries it */
  readonly parent: string;
  /** optical frame in the parent, as built and as the robot believes */
  readonly pose: Pose;
  readonly intrinsics: CameraIntrinsics;
}

/** Optical frame (+Z forward, +X right, +Y down) at `eye`, looking at `target`; `up` is up in the picture. */
export function lookAt(eye: Vec3, target: Vec3, up: Vec3): Pose {
  const forward = normalize(subtract(target, eye));
  const right = normalize(cross(forward, up));
  const down = cross(forward, right);
  const columns = [right, down, forward];
  const matrix = [0, 1, 2].flatMap((row) => columns.map((column) => column[row] as number));
  return { position: eye, orientation: quatFromMatrix(matrix) };
}

/** Pixel centres lie at whole numbers, so the middle of the picture is (w-1)/2. */
function pinhole(width: number, height: number, focal: number): CameraIntrinsics {
  return { width, height, fx: focal, fy: focal, cx: (width - 1) / 2, cy: (height - 1) / 2 };
}

const WIDTH = 160;
const HEIGHT = 120;
const WORK_CENTRE: Vec3 = [0.48, 0, 0.03];

/** Three fixed cameras round the work area and one on the hand that looks at the fingertips. */
export const cameraRig: readonly CameraMount[] = [
  {
    name: 'front',
    parent: BASE_FRAME,
    pose: lookAt([1.12, 0, 0.62], WORK_CENTRE, [0, 0, 1]),
    intrinsics: pinhole(WIDTH, HEIGHT, 178),
  },
  {
    name: 'left',
    parent: BASE_FRAME,
    pose: lookAt([0.46, 0.78, 0.58], WORK_CENTRE, [0, 0, 1]),
    intrinsics: pinhole(WIDTH, HEIGHT, 178),
  },
  {
    // Up in the picture is away from the arm, as somebody standing at the robot's base would see it.
    name: 'top',
    parent: BASE_FRAME,
    pose: lookAt([0.5, 0, 1.05], [0.5, 0, 0], [1, 0, 0]),
    intrinsics: pinhole(WIDTH, HEIGHT, 196),
  },
  {
    name: 'wrist',
    parent: HAND_LINK,
    pose: lookAt([0.075, 0, 0.02], [0.012, 0, 0.22], [1, 0, 0]),
    intrinsics: pinhole(WIDTH, HEIGHT, 138),
  },
];

/** The same view with `scale` times as many pixels each way. Throws a RangeError beyond 8. */
export function scaledIntrinsics(intrinsics: CameraIntrinsics, scale: number): CameraIntrinsics {
  if (!Number.isInteger(scale) || scale < 1 || scale > 8)
    throw new RangeError('renderImage: scale must be 1 … 8');
  const { width, height, fx, fy } = intrinsics;
  return {
    width: width * scale,
    height: height * scale,
    fx: fx * scale,
    fy: fy * scale,
    cx: (width * scale - 1) / 2,
    cy: (height * scale - 1) / 2,
  };
}

export const opticalFrame = (camera: string): string => `${camera}_optical_frame`;
