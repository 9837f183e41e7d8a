/** What a box and a look inside say about a thing. Lengths [m]. */
export interface ShapeEvidence {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  /** the outline seen from above is nearer to a circle than to a rectangle */
  readonly round: boolean;
  /** how far the middle lies below the rim, as a share of the height */
  readonly hollow: number;
}

export type ShapeName = 'cube' | 'block' | 'cylinder' | 'bowl' | 'plate' | 'rod';

/** What else people call a thing of that shape. */
export const SHAPE_SYNONYMS: Readonly<Record<ShapeName, readonly string[]>> = {
  cube: ['block', 'box'],
  block: ['cube', 'box'],
  cylinder: ['can'],
  bowl: ['dish'],
  plate: ['disc', 'dish'],
  rod: ['peg', 'stick'],
};

/** The shape word that fits a thing's box best. */
export function nameShape({ length, width, height, round: outline, hollow }: ShapeEvidence): ShapeName {
  const round = outline && width > 0.7 * length;
  const longest = Math.max(length, height);
  const sorted = [length, width, height].sort((a, b) => b - a) as [number, number, number];
  if (hollow > 0.35 && length > 0.07 && width > 0.6 * length && height > 0.015) return 'bowl';
  if (sorted[0] > 3.5 * sorted[1]) return 'rod';
  if (round && height < 0.3 * length && length > 0.06) return 'plate';
  if (round) return 'cylinder';
  if (longest < 1.18 * Math.min(width, height)) return 'cube';
  return 'block';
}
