import type { Capture } from '../../core/capture.ts';
import { inverse, rotate, type Vec3 } from '../../core/geometry.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { sampleCount } from '../../core/trajectory.ts';
import type { ArmSpheres } from './arm-spheres.ts';

/** Cells of the depth picture, in pixels of the camera: coarse, since a cloud was thinned. */
const CELL = 8;
/** A place this far behind what was seen is inside it or behind it [m]. */
const DEPTH_SLACK = 0.02;
const CHECKED = 60;

/** What a view needs to tell seen space from unseen: a cloud in base and the camera that saw it. */
export type View = Pick<Capture, 'cloud' | 'cameraPose' | 'intrinsics'>;

/**
 * Which share of the places that the arm's links pass through the camera did not see: outside its picture, behind
 * something, or where it measured nothing, 0..1. Such space is unknown, not free. Undefined where the camera's place or its
 * intrinsics are not known. Places are the links' middles and the tool.
 */
export function unseenShare(t: Trajectory, arm: ArmSpheres, view: View): number | undefined {
  const { cloud, cameraPose, intrinsics } = view;
  if (!cameraPose || !intrinsics) return undefined;
  const { width, height, fx, fy, cx, cy } = intrinsics;
  const columns = Math.ceil(width / CELL);
  const rows = Math.ceil(height / CELL);
  const toCamera = inverse(cameraPose);
  const cellOf = (x: number, y: number, z: number): { cell: number; depth: number } | undefined => {
    const p = rotate(toCamera.orientation, [x, y, z] as Vec3);
    const depth = p[2] + toCamera.position[2];
    if (depth <= 0) return undefined;
    const u = Math.floor((cx + (fx * (p[0] + toCamera.position[0])) / depth) / CELL);
    const v = Math.floor((cy + (fy * (p[1] + toCamera.position[1])) / depth) / CELL);
    return u < 0 || v < 0 || u >= columns || v >= rows ? undefined : { cell: v * columns + u, depth };
  };
  const farthest = new Float32Array(columns * rows);
  const { positions } = cloud;
  for (let p = 0; p < positions.length; p += 3) {
    const at = cellOf(positions[p] as number, positions[p + 1] as number, positions[p + 2] as number);
    if (at && at.depth > (farthest[at.cell] as number)) farthest[at.cell] = at.depth;
  }
  const n = sampleCount(t);
  const d = t.jointNames.length;
  const step = Math.max(1, Math.floor(n / CHECKED));
  let places = 0;
  let unseen = 0;
  const judge = (x: number, y: number, z: number): void => {
    places++;
    const at = cellOf(x, y, z);
    if (!at || at.depth > (farthest[at.cell] as number) + DEPTH_SLACK) unseen++;
  };
  for (let i = 0; i < n; i += step) {
    arm.place(t.joints.subarray(i * d, (i + 1) * d), t.gripper[i] as number);
    for (const { center } of arm.groups) judge(center[0] as number, center[1] as number, center[2] as number);
    judge(t.tool[7 * i] as number, t.tool[7 * i + 1] as number, t.tool[7 * i + 2] as number);
  }
  return places === 0 ? 0 : unseen / places;
}
