/** Text and elements of SVG pictures: a few helpers, no library, since the charts are few and fixed. */

/** Colours that people with colour-blindness tell apart (Okabe and Ito 2008), dark enough for text on white. */
export const PALETTE = [
  '#0072b2',
  '#d55e00',
  '#009e73',
  '#8a5a9e',
  '#5f6b76',
  '#b8860b',
  '#333333',
  '#a33b54',
] as const;
export const INK = {
  text: '#1c2024',
  soft: '#5c6670',
  grid: '#e3e7ea',
  axis: '#8b949e',
  paper: '#ffffff',
} as const;
const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif';

export const escapeText = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** Coordinates to a tenth of a pixel. */
export const px = (value: number): string => String(Number(value.toFixed(1)));

export interface TextOptions {
  readonly size?: number;
  readonly colour?: string;
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly weight?: number;
}

export const text = (x: number, y: number, content: string, options: TextOptions = {}): string => {
  const { size = 12, colour = INK.text, anchor = 'start', weight = 400 } = options;
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${colour}" text-anchor="${anchor}" font-weight="${weight}">${escapeText(content)}</text>`;
};

export const line = (x1: number, y1: number, x2: number, y2: number, colour: string, width = 1): string =>
  `<line x1="${px(x1)}" y1="${px(y1)}" x2="${px(x2)}" y2="${px(y2)}" stroke="${colour}" stroke-width="${width}"/>`;

/** A whole picture on white, readable on a dark page too. `title` is what screen readers say. */
export const picture = (width: number, height: number, title: string, body: readonly string[]): string =>
  [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family='${FONT}' role="img">`,
    `<title>${escapeText(title)}</title>`,
    `<rect width="${width}" height="${height}" rx="6" fill="${INK.paper}"/>`,
    ...body,
    '</svg>',
    '',
  ].join('\n');
