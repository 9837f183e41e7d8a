import { type Capture, cloudHash } from '../../../core/capture.ts';
import { selectPoints } from '../../../core/point-cloud.ts';
import type { SceneObject } from '../../../core/scene-object.ts';
import { segmentObjects } from '../../../perception/segment-objects.ts';
import { distanceToBox } from '../../../robot/gate/contacts.ts';

/** What is held may have slipped, and segmentation sees less than all of it [m]. */
const MARGIN = 0.02;

/**
 * A capture without what the gripper carries: it moves with the arm, and would be taken for the thing that it is carried
 * to. `held` is where it is at the capture's stamp, in base.
 */
export function withoutHeld(capture: Capture, held: SceneObject): Capture {
  const size = [held.size[0] + 2 * MARGIN, held.size[1] + 2 * MARGIN, held.size[2] + 2 * MARGIN] as const;
  const box = { pose: held.pose, size };
  const { positions, count } = capture.cloud;
  const kept: number[] = [];
  for (let i = 0; i < count; i++) {
    const [x = 0, y = 0, z = 0] = positions.subarray(3 * i, 3 * i + 3);
    if (distanceToBox(box, [x, y, z]) > 0) kept.push(i);
  }
  if (kept.length === count) return capture;
  const cloud = selectPoints(capture.cloud, kept);
  return { ...capture, cloud, objects: segmentObjects(cloud), hash: cloudHash(cloud) };
}
