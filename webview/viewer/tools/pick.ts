import type { Vec3 } from '../../../src/core/geometry.ts';
import { distance } from '../../../src/core/geometry.ts';
import type { Project } from '../draw/annotation.ts';
import { pathValues } from '../path-values.ts';
import type { CloudData, LayerData, TrajectoryData } from '../scene-data.ts';

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

/**
 * The path's sample or the cloud's point nearest to (x, y) on screen; paths win, since they lie over the cloud. Of
 * points under the pointer the one nearest to the eye counts. Brute force over typed arrays: a million points take
 * about ten milliseconds, once a click, and need no index that would cost memory while nobody picks.
 */
export function pickAt(
  layers: readonly LayerData[],
  project: Project,
  x: number,
  y: number,
): Pick | undefined {
  let best: { path: TrajectoryData; index: number; reach: number } | undefined;
  for (const path of layers) {
    if (path.kind !== 'trajectory') continue;
    for (let i = 0; i < path.count; i++) {
      const p = project(positionOf(path.tool, 7, i));
      if (!p.visible) continue;
      const reach = Math.hypot(p.x - x, p.y - y);
      if (reach <= SAMPLE_REACH && reach < (best?.reach ?? Infinity)) best = { path, index: i, reach };
    }
  }
  if (best) return samplePick(best.path, best.index);
  for (const cloud of layers) {
    if (cloud.kind !== 'cloud') continue;
    const index = nearestPoint(cloud, project, x, y);
    if (index >= 0) return pointPick(cloud, index, layers);
  }
  return undefined;
}

/** Everything known about one sample. */
export function samplePick(path: TrajectoryData, index: number): SamplePick {
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

function nearestPoint(cloud: CloudData, project: Project, x: number, y: number): number {
  let found = -1;
  let bestScore = Infinity;
  for (let i = 0; i < cloud.count; i++) {
    const p = project(positionOf(cloud.positions, 3, i));
    if (!p.visible) continue;
    const dx = p.x - x;
    const dy = p.y - y;
    if (dx > POINT_REACH || dx < -POINT_REACH || dy > POINT_REACH || dy < -POINT_REACH) continue;
    // Pixels off the pointer, and depth: a metre nearer to the eye outweighs the whole reach.
    const score = Math.hypot(dx, dy) - p.pixelsPerMetre * 0.05;
    if (score < bestScore) {
      bestScore = score;
      found = i;
    }
  }
  return found;
}

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
