/** One word, number or punctuation mark of an instruction. `start` and `end` are offsets into the instruction. */
export interface Token {
  /** lower case, contractions undone, spelling variants folded ("gray" -> "grey") */
  readonly word: string;
  readonly start: number;
  readonly end: number;
}

/** a name such as "7up" is one word; "5cm" and "90deg" are a number and a unit */
const PIECE =
  /\p{L}+(?:['’]\p{L}+)?|\d+(?!(?:mm|cm|m|in|inch|deg|degrees?|rad|x)\b)\p{L}+|\d+(?:[.,]\d+)?|[^\s\p{L}\d]/gu;

/** Words that fold to one or several others. */
const FOLDED: Readonly<Record<string, readonly string[]>> = {
  "don't": ['do', 'not'],
  "doesn't": ['does', 'not'],
  "isn't": ['is', 'not'],
  "aren't": ['are', 'not'],
  "that's": ['that', 'is'],
  "it's": ['it', 'is'],
  "there's": ['there', 'is'],
  "what's": ['what', 'is'],
  "let's": ['please'],
  "i'd": ['i', 'would'],
  gray: ['grey'],
  color: ['colour'],
  colors: ['colours'],
  colored: ['coloured'],
  center: ['centre'],
  atop: ['on'],
  upon: ['on'],
  beneath: ['under'],
  underneath: ['under'],
  toward: ['towards'],
  alongside: ['beside'],
  lightbulb: ['light', 'bulb'],
  tabletop: ['table'],
};

/** Marks that end a clause; every other mark only separates words. */
const KEPT_MARKS = new Set([',', '.', ';', ':', '!', '?', '°']);

/** Splits an instruction into tokens. Quotes, brackets and hyphens separate words and are dropped. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(PIECE)) {
    const start = match.index;
    const end = start + match[0].length;
    const piece = match[0].toLowerCase().replace('’', "'");
    if (/^[^\p{L}\d]/u.test(piece)) {
      if (KEPT_MARKS.has(piece)) tokens.push({ word: piece, start, end });
      continue;
    }
    const plain = piece.endsWith("'s") ? (FOLDED[piece] ?? [piece.slice(0, -2)]) : (FOLDED[piece] ?? [piece]);
    for (const word of plain) tokens.push({ word, start, end });
  }
  return tokens;
}

const IRREGULAR: Readonly<Record<string, string>> = {
  knives: 'knife',
  shelves: 'shelf',
  loaves: 'loaf',
  leaves: 'leaf',
  boxes: 'box',
  dishes: 'dish',
  brushes: 'brush',
  switches: 'switch',
  matches: 'match',
  glasses: 'glass',
  tomatoes: 'tomato',
  potatoes: 'potato',
  mice: 'mouse',
  dice: 'die',
  people: 'person',
  cookies: 'cookie',
  movies: 'movie',
  brownies: 'brownie',
  smoothies: 'smoothie',
};
const NOT_PLURAL = new Set([
  'glass',
  'this',
  'its',
  'bus',
  'gas',
  'brass',
  'cross',
  'across',
  'is',
  'has',
  'was',
  'grass',
]);

/** Dictionary form of a noun: "blocks" -> "block". Unknown words lose a plural s and nothing else. */
export function lemma(word: string): string {
  const irregular = IRREGULAR[word];
  if (irregular !== undefined) return irregular;
  if (word.length < 4 || !word.endsWith('s') || NOT_PLURAL.has(word) || word.endsWith('ss')) return word;
  if (word.endsWith('ies') && word.length > 5) return `${word.slice(0, -3)}y`;
  if (/(?:ches|shes|xes|sses)$/.test(word)) return word.slice(0, -2);
  return word.slice(0, -1);
}

/** Whether a noun is written in the plural. */
export const isPlural = (word: string): boolean => lemma(word) !== word;
