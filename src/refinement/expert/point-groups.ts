import { matrixFromQuat, type Vec3 } from '../../core/geometry.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { Random } from '../../core/random.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { findTable, heightsOver } from '../../perception/plane.ts';
import { POINTS, WAYPOINTS } from './contract.ts';

/** What the gripper looks at from a waypoint: a cylinder along its approach axis [m]. */
const VIEW = { radius: 0.12, core: 0.06, behind: 0.06, ahead: 0.25 };
/** Points lower over the table than this are the table [m]. */
const TABLE_SKIN = 0.006;
/** Of the points of a group, the share kept for the core, and the fewest kept for the table. */
const CORE_SHARE = 0.65;
const TABLE_POINTS = 6;

export interface PointGroups {
  /** [8·64·3] m, each group in the tool frame of its waypoint */
  readonly points: Float32Array;
  /** [8·64] 1 where there is a point */
  readonly points_mask: Float32Array;
  /** per waypoint: distance in the plane to the nearest thing that is not the table [m]; infinite where there is none */
  readonly nearest: readonly number[];
}

/** Which points stand out of the table, found once per cloud. */
const raisedOf = new WeakMap<PointCloud, Uint8Array>();

/**
 * The points that each waypoint's gripper would look at, in that waypoint's tool frame. Things come first and what is
 * near the axis comes first among them, since a table would else fill every group. Equal input gives equal groups.
 */
export function pointGroups(cloud: PointCloud | undefined, waypoints: readonly Waypoint[]): PointGroups {
  const points = new Float32Array(WAYPOINTS * POINTS * 3);
  const points_mask = new Float32Array(WAYPOINTS * POINTS);
  if (!cloud) return { points, points_mask, nearest: waypoints.map(() => Infinity) };
  let raised = raisedOf.get(cloud);
  if (!raised) {
    const table = findTable(cloud);
    const heights = table && heightsOver(cloud, table);
    raised = Uint8Array.from({ length: cloud.count }, (_, i) =>
      !heights || heights[i]! > TABLE_SKIN ? 1 : 0,
    );
    raisedOf.set(cloud, raised);
  }
  const nearest = waypoints.map((waypoint, k) => group(cloud, raised, waypoint, k, points, points_mask));
  return { points, points_mask, nearest };
}

function group(
  cloud: PointCloud,
  raised: Uint8Array,
  waypoint: Waypoint,
  k: number,
  points: Float32Array,
  mask: Float32Array,
): number {
  const p = cloud.positions;
  const m = matrixFromQuat(waypoint.orientation) as [
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
  const [ox, oy, oz]: Vec3 = waypoint.position;
  const core: number[] = [];
  const rest: number[] = [];
  const table: number[] = [];
  let nearest = Infinity;
  const limit = VIEW.radius * VIEW.radius;
  for (let i = 0; i < cloud.count; i++) {
    const x = p[3 * i]! - ox;
    const y = p[3 * i + 1]! - oy;
    const z = p[3 * i + 2]! - oz;
    const lz = m[2] * x + m[5] * y + m[8] * z;
    if (lz < -VIEW.behind || lz > VIEW.ahead) continue;
    const lx = m[0] * x + m[3] * y + m[6] * z;
    const ly = m[1] * x + m[4] * y + m[7] * z;
    const radial = lx * lx + ly * ly;
    if (radial > limit) continue;
    if (raised[i] === 0) {
      table.push(i);
      continue;
    }
    if (radial < nearest) nearest = radial;
    (radial < VIEW.core * VIEW.core ? core : rest).push(i);
  }
  const random = new Random('point group', k);
  const chosen: number[] = [];
  const take = (from: number[], most: number): void => {
    const count = Math.min(most, from.length, POINTS - chosen.length);
    for (let i = 0; i < count; i++) {
      const j = i + random.below(from.length - i);
      const swap = from[i]!;
      from[i] = from[j]!;
      from[j] = swap;
      chosen.push(from[i]!);
    }
    from.splice(0, count);
  };
  take(core, Math.round(CORE_SHARE * (POINTS - TABLE_POINTS)));
  take(rest, POINTS - TABLE_POINTS - chosen.length);
  take(core, POINTS - TABLE_POINTS - chosen.length);
  take(table, POINTS - chosen.length);
  take(rest, POINTS - chosen.length);
  chosen.forEach((i, n) => {
    const x = p[3 * i]! - ox;
    const y = p[3 * i + 1]! - oy;
    const z = p[3 * i + 2]! - oz;
    const at = 3 * (k * POINTS + n);
    points[at] = m[0] * x + m[3] * y + m[6] * z;
    points[at + 1] = m[1] * x + m[4] * y + m[7] * z;
    points[at + 2] = m[2] * x + m[5] * y + m[8] * z;
    mask[k * POINTS + n] = 1;
  });
  return Math.sqrt(nearest);
}
