import { WaybookError } from '../../core/errors.ts';
import { LETTERBOX } from './letterbox.ts';
import { spatialFormats, type SpatialFormat } from './formats/spatial-format.ts';
import { drawMark, type Mark } from './marks.ts';
import type { ModelPort } from './model-port.ts';
import { encodePng } from './png.ts';

export interface PlannerCheck {
  readonly model: string;
  /** the format that reads its answer best, of those tried */
  readonly format: string;
  /** coordinates came the other way round than the format says */
  readonly swapped: boolean;
  /** median distance from the marks, in thousandths of the square picture */
  readonly errorPixels: number;
  /** the same over a table as wide as the picture [mm] */
  readonly errorMillimetres: number;
  readonly replies: readonly { readonly format: string; readonly raw: string; readonly found: number }[];
}

/** Where the known marks stand: asymmetric, so that swapped axes show. */
const MARKS: readonly Mark[] = [
  { text: '1', x: 180, y: 420 },
  { text: '2', x: 760, y: 240 },
  { text: '3', x: 540, y: 830 },
];
/** Further off than this, an answer is no answer [px]. */
const USELESS = 200;

/**
 * Draws known marks, asks the model to point at them in each format, and measures: which format, which order, how far
 * off. `metresAcross` is what the picture's width would show of the table. Throws `input/planner` where no answer reads.
 */
export async function checkPlanner(
  port: ModelPort,
  metresAcross: number,
  signal: AbortSignal,
): Promise<PlannerCheck> {
  const raster = {
    width: LETTERBOX,
    height: LETTERBOX,
    rgb: new Uint8Array(3 * LETTERBOX * LETTERBOX).fill(225),
  };
  for (const mark of MARKS) drawMark(raster, mark);
  const image = { mime: 'image/png' as const, bytes: encodePng(raster) };
  const replies: { format: string; raw: string; found: number }[] = [];
  let best: { format: SpatialFormat; swapped: boolean; error: number; model: string } | undefined;
  const own = spatialFormats.filter((f) => f.models.test(port.model));
  for (const format of own.length > 0 ? own : spatialFormats) {
    const text = `${format.ask('the black plates with the numbers 1, 2 and 3, in this order')} Give all three, labelled "1", "2", "3".`;
    const reply = await port.ask({ messages: [{ role: 'user', text, images: [image] }] }, signal);
    const points = format.parse(reply.text) ?? [];
    replies.push({ format: format.id, raw: reply.text, found: points.length });
    if (reply.without.includes('image') || points.length < MARKS.length) continue;
    for (const swapped of [false, true]) {
      const errors = MARKS.map((mark, i) => {
        const point = points.find((p) => p.label === mark.text) ?? points[i];
        if (point === undefined) return Infinity;
        return Math.hypot((swapped ? point.y : point.x) - mark.x, (swapped ? point.x : point.y) - mark.y);
      }).sort((a, b) => a - b);
      const error = errors[1] ?? Infinity;
      if (best === undefined || error < best.error) best = { format, swapped, error, model: reply.model };
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
  return {
    model: best.model,
    format: best.format.id,
    swapped: best.swapped,
    errorPixels: best.error,
    errorMillimetres: (best.error / LETTERBOX) * metresAcross * 1000,
    replies,
  };
}
