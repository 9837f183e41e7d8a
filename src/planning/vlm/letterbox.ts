/** Side of the square that pictures are fitted into: there, pixels and thousandths are the same numbers. */
export const LETTERBOX = 1000;

/** How a picture lies in its square: scaled, at the top left, padded at the right and below. */
export interface Letterbox {
  readonly width: number;
  readonly height: number;
  /** letterbox pixels per picture pixel */
  readonly scale: number;
}

export function letterboxOf(width: number, height: number): Letterbox {
  return { width, height, scale: LETTERBOX / Math.max(width, height) };
}

/** A pixel of the picture in the square, 0..1000. */
export const toLetterbox = (box: Letterbox, u: number, v: number): [number, number] => [
  u * box.scale,
  v * box.scale,
];

/** A point of the square back in the picture's pixels; undefined in the padding or outside. */
export function fromLetterbox(box: Letterbox, x: number, y: number): [number, number] | undefined {
  const u = x / box.scale;
  const v = y / box.scale;
  return u >= 0 && v >= 0 && u <= box.width && v <= box.height ? [u, v] : undefined;
}
