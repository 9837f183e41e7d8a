import { matrixFromQuat, type Pose, type Vec3 } from '../core/geometry.ts';
import { selectPoints, type PointCloud } from '../core/point-cloud.ts';

/** The cloud as seen from `base`, given where its frame is there; points that are not finite are left out. */
export function toBase(cloud: PointCloud, pose: Pose): PointCloud {
  const finite = dropInvalid(cloud);
  const m = matrixFromQuat(pose.orientation);
  const [px, py, pz] = pose.position;
  const from = finite.positions;
  const positions = new Float32Array(from.length);
  for (let i = 0; i < from.length; i += 3) {
    const x = from[i]!;
    const y = from[i + 1]!;
    const z = from[i + 2]!;
    positions[i] = m[0] * x + m[1] * y + m[2] * z + px;
    positions[i + 1] = m[3] * x + m[4] * y + m[5] * z + py;
    positions[i + 2] = m[6] * x + m[7] * y + m[8] * z + pz;
  }
  return { ...finite, frame: 'base', positions };
}

/** Without the points that a camera had no depth for. */
export function dropInvalid(cloud: PointCloud): PointCloud {
  const p = cloud.positions;
  return keepWhere(cloud, (i) => Number.isFinite(p[3 * i]! + p[3 * i + 1]! + p[3 * i + 2]!));
}

/** Points inside an axis-aligned box, borders included. */
export function cropBox(cloud: PointCloud, box: { readonly min: Vec3; readonly max: Vec3 }): PointCloud {
  const { min, max } = box;
  const p = cloud.positions;
  return keepWhere(cloud, (i) => {
    const x = p[3 * i]!;
    const y = p[3 * i + 1]!;
    const z = p[3 * i + 2]!;
    return x >= min[0] && x <= max[0] && y >= min[1] && y <= max[1] && z >= min[2] && z <= max[2];
  });
}

/** Points whose index passes `keep`, in order; the cloud itself where all do. */
export function keepWhere(cloud: PointCloud, keep: (index: number) => boolean): PointCloud {
  const indices = new Int32Array(cloud.count);
  let n = 0;
  for (let i = 0; i < cloud.count; i++) if (keep(i)) indices[n++] = i;
  return n === cloud.count ? cloud : selectPoints(cloud, indices.subarray(0, n));
}
