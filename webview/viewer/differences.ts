import { distance } from '../../src/core/geometry.ts';
import type { Vec3 } from '../../src/core/geometry.ts';
import type { Difference } from '../../src/core/viewer-messages.ts';
import { mainPath } from './compare.ts';
import { twoDigits } from './path-values.ts';
import type { LayerData, LoadedScene, TrajectoryData, WaypointsData } from './scene-data.ts';
import { interpolate, sampleAt } from './time/sampling.ts';

/** Waypoints that lie nearer to each other than this are the same [m]. */
const SAME_PLACE = 1e-4;

/** What two runs differ in as far as their scenes can tell: times, lengths, clearances, waypoints, and how far apart. */
export function differencesOf(left: readonly LoadedScene[], right: readonly LoadedScene[]): Difference[] {
  const [a, b] = [layersOf(left), layersOf(right)];
  const rows: Difference[] = [];
  const add = (name: string, of: (layers: readonly LayerData[]) => string | undefined): void => {
    const [l, r] = [of(a), of(b)];
    if (l !== undefined || r !== undefined) rows.push({ name, left: l ?? '–', right: r ?? '–' });
  };
  add('Duration', (layers) => pathFact(layers, (path) => `${durationOf(path).toFixed(2)} s`));
  add('Path length', (layers) => pathFact(layers, (path) => `${twoDigits(lengthOf(path))} m`));
  add('Least clearance', (layers) => leastClearance(layers));
  add('Refused samples', (layers) => {
    const refused = layers.flatMap((layer) => (layer.kind === 'trajectory' ? layer.refused : [])).length;
    return layers.some((layer) => layer.kind === 'trajectory') ? String(refused) : undefined;
  });
  rows.push(...waypointRows(a, b));
  add('Points', (layers) => layers.find((layer) => layer.kind === 'cloud')?.total.toLocaleString('en-US'));
  const apart = farthestApart(mainPath(a), mainPath(b));
  if (apart && apart.distance >= SAME_PLACE) {
    rows.push({
      name: 'Farthest apart',
      left: `${twoDigits(apart.distance * 1000)} mm`,
      right: `at ${apart.time.toFixed(2)} s`,
    });
  }
  return rows;
}

const layersOf = (scenes: readonly LoadedScene[]): LayerData[] => scenes.flatMap((scene) => scene.layers);

function pathFact(layers: readonly LayerData[], of: (path: TrajectoryData) => string): string | undefined {
  const path = mainPath(layers);
  return path && path.count > 0 ? of(path) : undefined;
}

const durationOf = ({ times }: TrajectoryData): number => (times.at(-1) ?? 0) - (times[0] ?? 0);

const at = (path: TrajectoryData, i: number): Vec3 => [
  path.tool[7 * i] ?? 0,
  path.tool[7 * i + 1] ?? 0,
  path.tool[7 * i + 2] ?? 0,
];

function lengthOf(path: TrajectoryData): number {
  let length = 0;
  for (let i = 1; i < path.count; i++) length += distance(at(path, i - 1), at(path, i));
  return length;
}

function leastClearance(layers: readonly LayerData[]): string | undefined {
  let least = Infinity;
  for (const layer of layers) {
    if (layer.kind === 'trajectory')
      for (const value of layer.clearance ?? []) if (value < least) least = value;
  }
  return Number.isFinite(least) ? `${twoDigits(least * 1000)} mm` : undefined;
}

/** One row per waypoint that is not the same in both: another place, or there in one only. */
function waypointRows(a: readonly LayerData[], b: readonly LayerData[]): Difference[] {
  const of = (layers: readonly LayerData[]): WaypointsData['waypoints'] =>
    layers.find((layer): layer is WaypointsData => layer.kind === 'waypoints')?.waypoints ?? [];
  const [left, right] = [of(a), of(b)];
  const rows: Difference[] = [];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [l, r] = [left[i], right[i]];
    const name = `Waypoint ${i + 1}, ${l?.label ?? r?.label ?? ''}`;
    if (!l || !r) {
      rows.push({ name, left: l ? 'there' : 'none', right: r ? 'there' : 'none' });
      continue;
    }
    const apart = distance(l.position, r.position);
    if (apart >= SAME_PLACE) rows.push({ name, left: 'moved', right: `${twoDigits(apart * 1000)} mm` });
    if (l.gripper !== r.gripper)
      rows.push({ name: `${name}, gripper`, left: openText(l.gripper), right: openText(r.gripper) });
  }
  return rows;
}

const openText = (gripper: number): string => `${Math.round(gripper * 100)} % open`;

/** Greatest distance between two paths at the same time since their starts [m], and when [s]. */
export function farthestApart(
  a: TrajectoryData | undefined,
  b: TrajectoryData | undefined,
): { distance: number; time: number } | undefined {
  if (!a || !b || a.count < 2 || b.count < 2) return undefined;
  const [startA, startB] = [a.times[0] ?? 0, b.times[0] ?? 0];
  let farthest = { distance: 0, time: 0 };
  for (let i = 0; i < a.count; i++) {
    const time = (a.times[i] ?? 0) - startA;
    const there = sampleAt(b.times, startB + time);
    const other: Vec3 = [
      interpolate(b.tool, 7, 0, there),
      interpolate(b.tool, 7, 1, there),
      interpolate(b.tool, 7, 2, there),
    ];
    const apart = distance(at(a, i), other);
    if (apart > farthest.distance) farthest = { distance: apart, time };
  }
  return farthest;
}
