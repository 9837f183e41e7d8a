/** Sides of a scene or of a set, as the viewer sees them. */
export type Side = 'left' | 'right' | 'front' | 'back' | 'top' | 'bottom' | 'middle';

/** Sides by the words that name them. */
export const SIDE_WORDS: Readonly<Record<string, Side>> = {
  left: 'left',
  leftmost: 'left',
  lefthand: 'left',
  right: 'right',
  rightmost: 'right',
  righthand: 'right',
  front: 'front',
  frontmost: 'front',
  foremost: 'front',
  back: 'back',
  rear: 'back',
  backmost: 'back',
  rearmost: 'back',
  top: 'top',
  upper: 'top',
  topmost: 'top',
  uppermost: 'top',
  highest: 'top',
  bottom: 'bottom',
  lower: 'bottom',
  bottommost: 'bottom',
  lowest: 'bottom',
  middle: 'middle',
  centre: 'middle',
  central: 'middle',
  mid: 'middle',
};

/** Ways along which a thing can be moved, as the viewer sees them; `front` is towards the viewer. */
export type Direction = 'left' | 'right' | 'front' | 'back' | 'up' | 'down';

export const DIRECTION_WORDS: Readonly<Record<string, Direction>> = {
  left: 'left',
  leftward: 'left',
  leftwards: 'left',
  right: 'right',
  rightward: 'right',
  rightwards: 'right',
  forward: 'back',
  forwards: 'back',
  ahead: 'back',
  away: 'back',
  backward: 'front',
  backwards: 'front',
  up: 'up',
  upward: 'up',
  upwards: 'up',
  down: 'down',
  downward: 'down',
  downwards: 'down',
};

/** Basic colour terms and the shades that count as them. Grey is spelt so after tokenizing. */
export const COLOURS: Readonly<Record<string, readonly string[]>> = {
  red: ['maroon', 'crimson', 'scarlet', 'ruby', 'burgundy'],
  green: ['lime', 'olive', 'emerald'],
  blue: ['navy', 'azure', 'cobalt'],
  yellow: ['gold', 'golden', 'mustard'],
  orange: [],
  purple: ['violet', 'lavender', 'lilac', 'indigo'],
  pink: ['rose', 'magenta', 'fuchsia', 'salmon'],
  cyan: ['teal', 'turquoise', 'aqua'],
  brown: ['tan', 'beige'],
  black: [],
  white: ['ivory'],
  grey: ['silver'],
};

const BASIC_COLOUR = new Map<string, string>(
  Object.entries(COLOURS).flatMap(([basic, shades]) =>
    [basic, ...shades].map((word) => [word, basic] as const),
  ),
);

/** The basic colour that a word names, if it names one. */
export const basicColour = (word: string): string | undefined => BASIC_COLOUR.get(word);

/** Words of material; matched only against what the scene's labels say. */
export const MATERIALS = new Set([
  'wooden',
  'wood',
  'metal',
  'metallic',
  'steel',
  'plastic',
  'glass',
  'ceramic',
  'porcelain',
  'rubber',
  'paper',
  'cardboard',
  'leather',
  'foam',
]);

/** Which extent a size word compares, and which end it wants. */
export interface SizeSense {
  readonly measure: 'volume' | 'height' | 'length' | 'width';
  readonly want: 'most' | 'least';
}

const size = (measure: SizeSense['measure'], want: SizeSense['want'], words: string): [string, SizeSense][] =>
  words.split(' ').map((word) => [word, { measure, want }]);

export const SIZE_WORDS: ReadonlyMap<string, SizeSense> = new Map([
  ...size('volume', 'most', 'big bigger biggest large larger largest huge'),
  ...size('volume', 'least', 'small smaller smallest little littler littlest tiny tiniest mini'),
  ...size('height', 'most', 'tall taller tallest high'),
  ...size('height', 'least', 'short shorter shortest flat flattest'),
  ...size('length', 'most', 'long longer longest'),
  ...size('width', 'most', 'wide wider widest thick thickest'),
  ...size('width', 'least', 'narrow narrower narrowest thin thinner thinnest'),
]);

export const ORDINALS: ReadonlyMap<string, number> = new Map(
  ['first', 'second', 'third', 'fourth', 'fifth', 'sixth'].map((word, i) => [word, i + 1]),
);

const NUMBER_NAMES = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const TENS: Readonly<Record<string, number>> = {
  fifteen: 15,
  twenty: 20,
  thirty: 30,
  forty: 40,
  fortyfive: 45,
  fifty: 50,
  sixty: 60,
  ninety: 90,
};

/** The number that a token spells, in digits or words. */
export function numberOf(word: string): number | undefined {
  if (/^\d+(?:[.,]\d+)?$/.test(word)) return Number(word.replace(',', '.'));
  const named = NUMBER_NAMES.indexOf(word);
  return named >= 0 ? named : TENS[word];
}

/** Lengths in metres and angles in radians, by unit word. */
export const LENGTH_UNITS: Readonly<Record<string, number>> = {
  mm: 0.001,
  millimetre: 0.001,
  millimeter: 0.001,
  cm: 0.01,
  centimetre: 0.01,
  centimeter: 0.01,
  m: 1,
  metre: 1,
  meter: 1,
  inch: 0.0254,
  inches: 0.0254,
};
export const ANGLE_UNITS: Readonly<Record<string, number>> = {
  degree: Math.PI / 180,
  deg: Math.PI / 180,
  '°': Math.PI / 180,
  radian: 1,
  rad: 1,
};

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

export const DEFINITE = words('the this that these those my your its their his her');
export const INDEFINITE = words('a an another some any');
/** Heads that fit anything. */
export const GENERIC_NOUNS = words('one thing object item stuff piece entity toy shape');
export const EVERYTHING = words('everything all');
/** Said to be polite or to set a pace that the plan does not hold. */
export const FILLERS = words(
  'please kindly now just carefully gently slowly quickly again simply softly safely precisely directly firmly ' +
    'completely fully properly neatly quietly first finally lastly okay ok robot also too still only right-away wide',
);
/** Surfaces that every scene has without being an object of it. */
export const TABLE_NOUNS = words('table desk workspace tabletop surface counter countertop workbench floor');
/** Where the person or the robot is. */
export const VIEWER_NOUNS = words('you me yourself robot us viewer camera gripper arm');
