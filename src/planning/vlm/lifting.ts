import type { CameraIntrinsics } from '../../core/capture.ts';
import { add, inverse, rotate, scale, transformPoint, type Pose, type Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';

/** A camera as lifting needs it. Depth is metres along the optical axis, row by row; NaN or 0 where unknown. */
export interface LiftView {
  readonly intrinsics: CameraIntrinsics;
  readonly cameraPose: Pose;
  readonly depth?: Float32Array;
}

export type Lifted =
  | { readonly kind: 'instance'; readonly object: SceneObject; readonly position: Vec3 }
  | { readonly kind: 'depth'; readonly position: Vec3 }
  | { readonly kind: 'none' };

/** A picture point misses an instance by at most this and still means it [m]. */
const SNAP = 0.06;

/** Unit ray in base through a pixel. */
function rayOf({ intrinsics: k, cameraPose }: LiftView, u: number, v: number): Vec3 {
  const d: Vec3 = [(u - k.cx) / k.fx, (v - k.cy) / k.fy, 1];
  const r = rotate(cameraPose.orientation, d);
  const n = Math.hypot(r[0], r[1], r[2]);
  return [r[0] / n, r[1] / n, r[2] / n];
}

/** A pixel with a depth along the optical axis [m], in base. */
export function liftWithDepth(view: LiftView, u: number, v: number, depth: number): Vec3 {
  const { fx, fy, cx, cy } = view.intrinsics;
  return transformPoint(view.cameraPose, [((u - cx) / fx) * depth, ((v - cy) / fy) * depth, depth]);
}

/** Where the ray through a pixel meets the horizontal plane at height `z` in base; undefined where it does not [m]. */
export function onPlane(view: LiftView, u: number, v: number, z: number): Vec3 | undefined {
  const ray = rayOf(view, u, v);
  const origin = view.cameraPose.position;
  const t = (z - origin[2]) / ray[2];
  return Number.isFinite(t) && t > 0 ? add(origin, scale(ray, t)) : undefined;
}

/**
 * Metres for a pixel: the segmented instance that it shows or nearly shows, since depth at a pixel gives a surface, half
 * a thing off (see docs/planning.md); else the measured depth, the median of a small patch.
 */
export function lift(view: LiftView, u: number, v: number, objects: readonly SceneObject[]): Lifted {
  const ray = rayOf(view, u, v);
  const origin = view.cameraPose.position;
  const hits = objects
    .map((object) => ({ object, t: hitBox(object, origin, ray) }))
    .filter((hit) => hit.t !== undefined)
    .sort((a, b) => (a.t as number) - (b.t as number));
  const first = hits[0];
  if (first !== undefined)
    return { kind: 'instance', object: first.object, position: first.object.pose.position };
  const depth = patchDepth(view, u, v);
  const near = objects
    .filter((o) => o.size[2] > 0.005)
    .map((object) => ({ object, d: distanceToRay(object, origin, ray) }))
    .sort((a, b) => a.d - b.d)[0];
  if (depth !== undefined) {
    const position = liftWithDepth(view, u, v, depth);
    if (near !== undefined && near.d < SNAP / 2 && gap(near.object, position) < SNAP / 2) {
      return { kind: 'instance', object: near.object, position: near.object.pose.position };
    }
    return { kind: 'depth', position };
  }
  if (near !== undefined && near.d < SNAP / 2)
    return { kind: 'instance', object: near.object, position: near.object.pose.position };
  return { kind: 'none' };
}

/** Distance along a ray to an oriented box (slab method); undefined where it misses. */
function hitBox(object: SceneObject, origin: Vec3, ray: Vec3): number | undefined {
  const back = inverse(object.pose);
  const o = transformPoint(back, origin);
  const d = rotate(back.orientation, ray);
  let near = 0;
  let far = Infinity;
  for (const k of [0, 1, 2] as const) {
    const half = object.size[k] / 2;
    if (Math.abs(d[k]) < 1e-12) {
      if (Math.abs(o[k]) > half) return undefined;
      continue;
    }
    const a = (-half - o[k]) / d[k];
    const b = (half - o[k]) / d[k];
    near = Math.max(near, Math.min(a, b));
    far = Math.min(far, Math.max(a, b));
  }
  return near <= far ? near : undefined;
}

/** From the ray to the surface of the sphere in an object's box, about [m]. */
function distanceToRay(object: SceneObject, origin: Vec3, ray: Vec3): number {
  const p = object.pose.position;
  const t = Math.max(
    0,
    (p[0] - origin[0]) * ray[0] + (p[1] - origin[1]) * ray[1] + (p[2] - origin[2]) * ray[2],
  );
  const q = add(origin, scale(ray, t));
  return Math.max(0, Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]) - Math.min(...object.size) / 2);
}

const gap = (object: SceneObject, position: Vec3): number => {
  const p = object.pose.position;
  return Math.max(
    0,
    Math.hypot(p[0] - position[0], p[1] - position[1]) - Math.max(object.size[0], object.size[1]) / 2,
  );
};

/** Median of the known depths in a 7x7 patch [m]; undefined where none is known. */
export function patchDepth(
  { depth, intrinsics: { width, height } }: LiftView,
  u: number,
  v: number,
): number | undefined {
  if (depth === undefined) return undefined;
  const found: number[] = [];
  for (let y = Math.round(v) - 3; y <= Math.round(v) + 3; y++) {
    for (let x = Math.round(u) - 3; x <= Math.round(u) + 3; x++) {
      if (x < 0 || y < 0 || x >= width || y >= height) continue;
      const z = depth[y * width + x] as number;
      if (Number.isFinite(z) && z > 0) found.push(z);
    }
  }
  found.sort((a, b) => a - b);
  return found[Math.floor(found.length / 2)];
}

/** Where a point of base appears in the picture; undefined behind the camera [px]. */
export function project(view: LiftView, position: Vec3): [number, number] | undefined {
  const { fx, fy, cx, cy } = view.intrinsics;
  const p = transformPoint(inverse(view.cameraPose), position);
  if (p[2] <= 1e-6) return undefined;
  return [(p[0] / p[2]) * fx + cx, (p[1] / p[2]) * fy + cy];
}
