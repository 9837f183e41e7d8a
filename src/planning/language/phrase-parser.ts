import { AUXILIARIES, isClosed, POSTURES, PREPOSITIONS, type Preposition } from './closed-words.ts';
import type { Cursor } from './cursor.ts';
import {
  basicColour,
  DEFINITE,
  EVERYTHING,
  FILLERS,
  GENERIC_NOUNS,
  INDEFINITE,
  MATERIALS,
  numberOf,
  ORDINALS,
  SIDE_WORDS,
  SIZE_WORDS,
  TABLE_NOUNS,
  VIEWER_NOUNS,
  type Side,
} from './lexicon.ts';
import type { Modifier, NounGroup, NounPhrase, Place, Pronoun, Quantity, Span } from './syntax.ts';
import { isPlural, lemma } from './tokenizer.ts';

const PRONOUNS: Readonly<Record<string, Pronoun>> = {
  it: 'it',
  them: 'them',
  they: 'them',
  this: 'it',
  that: 'it',
  these: 'them',
  those: 'them',
  itself: 'it',
  there: 'there',
  here: 'there',
};
const STATES = new Set(['open', 'opened', 'closed', 'shut', 'empty', 'grasped', 'held', 'lifted', 'picked']);
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
const PLACE_LEADS = new Set(['on', 'at', 'to', 'in', 'towards', 'from', 'into', 'onto', 'near']);
const NEAREST = new Set(['closest', 'nearest']);
const FARTHEST = new Set(['farthest', 'furthest']);

/** What a whole-clause parser lends to the phrase parser: where the next verb begins. */
export type StartsVerb = (cursor: Cursor) => boolean;

const isContent = (word: string): boolean =>
  word !== '' && !isClosed(word) && !FILLERS.has(word) && numberOf(word) === undefined;
/** Words that describe and never name, so that a phrase ending in one has no noun. */
const isDescriptive = (word: string): boolean =>
  (basicColour(word) !== undefined && word !== 'orange') ||
  word in SIDE_WORDS ||
  SIZE_WORDS.has(word) ||
  ORDINALS.has(word) ||
  (MATERIALS.has(word) && word !== 'glass');

/** A preposition at the cursor, consumed. */
export function takePreposition(cursor: Cursor): Preposition | undefined {
  const found = PREPOSITIONS.find((p) => cursor.sees(p.words));
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
  cursor.take('far');
  cursor.take('very');
  if (lead === undefined && !article && !cursor.is('far')) {
    const side = SIDE_WORDS[cursor.word()];
    const corner = cursor.word(1) === 'corner' || cursor.word(2) === 'corner';
    if (side === undefined || (isContent(cursor.word(1)) && !corner && !PLACE_NOUNS.has(cursor.word(1))))
      return give();
  }
  const sides: Side[] = [];
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
    if (TABLE_NOUNS.has(cursor.word(2)) || VIEWER_NOUNS.has(cursor.word(2))) {
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
  return { ...cursor.span(from), place: { sides, corner: named === 'corner', goal, explicit } };
}

/** "the red cube", "both cups", "all the red ones except …", "it"; undefined (nothing consumed) where none begins. */
export function takeNounPhrase(
  cursor: Cursor,
  startsVerb: StartsVerb,
  tight = false,
): NounPhrase | undefined {
  const from = cursor.at;
  let definite = true;
  let quantity: Quantity | undefined;
  let other = false;
  let same = false;
  const modifiers: Modifier[] = [];

  if (
    cursor.take('each', 'other') ||
    cursor.take('one', 'another') ||
    cursor.take('another', 'one') === true
  ) {
    return pronounPhrase(cursor, from, 'each-other');
  }
  if (cursor.is('the') && cursor.word(1) === 'rest') {
    cursor.at += 2;
    quantity = { kind: 'all' };
    other = true;
  } else {
    const lead = cursor.word();
    if (lead === 'all' || lead === 'both' || lead === 'each' || lead === 'every' || lead === 'everything') {
      cursor.at++;
      quantity = lead === 'both' ? { kind: 'count', count: 2 } : { kind: 'all' };
    } else if (lead === 'any' || lead === 'either') {
      cursor.at++;
      definite = false;
      quantity = { kind: 'one' };
    } else if (numberOf(lead) !== undefined && cursor.word(1) === 'of') {
      quantity = { kind: 'count', count: numberOf(lead) as number };
      definite = false;
      cursor.at++;
    }
  }
  if (quantity !== undefined && cursor.is('of') && !(cursor.word(-1) === 'everything')) cursor.at++;
  const allAlone = quantity?.kind === 'all' && EVERYTHING.has(cursor.word(-1));

  const pronoun = PRONOUNS[cursor.word()];
  if (pronoun !== undefined) {
    const next = cursor.word(1);
    const demonstrative = /^(?:this|that|these|those)$/.test(cursor.word());
    if (
      !demonstrative ||
      !(isContent(next) || next === 'one' || next === 'ones' || numberOf(next) !== undefined)
    ) {
      cursor.at++;
      return pronounPhrase(cursor, from, quantity === undefined ? pronoun : 'them');
    }
  }

  if (cursor.takeAny(DEFINITE) !== undefined) {
    if (cursor.is('other', 'others', 'remaining')) {
      other = true;
      if (cursor.is('others')) quantity = { kind: 'all' };
      cursor.at++;
    }
    if (cursor.take('same')) same = true;
  } else if (INDEFINITE.has(cursor.word())) {
    if (cursor.is('another')) other = true;
    definite = false;
    cursor.at++;
    if (cursor.take('different')) other = true;
    quantity ??= { kind: 'one' };
  } else if (cursor.is('other', 'others', 'remaining')) {
    other = true;
    cursor.at++;
  }

  const count = numberOf(cursor.word());
  if (
    count !== undefined &&
    !(cursor.is('one') && !isContent(cursor.word(1))) &&
    (isContent(cursor.word(1)) || cursor.is('two', 'three', 'four', '2', '3', '4'))
  ) {
    const wasDefinite = cursor.at > from && definite && quantity === undefined;
    cursor.at++;
    definite = wasDefinite;
    quantity = { kind: 'count', count };
  }
  if (cursor.is('other', 'remaining')) {
    other = true;
    cursor.at++;
  }

  const contentFrom = cursor.at;
  const content: { word: string; at: number; negated: boolean }[] = [];
  for (;;) {
    const word = cursor.word();
    if (
      (word === 'non' || word === 'not') &&
      isContent(cursor.word(1)) &&
      (content.length > 0 || cursor.at > from || word === 'non')
    ) {
      content.push({ word: cursor.word(1), at: cursor.at + 1, negated: true });
      cursor.at += 2;
      continue;
    }
    if ((word === 'counter' || word === 'anti') && cursor.word(1) === 'clockwise') break;
    if (word === 'one' || word === 'ones') {
      // "the red one", "the one on the left"; a leading "one" without anything is a count
      content.push({ word, at: cursor.at, negated: false });
      cursor.at++;
      break;
    }
    if (
      (NEAREST.has(word) || FARTHEST.has(word)) &&
      content.length === 0 &&
      (isContent(cursor.word(1)) || cursor.word(1) === 'one')
    ) {
      modifiers.push({
        kind: 'extreme',
        want: NEAREST.has(word) ? 'nearest' : 'farthest',
        ...cursor.span(cursor.at, cursor.at + 1),
      });
      cursor.at++;
      continue;
    }
    if (word === 'most' && cursor.word(1) in SIDE_WORDS) {
      cursor.at++;
      continue;
    }
    if (STATES.has(word) && isContent(cursor.word(1)) && cursor.at > from) {
      modifiers.push({ kind: 'state', word, ...cursor.span(cursor.at, cursor.at + 1) });
      cursor.at++;
      continue;
    }
    if (
      word === 'matching' ||
      word === 'corresponding' ||
      (word === 'same' && /^colour(?:ed)?$/.test(cursor.word(1)))
    ) {
      const at = cursor.at;
      cursor.at += word === 'same' ? 2 : 1;
      modifiers.push({ kind: 'matching', ...cursor.span(at) });
      continue;
    }
    if (word === 'can' && content.length > 0) {
      content.push({ word, at: cursor.at, negated: false });
      cursor.at++;
      continue;
    }
    if ((word === 'and' || word === ',') && coordinatesColours(cursor)) {
      cursor.at++;
      if (word === ',' && cursor.is('and')) cursor.at++;
      continue;
    }
    if (!isContent(word) && !(word in SIDE_WORDS)) break;
    if (word in SIDE_WORDS) {
      const hand = cursor.word(1) === 'hand' ? 2 : 1;
      const next = cursor.word(hand);
      const more = isContent(next) || next === 'one' || next === 'ones' || next === 'and' || next === ',';
      const elliptical = content.length === 0 && cursor.at > from;
      if (!more && !elliptical) break;
      if (!more && /^(?:left|right|back|front)$/.test(word) && content.length > 0) break;
      if ((next === 'and' || next === ',') && content.some((c) => !(c.word in SIDE_WORDS))) break;
      content.push({ word, at: cursor.at, negated: false });
      cursor.at += hand;
      continue;
    }
    if (
      content.length > 0 &&
      cursor.at > contentFrom &&
      startsVerb(cursor) &&
      !isContent(cursor.word(1)) &&
      DEFINITE.has(cursor.word(1))
    )
      break;
    content.push({ word, at: cursor.at, negated: false });
    cursor.at++;
  }

  if (content.length === 0 && modifiers.length === 0 && !allAlone && !other && quantity === undefined) {
    cursor.at = from;
    return undefined;
  }
  if (content.length === 0 && quantity?.kind === 'one' && !other) {
    cursor.at = from;
    return undefined;
  }

  const last = content[content.length - 1];
  let head: string | undefined;
  let plural = false;
  if (last !== undefined && !last.negated && !isDescriptive(last.word)) {
    content.pop();
    plural = last.word === 'ones' || isPlural(last.word);
    head = last.word === 'ones' ? 'one' : lemma(last.word);
    if (GENERIC_NOUNS.has(head)) head = 'one';
  }
  for (const { word, at, negated } of content) modifiers.push(wordModifier(cursor, word, at, negated));
  if (quantity === undefined)
    quantity =
      plural || (other && head === undefined && last === undefined) ? { kind: 'all' } : { kind: 'one' };

  const except: NounPhrase[] = [];
  if (!tight) takePostModifiers(cursor, startsVerb, modifiers, except);
  else takeOf(cursor, startsVerb, modifiers);
  return {
    ...cursor.span(from),
    definite,
    quantity,
    ...(head === undefined ? {} : { head }),
    modifiers,
    except,
    other,
    same,
  };
}

function pronounPhrase(cursor: Cursor, from: number, pronoun: Pronoun): NounPhrase {
  return {
    ...cursor.span(from),
    definite: true,
    quantity: { kind: 'one' },
    pronoun,
    modifiers: [],
    except: [],
    other: false,
    same: false,
  };
}

function wordModifier(cursor: Cursor, word: string, at: number, negated: boolean): Modifier {
  const span = cursor.span(at, at + 1);
  const side = SIDE_WORDS[word];
  if (side !== undefined)
    return {
      kind: 'place',
      place: { sides: [side], corner: false, goal: false, explicit: false },
      negated,
      ...span,
    };
  const sense = SIZE_WORDS.get(word);
  if (sense !== undefined && !negated) return { kind: 'size', sense, ...span };
  const rank = ORDINALS.get(word);
  if (rank !== undefined) return { kind: 'rank', rank, ...span };
  return { kind: 'word', word, negated, ...span };
}

/** Whether "red AND green cubes" goes on: a colour on both sides and a noun in the end. */
function coordinatesColours(cursor: Cursor): boolean {
  if (basicColour(cursor.word(-1)) === undefined) return false;
  let ahead = 1;
  if (cursor.word() === ',' && cursor.word(1) === 'and') ahead = 2;
  if (basicColour(cursor.word(ahead)) === undefined) return false;
  for (ahead++; ahead < 12; ahead++) {
    const word = cursor.word(ahead);
    if (word === 'and' || word === ',' || basicColour(word) !== undefined) continue;
    return isContent(word) || word === 'one' || word === 'ones';
  }
  return false;
}

/** "of the cabinet": binds tighter than any other preposition. */
function takeOf(cursor: Cursor, startsVerb: StartsVerb, modifiers: Modifier[]): void {
  while (cursor.is('of')) {
    const from = cursor.at;
    cursor.at++;
    const reference = takeNounPhrase(cursor, startsVerb, true);
    if (reference === undefined) {
      cursor.at = from;
      return;
    }
    modifiers.push({
      kind: 'relation',
      relation: 'of',
      reference: groupOf([reference], 'and', reference),
      negated: false,
      ...cursor.span(from),
    });
  }
}

/** Relative clauses, superlatives and exceptions; plain prepositional phrases are left to the clause. */
function takePostModifiers(
  cursor: Cursor,
  startsVerb: StartsVerb,
  modifiers: Modifier[],
  except: NounPhrase[],
): void {
  for (;;) {
    takeOf(cursor, startsVerb, modifiers);
    const from = cursor.at;
    if (takeExcept(cursor, startsVerb, except)) continue;
    if (takeExtreme(cursor, startsVerb, modifiers)) continue;
    if (takeRankSource(cursor, modifiers)) continue;
    if (
      cursor.is('with') &&
      /^the$/.test(cursor.word(1)) &&
      cursor.word(2) === 'same' &&
      cursor.word(3) === 'colour'
    ) {
      cursor.at += 4;
      modifiers.push({ kind: 'matching', ...cursor.span(from) });
      continue;
    }
    if (
      cursor.take('of', 'the', 'same', 'colour') ||
      cursor.take('of', 'same', 'colour') ||
      cursor.take('of', 'their', 'colour')
    ) {
      modifiers.push({ kind: 'matching', ...cursor.span(from) });
      continue;
    }
    if (takeRelative(cursor, startsVerb, modifiers)) continue;
    cursor.at = from;
    return;
  }
}

function takeExcept(cursor: Cursor, startsVerb: StartsVerb, except: NounPhrase[]): boolean {
  const from = cursor.at;
  cursor.take(',');
  const lead =
    cursor.take('except', 'for') ||
    cursor.take('except') ||
    cursor.take('but', 'not') ||
    cursor.take('but') ||
    cursor.take('other', 'than') ||
    cursor.take('apart', 'from') ||
    cursor.take('excluding') ||
    cursor.take('besides') ||
    cursor.take('aside', 'from') ||
    cursor.take('not') ||
    cursor.take('without');
  if (lead) {
    const group = takeNounGroup(cursor, startsVerb);
    if (group !== undefined) {
      except.push(...group.items);
      return true;
    }
  }
  cursor.at = from;
  return false;
}

/** "closest to the bowl", "nearest the plate", "farthest from you" */
function takeExtreme(cursor: Cursor, startsVerb: StartsVerb, modifiers: Modifier[]): boolean {
  const from = cursor.at;
  if (cursor.is('that', 'which') && cursor.word(1) === 'is') cursor.at += 2;
  cursor.take('the');
  const word = cursor.word();
  if (!NEAREST.has(word) && !FARTHEST.has(word)) {
    cursor.at = from;
    return false;
  }
  cursor.at++;
  cursor.take('away');
  if (FARTHEST.has(word)) {
    const place = takePlace(cursor);
    if (place !== undefined) {
      modifiers.push({ kind: 'place', place: place.place, negated: false, ...cursor.span(from) });
      return true;
    }
  }
  if (!cursor.take('to')) cursor.take('from');
  const reference = takeNounPhrase(cursor, startsVerb, true);
  modifiers.push({
    kind: 'extreme',
    want: NEAREST.has(word) ? 'nearest' : 'farthest',
    ...(reference === undefined ? {} : { reference: groupOf([reference], 'and', reference) }),
    ...cursor.span(from),
  });
  return true;
}

/** "(the second cube) from the left" */
function takeRankSource(cursor: Cursor, modifiers: Modifier[]): boolean {
  const index = modifiers.findIndex((m) => m.kind === 'rank' && m.from === undefined);
  if (index < 0 || !cursor.is('from', 'on')) return false;
  const from = cursor.at;
  const place = takePlace(cursor);
  const side = place?.place.sides[0];
  if (place === undefined || side === undefined || place.place.sides.length > 1) {
    cursor.at = from;
    return false;
  }
  const rank = modifiers[index];
  if (rank?.kind === 'rank') modifiers[index] = { ...rank, from: side };
  return true;
}

/** "that is red", "which lies on the plate", "lying on the left" */
function takeRelative(cursor: Cursor, startsVerb: StartsVerb, modifiers: Modifier[]): boolean {
  const from = cursor.at;
  const that = cursor.take('that') || cursor.take('which');
  let be = false;
  let negated = false;
  if (that) {
    while (AUXILIARIES.has(cursor.word()) || cursor.is('not', 'you', 'i', 'currently')) {
      if (cursor.is('not')) negated = true;
      be = true;
      cursor.at++;
    }
  }
  const posture = cursor.takeAny(POSTURES) !== undefined;
  if (posture) while (cursor.takeAny(POSTURES) !== undefined) continue;
  if (!be && !posture) {
    cursor.at = from;
    return false;
  }
  if (takeExtreme(cursor, startsVerb, modifiers)) return true;
  const place = takePlace(cursor);
  if (place !== undefined) {
    modifiers.push({ kind: 'place', place: { ...place.place, goal: false }, negated, ...cursor.span(from) });
    return true;
  }
  const preposition = takePreposition(cursor);
  if (preposition !== undefined && !preposition.goal) {
    const reference = takeNounGroup(cursor, startsVerb);
    if (reference !== undefined) {
      modifiers.push({
        kind: 'relation',
        relation: preposition.relation,
        reference,
        negated,
        ...cursor.span(from),
      });
      return true;
    }
  } else if (be && (cursor.is('a', 'an') || isContent(cursor.word()))) {
    if (cursor.is('a', 'an')) cursor.at++;
    while (isContent(cursor.word())) {
      modifiers.push(wordModifier(cursor, cursor.word(), cursor.at, negated));
      cursor.at++;
      if (cursor.is('and', 'or') && isDescriptive(cursor.word(1))) cursor.at++;
    }
    return true;
  } else if (posture && (cursor.done || isClosed(cursor.word()))) {
    return true;
  }
  cursor.at = from;
  return false;
}

const groupOf = (items: readonly NounPhrase[], joint: 'and' | 'or', span: Span): NounGroup => ({
  items,
  joint,
  start: span.start,
  end: span.end,
  text: span.text,
});

/** Noun phrases joined by commas, "and", "or"; undefined where none begins. */
export function takeNounGroup(cursor: Cursor, startsVerb: StartsVerb): NounGroup | undefined {
  const from = cursor.at;
  const either = cursor.take('either');
  // "both the soup and the sauce" counts the phrases, not the soups
  const both = cursor.is('both') && joinsTwo(cursor, startsVerb);
  if (both) cursor.at++;
  const first = takeNounPhrase(cursor, startsVerb);
  if (first === undefined) {
    cursor.at = from;
    return undefined;
  }
  const items = [first];
  let joint: 'and' | 'or' = 'and';
  for (;;) {
    const before = cursor.at;
    let joined = cursor.take(',');
    if (
      cursor.take('as', 'well', 'as') ||
      cursor.take('along', 'with') ||
      cursor.take('together', 'with') ||
      cursor.take('plus')
    )
      joined = true;
    else if (cursor.is('and', 'or')) {
      if (cursor.is('or')) joint = 'or';
      cursor.at++;
      joined = true;
      cursor.take('also');
    }
    if (!joined || (startsVerb(cursor) && !DEFINITE.has(cursor.word())) || cursor.is('then')) {
      cursor.at = before;
      break;
    }
    const next = takeNounPhrase(cursor, startsVerb);
    if (next === undefined) {
      cursor.at = before;
      break;
    }
    items.push(next);
  }
  return groupOf(shareHeads(either ? items.map((i) => ({ ...i })) : items), joint, cursor.span(from));
}

/** Whether "both" at the cursor is followed by two phrases. */
function joinsTwo(cursor: Cursor, startsVerb: StartsVerb): boolean {
  const from = cursor.at;
  cursor.at++;
  const singular = takeNounPhrase(cursor, startsVerb, true)?.quantity.kind === 'one';
  const joined = singular && cursor.take('and') && takeNounPhrase(cursor, startsVerb, true) !== undefined;
  cursor.at = from;
  return joined;
}

/** "the red and the blue cube": a phrase without a noun borrows the next one's, or the one before. */
function shareHeads(items: readonly NounPhrase[]): NounPhrase[] {
  return items.map((item, i) => {
    if (item.head !== undefined || item.pronoun !== undefined || item.modifiers.length === 0) return item;
    const lender =
      items.slice(i + 1).find((o) => o.head !== undefined) ??
      items
        .slice(0, i)
        .reverse()
        .find((o) => o.head !== undefined);
    return lender?.head === undefined ? item : { ...item, head: lender.head };
  });
}

/** The noun of a group, if any of its phrases has one. */
export const headOf = (group: NounGroup): { head?: string } => {
  const head = group.items.find((item) => item.head !== undefined)?.head;
  return head === undefined ? {} : { head };
};

/** "the right cube on the middle one": a phrase that only describes takes up the noun before it. */
export function borrowHead(group: NounGroup, from: NounGroup): NounGroup {
  const { head } = headOf(from);
  if (head === undefined || head === 'one') return group;
  const items = group.items.map((item) =>
    item.pronoun === undefined &&
    (item.head === undefined || item.head === 'one') &&
    item.modifiers.length > 0
      ? { ...item, head }
      : item,
  );
  return { ...group, items };
}
