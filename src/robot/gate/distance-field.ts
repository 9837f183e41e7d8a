import type { Vec3 } from '../../core/geometry.ts';

/** m */
const FIELD_VOXEL = 0.01;
/** A field of more voxels than this is made coarser, so that a long motion cannot exhaust memory. */
const MAX_VOXELS = 4_000_000;
const NONE = -1;

export interface Box {
  readonly min: Vec3;
  readonly max: Vec3;
}

/**
 * Which point of a cloud is nearest, for every voxel of a box: a lookup instead of a search for each of many queries. Made
 * by an exact, separable Euclidean transform that carries the nearest seed along (Felzenszwalb and Huttenlocher 2012,
 * "Distance Transforms of Sampled Functions", with the argument kept). Distances are measured to the point itself, so that
 * only the choice among almost equally near points is rounded: the error stays below a voxel's diagonal.
 */
export class DistanceField {
  readonly voxel: number;
  readonly #points: Float32Array;
  readonly #origin: Vec3;
  readonly #size: readonly [number, number, number];
  /** per voxel: index of the nearest point, or NONE where the cloud is empty */
  readonly #nearest: Int32Array;

  /** `points` [3n] in base, kept as they are; those outside `box` count only where they are nearest to its rim. */
  constructor(points: Float32Array, box: Box, voxel = FIELD_VOXEL) {
    const extent = box.max.map((high, k) => Math.max(voxel, high - (box.min[k] as number)));
    const voxels = extent.reduce((product, e) => product * Math.ceil(e / voxel), 1);
    this.voxel = voxel * Math.max(1, Math.cbrt(voxels / MAX_VOXELS));
    this.#points = points;
    this.#origin = box.min;
    this.#size = extent.map((e) => Math.max(1, Math.ceil(e / this.voxel))) as [number, number, number];
    const [nx, ny, nz] = this.#size;
    this.#nearest = new Int32Array(nx * ny * nz).fill(NONE);
    // In voxels, to the nearest seed so far.
    const squared = new Float64Array(nx * ny * nz);
    this.#seed();
    this.#sweepX(squared);
    this.#sweep(1, squared);
    this.#sweep(2, squared);
  }

  /** Distance from a place to the nearest point [m]; infinite for an empty cloud. Places outside are moved to the rim first. */
  distance(x: number, y: number, z: number): number {
    const p = this.nearest(x, y, z);
    if (p === NONE) return Number.POSITIVE_INFINITY;
    const points = this.#points;
    const dx = (points[3 * p] as number) - x;
    const dy = (points[3 * p + 1] as number) - y;
    const dz = (points[3 * p + 2] as number) - z;
    return Math.sqrt(dx * dx + dy * dy + dz * dz);
  }

  /** Index of the point that is nearest to a place, or -1. */
  nearest(x: number, y: number, z: number): number {
    const [nx, ny, nz] = this.#size;
    const ix = clampIndex((x - this.#origin[0]) / this.voxel, nx);
    const iy = clampIndex((y - this.#origin[1]) / this.voxel, ny);
    const iz = clampIndex((z - this.#origin[2]) / this.voxel, nz);
    return this.#nearest[(iz * ny + iy) * nx + ix] as number;
  }

  /** One point per voxel; points beyond the box seed the voxel of the rim that they are nearest to, if within reach. */
  #seed(): void {
    const [nx, ny, nz] = this.#size;
    const points = this.#points;
    const { voxel } = this;
    const [ox, oy, oz] = this.#origin;
    const margin = 0.1;
    const count = points.length / 3;
    for (let p = 0; p < count; p++) {
      const fx = ((points[3 * p] as number) - ox) / voxel;
      const fy = ((points[3 * p + 1] as number) - oy) / voxel;
      const fz = ((points[3 * p + 2] as number) - oz) / voxel;
      const reach = margin / voxel;
      if (fx < -reach || fy < -reach || fz < -reach) continue;
      if (fx > nx + reach || fy > ny + reach || fz > nz + reach) continue;
      const at = (clampIndex(fz, nz) * ny + clampIndex(fy, ny)) * nx + clampIndex(fx, nx);
      if (this.#nearest[at] === NONE) this.#nearest[at] = p;
    }
  }

  /** Along x the nearest seed of a row is the last one seen from either side. */
  #sweepX(squared: Float64Array): void {
    const [nx, ny, nz] = this.#size;
    const nearest = this.#nearest;
    const before = new Int32Array(nx);
    for (let row = 0; row < ny * nz; row++) {
      const base = row * nx;
      let last = -1;
      for (let i = 0; i < nx; i++) {
        if (nearest[base + i] !== NONE) last = i;
        before[i] = last;
      }
      if (last < 0) continue;
      let next = -1;
      for (let i = nx - 1; i >= 0; i--) {
        const from = before[i] as number;
        if (from === i) {
          next = i;
          squared[base + i] = 0;
          continue;
        }
        const seed = from < 0 || (next >= 0 && next - i < i - from) ? next : from;
        nearest[base + i] = nearest[base + seed] as number;
        squared[base + i] = (seed - i) * (seed - i);
      }
    }
  }

  /** Lower envelope of parabolas along y (1) or z (2): each voxel takes over the seed that is nearest to its own centre. */
  #sweep(axis: 1 | 2, squared: Float64Array): void {
    const [nx, ny, nz] = this.#size;
    const n = axis === 1 ? ny : nz;
    const stride = axis === 1 ? nx : nx * ny;
    const lines = axis === 1 ? nx * nz : nx * ny;
    const nearest = this.#nearest;
    const height = new Float64Array(n);
    const seeds = new Int32Array(n);
    const vertex = new Int32Array(n);
    const start = new Float64Array(n + 1);
    for (let line = 0; line < lines; line++) {
      const base = axis === 1 ? Math.floor(line / nx) * nx * ny + (line % nx) : line;
      let k = -1;
      for (let i = 0; i < n; i++) {
        const at = base + i * stride;
        const seed = nearest[at] as number;
        if (seed === NONE) continue;
        seeds[i] = seed;
        const h = (squared[at] as number) + i * i;
        height[i] = h;
        let crossing = Number.NEGATIVE_INFINITY;
        while (k >= 0) {
          const v = vertex[k] as number;
          crossing = (h - (height[v] as number)) / (2 * (i - v));
          if (crossing > (start[k] as number)) break;
          k--;
        }
        k++;
        vertex[k] = i;
        start[k] = k === 0 ? Number.NEGATIVE_INFINITY : crossing;
        start[k + 1] = Number.POSITIVE_INFINITY;
      }
      if (k < 0) continue;
      for (let i = 0, v = 0; i < n; i++) {
        while ((start[v + 1] as number) < i) v++;
        const from = vertex[v] as number;
        const at = base + i * stride;
        nearest[at] = seeds[from] as number;
        squared[at] = (height[from] as number) - from * from + (i - from) * (i - from);
      }
    }
  }
}

const clampIndex = (value: number, n: number): number => {
  const index = Math.floor(value);
  return index < 0 ? 0 : index >= n ? n - 1 : index;
};
