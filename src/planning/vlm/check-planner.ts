import { WaybookError } from '../../core/errors.ts';
import { inverse, transformPoint, type Vec3 } from '../../core/geometry.ts';
import type { PlanView } from '../planner.ts';
import { spatialFormats, type SpatialFormat, type SpatialPoint } from './formats/spatial-format.ts';
import { fromLetterbox, LETTERBOX, letterboxOf, toLetterbox } from './letterbox.ts';
import { onPlane, project } from './lifting.ts';
import { drawMark, fitSquare, type Mark } from './marks.ts';
import type { ModelPort, ModelReply } from './model-port.ts';
import { decodePng, encodePng, type Raster } from './png.ts';

/** What is shown to the model, and what a thousandth of it is worth on the table. */
export type CheckPicture =
  /** a grey sheet; `metresAcross` is how much of a table the picture's width would show */
  | { readonly kind: 'sheet'; readonly metresAcross: number }
  /** a camera's picture of the table, whose top is at height `table` in base [m]: marks lie on it at known places */
  | { readonly kind: 'view'; readonly view: PlanView; readonly table: number };

export interface PlannerCheck {
  /** what the endpoint says answered */
  readonly model: string;
  /** the format that reads its answer best, of those tried */
  readonly format: string;
  /** order in which its coordinates came: of the format, or the other way round */
  readonly order: 'xy' | 'yx';
  /** coordinates came the other way round than the format says, so planning would misread them */
  readonly swapped: boolean;
  /** coordinates came as shares of the picture (0..1) rather than thousandths */
  readonly shares: boolean;
  /** median distance from the marks, in pixels of the square of 1000 that the model saw */
  readonly errorPixels: number;
  /** the same on the table [mm] */
  readonly errorMillimetres: number;
  /** median error of depths, for formats that give one, over a camera's picture [mm] */
  readonly depthMillimetres?: number;
  readonly replies: readonly { readonly format: string; readonly raw: string; readonly found: number }[];
}

/** Where the marks stand on a sheet: asymmetric, so that swapped axes show. */
const ON_SHEET: readonly (readonly [number, number])[] = [
  [180, 420],
  [760, 240],
  [540, 830],
];
/** Where they lie on a table, in base [m]; those that the camera does not see are left out. */
const ON_TABLE: readonly (readonly [number, number])[] = [
  [0.36, 0.22],
  [0.58, 0.14],
  [0.44, -0.2],
  [0.5, 0.02],
  [0.62, -0.12],
];
/** Further off than this, an answer is no answer [px]. */
const USELESS = 200;

interface Target extends Mark {
  /** where the mark is in base, where a camera shows it [m] */
  readonly position?: Vec3;
}

/**
 * Draws known marks, asks the model to point at them in each format that its name suggests (all of them for an unknown
 * name), and measures: which format, which order, how far off. Throws `input/planner` where no answer reads, and what
 * the endpoint throws.
 */
export async function checkPlanner(
  port: ModelPort,
  picture: CheckPicture,
  signal: AbortSignal,
): Promise<PlannerCheck> {
  const { raster, targets } = prepare(picture);
  for (const target of targets) drawMark(raster, target);
  const image = { mime: 'image/png' as const, bytes: encodePng(raster) };
  const replies: { format: string; raw: string; found: number }[] = [];
  let best: Reading | undefined;
  const own = spatialFormats.filter((f) => f.models.test(port.model));
  for (const format of own.length > 0 ? own : spatialFormats) {
    const names = targets.map((t) => t.text);
    const text =
      `${format.ask(`the black plates with the numbers ${names.join(', ')}, in this order`)} ` +
      `Give all ${names.length}, labelled ${names.map((n) => `"${n}"`).join(', ')}.`;
    const reply = await port.ask({ messages: [{ role: 'user', text, images: [image] }] }, signal);
    const points = format.parse(reply.text) ?? [];
    replies.push({ format: format.id, raw: reply.text, found: points.length });
    if (reply.without.includes('image') || points.length < targets.length) continue;
    for (const reading of readingsOf(format, reply, points, targets)) {
      if (best === undefined || reading.error < best.error) best = reading;
    }
  }
  if (best === undefined || best.error > USELESS) {
    throw new WaybookError(
      'input/planner',
      `The model "${port.model}" did not point at the marks in any known format.`,
      {
        hint: 'It may take no pictures. Plan with object names only, or use another model.',
        data: { replies },
      },
    );
  }
  const order = best.swapped ? (best.format.order === 'xy' ? 'yx' : 'xy') : best.format.order;
  const depths = depthErrors(best, targets, picture);
  return {
    model: best.reply.model,
    format: best.format.id,
    order,
    swapped: best.swapped,
    shares: best.shares,
    errorPixels: best.error,
    errorMillimetres: median(millimetres(best, targets, picture)),
    ...(depths === undefined ? {} : { depthMillimetres: median(depths) }),
    replies,
  };
}

/** The check as lines for people. */
export function formatPlannerCheck(check: PlannerCheck): string {
  const lines = [
    `Model ${check.model}: points as ${check.format}, coordinates ${check.order === 'xy' ? '[x, y]' : '[y, x]'}.`,
    `Error ${check.errorPixels.toFixed(1)} px of 1000 (median), ${check.errorMillimetres.toFixed(0)} mm on the table.`,
  ];
  if (check.depthMillimetres !== undefined)
    lines.push(`Error of its depths ${check.depthMillimetres.toFixed(0)} mm.`);
  if (check.swapped)
    lines.push('Its coordinates come the other way round than its format says: planning would misread them.');
  if (check.shares)
    lines.push('Its coordinates are shares of the picture, not thousandths: planning would misread them.');
  return lines.join('\n');
}

interface Reading {
  readonly format: SpatialFormat;
  readonly reply: ModelReply;
  readonly swapped: boolean;
  readonly shares: boolean;
  /** by target, thousandths of the square */
  readonly points: readonly SpatialPoint[];
  /** median [px] */
  readonly error: number;
}

/** The ways to read one answer: as the format says, the other way round, as shares of the picture. */
function readingsOf(
  format: SpatialFormat,
  reply: ModelReply,
  points: readonly SpatialPoint[],
  targets: readonly Target[],
): Reading[] {
  const shares = points.every((p) => p.x <= 1 && p.y <= 1);
  const factor = shares ? LETTERBOX : 1;
  return [false, true].map((swapped) => {
    const matched = targets.map((target, i): SpatialPoint => {
      const p = points.find((point) => point.label === target.text) ??
        points[i] ?? { x: Infinity, y: Infinity };
      return { ...p, x: factor * (swapped ? p.y : p.x), y: factor * (swapped ? p.x : p.y) };
    });
    const errors = matched.map((p, i) => {
      const target = targets[i] as Target;
      return Math.hypot(p.x - target.x, p.y - target.y);
    });
    return { format, reply, swapped, shares, points: matched, error: median(errors) };
  });
}

function prepare(picture: CheckPicture): { raster: Raster; targets: Target[] } {
  if (picture.kind === 'sheet') {
    const rgb = new Uint8Array(3 * LETTERBOX * LETTERBOX).fill(225);
    return {
      raster: { width: LETTERBOX, height: LETTERBOX, rgb },
      targets: ON_SHEET.map(([x, y], i) => ({ text: String(i + 1), x, y })),
    };
  }
  const { view, table } = picture;
  const decoded = decodePng(view.image);
  if (decoded === undefined)
    throw new WaybookError(
      'input/planner',
      'The camera’s picture cannot be read, so no marks can be drawn.',
      {
        hint: 'Only PNG pictures can be drawn on; check with a blank sheet instead.',
      },
    );
  const box = letterboxOf(view.intrinsics.width, view.intrinsics.height);
  const targets = ON_TABLE.flatMap(([x, y]): Omit<Target, 'text'>[] => {
    const position: Vec3 = [x, y, table];
    const pixel = project(view, position);
    if (pixel === undefined) return [];
    const [u, v] = toLetterbox(box, pixel[0], pixel[1]);
    const margin = 20;
    const inside =
      u > margin && v > margin && u < box.width * box.scale - margin && v < box.height * box.scale - margin;
    return inside ? [{ x: u, y: v, position }] : [];
  });
  if (targets.length < 3)
    throw new WaybookError('input/planner', 'The camera sees too little of the table to draw marks on it.', {
      hint: 'Check with a blank sheet instead.',
    });
  return {
    raster: fitSquare(decoded),
    targets: targets.map((target, i) => ({ ...target, text: String(i + 1) })),
  };
}

function millimetres(reading: Reading, targets: readonly Target[], picture: CheckPicture): number[] {
  return reading.points.map((p, i) => {
    const target = targets[i] as Target;
    if (picture.kind === 'sheet')
      return (Math.hypot(p.x - target.x, p.y - target.y) / LETTERBOX) * picture.metresAcross * 1000;
    const { intrinsics } = picture.view;
    const pixel = fromLetterbox(letterboxOf(intrinsics.width, intrinsics.height), p.x, p.y);
    const meant = pixel && onPlane(picture.view, pixel[0], pixel[1], picture.table);
    if (meant === undefined || target.position === undefined) return Infinity;
    return 1000 * Math.hypot(meant[0] - target.position[0], meant[1] - target.position[1]);
  });
}

function depthErrors(
  reading: Reading,
  targets: readonly Target[],
  picture: CheckPicture,
): number[] | undefined {
  if (picture.kind !== 'view') return undefined;
  const errors = reading.points.flatMap((p, i) => {
    const { position } = targets[i] as Target;
    if (p.depth === undefined || position === undefined) return [];
    const depth = depthOf(picture.view, position);
    return [1000 * Math.abs(p.depth - depth)];
  });
  return errors.length === reading.points.length ? errors : undefined;
}

/** Metres along the optical axis to a point in base. */
function depthOf({ cameraPose }: PlanView, position: Vec3): number {
  const back = inverse(cameraPose);
  return transformPoint(back, position)[2];
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? Infinity;
}
