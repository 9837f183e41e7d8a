/** The colour words that segmentation uses. */
export type ColourName =
  | 'red'
  | 'orange'
  | 'yellow'
  | 'green'
  | 'cyan'
  | 'blue'
  | 'purple'
  | 'pink'
  | 'brown'
  | 'white'
  | 'grey'
  | 'black';

/**
 * Basic colour word for an RGB colour (0..255). Hue bands on HSV, since shading changes value but hardly hue; what has
 * little saturation is white, grey or black by its value, dark orange is brown, light red is pink.
 */
export function colourName(r: number, g: number, b: number): ColourName {
  const max = Math.max(r, g, b);
  const min = Math.min(r, g, b);
  const value = max / 255;
  const chroma = max - min;
  const saturation = max === 0 ? 0 : chroma / max;
  if (value < 0.12) return 'black';
  if (saturation < 0.22) return value > 0.78 ? 'white' : value < 0.2 ? 'black' : 'grey';
  const hue = hueOf(r, g, b, max, chroma);
  if (hue < 14 || hue >= 342) return saturation < 0.5 && value > 0.6 ? 'pink' : 'red';
  if (hue < 42) return value < 0.62 || saturation < 0.45 ? 'brown' : 'orange';
  if (hue < 68) return value < 0.4 ? 'brown' : 'yellow';
  if (hue < 165) return 'green';
  if (hue < 195) return 'cyan';
  if (hue < 258) return 'blue';
  if (hue < 300) return 'purple';
  return saturation < 0.75 || hue >= 318 ? 'pink' : 'purple';
}

/** Hue [degrees], 0..360. */
function hueOf(r: number, g: number, b: number, max: number, chroma: number): number {
  const sector =
    max === r ? ((g - b) / chroma + 6) % 6 : max === g ? (b - r) / chroma + 2 : (r - g) / chroma + 4;
  return 60 * sector;
}
