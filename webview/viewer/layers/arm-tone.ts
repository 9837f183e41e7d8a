import { Color } from 'three';

/** Channels of a grey differ by no more than this [0..1]. */
const GREY = 0.12;

/**
 * How much darker the greys of an arm are drawn, so that the lightest is the view's own tone for links: a white arm would
 * outshine what the picture is about. 1 where none is lighter; colours are left alone. Channels are [0..1].
 */
export function greyFactor(colors: Iterable<Color>, link: string): number {
  const lightest = Math.max(0, ...[...colors].filter(isGrey).map(lightness));
  return lightest === 0 ? 1 : Math.min(1, lightness(new Color(link)) / lightest);
}

/** The colour as it is drawn, for the factor of its arm. */
export const toned = (color: Color, factor: number): Color =>
  isGrey(color) ? color.clone().multiplyScalar(factor) : color;

const isGrey = ({ r, g, b }: Color): boolean => Math.max(r, g, b) - Math.min(r, g, b) <= GREY;
const lightness = ({ r, g, b }: Color): number => (r + g + b) / 3;
