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
  /** height half-way out from the middle, as a share of the height: 1 for a flat top, less for a ball */
  readonly shoulder?: number;
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

/** The shape word that fits a thing's box best. */
export function nameShape(evidence: ShapeEvidence): ShapeName {
  const { length, width, height, round: outline, hollow, pierced = false, shoulder = 1 } = evidence;
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
  if (shoulder < 0.9 && width > 0.75 * length && Math.abs(height - length) < 0.3 * length && length < 0.08)
    return 'ball';
  if (round) return 'cylinder';
  if (longest < 1.18 * Math.min(width, height)) return 'cube';
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
