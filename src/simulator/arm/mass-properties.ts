import { matrixFromQuat, type Vec3 } from '../../core/geometry.ts';
import type { Solid, SolidShape } from './arm-description.ts';

/** Mass [kg], centre of mass [m] and inertia about it [kg·m²] as xx, yy, zz, xy, xz, yz, in the link's frame. */
export interface MassProperties {
  readonly mass: number;
  readonly centre: Vec3;
  readonly inertia: readonly [number, number, number, number, number, number];
}

/** m³ */
export function volumeOf(shape: SolidShape): number {
  switch (shape.kind) {
    case 'box':
      return shape.size[0] * shape.size[1] * shape.size[2];
    case 'sphere':
      return (4 / 3) * Math.PI * shape.radius ** 3;
    case 'cylinder':
      return Math.PI * shape.radius ** 2 * shape.length;
    case 'capsule':
      return Math.PI * shape.radius ** 2 * (shape.length + (4 / 3) * shape.radius);
  }
}

/** Principal moments of a homogeneous solid about its own centre, axes of the shape. */
export function principalInertia(shape: SolidShape, mass: number): Vec3 {
  switch (shape.kind) {
    case 'box': {
      const [x, y, z] = shape.size;
      return [(mass * (y * y + z * z)) / 12, (mass * (x * x + z * z)) / 12, (mass * (x * x + y * y)) / 12];
    }
    case 'sphere': {
      const i = 0.4 * mass * shape.radius ** 2;
      return [i, i, i];
    }
    case 'cylinder': {
      const across = (mass * (3 * shape.radius ** 2 + shape.length ** 2)) / 12;
      return [across, across, 0.5 * mass * shape.radius ** 2];
    }
    case 'capsule': {
      // A cylinder and two half spheres, each half sphere's centre of mass 3/8 r beyond the cylinder's end.
      const { radius: r, length: l } = shape;
      const cylinderMass = (mass * l) / (l + (4 / 3) * r);
      const capsMass = mass - cylinderMass;
      const across =
        cylinderMass * ((l * l) / 12 + (r * r) / 4) +
        capsMass * (0.4 * r * r + (l * l) / 4 + (3 / 8) * l * r);
      return [across, across, 0.5 * cylinderMass * r * r + 0.4 * capsMass * r * r];
    }
  }
}

/** Properties of a rigid group of homogeneous solids that share one density; overlaps count twice. */
export function massProperties(solids: readonly Solid[], mass: number): MassProperties {
  const volume = solids.reduce((sum, solid) => sum + volumeOf(solid.shape), 0);
  const masses = solids.map((solid) => (mass * volumeOf(solid.shape)) / volume);
  const centre: [number, number, number] = [0, 0, 0];
  solids.forEach((solid, i) => {
    for (let k = 0; k < 3; k++)
      centre[k]! += ((masses[i] as number) / mass) * (solid.pose.position[k] as number);
  });
  const total: [number, number, number, number, number, number] = [0, 0, 0, 0, 0, 0];
  solids.forEach((solid, i) => {
    const m = masses[i] as number;
    const principal = principalInertia(solid.shape, m);
    const r = matrixFromQuat(solid.pose.orientation);
    const rotated = (row: number, column: number): number =>
      principal.reduce(
        (sum, p, k) => sum + (r[3 * row + k] as number) * p * (r[3 * column + k] as number),
        0,
      );
    const d = solid.pose.position.map((x, k) => x - (centre[k] as number)) as [number, number, number];
    const dd = d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
    const entries: [number, number][] = [
      [0, 0],
      [1, 1],
      [2, 2],
      [0, 1],
      [0, 2],
      [1, 2],
    ];
    entries.forEach(([a, b], k) => {
      total[k]! += rotated(a, b) + m * ((a === b ? dd : 0) - (d[a] as number) * (d[b] as number));
    });
  });
  return { mass, centre, inertia: total };
}
