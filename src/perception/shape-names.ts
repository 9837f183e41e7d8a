import type { SolidKind } from './fit-solids.ts';

/** What a box and a look inside say about a thing. Lengths [m]. */
export interface ShapeEvidence {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  /** the outline seen from above is nearer to a circle than to a rectangle */
  readonly round: boolean;
  /** how far the middle lies below the rim, as a share of the height */
  readonly hollow: number;
  /** nothing but the table is seen in its middle */
  readonly pierced?: boolean;
  /** the solid that its points lie on, where they lie on one */
  readonly solid?: SolidKind;
}

export type ShapeName =
  'cube' | 'block' | 'cylinder' | 'ball' | 'bowl' | 'mug' | 'ring' | 'tray' | 'box' | 'plate' | 'rod';

/** What else people call a thing of that shape. */
export const SHAPE_SYNONYMS: Readonly<Record<ShapeName, readonly string[]>> = {
  cube: ['block', 'box'],
  block: ['cube', 'box'],
  cylinder: ['can', 'bottle'],
  ball: ['sphere'],
  mug: ['cup', 'pot'],
  ring: ['hoop'],
  tray: ['dish'],
  box: ['basket', 'bin'],
  bowl: ['dish'],
  plate: ['disc', 'dish'],
  rod: ['peg', 'stick'],
};

/** A round thing larger than this is a bowl upside down, or a lamp [m]. */
const MOST_BALL = 0.12;
/** Longest side of a cube as a share of its shortest: hidden sides and noise make it look longer than it is. */
const CUBIC = 1.35;

/** The shape word that fits a thing's box best. */
export function nameShape(evidence: ShapeEvidence): ShapeName {
  const { length, width, height, round: outline, hollow, pierced = false, solid } = evidence;
  const round = outline && width > 0.7 * length;
  const longest = Math.max(length, height);
  const sorted = [length, width, height].sort((a, b) => b - a) as [number, number, number];
  if (pierced && round && length > 0.05 && length < 0.13 && height < 0.04) return 'ring';
  if (hollow > 0.35 && length > 0.055 && width > 0.6 * length && height > 0.012) {
    if (length < 0.11 && height > 0.6 * width && height > 0.045) return 'mug';
    if (!outline) return height > 0.045 ? 'box' : 'tray';
    return height < 0.2 * length ? 'plate' : 'bowl';
  }
  if (sorted[0] > 2.6 * sorted[1] && sorted[1] < 0.05) return 'rod';
  if (round && height < 0.3 * length && length > 0.06) return 'plate';
  if (solid === 'ball' && longest < MOST_BALL && width > 0.6 * length) return 'ball';
  if (solid === undefined ? round : solid === 'cylinder' && width > 0.6 * length) return 'cylinder';
  if (longest < CUBIC * Math.min(width, height)) return 'cube';
  return 'block';
}

/** A thing no larger than this and about as wide as high may be any of the toys: a few dozen points do not tell [m]. */
const SMALL = 0.066;
const TOYS = ['cube', 'ball', 'cylinder', 'block'] as const;

/** What else a thing named `shape` may be called, as guesses: its synonyms, and for small things the other toys. */
export function otherWords(shape: ShapeName, { length, width, height }: ShapeEvidence): string[] {
  const words: string[] = [...SHAPE_SYNONYMS[shape]];
  const most = Math.max(length, width, height);
  const toy = TOYS.some((word) => word === shape);
  if (toy && most < SMALL && Math.min(length, width, height) > 0.55 * most)
    words.push(...TOYS.filter((word) => word !== shape && !words.includes(word)));
  return words;
}
