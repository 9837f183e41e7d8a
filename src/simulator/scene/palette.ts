import type { Rgb } from '../arm/arm-description.ts';

/** Basic colour words and how the simulator paints them. */
export const palette = {
  red: [204, 44, 42],
  green: [52, 150, 66],
  blue: [40, 88, 190],
  yellow: [232, 196, 40],
  orange: [232, 122, 32],
  purple: [126, 62, 158],
  pink: [232, 130, 168],
  cyan: [48, 176, 190],
  white: [236, 236, 232],
  black: [36, 36, 38],
  grey: [130, 132, 136],
  brown: [118, 76, 44],
} as const satisfies Record<string, Rgb>;

export type Colour = keyof typeof palette;

/** Colours that things to be handled take: told apart easily, and unlike table and robot. */
export const vividColours: readonly Colour[] = [
  'red',
  'green',
  'blue',
  'yellow',
  'orange',
  'purple',
  'pink',
  'cyan',
];
