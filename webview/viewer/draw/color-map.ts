import type { Palette } from '../theme.ts';

/** A map from 0..1 to colours: the speed ramp (one hue), the neutral height ramp, cividis or viridis for other fields. */
export type ColorMapName = 'speed' | 'height' | 'cividis' | 'viridis';

/** Maps that a cloud can be coloured with, and what people call them. */
export const CLOUD_MAPS: readonly { readonly map: CloudMap; readonly name: string }[] = [
  { map: 'height', name: 'Grey' },
  { map: 'cividis', name: 'Cividis' },
  { map: 'viridis', name: 'Viridis' },
];
export type CloudMap = Exclude<ColorMapName, 'speed'>;

/** cividis (Nuñez, Anderton, Renslow 2018) at twelve even steps; readable with any colour vision. */
const CIVIDIS = [
  '#00204d',
  '#00306f',
  '#2a406c',
  '#48526b',
  '#5e626e',
  '#727374',
  '#878479',
  '#9e9677',
  '#b6a971',
  '#d0be67',
  '#ead357',
  '#ffea46',
];

/** viridis (van der Walt and Smith 2015) at ten even steps; even in lightness, with more hue than cividis. */
const VIRIDIS = [
  '#440154',
  '#482878',
  '#3e4989',
  '#31688e',
  '#26828e',
  '#1f9e89',
  '#35b779',
  '#6ece58',
  '#b5de2b',
  '#fde725',
];

/** Colour stops of a map, low to high. */
export function colorStops(name: ColorMapName, palette: Palette): readonly string[] {
  switch (name) {
    case 'speed':
      return palette.speed;
    case 'height':
      return palette.height;
    case 'cividis':
      return CIVIDIS;
    case 'viridis':
      return VIRIDIS;
  }
}

/** `#rrggbb` as 0..255. */
const rgbOf = (hex: string): [number, number, number] => [
  Number.parseInt(hex.slice(1, 3), 16),
  Number.parseInt(hex.slice(3, 5), 16),
  Number.parseInt(hex.slice(5, 7), 16),
];

/** Colour at `s` in 0..1 (clamped; not-a-number is the low end), 0..255. */
export function sampleMap(stops: readonly string[], s: number): [number, number, number] {
  const at = Math.min(1, Math.max(0, Number.isNaN(s) ? 0 : s)) * (stops.length - 1);
  const low = Math.min(stops.length - 2, Math.floor(at));
  const a = rgbOf(stops[low] ?? '#000000');
  const b = rgbOf(stops[low + 1] ?? stops[low] ?? '#000000');
  const f = at - low;
  return [a[0] + (b[0] - a[0]) * f, a[1] + (b[1] - a[1]) * f, a[2] + (b[2] - a[2]) * f];
}

/** 256 RGBA texels of a map, for a look-up texture. */
export function mapTexels(name: ColorMapName, palette: Palette): Uint8Array {
  const stops = colorStops(name, palette);
  const texels = new Uint8Array(256 * 4);
  for (let i = 0; i < 256; i++) {
    const [r, g, b] = sampleMap(stops, i / 255);
    texels.set([Math.round(r), Math.round(g), Math.round(b), 255], 4 * i);
  }
  return texels;
}

/** A CSS gradient of a map, for legends. */
export const mapGradient = (name: ColorMapName, palette: Palette): string =>
  `linear-gradient(90deg, ${colorStops(name, palette).join(', ')})`;
