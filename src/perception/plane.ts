import { cross, normalize, dot, type Vec3 } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { Random } from '../core/random.ts';

/** Points x with normal · x = offset; the unit normal points up. */
export interface Plane {
  readonly normal: Vec3;
  /** m */
  readonly offset: number;
  readonly inliers: number;
}

export interface PlaneOptions {
  /** m; default 6 mm */
  readonly tolerance?: number;
  /** largest tilt from horizontal [rad]; default 0.15 */
  readonly tilt?: number;
  readonly seed?: number;
  readonly iterations?: number;
}

/** numbers, three a point */
const COUNTED_AT_ONCE = 3 * 128;

/**
 * The largest near-horizontal plane: a table. Seeded RANSAC over a sample of the points, then least squares over the
 * inliers. Undefined where no plane holds a tenth of the points.
 */
export function findTable(cloud: PointCloud, options: PlaneOptions = {}): Plane | undefined {
  const { tolerance = 0.006, tilt = 0.15, seed = 0, iterations = 120 } = options;
  if (cloud.count < 30) return undefined;
  const random = new Random('table', seed);
  const p = cloud.positions;
  const point = (i: number): Vec3 => [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!];
  // Counting inliers on a fixed share of the points is enough to rank hypotheses; side by side they are read faster.
  const stride = Math.max(1, Math.floor(cloud.count / 2000));
  const few = new Float32Array(3 * Math.ceil(cloud.count / stride));
  for (let i = 0; i < few.length; i += 3) {
    few[i] = p[i * stride]!;
    few[i + 1] = p[i * stride + 1]!;
    few[i + 2] = p[i * stride + 2]!;
  }
  let best: { normal: Vec3; offset: number } | undefined;
  let bestCount = 0;
  for (let k = 0; k < iterations; k++) {
    const a = point(random.below(cloud.count));
    const b = point(random.below(cloud.count));
    const c = point(random.below(cloud.count));
    let normal = normalize(
      cross([b[0] - a[0], b[1] - a[1], b[2] - a[2]], [c[0] - a[0], c[1] - a[1], c[2] - a[2]]),
    );
    if (normal[2] < 0) normal = [-normal[0], -normal[1], -normal[2]];
    if (normal[2] < Math.cos(tilt)) continue;
    const offset = dot(normal, a);
    const [nx, ny, nz] = normal;
    let count = 0;
    for (let i = 0; i < few.length;) {
      // What cannot become the best any more need not be counted to the end.
      if (count + (few.length - i) / 3 <= bestCount) break;
      const end = Math.min(few.length, i + COUNTED_AT_ONCE);
      for (; i < end; i += 3) {
        const height = nx * few[i]! + ny * few[i + 1]! + nz * few[i + 2]! - offset;
        if (Math.abs(height) < tolerance) count++;
      }
    }
    if (count > bestCount) {
      bestCount = count;
      best = { normal, offset };
    }
  }
  if (!best || bestCount * stride < cloud.count / 10) return undefined;
  return leastSquares(cloud, best, tolerance);
}

/** z = ax + by + c over the inliers; well posed, since the plane is near horizontal. */
function leastSquares(cloud: PointCloud, guess: { normal: Vec3; offset: number }, tolerance: number): Plane {
  const p = cloud.positions;
  const { offset } = guess;
  const [nx, ny, nz] = guess.normal;
  const inliers = new Int32Array(cloud.count);
  let n = 0;
  let [mx, my, mz] = [0, 0, 0];
  for (let i = 0; i < 3 * cloud.count; i += 3) {
    const x = p[i]!;
    const y = p[i + 1]!;
    const z = p[i + 2]!;
    if (!(Math.abs(nx * x + ny * y + nz * z - offset) < tolerance)) continue;
    inliers[n++] = i;
    mx += x;
    my += y;
    mz += z;
  }
  mx /= n;
  my /= n;
  mz /= n;
  let [xx, xy, yy, xz, yz] = [0, 0, 0, 0, 0];
  for (let k = 0; k < n; k++) {
    const i = inliers[k]!;
    const x = p[i]! - mx;
    const y = p[i + 1]! - my;
    const z = p[i + 2]! - mz;
    xx += x * x;
    xy += x * y;
    yy += y * y;
    xz += x * z;
    yz += y * z;
  }
  const determinant = xx * yy - xy * xy;
  if (determinant < 1e-12) return { ...guess, inliers: n };
  const a = (xz * yy - yz * xy) / determinant;
  const b = (yz * xx - xz * xy) / determinant;
  const normal = normalize([-a, -b, 1]);
  return { normal, offset: dot(normal, [mx, my, mz]), inliers: n };
}

/** Height of every point over a plane [m]. */
export function heightsOver(cloud: PointCloud, plane: Plane): Float32Array {
  const p = cloud.positions;
  const [nx, ny, nz] = plane.normal;
  const heights = new Float32Array(cloud.count);
  for (let i = 0; i < cloud.count; i++) {
    heights[i] = nx * p[3 * i]! + ny * p[3 * i + 1]! + nz * p[3 * i + 2]! - plane.offset;
  }
  return heights;
}

/** Height of a plane that is not upright at a place [m]. */
export const tableHeight = (table: Plane, x: number, y: number): number =>
  (table.offset - table.normal[0] * x - table.normal[1] * y) / table.normal[2];
