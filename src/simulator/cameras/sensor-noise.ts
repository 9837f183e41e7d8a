import { compose, quatFromAxisAngle, type Pose } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import type { SensorNoise } from '../world-api.ts';

export const NOISE_OFF: SensorNoise = {
  depthAtOneMetre: 0,
  flyingPixels: 0,
  holes: 0,
  quantisation: 0,
  extrinsicPosition: 0,
  extrinsicRotation: 0,
};

/**
 * An ordinary short-range stereo camera: about 1.5 mm at 1 m, growing with depth squared as for any triangulating
 * sensor, and a hand-eye calibration good to about 2 mm and a quarter of a degree.
 */
export const NOISE_NORMAL: SensorNoise = {
  depthAtOneMetre: 0.0015,
  flyingPixels: 0.35,
  holes: 0.01,
  quantisation: 0.001,
  extrinsicPosition: 0.002,
  extrinsicRotation: 0.004,
};

/** Neighbours further apart than this make an edge [m at 1 m of depth] */
const EDGE_STEP = 0.02;
/** Surfaces seen flatter than this lose three times as many pixels (cosine of incidence) */
const GRAZING = 0.25;

/** Noise from options: a word, or numbers over the exact camera. */
export function sensorNoise(option: 'off' | 'normal' | Partial<SensorNoise> | undefined): SensorNoise {
  if (option === undefined || option === 'normal') return NOISE_NORMAL;
  if (option === 'off') return NOISE_OFF;
  return { ...NOISE_OFF, ...option };
}

/**
 * Spoils a depth image in place: Gaussian noise growing with depth squared, flying pixels between the two sides of an
 * edge, disparity quantisation and holes. A function of the random stream alone.
 */
export function spoilDepth(
  depth: Float32Array,
  incidence: Float32Array,
  width: number,
  noise: SensorNoise,
  random: Random,
): void {
  const { depthAtOneMetre, flyingPixels, holes, quantisation } = noise;
  if (depthAtOneMetre === 0 && flyingPixels === 0 && holes === 0 && quantisation === 0) return;
  // Edges are those of the exact image: noise must not make edges of its own.
  const exact = flyingPixels > 0 ? depth.slice() : depth;
  for (let i = 0; i < depth.length; i++) {
    let z = exact[i] as number;
    if (Number.isNaN(z)) continue;
    if (flyingPixels > 0) {
      const other = acrossEdge(exact, i, width);
      if (other !== undefined && random.next() < flyingPixels) z += (other - z) * random.next();
    }
    if (depthAtOneMetre > 0) z += depthAtOneMetre * z * z * random.normal();
    if (quantisation > 0) z = 1 / (Math.round(1 / (z * quantisation)) * quantisation);
    if (holes > 0 && random.next() < holes * ((incidence[i] as number) < GRAZING ? 3 : 1)) z = NaN;
    depth[i] = z;
  }
}

/** Depth of the neighbour on the other side of an edge, where pixel `i` lies at one. */
function acrossEdge(depth: Float32Array, i: number, width: number): number | undefined {
  const z = depth[i] as number;
  const column = i % width;
  let widest = EDGE_STEP * z;
  let found: number | undefined;
  for (const j of [column > 0 ? i - 1 : -1, column < width - 1 ? i + 1 : -1, i - width, i + width]) {
    if (j < 0 || j >= depth.length) continue;
    const step = Math.abs((depth[j] as number) - z);
    if (step > widest) {
      widest = step;
      found = depth[j];
    }
  }
  return found;
}

/** Where a camera really is, given where it is believed to be: fixed for a seed and a camera. */
export function trueMount(believed: Pose, noise: SensorNoise, seed: number, camera: string): Pose {
  if (noise.extrinsicPosition === 0 && noise.extrinsicRotation === 0) return believed;
  const random = new Random(seed, 'extrinsics', camera);
  const normal3 = (spread: number): [number, number, number] => [
    spread * random.normal(),
    spread * random.normal(),
    spread * random.normal(),
  ];
  const position = normal3(noise.extrinsicPosition);
  const turn = normal3(noise.extrinsicRotation);
  return compose(believed, { position, orientation: quatFromAxisAngle(turn, Math.hypot(...turn)) });
}
