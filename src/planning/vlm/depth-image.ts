import type { CameraIntrinsics } from '../../core/capture.ts';
import type { PointCloud } from '../../core/point-cloud.ts';

/**
 * Metres along the optical axis, row by row, of a cloud in the camera's optical frame: the nearest point that falls on
 * each pixel; NaN where none does. Organised or not makes no difference.
 */
export function depthImage(
  cloud: PointCloud,
  { width, height, fx, fy, cx, cy }: CameraIntrinsics,
): Float32Array {
  const depth = new Float32Array(width * height).fill(NaN);
  const p = cloud.positions;
  for (let i = 0; i < cloud.count; i++) {
    const z = p[3 * i + 2] as number;
    if (!(z > 0)) continue;
    const u = Math.round(((p[3 * i] as number) / z) * fx + cx);
    const v = Math.round(((p[3 * i + 1] as number) / z) * fy + cy);
    if (!(u >= 0 && v >= 0 && u < width && v < height)) continue;
    const known = depth[v * width + u] as number;
    if (!(known <= z)) depth[v * width + u] = z;
  }
  return depth;
}
