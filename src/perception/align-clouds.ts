import type { PointCloud } from '../core/point-cloud.ts';
import { clusters } from './clusters.ts';
import { fitSolids, likeliestSolid, type SolidFit, type SolidKind } from './fit-solids.ts';
import { footprint } from './footprint.ts';
import { coloursOf, hueGroup } from './point-colours.ts';

/** What is compared between cameras: small things that stand alone [m]. */
const LEAST_SIZE = 0.02;
const MOST_SIZE = 0.13;
/** Points of one camera that a solid is laid through, at least. */
const LEAST_POINTS = 25;
/** Points nearer than this belong to one thing, though cameras disagree [m]. */
const TOLERANCE = 0.016;
/** A thing that two cameras see further apart than this is not one thing [m]. */
const SAME = 0.025;
/** Height over the table from which on points belong to things [m]. */
const CLEARANCE = 0.008;

/** Horizontal shift of one camera's cloud [m]. */
export type Shift = readonly [number, number];

interface Sighting {
  readonly cloud: number;
  readonly x: number;
  readonly y: number;
}

/**
 * How far each cloud has to be moved over the table so that all show small things in the same places: a camera whose pose
 * is a quarter of a degree off shows them four millimetres off at a metre. Every camera's points of a thing are taken for
 * a box, a cylinder or a ball, the same for all, and the middles of those are brought together. The mean of all shifts
 * is zero; clouds that share no thing stay where they are. `heights` are over the table, levelled [m].
 */
export function alignClouds(
  clouds: readonly PointCloud[],
  heights: readonly Float32Array[],
): readonly Shift[] {
  return shiftsOf(sightings(clouds, heights), clouds.length);
}

/** Where each camera has the middle of each thing that several see. */
function sightings(clouds: readonly PointCloud[], heights: readonly Float32Array[]): Sighting[][] {
  const total = clouds.reduce((sum, cloud) => sum + cloud.count, 0);
  const positions = new Float32Array(3 * total);
  const owner = new Uint8Array(total);
  const hues: string[] = [];
  const raised: number[] = [];
  let at = 0;
  clouds.forEach((cloud, k) => {
    const over = heights[k] as Float32Array;
    const colours = coloursOf(cloud);
    for (let i = 0; i < cloud.count; i++, at++) {
      positions[3 * at] = cloud.positions[3 * i] as number;
      positions[3 * at + 1] = cloud.positions[3 * i + 1] as number;
      positions[3 * at + 2] = over[i] as number;
      owner[at] = k;
      hues.push(colours ? hueGroup(colours[i] as NonNullable<typeof colours>[number]) : '');
      if ((over[i] as number) > CLEARANCE) raised.push(at);
    }
  });
  const things = clusters(positions, raised, TOLERANCE, (a, b) => hues[a] === hues[b]);
  return things.flatMap((members) => {
    const seen = sightingsOf(positions, owner, members, clouds.length);
    return seen === undefined ? [] : [seen];
  });
}

function sightingsOf(
  positions: Float32Array,
  owner: Uint8Array,
  members: readonly number[],
  cameras: number,
): Sighting[] | undefined {
  const outline = footprint(members.map((i) => [positions[3 * i]!, positions[3 * i + 1]!] as const));
  if (!outline || outline.length > MOST_SIZE || outline.width < LEAST_SIZE) return undefined;
  const top = members.map((i) => positions[3 * i + 2]!).sort((a, b) => a - b)[
    Math.floor(0.98 * (members.length - 1))
  ] as number;
  const fits = Array.from({ length: cameras }, (_, k) => {
    const own = members.filter((i) => owner[i] === k);
    if (own.length < LEAST_POINTS) return undefined;
    const points = new Float32Array(3 * own.length);
    own.forEach((i, j) => points.set(positions.subarray(3 * i, 3 * i + 3), 3 * j));
    return { count: own.length, solids: fitSolids(points, { ...outline, bottom: 0, top }) };
  });
  const seen = fits.filter((fit) => fit !== undefined);
  if (seen.length < 2) return undefined;
  const kind = likeliestSolid(meanResiduals(seen));
  const found = fits.flatMap((fit, cloud) =>
    fit === undefined ? [] : [{ cloud, x: fit.solids[kind].x, y: fit.solids[kind].y }],
  );
  const [first] = found;
  const apart = first && found.some(({ x, y }) => Math.hypot(x - first.x, y - first.y) > SAME);
  return apart ? undefined : found;
}

function meanResiduals(
  fits: readonly { count: number; solids: Readonly<Record<SolidKind, SolidFit>> }[],
): Readonly<Record<SolidKind, number>> {
  const points = fits.reduce((sum, { count }) => sum + count, 0);
  const mean = (kind: SolidKind): number =>
    fits.reduce((sum, { count, solids }) => sum + count * solids[kind].residual, 0) / points;
  return { box: mean('box'), cylinder: mean('cylinder'), ball: mean('ball') };
}

/** Shifts that bring sightings of each thing together, by turns: where the things are, and where the cameras are. */
function shiftsOf(things: readonly (readonly Sighting[])[], cameras: number): Shift[] {
  const shifts: [number, number][] = Array.from({ length: cameras }, () => [0, 0]);
  if (things.length === 0) return shifts;
  for (let round = 0; round < 20; round++) {
    const off: [number, number][][] = Array.from({ length: cameras }, () => []);
    for (const seen of things) {
      const x = mean(seen.map((s) => s.x + shifts[s.cloud]![0]));
      const y = mean(seen.map((s) => s.y + shifts[s.cloud]![1]));
      for (const s of seen) off[s.cloud]!.push([x - s.x, y - s.y]);
    }
    off.forEach((list, k) => {
      if (list.length > 0) shifts[k] = [median(list.map(([x]) => x)), median(list.map(([, y]) => y))];
    });
  }
  const known = shifts.filter((_, k) => things.some((seen) => seen.some((s) => s.cloud === k)));
  const centre = [mean(known.map(([x]) => x)), mean(known.map(([, y]) => y))] as const;
  return shifts.map((shift, k) =>
    known.includes(shift) && things.some((seen) => seen.some((s) => s.cloud === k))
      ? [shift[0] - centre[0], shift[1] - centre[1]]
      : [0, 0],
  );
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[half] as number)
    : ((sorted[half - 1] as number) + (sorted[half] as number)) / 2;
}
