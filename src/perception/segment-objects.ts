import { quatFromAxisAngle } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { clusters } from './clusters.ts';
import type { ColourName } from './colour-names.ts';
import { coloursOf, hueGroup } from './point-colours.ts';
import { describeSolid, type Found } from './describe-solid.ts';
import { footprint } from './footprint.ts';
import { findTable, heightsOver, tableHeight, type Plane } from './plane.ts';
import { pointSpacing } from './spacing.ts';

export interface SegmentOptions {
  /** points nearer than this belong to one thing [m]; default 12 mm, more for sparse clouds */
  readonly tolerance?: number;
  /** least height over the table [m]; default 8 mm */
  readonly clearance?: number;
  /** things with fewer points are noise; default 12 */
  readonly minPoints?: number;
  /** things larger than this are furniture [m]; default 0.45 */
  readonly maxSize?: number;
  readonly seed?: number;
}

/**
 * Things on a table, found without a detector: the table's plane is taken away, what is left falls into clusters of one
 * colour, each with an upright box, a colour word and a shape word. Flat markings are found by colour alone.
 * The cloud is in `base`; results are ordered by their first point and have `source: 'segmentation'`.
 */
export function segmentObjects(cloud: PointCloud, options: SegmentOptions = {}): SceneObject[] {
  const { clearance = 0.008, minPoints = 12, maxSize = 0.45 } = options;
  const tolerance = options.tolerance ?? Math.max(0.012, 2 * pointSpacing(cloud));
  const table = findTable(cloud, { seed: options.seed });
  if (!table) return [];
  const heights = heightsOver(cloud, table);
  const colours = coloursOf(cloud);
  const raised: number[] = [];
  const flat: number[] = [];
  for (let i = 0; i < cloud.count; i++) {
    if (heights[i]! > clearance) raised.push(i);
    else if (Math.abs(heights[i]!) < 0.004) flat.push(i);
  }
  const alike = (a: number, b: number): boolean =>
    !colours || hueGroup(colours[a]!) === hueGroup(colours[b]!);
  const parts = joinFragments(
    cloud,
    clusters(cloud.positions, raised, tolerance, alike),
    tolerance,
    minPoints,
  );
  const solids = joinRims(cloud, parts, heights, alike).flatMap(
    (members) => describeSolid(cloud, members, heights, table, maxSize) ?? [],
  );
  const markings = colours ? findMarkings(cloud, flat, colours, table, tolerance, minPoints) : [];
  return named([
    ...solids,
    ...markings.filter((marking) => !solids.some((solid) => isFootOf(marking, solid))),
  ]);
}

/** The lowest points of a thing's sides look like a marking of its colour. */
function isFootOf(marking: Found, solid: Found): boolean {
  const [x, y] = marking.pose.position;
  const off = Math.hypot(x - solid.pose.position[0], y - solid.pose.position[1]);
  return marking.colour === solid.colour && off < 0.5 * Math.hypot(solid.size[0], solid.size[1]) + 0.01;
}

/** Specks of a wrong colour, from shading or flying pixels, go to the largest cluster that they touch. */
function joinFragments(
  cloud: PointCloud,
  found: number[][],
  tolerance: number,
  minPoints: number,
): number[][] {
  const large = found.filter((c) => c.length >= minPoints);
  const p = cloud.positions;
  for (const speck of found.filter((c) => c.length < minPoints)) {
    const touching = large.find((cluster) =>
      cluster.some((i) =>
        speck.some(
          (j) =>
            Math.hypot(p[3 * i]! - p[3 * j]!, p[3 * i + 1]! - p[3 * j + 1]!, p[3 * i + 2]! - p[3 * j + 2]!) <
            tolerance / 2,
        ),
      ),
    );
    touching?.push(...speck);
  }
  return large;
}

/** A bowl's near wall hides part of its inside: two arcs of one colour that together make one hollow disc are one. */
function joinRims(
  cloud: PointCloud,
  parts: readonly number[][],
  heights: Float32Array,
  alike: (a: number, b: number) => boolean,
): number[][] {
  const joined: number[][] = [];
  for (const part of parts) {
    const index = joined.findIndex(
      (other) => alike(other[0]!, part[0]!) && isHollowDisc([...other, ...part]),
    );
    if (index < 0) joined.push(part);
    else joined[index] = [...joined[index]!, ...part];
  }
  return joined;

  function isHollowDisc(members: readonly number[]): boolean {
    const p = cloud.positions;
    const base = footprint(members.map((i) => [p[3 * i]!, p[3 * i + 1]!] as const));
    if (!base?.round || base.length > 0.25 || base.length < 0.08 || base.width < 0.85 * base.length)
      return false;
    const rim = 0.5 * base.length;
    const top = Math.max(...members.map((i) => heights[i]!));
    const middle = members.filter((i) => Math.hypot(p[3 * i]! - base.x, p[3 * i + 1]! - base.y) < 0.4 * rim);
    return middle.every((i) => heights[i]! < 0.6 * top);
  }
}

/** Patches of the table that have another colour than most of it. */
function findMarkings(
  cloud: PointCloud,
  flat: readonly number[],
  colours: readonly ColourName[],
  table: Plane,
  tolerance: number,
  minPoints: number,
): Found[] {
  if (flat.length === 0) return [];
  const ground = majority(flat.map((i) => colours[i]!));
  const plain = new Set<ColourName>(['black', 'grey', 'white', 'brown', ground]);
  const marked = flat.filter((i) => !plain.has(colours[i]!));
  const p = cloud.positions;
  return clusters(p, marked, tolerance, (a, b) => colours[a] === colours[b]).flatMap((members): Found[] => {
    if (members.length < minPoints) return [];
    const base = footprint(members.map((i) => [p[3 * i]!, p[3 * i + 1]!] as const));
    // A rim of shadow or of an object's foot is narrow; a marking is not.
    if (!base || base.width < 0.025) return [];
    return [
      {
        noun: 'target',
        shape: 'region',
        colour: majority(members.map((i) => colours[i]!)),
        pose: {
          position: [base.x, base.y, tableHeight(table, base.x, base.y)],
          orientation: quatFromAxisAngle([0, 0, 1], base.round ? 0 : base.yaw),
        },
        size: [base.length, base.width, 0.001],
        score: Math.min(1, members.length / 60),
        source: 'segmentation',
      },
    ];
  });
}

function majority<T>(values: readonly T[]): T {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best))[0];
}

/** "red cube", and ids that stay unique: red-cube, red-cube-2. */
function named(found: readonly Found[]): SceneObject[] {
  const used = new Map<string, number>();
  return found.map(({ noun, ...rest }) => {
    const label = rest.colour ? `${rest.colour} ${noun}` : noun;
    const stem = label.replace(/ /g, '-');
    const count = (used.get(stem) ?? 0) + 1;
    used.set(stem, count);
    return { id: count === 1 ? stem : `${stem}-${count}`, label, ...rest };
  });
}
