import type { Vec3 } from '../../core/geometry.ts';
import { transformPoint } from '../../core/geometry.ts';
import type { SceneGeom, SceneShape } from '../../core/scene.ts';

/** Spheres that fill a solid, in its link's frame. */
export interface Sphere {
  readonly center: Vec3;
  /** m */
  readonly radius: number;
}

/** Radius of the spheres along edges for things that come near others on purpose: corners stick out by 9 mm at most. */
export const FINE = 0.012;
/** The same for things that keep away [m]: rims stick out by 10 mm at most. */
export const COARSE = 0.025;

/** Spheres that fill a link's solids; capsules and spheres are met within 3 % of their radius, corners as `edge` says. */
export function spheresOf(geoms: readonly SceneGeom[], edge: number): Sphere[] {
  return geoms.flatMap(({ shape, pose }) =>
    localSpheres(shape, edge).map(({ center, radius }) => ({ center: transformPoint(pose, center), radius })),
  );
}

function localSpheres(shape: SceneShape, edge: number): Sphere[] {
  switch (shape.kind) {
    case 'sphere':
      return [{ center: [0, 0, 0], radius: shape.radius }];
    case 'capsule':
      return alongZ(shape.length, shape.radius, shape.radius / 2);
    case 'cylinder':
      return cylinderSpheres(shape.radius, shape.length, edge);
    case 'box':
      return boxSpheres(shape.size, edge);
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
function cylinderSpheres(radius: number, length: number, edge: number): Sphere[] {
  const core = Math.min(radius, length / 2);
  const spheres = alongZ(length - 2 * core, core, core / 2);
  if (core < radius) spheres.push(...boxSpheres([1.4 * radius, 1.4 * radius, length], edge));
  const fine = Math.min(edge, core);
  const ring = radius - fine;
  const n = Math.max(6, Math.ceil((2 * Math.PI * ring) / (2.5 * fine)));
  for (const z of new Set([length / 2 - fine, fine - length / 2])) {
    for (let i = 0; i < n; i++) {
      const angle = (2 * Math.PI * i) / n;
      spheres.push({ center: [ring * Math.cos(angle), ring * Math.sin(angle), z], radius: fine });
    }
  }
  return spheres;
}

/** The box's surface in fine spheres; those inside would never be the nearest. */
function boxSpheres(size: Vec3, edge: number): Sphere[] {
  const radius = Math.min(edge, ...size.map((s) => s / 2));
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
