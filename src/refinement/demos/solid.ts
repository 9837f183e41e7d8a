import { inverse, rotate, transformPoint, type Pose, type Vec3 } from '../../core/geometry.ts';

/** Solids that rays can hit. Cylinders and shells stand along +Z of their own frame. Sizes are full extents [m]. */
export type Solid =
  | { readonly kind: 'box'; readonly pose: Pose; readonly size: Vec3 }
  | { readonly kind: 'sphere'; readonly pose: Pose; readonly radius: number }
  | { readonly kind: 'cylinder'; readonly pose: Pose; readonly radius: number; readonly height: number }
  /** an open pot: a round wall on a floor of the same thickness */
  | {
      readonly kind: 'shell';
      readonly pose: Pose;
      readonly radius: number;
      readonly height: number;
      readonly wall: number;
    };

/** Radius of a ball round the solid's origin that holds all of it [m]. */
export function boundingRadius(solid: Solid): number {
  switch (solid.kind) {
    case 'box':
      return Math.hypot(...solid.size) / 2;
    case 'sphere':
      return solid.radius;
    case 'cylinder':
    case 'shell':
      return Math.hypot(solid.radius, solid.height / 2);
  }
}

/** A function from a ray (origin and direction in the world) to the distance to the solid, or Infinity. */
export function rayTest(solid: Solid): (origin: Vec3, direction: Vec3) => number {
  const into = inverse(solid.pose);
  const radius = boundingRadius(solid);
  const centre = solid.pose.position;
  return (origin, direction) => {
    // A ray that misses the ball round the solid misses the solid.
    const ox = centre[0] - origin[0];
    const oy = centre[1] - origin[1];
    const oz = centre[2] - origin[2];
    const along = ox * direction[0] + oy * direction[1] + oz * direction[2];
    if (ox * ox + oy * oy + oz * oz - along * along > radius * radius) return Infinity;
    const o = transformPoint(into, origin);
    const d = rotate(into.orientation, direction);
    switch (solid.kind) {
      case 'box':
        return hitBox(o, d, solid.size);
      case 'sphere':
        return hitSphere(o, d, solid.radius);
      case 'cylinder':
        return Math.min(
          hitWall(o, d, solid.radius, solid.height, 'outside'),
          hitDisc(o, d, solid.height / 2, 0, solid.radius),
          hitDisc(o, d, -solid.height / 2, 0, solid.radius),
        );
      case 'shell': {
        const { radius: r, height: h, wall } = solid;
        return Math.min(
          hitWall(o, d, r, h, 'outside'),
          hitWall(o, d, r - wall, h, 'inside'),
          hitDisc(o, d, h / 2, r - wall, r),
          hitDisc(o, d, -h / 2 + wall, 0, r - wall),
        );
      }
    }
  };
}

function hitBox(o: Vec3, d: Vec3, size: Vec3): number {
  let near = -Infinity;
  let far = Infinity;
  for (let k = 0; k < 3; k++) {
    const half = size[k]! / 2;
    if (Math.abs(d[k]!) < 1e-12) {
      if (Math.abs(o[k]!) > half) return Infinity;
      continue;
    }
    const a = (-half - o[k]!) / d[k]!;
    const b = (half - o[k]!) / d[k]!;
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far && near > 0 ? near : Infinity;
}

function hitSphere(o: Vec3, d: Vec3, radius: number): number {
  const b = o[0] * d[0] + o[1] * d[1] + o[2] * d[2];
  const c = o[0] ** 2 + o[1] ** 2 + o[2] ** 2 - radius * radius;
  const root = b * b - c;
  if (root < 0) return Infinity;
  const t = -b - Math.sqrt(root);
  return t > 0 ? t : Infinity;
}

/** The round wall of an upright cylinder, met from outside or from inside. */
function hitWall(o: Vec3, d: Vec3, radius: number, height: number, side: 'outside' | 'inside'): number {
  const a = d[0] * d[0] + d[1] * d[1];
  if (a < 1e-12) return Infinity;
  const b = o[0] * d[0] + o[1] * d[1];
  const root = b * b - a * (o[0] * o[0] + o[1] * o[1] - radius * radius);
  if (root < 0) return Infinity;
  const t = (-b + (side === 'outside' ? -1 : 1) * Math.sqrt(root)) / a;
  return t > 0 && Math.abs(o[2] + t * d[2]) <= height / 2 ? t : Infinity;
}

function hitDisc(o: Vec3, d: Vec3, z: number, inner: number, outer: number): number {
  if (Math.abs(d[2]) < 1e-12) return Infinity;
  const t = (z - o[2]) / d[2];
  const r = Math.hypot(o[0] + t * d[0], o[1] + t * d[1]);
  return t > 0 && r >= inner && r <= outer ? t : Infinity;
}
