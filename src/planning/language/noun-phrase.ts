import type { Cursor } from './cursor.ts';
import {
  basicColour,
  DEFINITE,
  EVERYTHING,
  GENERIC_NOUNS,
  INDEFINITE,
  numberOf,
  SIDE_WORDS,
} from './lexicon.ts';
import { coordinatesColours, ofIt, partitive, wordModifier } from './noun-modifiers.ts';
import { isContent, isDescriptive } from './place-phrase.ts';
import { takeOf, takePostModifiers } from './post-modifiers.ts';
import type { Modifier, NounPhrase, Pronoun, Quantity } from './syntax.ts';
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

/** Before "can", these make it the noun. */
const DETERMINING = /^(?:each|every|any|a|one|another|other|both|all)$/;

const STATES = new Set([
  'open',
  'opened',
  'closed',
  'shut',
  'empty',
  'grasped',
  'held',
  'lifted',
  'picked',
  'stacked',
]);

export const NEAREST = new Set(['closest', 'nearest']);

export const FARTHEST = new Set(['farthest', 'furthest']);

/** What a whole-clause parser lends to the phrase parser: where the next verb begins. */
export type StartsVerb = (cursor: Cursor) => boolean;

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

  const owned = cursor.is('its', 'their') && isContent(cursor.word(1)) && !(cursor.word(1) in SIDE_WORDS);
  const possessive = cursor.at;
  if (cursor.takeAny(DEFINITE) !== undefined) {
    if (owned) modifiers.push(ofIt(cursor, possessive));
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
    if (
      word === 'can' &&
      (content.length > 0 || DETERMINING.test(cursor.word(-1)) || DEFINITE.has(cursor.word(-1)))
    ) {
      content.push({ word, at: cursor.at, negated: false });
      cursor.at++;
      continue;
    }
    // "the red coloured spoke"
    if (/^colour(?:ed)?$/.test(word) && basicColour(cursor.word(-1)) !== undefined && content.length > 0) {
      cursor.at++;
      continue;
    }
    if ((word === 'and' || word === ',') && coordinatesColours(cursor)) {
      cursor.at++;
      if (word === ',' && cursor.is('and')) cursor.at++;
      continue;
    }
    const ranked = word === 'first' && DEFINITE.has(cursor.word(-1)) && isContent(cursor.word(1));
    if (!isContent(word) && !(word in SIDE_WORDS) && !ranked) break;
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
  const whole = partitive(head, modifiers);
  if (whole !== undefined) {
    head = whole.head;
    modifiers.splice(whole.at, 1);
    modifiers.unshift(...whole.modifiers);
  }
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
