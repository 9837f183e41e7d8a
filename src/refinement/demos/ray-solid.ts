import { inverse, matrixFromQuat, transformPoint, type Pose, type Vec3 } from '../../core/geometry.ts';
import type { SolidShape } from '../../simulator/arm/arm-description.ts';

/** A solid with its place in base. */
export interface PlacedShape {
  readonly shape: SolidShape;
  readonly pose: Pose;
}

/** Radius of a ball round the shape's middle that holds all of it [m]. */
export function boundingRadius(shape: SolidShape): number {
  switch (shape.kind) {
    case 'box':
      return Math.hypot(...shape.size) / 2;
    case 'sphere':
      return shape.radius;
    case 'cylinder':
      return Math.hypot(shape.radius, shape.length / 2);
    case 'capsule':
      return shape.radius + shape.length / 2;
  }
}

/**
 * One solid seen from one eye. `hit` takes a ray's direction (any length, in base) and returns how many of them reach the
 * surface, or Infinity; `facing` is then the cosine between ray and surface, 0 … 1. Rays start outside of solids.
 */
export class RaySolid {
  facing = 0;
  readonly #shape: SolidShape;
  readonly #m: Float64Array;
  readonly #o: Vec3;

  constructor({ shape, pose }: PlacedShape, eye: Vec3) {
    this.#shape = shape;
    this.#m = Float64Array.from(matrixFromQuat(pose.orientation));
    this.#o = transformPoint(inverse(pose), eye);
  }

  hit(x: number, y: number, z: number): number {
    const m = this.#m;
    const dx = m[0]! * x + m[3]! * y + m[6]! * z;
    const dy = m[1]! * x + m[4]! * y + m[7]! * z;
    const dz = m[2]! * x + m[5]! * y + m[8]! * z;
    const shape = this.#shape;
    switch (shape.kind) {
      case 'box':
        return this.#box(dx, dy, dz, shape.size);
      case 'sphere':
        return this.#sphere(dx, dy, dz, shape.radius, 0);
      case 'cylinder':
        return this.#cylinder(dx, dy, dz, shape.radius, shape.length / 2);
      case 'capsule':
        return this.#capsule(dx, dy, dz, shape.radius, shape.length / 2);
    }
  }

  #box(dx: number, dy: number, dz: number, size: Vec3): number {
    let near = -Infinity;
    let far = Infinity;
    let across = 0;
    for (let k = 0; k < 3; k++) {
      const d = k === 0 ? dx : k === 1 ? dy : dz;
      const o = this.#o[k]!;
      const half = size[k]! / 2;
      if (Math.abs(d) < 1e-12) {
        if (Math.abs(o) > half) return Infinity;
        continue;
      }
      const a = (-half - o) / d;
      const b = (half - o) / d;
      const enter = Math.min(a, b);
      if (enter > near) {
        near = enter;
        across = Math.abs(d);
      }
      far = Math.min(far, Math.max(a, b));
    }
    if (near > far || near <= 0) return Infinity;
    this.facing = across / Math.sqrt(dx * dx + dy * dy + dz * dz);
    return near;
  }

  /** A ball at height `h` of the own axis. */
  #sphere(dx: number, dy: number, dz: number, radius: number, h: number): number {
    const [ox, oy] = this.#o;
    const oz = this.#o[2] - h;
    const a = dx * dx + dy * dy + dz * dz;
    const b = ox * dx + oy * dy + oz * dz;
    const root = b * b - a * (ox * ox + oy * oy + oz * oz - radius * radius);
    if (root < 0) return Infinity;
    const t = (-b - Math.sqrt(root)) / a;
    if (t <= 0) return Infinity;
    this.facing = Math.sqrt(root / a) / radius;
    return t;
  }

  /** The round wall between heights ±`half`. */
  #wall(dx: number, dy: number, dz: number, radius: number, half: number): number {
    const [ox, oy, oz] = this.#o;
    const a = dx * dx + dy * dy;
    if (a < 1e-12) return Infinity;
    const b = ox * dx + oy * dy;
    const root = b * b - a * (ox * ox + oy * oy - radius * radius);
    if (root < 0) return Infinity;
    const t = (-b - Math.sqrt(root)) / a;
    if (t <= 0 || Math.abs(oz + t * dz) > half) return Infinity;
    this.facing = Math.sqrt(root) / radius / Math.sqrt(a + dz * dz);
    return t;
  }

  #cylinder(dx: number, dy: number, dz: number, radius: number, half: number): number {
    const wall = this.#wall(dx, dy, dz, radius, half);
    const [ox, oy, oz] = this.#o;
    if (Math.abs(dz) < 1e-12) return wall;
    // Only the end that looks at the eye can be seen.
    const t = ((oz > 0 ? half : -half) - oz) / dz;
    if (t <= 0 || t >= wall || Math.hypot(ox + t * dx, oy + t * dy) > radius) return wall;
    this.facing = Math.abs(dz) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    return t;
  }

  #capsule(dx: number, dy: number, dz: number, radius: number, half: number): number {
    let best = Infinity;
    let facing = 0;
    const keep = (t: number): void => {
      if (t >= best) return;
      best = t;
      facing = this.facing;
    };
    keep(this.#wall(dx, dy, dz, radius, half));
    keep(this.#sphere(dx, dy, dz, radius, half));
    keep(this.#sphere(dx, dy, dz, radius, -half));
    this.facing = facing;
    return best;
  }
}
