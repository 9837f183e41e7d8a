import { compose, matrixFromQuat, type Pose } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { SceneGeom, SceneShape } from '../core/scene.ts';
import { keepWhere } from './transform.ts';

/** A robot's solids, where they stand at the cloud's stamp. */
export interface PlacedSolid {
  readonly geom: SceneGeom;
  /** of the link that carries it, in the cloud's frame */
  readonly link: Pose;
}

/** Solids of all links for link poses in the same order. */
export function placedSolids(
  linkNames: readonly string[],
  solids: ReadonlyMap<string, readonly SceneGeom[]>,
  linkPoses: readonly Pose[],
): PlacedSolid[] {
  return linkNames.flatMap((name, i) =>
    (solids.get(name) ?? []).map((geom) => ({ geom, link: linkPoses[i]! })),
  );
}

/** The cloud without points that are on or within `margin` [m] of the robot's own solids. Meshes are not filtered. */
export function removeRobot(cloud: PointCloud, solids: readonly PlacedSolid[], margin: number): PointCloud {
  const own = robotPoints(cloud, solids, margin);
  return keepWhere(cloud, (i) => own[i] === 0);
}

/** 1 for every point within `margin` [m] of a solid, else 0. */
export function robotPoints(cloud: PointCloud, solids: readonly PlacedSolid[], margin: number): Uint8Array {
  const own = new Uint8Array(cloud.count);
  const p = cloud.positions;
  for (const { geom, link } of solids) {
    const pose = compose(link, geom.pose);
    const inside = insideTest(geom.shape, margin);
    if (!inside) continue;
    const [cx, cy, cz] = pose.position;
    const m = matrixFromQuat(pose.orientation) as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const reach = boundingRadius(geom.shape) + margin;
    const limit = reach * reach;
    for (let i = 0; i < cloud.count; i++) {
      const x = p[3 * i]! - cx;
      const y = p[3 * i + 1]! - cy;
      const z = p[3 * i + 2]! - cz;
      if (x * x + y * y + z * z > limit || own[i] === 1) continue;
      // The transpose takes the point into the solid's frame.
      const lx = m[0] * x + m[3] * y + m[6] * z;
      const ly = m[1] * x + m[4] * y + m[7] * z;
      const lz = m[2] * x + m[5] * y + m[8] * z;
      if (inside(lx, ly, lz)) own[i] = 1;
    }
  }
  return own;
}

function boundingRadius(shape: SceneShape): number {
  switch (shape.kind) {
    case 'box':
      return Math.hypot(...shape.size) / 2;
    case 'sphere':
      return shape.radius;
    case 'cylinder':
      return Math.hypot(shape.radius, shape.length / 2);
    case 'capsule':
      return shape.radius + shape.length / 2;
    case 'mesh':
      return 0;
  }
}

/** Is a point of the solid's own frame within `margin` of it? */
function insideTest(
  shape: SceneShape,
  margin: number,
): ((x: number, y: number, z: number) => boolean) | undefined {
  switch (shape.kind) {
    case 'box': {
      const [hx, hy, hz] = shape.size.map((s) => s / 2) as [number, number, number];
      return (x, y, z) =>
        Math.hypot(
          Math.max(0, Math.abs(x) - hx),
          Math.max(0, Math.abs(y) - hy),
          Math.max(0, Math.abs(z) - hz),
        ) <= margin;
    }
    case 'sphere': {
      const r = shape.radius + margin;
      return (x, y, z) => x * x + y * y + z * z <= r * r;
    }
    case 'cylinder': {
      const { radius, length } = shape;
      return (x, y, z) =>
        Math.hypot(Math.max(0, Math.hypot(x, y) - radius), Math.max(0, Math.abs(z) - length / 2)) <= margin;
    }
    case 'capsule': {
      const { radius, length } = shape;
      const r = radius + margin;
      return (x, y, z) => {
        const beyond = Math.max(0, Math.abs(z) - length / 2);
        return x * x + y * y + beyond * beyond <= r * r;
      };
    }
    case 'mesh':
      return undefined;
  }
}
