import type { Vec3 } from '../../core/geometry.ts';
import { transformPoint } from '../../core/geometry.ts';
import type { SceneGeom, SceneShape } from '../../core/scene.ts';

/** Spheres that fill a solid, in its link's frame. */
export interface Sphere {
  readonly center: Vec3;
  /** m */
  readonly radius: number;
}

/** Boxes and rims are filled with spheres of at most this radius [m]: a corner sticks out by at most 0.73 of it. */
const FINE = 0.012;

/** Spheres for a link's solids. Capsules and spheres are met within 3 % of their radius, flat ends and corners within 9 mm. */
export function spheresOf(geoms: readonly SceneGeom[]): Sphere[] {
  return geoms.flatMap(({ shape, pose }) =>
    localSpheres(shape).map(({ center, radius }) => ({ center: transformPoint(pose, center), radius })),
  );
}

function localSpheres(shape: SceneShape): Sphere[] {
  switch (shape.kind) {
    case 'sphere':
      return [{ center: [0, 0, 0], radius: shape.radius }];
    case 'capsule':
      return alongZ(shape.length, shape.radius, shape.radius / 2);
    case 'cylinder':
      return cylinderSpheres(shape.radius, shape.length);
    case 'box':
      return boxSpheres(shape.size);
    case 'mesh':
      // Meshes do not come over a robot link; the model warns that their links have no collision shape.
      return [];
  }
}

function alongZ(length: number, radius: number, spacing: number): Sphere[] {
  const n = Math.max(1, Math.ceil(length / spacing));
  return Array.from({ length: n + 1 }, (_, i) => ({
    center: [0, 0, length * (i / n - 0.5)] as Vec3,
    radius,
  }));
}

/** A core of inscribed spheres, and rings of fine ones along both rims. */
function cylinderSpheres(radius: number, length: number): Sphere[] {
  const core = Math.min(radius, length / 2);
  const spheres = alongZ(length - 2 * core, core, core / 2);
  if (core < radius) return [...spheres, ...boxSpheres([2 * radius, 2 * radius, length])];
  const fine = Math.min(FINE, core);
  const ring = radius - fine;
  const n = Math.max(6, Math.ceil((2 * Math.PI * ring) / (2 * fine)));
  for (const z of [length / 2 - fine, fine - length / 2]) {
    for (let i = 0; i < n; i++) {
      const angle = (2 * Math.PI * i) / n;
      spheres.push({ center: [ring * Math.cos(angle), ring * Math.sin(angle), z], radius: fine });
    }
  }
  return spheres;
}

/** The box's surface in fine spheres; those inside would never be the nearest. */
function boxSpheres(size: Vec3): Sphere[] {
  const radius = Math.min(FINE, ...size.map((s) => s / 2));
  const ticks = size.map((s) => {
    const span = s - 2 * radius;
    const n = Math.max(span > 1e-9 ? 1 : 0, Math.ceil(span / (1.5 * radius)));
    return Array.from({ length: n + 1 }, (_, i) => (n === 0 ? 0 : span * (i / n - 0.5)));
  }) as [number[], number[], number[]];
  const spheres: Sphere[] = [];
  const [xs, ys, zs] = ticks;
  xs.forEach((x, i) =>
    ys.forEach((y, j) =>
      zs.forEach((z, k) => {
        const inside = i > 0 && i < xs.length - 1 && j > 0 && j < ys.length - 1 && k > 0 && k < zs.length - 1;
        if (!inside) spheres.push({ center: [x, y, z], radius });
      }),
    ),
  );
  return spheres;
}
