import type { CameraIntrinsics } from '../../core/capture.ts';
import { matrixFromQuat, type Pose } from '../../core/geometry.ts';
import type { Physics } from '../mujoco.ts';

/** What a perfect camera sees. The arrays are reused by the next view of the same camera. */
export interface RayView {
  /** m along the optical axis, NaN where nothing is in range */
  readonly depth: Float32Array;
  /** cosine between ray and surface, 0 … 1 */
  readonly incidence: Float32Array;
  /** shaded RGB */
  readonly rgb: Uint8Array;
}

/** m: nothing further away is seen */
const RANGE = 4;
const BACKGROUND = [214, 220, 228] as const;
/** Unit vector towards the lamp, in base. */
const LAMP = unit([0.35, 0.45, 0.82]);
const AMBIENT = 0.38;
const DIFFUSE = 0.5;
/** light that comes from the camera, so that faces turned away from the lamp keep their shape */
const HEADLIGHT = 0.18;

/**
 * A pinhole camera that shoots one ray through each pixel's centre. Directions have length 1 along the optical axis, so
 * that a hit's distance is its depth.
 */
export class RayCamera {
  readonly intrinsics: CameraIntrinsics;
  /** [pixels·3] in the optical frame */
  readonly directions: Float64Array;
  readonly #world: Float64Array;
  readonly #view: RayView;

  constructor(intrinsics: CameraIntrinsics) {
    const { width, height, fx, fy, cx, cy } = intrinsics;
    const pixels = width * height;
    this.intrinsics = intrinsics;
    this.directions = new Float64Array(3 * pixels);
    this.#world = new Float64Array(3 * pixels);
    this.#view = {
      depth: new Float32Array(pixels),
      incidence: new Float32Array(pixels),
      rgb: new Uint8Array(3 * pixels),
    };
    for (let v = 0, at = 0; v < height; v++) {
      for (let u = 0; u < width; u++) {
        this.directions[at++] = (u - cx) / fx;
        this.directions[at++] = (v - cy) / fy;
        this.directions[at++] = 1;
      }
    }
  }

  /** Looks from `pose` (optical frame in base). */
  look(physics: Physics, pose: Pose): RayView {
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
    const { directions } = this;
    const world = this.#world;
    for (let i = 0; i < directions.length; i += 3) {
      const x = directions[i] as number;
      const y = directions[i + 1] as number;
      world[i] = m[0] * x + m[1] * y + m[2];
      world[i + 1] = m[3] * x + m[4] * y + m[5];
      world[i + 2] = m[6] * x + m[7] * y + m[8];
    }
    const hits = physics.castRays(pose.position, world, -1, RANGE);
    const colours = physics.modelView('geom_rgba');
    const { depth, incidence, rgb } = this.#view;
    const { distance, geom, normal } = hits;
    for (let i = 0; i < depth.length; i++) {
      const hit = geom[i] as number;
      const at = 3 * i;
      if (hit < 0) {
        depth[i] = NaN;
        incidence[i] = 0;
        rgb[at] = BACKGROUND[0];
        rgb[at + 1] = BACKGROUND[1];
        rgb[at + 2] = BACKGROUND[2];
        continue;
      }
      const nx = normal[at] as number;
      const ny = normal[at + 1] as number;
      const nz = normal[at + 2] as number;
      const dx = world[at] as number;
      const dy = world[at + 1] as number;
      const dz = world[at + 2] as number;
      const facing = Math.abs(nx * dx + ny * dy + nz * dz) / Math.sqrt(dx * dx + dy * dy + dz * dz);
      const lit = Math.max(0, nx * LAMP[0] + ny * LAMP[1] + nz * LAMP[2]);
      const light = AMBIENT + DIFFUSE * lit + HEADLIGHT * facing;
      depth[i] = distance[i] as number;
      incidence[i] = facing;
      for (let k = 0; k < 3; k++) {
        rgb[at + k] = Math.min(255, Math.round(255 * light * (colours[4 * hit + k] as number)));
      }
    }
    return this.#view;
  }
}

function unit(v: readonly [number, number, number]): [number, number, number] {
  const n = Math.hypot(...v);
  return [v[0] / n, v[1] / n, v[2] / n];
}
