import type { Capture } from '../../core/capture.ts';
import { processCapture } from '../../perception/process-capture.ts';
import type { CaptureBody } from '../file/cell-bodies.ts';
import type { World } from './services.ts';

/** One look with a camera, in base and without the robot's own points; things are segmented from the cloud. */
export async function lookNow(
  world: World,
  camera: string,
  { voxel, crop }: Pick<CaptureBody, 'voxel' | 'crop'>,
  signal: AbortSignal,
): Promise<Capture> {
  const { link, model } = world;
  const frame = await link.observe(camera, signal, { image: false });
  return processCapture(
    frame,
    { ...(voxel === undefined ? {} : { voxel }), ...(crop === undefined ? {} : { crop }) },
    {
      linkNames: model.linkNames,
      solids: model.solids,
      linkPoses: (joints, gripper) => model.linkPoses(joints, gripper),
    },
  );
}
