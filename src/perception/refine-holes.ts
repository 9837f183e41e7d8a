import type { PointCloud } from '../core/point-cloud.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { fitHole } from './fit-hole.ts';

/**
 * Detected round holes, and what they are in, moved to where the cloud shows the hole's edge; a detector's few millimetres are
 * more than a peg has room. What the cloud does not show stays as it was. Positions are in base [m].
 */
export function refineHoles(objects: readonly SceneObject[], cloud: PointCloud): readonly SceneObject[] {
  const offsets = new Map<string, readonly [number, number]>();
  for (const object of objects) {
    if (object.shape !== 'hole' || object.source !== 'detections') continue;
    const [x, y, z] = object.pose.position;
    const [sx, sy, sz] = object.size;
    const found = fitHole(cloud.positions, { x, y, z: z + sz / 2, radius: (sx + sy) / 4 });
    if (found === undefined) continue;
    const offset = [found.x - x, found.y - y] as const;
    offsets.set(object.id, offset);
    if (object.partOf !== undefined) offsets.set(object.partOf, offset);
  }
  if (offsets.size === 0) return objects;
  return objects.map((object) => {
    const offset = offsets.get(object.id);
    if (offset === undefined) return object;
    const [x, y, z] = object.pose.position;
    return { ...object, pose: { ...object.pose, position: [x + offset[0], y + offset[1], z] } };
  });
}
