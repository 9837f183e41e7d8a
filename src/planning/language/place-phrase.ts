import { isClosed, type Preposition, PREPOSITIONS } from './closed-words.ts';
import type { Cursor } from './cursor.ts';
import {
  basicColour,
  DEFINITE,
  FILLERS,
  MATERIALS,
  numberOf,
  ORDINALS,
  type Side,
  SIDE_WORDS,
  SIZE_WORDS,
  TABLE_NOUNS,
  VIEWER_NOUNS,
} from './lexicon.ts';
import type { Place, Span } from './syntax.ts';
import { verbBase } from './verbs.ts';

const PLACE_NOUNS = new Set([
  'side',
  'edge',
  'corner',
  'end',
  'part',
  'half',
  'area',
  'position',
  'spot',
  'location',
]);

/** "the far side", "the near edge" */
const DEPTHS: Readonly<Record<string, Side>> = {
  far: 'back',
  near: 'front',
  nearer: 'front',
  farther: 'back',
};
/** "put it back in the drawer" says where it was, not which way */
const BACK_TO = /^(?:on|in|onto|into|inside|to|at|where|under|over|next|beside)$/;
const PLACE_LEADS = new Set(['on', 'at', 'to', 'in', 'towards', 'from', 'into', 'onto', 'near']);

export const isContent = (word: string): boolean =>
  word !== '' && !isClosed(word) && !FILLERS.has(word) && numberOf(word) === undefined;

/** Words that describe and never name, so that a phrase ending in one has no noun. */
export const isDescriptive = (word: string): boolean =>
  (basicColour(word) !== undefined && word !== 'orange') ||
  word in SIDE_WORDS ||
  SIZE_WORDS.has(word) ||
  ORDINALS.has(word) ||
  (MATERIALS.has(word) && word !== 'glass' && word !== 'rubber');

/** "push the handle in to close the drawer": the "to" begins what it is for */
const isPurpose = (cursor: Cursor, { words }: Preposition): boolean =>
  words.length === 2 &&
  words[1] === 'to' &&
  /^(?:in|on|up|over)$/.test(words[0] as string) &&
  verbBase(cursor.word(2)) === cursor.word(2) &&
  (DEFINITE.has(cursor.word(3)) || cursor.word(3) === 'it');

/** A preposition at the cursor, consumed. */
export function takePreposition(cursor: Cursor): Preposition | undefined {
  const found = PREPOSITIONS.find((p) => cursor.sees(p.words) && !isPurpose(cursor, p));
  if (found) cursor.at += found.words.length;
  return found;
}

/**
 * "on the left", "in the back right corner", "at the front of the table", "to the centre": consumed and returned,
 * unless "of" and a thing other than the table follow (then it relates to that thing).
 */
export function takePlace(cursor: Cursor): (Span & { place: Place }) | undefined {
  const from = cursor.at;
  const give = (): undefined => {
    cursor.at = from;
    return undefined;
  };
  const lead = cursor.takeAny(PLACE_LEADS);
  const article =
    cursor.take('the') || cursor.take('its') || cursor.take('your') || cursor.take('my') || cursor.take('a');
  const depth = /^(?:side|end|edge|half|part)$/.test(cursor.word(1)) ? DEPTHS[cursor.word()] : undefined;
  if (depth === undefined) cursor.take('far');
  cursor.take('very');
  if (lead === undefined && !article && !cursor.is('far')) {
    if (cursor.is('right') && /^(?:next|beside|by|on|in|at|behind|under)$/.test(cursor.word(1)))
      return give();
    if (cursor.is('back') && BACK_TO.test(cursor.word(1))) return give();
    const side = SIDE_WORDS[cursor.word()];
    const corner = cursor.word(1) === 'corner' || cursor.word(2) === 'corner';
    if (side === undefined || (isContent(cursor.word(1)) && !corner && !PLACE_NOUNS.has(cursor.word(1))))
      return give();
  }
  const sides: Side[] = depth === undefined ? [] : [depth];
  if (depth !== undefined) cursor.at++;
  const noun = () => {
    if (cursor.is('table') && PLACE_NOUNS.has(cursor.word(1))) cursor.at++;
    return PLACE_NOUNS.has(cursor.word()) ? cursor.word() : '';
  };
  if (cursor.is('table', 'desk') && SIDE_WORDS[cursor.word(1)] === 'middle') cursor.at++;
  for (let side = SIDE_WORDS[cursor.word()]; side !== undefined; side = SIDE_WORDS[cursor.word()]) {
    sides.push(side);
    cursor.at++;
    if (cursor.is('hand', 'most')) cursor.at++;
  }
  const named = noun();
  if (named !== '') cursor.at++;
  if (sides.length === 0 && named !== 'corner') return give();
  if (sides.length > 2) return give();
  let explicit = named !== '' || sides.length > 1;
  if (cursor.is('of', 'on') && (cursor.word(1) === 'the' || cursor.word(1) === 'your')) {
    if (TABLE_NOUNS.has(cursor.word(2)) || cursor.word(2) === 'board' || VIEWER_NOUNS.has(cursor.word(2))) {
      if (VIEWER_NOUNS.has(cursor.word(2))) return give();
      cursor.at += 3;
      explicit = true;
    } else if (cursor.is('of')) return give();
  } else if (cursor.is('of')) return give();
  // "the left cube", "on the left plate": an adjective of what follows
  if (isContent(cursor.word()) || cursor.is('one', 'ones')) return give();
  const vertical = sides.length === 1 && (sides[0] === 'top' || sides[0] === 'bottom');
  if (vertical && named === '' && (!article || (lead !== 'at' && lead !== 'on'))) return give();
  const goal =
    lead === 'to' || lead === 'towards' || lead === 'into' || lead === 'onto' || lead === undefined;
  // of a corner of the table, the top is what is far away
  if (named === 'corner' && sides.length === 2 && sides.some((s) => s === 'left' || s === 'right')) {
    for (const [i, s] of sides.entries())
      if (s === 'top' || s === 'bottom') sides[i] = s === 'top' ? 'back' : 'front';
  }
  return { ...cursor.span(from), place: { sides, corner: named === 'corner', goal, explicit } };
}
