import type { Vec3 } from '../../../src/core/geometry.ts';
import { distance } from '../../../src/core/geometry.ts';
import { pathValues } from '../path-values.ts';
import type { Bounds } from '../layers/layer.ts';
import type { CloudData, LayerData, TrajectoryData } from '../scene-data.ts';
import type { Projection } from '../view3d.ts';

/** What lies under the pointer. Positions in the scene's frame. */
export type Pick = PointPick | SamplePick;

export interface PointPick {
  readonly kind: 'point';
  readonly layer: string;
  readonly index: number;
  readonly position: Vec3;
  readonly color?: readonly [number, number, number];
  readonly fields: Readonly<Record<string, number>>;
  /** [m] to the nearest sample of the refined (else executed) path */
  readonly toPath?: number;
}

export interface SamplePick {
  readonly kind: 'sample';
  readonly layer: string;
  readonly label: string;
  readonly index: number;
  readonly count: number;
  readonly time: number;
  readonly position: Vec3;
  /** [m/s], and [m] where known */
  readonly speed: number;
  readonly clearance?: number;
  readonly deviation?: number;
}

/** How near the pointer must come [px]. */
const SAMPLE_REACH = 9;
const POINT_REACH = 7;
/** A point nearer to the eye wins over one nearer to the pointer: [m] that counts as one metre's worth of pixels. */
const POINT_DEPTH = 0.05;

/**
 * The path's sample or the cloud's point nearest to (x, y) on screen; paths win, since they lie over the cloud. Of
 * points under the pointer the one nearest to the eye counts; those outside `crop` are not there. Brute force over typed
 * arrays without allocation or, but for the few near the pointer, division: once a click it takes no longer than
 * three's ray cast, and needs no index that would cost memory while nobody picks.
 */
export function pickAt(
  layers: readonly LayerData[],
  projection: Projection,
  x: number,
  y: number,
  crop?: Bounds,
): Pick | undefined {
  let best: { path: TrajectoryData; index: number; miss: number } | undefined;
  for (const path of layers) {
    if (path.kind !== 'trajectory') continue;
    const hit = nearest({ positions: path.tool, stride: 7, count: path.count }, projection, x, y, {
      reach: SAMPLE_REACH,
      depth: 0,
    });
    if (hit && hit.miss < (best?.miss ?? Infinity)) best = { path, ...hit };
  }
  if (best) return samplePick(best.path, best.index);
  for (const cloud of layers) {
    if (cloud.kind !== 'cloud') continue;
    const hit = nearest({ positions: cloud.positions, stride: 3, count: cloud.count }, projection, x, y, {
      reach: POINT_REACH,
      depth: POINT_DEPTH,
      ...(crop ? { crop } : {}),
    });
    if (hit) return pointPick(cloud, hit.index, layers);
  }
  return undefined;
}

/** Everything known about one sample. */
function samplePick(path: TrajectoryData, index: number): SamplePick {
  return {
    kind: 'sample',
    layer: path.id,
    label: path.label,
    index,
    count: path.count,
    time: path.times[index] ?? 0,
    position: positionOf(path.tool, 7, index),
    speed: pathValues(path, 'speed')?.[index] ?? 0,
    ...(path.clearance ? { clearance: path.clearance[index] } : {}),
    ...(path.deviation ? { deviation: path.deviation[index] } : {}),
  };
}

/**
 * Index of the row of `positions` that is nearest to (x, y) on screen within `reach` [px], less `depth` [m] times the
 * pixels that a metre has there: the nearer to the eye, the better.
 */
function nearest(
  rows: { readonly positions: Float32Array; readonly stride: number; readonly count: number },
  { matrix: m, width, height, scaleY }: Projection,
  x: number,
  y: number,
  { reach, depth, crop }: { readonly reach: number; readonly depth: number; readonly crop?: Bounds },
): { index: number; miss: number } | undefined {
  const at = (i: number): number => m[i] as number;
  const [m3, m7, m11, m15] = [at(3), at(7), at(11), at(15)];
  const [m2, m6, m10, m14] = [at(2), at(6), at(10), at(14)];
  // Off the pointer in clip space, where nothing has to be divided: a point is near when |off| <= reach · w.
  const [ndcX, ndcY] = [(2 * x) / width - 1, 1 - (2 * y) / height];
  const [reachX, reachY] = [(2 * reach) / width, (2 * reach) / height];
  const [x0, x1, x2, x3] = [at(0) - ndcX * m3, at(4) - ndcX * m7, at(8) - ndcX * m11, at(12) - ndcX * m15];
  const [y0, y1, y2, y3] = [at(1) - ndcY * m3, at(5) - ndcY * m7, at(9) - ndcY * m11, at(13) - ndcY * m15];
  const { positions, stride, count } = rows;
  let index = -1;
  let bestScore = Infinity;
  let miss = Infinity;
  for (let i = 0, k = 0; i < count; i++, k += stride) {
    const px = positions[k] as number;
    const py = positions[k + 1] as number;
    const pz = positions[k + 2] as number;
    const w = m3 * px + m7 * py + m11 * pz + m15;
    const offX = x0 * px + x1 * py + x2 * pz + x3;
    const roomX = reachX * w;
    // Behind the eye there is no room at all.
    if (offX > roomX || offX < -roomX || w <= 1e-3) continue;
    const offY = y0 * px + y1 * py + y2 * pz + y3;
    const roomY = reachY * w;
    if (offY > roomY || offY < -roomY || m2 * px + m6 * py + m10 * pz + m14 > w) continue;
    if (crop && !isInside(px, py, pz, crop)) continue;
    const off = Math.hypot((offX / w) * 0.5 * width, (offY / w) * 0.5 * height);
    const score = off - ((scaleY * height) / 2 / w) * depth;
    if (off > reach || score >= bestScore) continue;
    bestScore = score;
    miss = off;
    index = i;
  }
  return index < 0 ? undefined : { index, miss };
}

const isInside = (x: number, y: number, z: number, { min, max }: Bounds): boolean =>
  x >= min[0] && x <= max[0] && y >= min[1] && y <= max[1] && z >= min[2] && z <= max[2];

function pointPick(cloud: CloudData, index: number, layers: readonly LayerData[]): PointPick {
  const position = positionOf(cloud.positions, 3, index);
  const toPath = distanceToPath(layers, position);
  const { colors } = cloud;
  return {
    kind: 'point',
    layer: cloud.id,
    index,
    position,
    ...(colors
      ? { color: [colors[3 * index] ?? 0, colors[3 * index + 1] ?? 0, colors[3 * index + 2] ?? 0] as const }
      : {}),
    fields: Object.fromEntries(
      Object.entries(cloud.fields).map(([name, values]) => [name, values[index] ?? Number.NaN]),
    ),
    ...(toPath === undefined ? {} : { toPath }),
  };
}

/** [m] from a point to the nearest sample of the main path; undefined where there is no path. */
export function distanceToPath(layers: readonly LayerData[], point: Vec3): number | undefined {
  const paths = layers.filter((l): l is TrajectoryData => l.kind === 'trajectory' && l.count > 0);
  const path = paths.find((p) => p.role === 'refined') ?? paths[0];
  if (!path) return undefined;
  let least = Infinity;
  for (let i = 0; i < path.count; i++) least = Math.min(least, distance(positionOf(path.tool, 7, i), point));
  return least;
}

const positionOf = (values: Float32Array, stride: number, i: number): Vec3 => [
  values[stride * i] as number,
  values[stride * i + 1] as number,
  values[stride * i + 2] as number,
];
