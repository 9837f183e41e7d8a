import { quatFromAxisAngle } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { fitSolids, likeliestSolid, type SolidFit } from './fit-solids.ts';
import { footprint, halfTurn, type Footprint } from './footprint.ts';
import { tableHeight, type Plane } from './plane.ts';
import { litColour } from './point-colours.ts';
import { nameShape, otherWords, type ShapeEvidence } from './shape-names.ts';

/** A thing that was found, before it has a name of its own. */
export type Found = Omit<SceneObject, 'id' | 'label'> & { readonly noun: string };

/**
 * A thing by the points that are its: an upright box round it, a colour word and a shape word. Undefined for what is
 * larger than `maxSize` [m] or has no extent. `heights` are over the table [m].
 */
export function describeSolid(
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
  const fits = fitSolids(pointsOf(p, members, heights), { ...base, bottom, top });
  const likeliest =
    fits[
      likeliestSolid({
        box: fits.box.residual,
        cylinder: fits.cylinder.residual,
        ball: fits.ball.residual,
      })
    ];
  const solid = likeliest.residual < SOLID ? likeliest : undefined;
  const evidence: ShapeEvidence = {
    length: base.length,
    width: base.width,
    height,
    round: base.round,
    hollow: hollowness(p, members, heights, base, bottom, height),
    pierced: bottom === 0 && isPierced(p, members, base),
    ...(solid ? { solid: solid.kind } : {}),
  };
  const shape = nameShape(evidence);
  const body: Footprint & { readonly height?: number } =
    shape === 'mug'
      ? rimOf(p, members, heights, bottom + 0.85 * height, base)
      : solid && SOLID_SHAPES.has(shape)
        ? bodyOf(solid, p, members, outline)
        : base;
  const tall = body.height ?? height;
  const colour = litColour(cloud, members);
  const round = ROUND_SHAPES.has(shape);
  const z = tableHeight(table, body.x, body.y) + bottom + tall / 2;
  return {
    noun: shape,
    names: otherWords(shape, evidence).map((word) => (colour ? `${colour} ${word}` : word)),
    shape,
    ...(colour ? { colour } : {}),
    pose: {
      position: [body.x, body.y, z],
      orientation: quatFromAxisAngle([0, 0, 1], turnOf(shape, base, body)),
    },
    size: round ? [body.length, body.length, tall] : [body.length, body.width, tall],
    score: Math.min(1, members.length / 60),
    source: 'segmentation',
  };
}

/** Points further than this from every solid, on average, are those of something else [m]. */
const SOLID = 0.0035;
/** Shapes that a fitted solid measures better than an outline. */
const SOLID_SHAPES: ReadonlySet<string> = new Set(['cube', 'block', 'cylinder', 'ball']);

/**
 * A thing's outline by the solid that fits it. A round one is known whole from the part that is seen; a box gives its
 * heading and height, but hidden sides leave its length and width open: those are what is seen.
 */
function bodyOf(
  solid: SolidFit,
  p: Float32Array,
  members: readonly number[],
  outline: Footprint,
): Footprint & { readonly height: number } {
  const { x, y, length, width, height } = solid;
  if (solid.kind !== 'box') return { x, y, yaw: 0, length, width, round: true, height };
  const seen = trimmed(p, members, { ...outline, yaw: solid.yaw }, true);
  const turned = seen.width > seen.length;
  return {
    ...seen,
    yaw: halfTurn(solid.yaw + (turned ? Math.PI / 2 : 0)),
    length: turned ? seen.width : seen.length,
    width: turned ? seen.length : seen.width,
    height,
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
function turnOf(shape: string, base: Footprint, body: Footprint): number {
  if (!ROUND_SHAPES.has(shape)) return body.yaw;
  const [dx, dy] = [base.x - body.x, base.y - body.y];
  return shape !== 'mug' || Math.hypot(dx, dy) < 0.003 ? 0 : Math.atan2(dy, dx);
}

const ROUND_SHAPES: ReadonlySet<string> = new Set(['cylinder', 'ball', 'bowl', 'plate', 'mug', 'ring']);
/** With fewer points than this, every one counts for the outline. */
const TRIM_FROM = 80;
/** Share of the points that noise may put outside, on each side. */
const TRIM = 0.015;

/** The rectangle without the outermost points, which noise and a second camera's error put there. */
function trimmed(p: Float32Array, members: readonly number[], outline: Footprint, again = false): Footprint {
  if (members.length < TRIM_FROM && !again) return outline;
  const [c, s] = [Math.cos(outline.yaw), Math.sin(outline.yaw)];
  const sortedAlong = (cx: number, cy: number): number[] =>
    members.map((i) => cx * p[3 * i]! + cy * p[3 * i + 1]!).sort((a, b) => a - b);
  const u = sortedAlong(c, s);
  const v = sortedAlong(-s, c);
  const share = members.length < TRIM_FROM ? 0 : TRIM;
  const [u0, u1, v0, v1] = [
    quantile(u, share),
    quantile(u, 1 - share),
    quantile(v, share),
    quantile(v, 1 - share),
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

function quantile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))]!;
}
