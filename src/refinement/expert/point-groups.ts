import { matrixFromQuat } from '../../core/geometry.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { findTable, type Plane } from '../../perception/plane.ts';
import { cellsOf, type Cells } from './cells.ts';
import { POINTS, WAYPOINTS } from './contract.ts';
import { FarthestPoints } from './farthest-points.ts';

/** What the gripper looks at from a waypoint: a cylinder along its approach axis [m]. */
const VIEW = { radius: 0.12, core: 0.06, behind: 0.06, ahead: 0.3 };
/** Points lower over the table than this are the table [m]. */
const TABLE_SKIN = 0.006;
/** Of every 16 places of a group, those for points near the axis; the rest is for what stands round it. */
const CORE_OF_16 = 11;

/** So many points are a thing; fewer are noise. */
const FEW = 5;

/** The part of a cloud that the network is shown: what stands out of the table. */
export interface StandingPoints {
  /** [3·count] m, in base */
  readonly positions: Float32Array;
  readonly count: number;
  /** none where no table was found: then every point counts */
  readonly table: Plane | undefined;
}

export interface PointGroups {
  /** [8·64·3] m, each group in the tool frame of its waypoint */
  readonly points: Float32Array;
  /** [8·64] 1 where there is a point */
  readonly points_mask: Float32Array;
  /**
   * per waypoint: how far its approach axis is from the nearest few points [m], so that stray ones do not count as a
   * thing; infinite where there are fewer
   */
  readonly nearest: readonly number[];
}

/** Looked for once per cloud. */
const standingOf = new WeakMap<PointCloud, StandingPoints>();

export function standingPoints(cloud: PointCloud): StandingPoints {
  const known = standingOf.get(cloud);
  if (known) return known;
  const found = aboveTable(cloud, findTable(cloud));
  standingOf.set(cloud, found);
  return found;
}

/** The points of a cloud that are over a table known already. */
export function aboveTable(cloud: PointCloud, table: Plane | undefined): StandingPoints {
  if (!table) return { positions: cloud.positions, count: cloud.count, table };
  const { positions: p } = cloud;
  const [nx, ny, nz] = table.normal;
  const kept = scratchFor(p.length);
  let count = 0;
  for (let i = 0; i < 3 * cloud.count; i += 3) {
    const x = p[i]!;
    const y = p[i + 1]!;
    const z = p[i + 2]!;
    // Rounded as heights are kept elsewhere, so that the same points stand out.
    if (Math.fround(nx * x + ny * y + nz * z - table.offset) <= TABLE_SKIN) continue;
    kept[3 * count] = x;
    kept[3 * count + 1] = y;
    kept[3 * count + 2] = z;
    count++;
  }
  return { positions: kept.slice(0, 3 * count), count, table };
}

/** Kept from call to call; holds nothing between them. */
let scratch = new Float32Array(0);

function scratchFor(length: number): Float32Array {
  if (scratch.length < length) scratch = new Float32Array(length);
  return scratch;
}

/** Height of a table under a place of the base's floor plan [m]. */
export const tableHeight = ({ normal, offset }: Plane, x: number, y: number): number =>
  (offset - normal[0] * x - normal[1] * y) / normal[2];

/**
 * The points that each waypoint's gripper would look at, in that waypoint's tool frame: spread over the things as evenly
 * as they allow (farthest-point sampling), near the axis and round it taking turns, so that any first few of a group
 * show all of it coarsely. Equal input gives equal groups.
 */
export function pointGroups(seen: StandingPoints | undefined, waypoints: readonly Waypoint[]): PointGroups {
  const points = new Float32Array(WAYPOINTS * POINTS * 3);
  const points_mask = new Float32Array(WAYPOINTS * POINTS);
  if (!seen) return { points, points_mask, nearest: waypoints.map(() => Infinity) };
  const { core, round } = samplersFor(seen.count);
  const cells = cellsOf(seen.positions, seen.count);
  const nearest = waypoints.map((waypoint, k) => {
    core.clear();
    round.clear();
    const distance = lookFrom(seen.positions, cells, waypoint, core, round);
    for (let n = 0; n < POINTS; n++) {
      const [first, second] = n % 16 < CORE_OF_16 ? [core, round] : [round, core];
      const at = 3 * (k * POINTS + n);
      if (!first.next(points, at) && !second.next(points, at)) break;
      points_mask[k * POINTS + n] = 1;
    }
    return distance;
  });
  return { points, points_mask, nearest };
}

interface Samplers {
  readonly capacity: number;
  readonly core: FarthestPoints;
  readonly round: FarthestPoints;
}

/** Kept from call to call, since a closed loop asks many times a second; nothing waits while they are in use. */
let samplers: Samplers | undefined;

function samplersFor(count: number): Samplers {
  if (samplers && samplers.capacity >= count) return samplers;
  samplers = { capacity: count, core: new FarthestPoints(count), round: new FarthestPoints(count) };
  return samplers;
}

/** Collects what is in view, in the tool frame; returns how far the axis is from the nearest few points [m]. */
function lookFrom(
  p: Float32Array,
  { order, first, middles, reach }: Cells,
  { position, orientation }: Waypoint,
  core: FarthestPoints,
  round: FarthestPoints,
): number {
  const [m0 = 0, m1 = 0, m2 = 0, m3 = 0, m4 = 0, m5 = 0, m6 = 0, m7 = 0, m8 = 0] =
    matrixFromQuat(orientation);
  const [ox, oy, oz] = position;
  const least = new Float64Array(FEW).fill(Infinity);
  for (let cell = 0; cell + 1 < first.length; cell++) {
    const mx = middles[3 * cell]! - ox;
    const my = middles[3 * cell + 1]! - oy;
    const mz = middles[3 * cell + 2]! - oz;
    const along = m2 * mx + m5 * my + m8 * mz;
    if (along < -VIEW.behind - reach || along > VIEW.ahead + reach) continue;
    const aside = Math.hypot(m0 * mx + m3 * my + m6 * mz, m1 * mx + m4 * my + m7 * mz);
    if (aside > VIEW.radius + reach) continue;
    core.startCell();
    round.startCell();
    for (let at = first[cell]!; at < first[cell + 1]!; at++) {
      const i = order[at]!;
      const x = p[3 * i]! - ox;
      const y = p[3 * i + 1]! - oy;
      const z = p[3 * i + 2]! - oz;
      const lz = m2 * x + m5 * y + m8 * z;
      if (lz < -VIEW.behind || lz > VIEW.ahead) continue;
      const lx = m0 * x + m3 * y + m6 * z;
      const ly = m1 * x + m4 * y + m7 * z;
      const radial = lx * lx + ly * ly;
      if (radial > VIEW.radius * VIEW.radius) continue;
      if (radial < least[FEW - 1]!) insert(least, radial);
      (radial < VIEW.core * VIEW.core ? core : round).add(lx, ly, lz, radial, i);
    }
  }
  return Math.sqrt(least[FEW - 1]!);
}

/** Puts `value` in its place among sorted ones, of which the last falls out. */
function insert(sorted: Float64Array, value: number): void {
  let at = sorted.length - 1;
  for (; at > 0 && sorted[at - 1]! > value; at--) sorted[at] = sorted[at - 1]!;
  sorted[at] = value;
}
