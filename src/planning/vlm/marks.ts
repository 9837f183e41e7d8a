import type { SceneObject } from '../../core/scene-object.ts';
import type { PlanView } from '../planner.ts';
import { LETTERBOX, letterboxOf, toLetterbox } from './letterbox.ts';
import { project } from './lifting.ts';
import type { ModelImage } from './model-port.ts';
import { decodePng, encodePng, type Raster } from './png.ts';

/** Digits as five rows of three bits. */
const ROWS: readonly (readonly number[])[] = [
  [7, 5, 5, 5, 7],
  [2, 6, 2, 2, 7],
  [7, 1, 7, 4, 7],
  [7, 1, 7, 1, 7],
  [5, 5, 7, 1, 1],
  [7, 4, 7, 1, 7],
  [7, 4, 7, 5, 7],
  [7, 1, 1, 1, 1],
  [7, 5, 7, 5, 7],
  [7, 5, 7, 1, 7],
];
/** Side of one bit of a digit in the square [px]. */
const BIT = 4;

/** A mark to draw: its text and where, in the square's pixels. */
export interface Mark {
  readonly text: string;
  readonly x: number;
  readonly y: number;
}

/** Where each object's number goes: on the middle of the object as the camera sees it. Hidden ones get none. */
export function marksFor(view: PlanView, objects: readonly SceneObject[]): Mark[] {
  const box = letterboxOf(view.intrinsics.width, view.intrinsics.height);
  return objects.flatMap((object, i) => {
    const pixel = project(view, object.pose.position);
    if (pixel === undefined) return [];
    const [u, v] = pixel;
    if (u < 0 || v < 0 || u > view.intrinsics.width || v > view.intrinsics.height) return [];
    const [x, y] = toLetterbox(box, u, v);
    return [{ text: String(i + 1), x, y }];
  });
}

/** The view fitted into the square with a number on every object; undefined where the picture cannot be decoded. */
export function drawMarks(view: PlanView, objects: readonly SceneObject[]): ModelImage | undefined {
  const picture = decodePng(view.image);
  if (picture === undefined) return undefined;
  const square = fitSquare(picture);
  for (const mark of marksFor(view, objects)) drawMark(square, mark);
  return { mime: 'image/png', bytes: encodePng(square) };
}

/** Nearest-neighbour scaling into the top left of a grey square. */
export function fitSquare(picture: Raster): Raster {
  const { scale } = letterboxOf(picture.width, picture.height);
  const rgb = new Uint8Array(3 * LETTERBOX * LETTERBOX).fill(114);
  const width = Math.min(LETTERBOX, Math.round(picture.width * scale));
  const height = Math.min(LETTERBOX, Math.round(picture.height * scale));
  for (let y = 0; y < height; y++) {
    const sy = Math.min(picture.height - 1, Math.floor(y / scale));
    for (let x = 0; x < width; x++) {
      const from = 3 * (sy * picture.width + Math.min(picture.width - 1, Math.floor(x / scale)));
      const to = 3 * (y * LETTERBOX + x);
      rgb[to] = picture.rgb[from] as number;
      rgb[to + 1] = picture.rgb[from + 1] as number;
      rgb[to + 2] = picture.rgb[from + 2] as number;
    }
  }
  return { width: LETTERBOX, height: LETTERBOX, rgb };
}

/** A number in white on a black plate, centred. */
export function drawMark(raster: Raster, { text, x, y }: Mark): void {
  const width = text.length * 4 * BIT + BIT;
  const left = Math.round(x - width / 2);
  const top = Math.round(y - 3.5 * BIT);
  fill(raster, left, top, width, 7 * BIT, 0);
  [...text].forEach((digit, i) => {
    const rows = ROWS[Number(digit)];
    rows?.forEach((row, r) => {
      for (let c = 0; c < 3; c++) {
        if (row & (4 >> c)) fill(raster, left + BIT + (4 * i + c) * BIT, top + (r + 1) * BIT, BIT, BIT, 255);
      }
    });
  });
}

function fill(
  { width, height, rgb }: Raster,
  left: number,
  top: number,
  w: number,
  h: number,
  value: number,
): void {
  for (let y = Math.max(0, top); y < Math.min(height, top + h); y++) {
    rgb.fill(
      value,
      3 * (y * width + Math.max(0, left)),
      3 * (y * width + Math.min(width, Math.max(0, left + w))),
    );
  }
}
