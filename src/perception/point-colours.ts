import type { PointCloud } from '../core/point-cloud.ts';
import { colourName, type ColourName } from './colour-names.ts';

/** Colour word of every point; undefined for a cloud without colours. */
export function coloursOf(cloud: PointCloud): ColourName[] | undefined {
  const c = cloud.colors;
  if (!c) return undefined;
  return Array.from({ length: cloud.count }, (_, i) => colourName(c[3 * i]!, c[3 * i + 1]!, c[3 * i + 2]!));
}

/** Shading turns orange into brown and white into grey: words that one thing can have on two of its sides. */
export function hueGroup(colour: ColourName): ColourName {
  if (colour === 'brown') return 'orange';
  return colour === 'white' ? 'grey' : colour;
}

/** Colour word of the brighter half of the points, averaged: what is lit shows the thing's own colour. */
export function litColour(cloud: PointCloud, members: readonly number[]): ColourName | undefined {
  const c = cloud.colors;
  if (!c) return undefined;
  const value = (i: number): number => Math.max(c[3 * i]!, c[3 * i + 1]!, c[3 * i + 2]!);
  const bright = [...members]
    .sort((a, b) => value(b) - value(a) || a - b)
    .slice(0, Math.ceil(members.length / 2));
  const mean = [0, 1, 2].map((k) => bright.reduce((sum, i) => sum + c[3 * i + k]!, 0) / bright.length);
  return colourName(mean[0]!, mean[1]!, mean[2]!);
}
