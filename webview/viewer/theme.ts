/** Which of VS Code's four looks the view is drawn in. */
export type Scheme = 'dark' | 'light' | 'hc-dark' | 'hc-light';

/** The data colours: each keeps one meaning, and each meaning has a form of its own besides (docs/viewer.md). */
export interface Palette {
  readonly scheme: Scheme;
  readonly canvas: string;
  readonly text: string;
  readonly secondary: string;
  /** what the planner said */
  readonly coarse: string;
  /** what would be executed */
  readonly refined: string;
  /** what happened */
  readonly executed: string;
  readonly target: string;
  readonly refused: string;
  /** text on a filled refused label */
  readonly onRefused: string;
  readonly neutral: string;
  readonly compared: string;
  readonly ok: string;
  readonly warning: string;
  readonly error: string;
  /** slow to fast: one hue, more contrast is faster */
  readonly speed: readonly [string, string, string];
  /** low to high */
  readonly height: readonly [string, string];
  readonly gridFine: string;
  readonly gridCoarse: string;
  readonly link: string;
  readonly joint: string;
  readonly focus: string;
  readonly axes: readonly [string, string, string];
}

const dark: Palette = {
  scheme: 'dark',
  canvas: '#181818',
  text: '#cccccc',
  secondary: '#9d9d9d',
  coarse: '#f5c542',
  refined: '#4a90f0',
  executed: '#4fe0a0',
  target: '#da6db2',
  refused: '#ff5449',
  onRefused: '#181818',
  neutral: '#9da5ae',
  compared: '#d5dae0',
  ok: '#73c991',
  warning: '#cca700',
  error: '#f85149',
  speed: ['#2e6be0', '#4a9bf5', '#d3e8ff'],
  height: ['#6e7681', '#c8cdd2'],
  gridFine: '#2b2b2b',
  gridCoarse: '#3a3a3a',
  link: '#aeb4ba',
  joint: '#4a5057',
  focus: '#0078d4',
  axes: ['#e5534b', '#57ab5a', '#539bf5'],
};

const light: Palette = {
  scheme: 'light',
  canvas: '#f8f8f8',
  text: '#3b3b3b',
  secondary: '#5f5f5f',
  coarse: '#86690f',
  refined: '#093a86',
  executed: '#047b70',
  target: '#b41fbb',
  refused: '#86150d',
  onRefused: '#ffffff',
  neutral: '#5e6670',
  compared: '#5e6670',
  ok: '#2b6e34',
  warning: '#8a6100',
  error: '#c4261d',
  speed: ['#4a86cb', '#0f4fa0', '#06204f'],
  height: ['#b8bcc2', '#5e6670'],
  gridFine: '#e2e2e2',
  gridCoarse: '#cfcfcf',
  link: '#aeb4ba',
  joint: '#4a5057',
  focus: '#005fb8',
  axes: ['#c4261d', '#2b6e34', '#0f4fa0'],
};

/** Looks are measured, not derived: contrast on the canvas and distance between colours (docs/viewer.md). */
export const PALETTES: Readonly<Record<Scheme, Palette>> = {
  dark,
  light,
  'hc-dark': {
    ...dark,
    scheme: 'hc-dark',
    canvas: '#000000',
    text: '#ffffff',
    secondary: '#ffffff',
    coarse: '#ffd84d',
    refined: '#5aa2ff',
    executed: '#63f5b8',
    target: '#f07cc4',
    refused: '#ff5a50',
    onRefused: '#000000',
    neutral: '#ffffff',
    compared: '#ffffff',
    gridCoarse: '#6f6f6f',
    gridFine: '#3f3f3f',
    focus: '#f38518',
  },
  'hc-light': {
    ...light,
    scheme: 'hc-light',
    canvas: '#ffffff',
    text: '#292929',
    secondary: '#292929',
    coarse: '#6b5200',
    refined: '#062e70',
    executed: '#00594f',
    target: '#8e1494',
    refused: '#7a0f08',
    neutral: '#292929',
    compared: '#292929',
    gridCoarse: '#8a8a8a',
    gridFine: '#c8c8c8',
    focus: '#0f4a85',
  },
};

/** The look that the document asks for: VS Code's body classes first, then the system's own settings. */
export function currentScheme(document: Document): Scheme {
  const classes = document.body.classList;
  if (classes.contains('vscode-high-contrast-light')) return 'hc-light';
  if (classes.contains('vscode-high-contrast')) return 'hc-dark';
  if (classes.contains('vscode-light')) return 'light';
  if (classes.contains('vscode-dark')) return 'dark';
  const asks = (query: string): boolean => document.defaultView?.matchMedia(query).matches ?? false;
  const isLight = asks('(prefers-color-scheme: light)');
  if (asks('(forced-colors: active)')) return isLight ? 'hc-light' : 'hc-dark';
  return isLight ? 'light' : 'dark';
}

/** Calls back whenever the look changes; returns how to stop. */
export function observeScheme(document: Document, changed: (scheme: Scheme) => void): () => void {
  let last = currentScheme(document);
  const check = (): void => {
    const now = currentScheme(document);
    if (now === last) return;
    last = now;
    changed(now);
  };
  const observer = new MutationObserver(check);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class'] });
  const media = document.defaultView?.matchMedia('(prefers-color-scheme: light)');
  media?.addEventListener('change', check);
  return () => {
    observer.disconnect();
    media?.removeEventListener('change', check);
  };
}
