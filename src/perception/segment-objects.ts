import { quatFromAxisAngle } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { clusters } from './clusters.ts';
import { colourName, type ColourName } from './colour-names.ts';
import { fitSolids } from './fit-solids.ts';
import { footprint, type Footprint } from './footprint.ts';
import { findTable, heightsOver, type Plane } from './plane.ts';
import { pointSpacing } from './spacing.ts';
import { nameShape, otherWords, type ShapeEvidence } from './shape-names.ts';

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

type Found = Omit<SceneObject, 'id' | 'label'> & { readonly noun: string };

function coloursOf(cloud: PointCloud): ColourName[] | undefined {
  const c = cloud.colors;
  if (!c) return undefined;
  return Array.from({ length: cloud.count }, (_, i) => colourName(c[3 * i]!, c[3 * i + 1]!, c[3 * i + 2]!));
}

/** Shading turns orange into brown and white into grey: words that one thing can have on two of its sides. */
function hueGroup(colour: ColourName): ColourName {
  if (colour === 'brown') return 'orange';
  return colour === 'white' ? 'grey' : colour;
}

/** Colour word of the brighter half of the points, averaged: what is lit shows the thing's own colour. */
function litColour(cloud: PointCloud, members: readonly number[]): ColourName | undefined {
  const c = cloud.colors;
  if (!c) return undefined;
  const value = (i: number): number => Math.max(c[3 * i]!, c[3 * i + 1]!, c[3 * i + 2]!);
  const bright = [...members]
    .sort((a, b) => value(b) - value(a) || a - b)
    .slice(0, Math.ceil(members.length / 2));
  const mean = [0, 1, 2].map((k) => bright.reduce((sum, i) => sum + c[3 * i + k]!, 0) / bright.length);
  return colourName(mean[0]!, mean[1]!, mean[2]!);
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

function describeSolid(
  cloud: PointCloud,
  members: readonly number[],
  heights: Float32Array,
  table: Plane,
  maxSize: number,
): Found | undefined {
  const p = cloud.positions;
  const outline = footprint(members.map((i) => [p[3 * i]!, p[3 * i + 1]!] as const));
  if (!outline || outline.length > maxSize) return undefined;
  const base = trimmed(p, members, outline);
  const sorted = members.map((i) => heights[i]!).sort((a, b) => a - b);
  const top = quantile(sorted, 0.98);
  const low = quantile(sorted, 0.02);
  // The camera sees the sides down to the table; what starts well above it stands on something else.
  const bottom = low < 0.025 ? 0 : low;
  const height = Math.max(0.002, top - bottom);
  const evidence: ShapeEvidence = {
    length: base.length,
    width: base.width,
    height,
    round: base.round,
    hollow: hollowness(p, members, heights, base, bottom, height),
    pierced: bottom === 0 && isPierced(p, members, base),
    shoulder: shoulderOf(p, members, heights, base, bottom, height),
  };
  const solids = fitSolids(pointsOf(p, members, heights), { ...base, bottom, top });
  (globalThis as any).__solid = { evidence, solids };
  const shape = nameShape(evidence);
  const body = shape === 'mug' ? rimOf(p, members, heights, bottom + 0.85 * height, base) : base;
  const colour = litColour(cloud, members);
  const round = ROUND_SHAPES.has(shape);
  const z = tableHeight(table, body.x, body.y) + bottom + height / 2;
  return {
    noun: shape,
    names: otherWords(shape, evidence).map((word) => (colour ? `${colour} ${word}` : word)),
    shape,
    ...(colour ? { colour } : {}),
    pose: {
      position: [body.x, body.y, z],
      orientation: quatFromAxisAngle([0, 0, 1], turnOf(round, base, body)),
    },
    size: round ? [body.length, body.length, height] : [body.length, body.width, height],
    score: Math.min(1, members.length / 60),
    source: 'segmentation',
    ...((globalThis as any).__solid ? {__solid:(globalThis as any).__solid}:{}),
  };
}

/** x, y and height over the table of a thing's points, n x 3. */
function pointsOf(p: Float32Array, members: readonly number[], heights: Float32Array): Float32Array {
  const points = new Float32Array(3 * members.length);
  members.forEach((i, k) => {
    points[3 * k] = p[3 * i]!;
    points[3 * k + 1] = p[3 * i + 1]!;
    points[3 * k + 2] = heights[i]!;
  });
  return points;
}

/** Round things have no turn, but that a mug's handle sticks out along its +X. */
function turnOf(round: boolean, base: Footprint, body: Footprint): number {
  if (!round) return base.yaw;
  const [dx, dy] = [base.x - body.x, base.y - body.y];
  return Math.hypot(dx, dy) < 0.003 ? 0 : Math.atan2(dy, dx);
}

const ROUND_SHAPES: ReadonlySet<string> = new Set(['cylinder', 'ball', 'bowl', 'plate', 'mug', 'ring']);
/** With fewer points than this, every one counts for the outline. */
const TRIM_FROM = 80;
/** Share of the points that noise may put outside, on each side. */
const TRIM = 0.015;

/** The rectangle without the outermost points, which noise and a second camera's error put there. */
function trimmed(p: Float32Array, members: readonly number[], outline: Footprint): Footprint {
  if (members.length < TRIM_FROM) return outline;
  const [c, s] = [Math.cos(outline.yaw), Math.sin(outline.yaw)];
  const sortedAlong = (cx: number, cy: number): number[] =>
    members.map((i) => cx * p[3 * i]! + cy * p[3 * i + 1]!).sort((a, b) => a - b);
  const u = sortedAlong(c, s);
  const v = sortedAlong(-s, c);
  const [u0, u1, v0, v1] = [
    quantile(u, TRIM),
    quantile(u, 1 - TRIM),
    quantile(v, TRIM),
    quantile(v, 1 - TRIM),
  ];
  const [mu, mv] = [(u0 + u1) / 2, (v0 + v1) / 2];
  return {
    ...outline,
    x: c * mu - s * mv,
    y: s * mu + c * mv,
    length: u1 - u0,
    width: v1 - v0,
  };
}

/** A mug by its rim alone: its handle is lower, and would move its middle. */
function rimOf(
  p: Float32Array,
  members: readonly number[],
  heights: Float32Array,
  from: number,
  base: Footprint,
): Footprint {
  const rim = members.filter((i) => heights[i]! > from);
  const found = footprint(rim.map((i) => [p[3 * i]!, p[3 * i + 1]!] as const));
  return found && found.width > 0.5 * base.width ? trimmed(p, rim, found) : base;
}

/** The table shows through the middle of what covers it all round. */
function isPierced(p: Float32Array, members: readonly number[], base: Footprint): boolean {
  const radius = 0.25 * (base.length + base.width);
  const inner = members.filter((i) => Math.hypot(p[3 * i]! - base.x, p[3 * i + 1]! - base.y) < 0.4 * radius);
  return members.length >= 40 && inner.length < 0.02 * members.length;
}

/** Height at two thirds of the way out, as a share of the whole: what tells a ball from a can. */
function shoulderOf(
  p: Float32Array,
  members: readonly number[],
  heights: Float32Array,
  base: Footprint,
  bottom: number,
  height: number,
): number {
  const radius = 0.25 * (base.length + base.width);
  const ring = members
    .filter((i) => {
      const r = Math.hypot(p[3 * i]! - base.x, p[3 * i + 1]! - base.y);
      return r > 0.6 * radius && r < 0.85 * radius;
    })
    .map((i) => heights[i]!)
    .sort((a, b) => a - b);
  return ring.length < 8 ? 1 : (quantile(ring, 0.85) - bottom) / height;
}

/** How far the middle lies below the rim, as a share of the height: 0 for a solid, near 1 for a thin bowl. */
function hollowness(
  p: Float32Array,
  members: readonly number[],
  heights: Float32Array,
  base: Footprint,
  bottom: number,
  height: number,
): number {
  const radius = 0.25 * (base.length + base.width);
  const middle = members
    .filter((i) => Math.hypot(p[3 * i]! - base.x, p[3 * i + 1]! - base.y) < 0.4 * radius)
    .map((i) => heights[i]!)
    .sort((a, b) => a - b);
  if (middle.length < 3) return 0.5;
  return 1 - (quantile(middle, 0.5) - bottom) / height;
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

const tableHeight = (table: Plane, x: number, y: number): number =>
  (table.offset - table.normal[0] * x - table.normal[1] * y) / table.normal[2];

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
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
