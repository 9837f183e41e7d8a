import {
  cross,
  normalize,
  quatFromAxisAngle,
  quatFromMatrix,
  quatMultiply,
  rotate,
  subtract,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import type { Random } from '../../core/random.ts';
import { toBase } from '../../perception/transform.ts';
import { rayTest, type Solid } from './solid.ts';

/** What the camera gets wrong; the figures are an ordinary short-range stereo camera's. */
export interface CameraNoise {
  /** standard deviation of depth at 1 m, growing with its square [m] */
  readonly depth: number;
  /** share of pixels that give nothing */
  readonly holes: number;
  /** share of edge pixels that read between two surfaces */
  readonly flying: number;
  /** standard deviation per axis of where the camera is believed to be [m], and of its turn [rad] */
  readonly position: number;
  readonly rotation: number;
}

export const ORDINARY_NOISE: CameraNoise = {
  depth: 0.0015,
  holes: 0.01,
  flying: 0.15,
  position: 0.002,
  rotation: 0.004,
};

const WIDTH = 160;
const HEIGHT = 120;
const FOCAL = 178;

/** Optical frame (+Z forward, +X right, +Y down) at `eye`, looking at `target`. */
export function lookAt(eye: Vec3, target: Vec3): Pose {
  const forward = normalize(subtract(target, eye));
  const up: Vec3 = Math.abs(forward[2]) > 0.98 ? [1, 0, 0] : [0, 0, 1];
  const right = normalize(cross(forward, up));
  const down = cross(forward, right);
  return {
    position: eye,
    orientation: quatFromMatrix([0, 1, 2].flatMap((r) => [right[r]!, down[r]!, forward[r]!])),
  };
}

/** A camera round the work area: mostly at an angle, sometimes from above. */
export function sampleCamera(random: Random): Pose {
  const target: Vec3 = [0.48 + random.uniform(-0.05, 0.05), random.uniform(-0.05, 0.05), 0.03];
  const azimuth = random.uniform(-1.9, 1.9);
  const elevation = random.next() < 0.2 ? random.uniform(1.2, 1.5) : random.uniform(0.5, 1.15);
  const distance = random.uniform(0.75, 1.1);
  const level = distance * Math.cos(elevation);
  return lookAt(
    [
      target[0] + level * Math.cos(azimuth),
      target[1] + level * Math.sin(azimuth),
      target[2] + distance * Math.sin(elevation),
    ],
    target,
  );
}

/** What the camera at `pose` sees of the solids on a table at z = 0, in base as the robot believes it. */
export function renderCloud(
  solids: readonly Solid[],
  pose: Pose,
  noise: CameraNoise,
  random: Random,
): PointCloud {
  const tests = solids.map(rayTest);
  const depth = new Float32Array(WIDTH * HEIGHT);
  const [ex, ey, ez] = pose.position;
  for (let v = 0; v < HEIGHT; v++) {
    for (let u = 0; u < WIDTH; u++) {
      const ray: Vec3 = [(u - (WIDTH - 1) / 2) / FOCAL, (v - (HEIGHT - 1) / 2) / FOCAL, 1];
      const length = Math.hypot(...ray);
      const direction = rotate(pose.orientation, [ray[0] / length, ray[1] / length, 1 / length]);
      let t = direction[2] < 0 ? -ez / direction[2] : Infinity;
      const x = ex + t * direction[0];
      const y = ey + t * direction[1];
      if (x < -0.1 || x > 1.1 || Math.abs(y) > 0.8) t = Infinity;
      for (const test of tests) t = Math.min(t, test(pose.position, direction));
      depth[v * WIDTH + u] = t / length;
    }
  }
  spoil(depth, noise, random);
  const positions = new Float32Array(3 * WIDTH * HEIGHT);
  for (let i = 0; i < depth.length; i++) {
    const z = depth[i]!;
    positions[3 * i] = ((i % WIDTH) - (WIDTH - 1) / 2) * (z / FOCAL);
    positions[3 * i + 1] = (Math.floor(i / WIDTH) - (HEIGHT - 1) / 2) * (z / FOCAL);
    positions[3 * i + 2] = z;
  }
  const axis: Vec3 = [random.normal(), random.normal(), random.normal()];
  const believed: Pose = {
    position: pose.position.map((p) => p + noise.position * random.normal()) as unknown as Vec3,
    orientation: quatMultiply(quatFromAxisAngle(axis, noise.rotation * random.normal()), pose.orientation),
  };
  return toBase({ frame: 'camera', stamp: 0, count: depth.length, positions }, believed);
}

function spoil(depth: Float32Array, noise: CameraNoise, random: Random): void {
  const clean = depth.slice();
  for (let i = 0; i < depth.length; i++) {
    let z = clean[i]!;
    if (!Number.isFinite(z) || random.next() < noise.holes) {
      depth[i] = NaN;
      continue;
    }
    const right = i % WIDTH < WIDTH - 1 ? clean[i + 1]! : z;
    if (Math.abs(right - z) > 0.02 && Number.isFinite(right) && random.next() < noise.flying) {
      z += (right - z) * random.next();
    }
    depth[i] = z + noise.depth * z * z * random.normal();
  }
}
