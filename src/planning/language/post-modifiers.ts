import { AUXILIARIES, isClosed, POSTURES } from './closed-words.ts';
import type { Cursor } from './cursor.ts';
import { groupOf, takeNounGroup } from './noun-group.ts';
import { FARTHEST, NEAREST, type StartsVerb, takeNounPhrase } from './noun-phrase.ts';
import { SIDE_WORDS } from './lexicon.ts';
import { wordModifier } from './noun-modifiers.ts';
import { isContent, isDescriptive, takePlace, takePreposition } from './place-phrase.ts';
import type { Modifier, NounPhrase } from './syntax.ts';

/** "of the cabinet": binds tighter than any other preposition. */
export function takeOf(cursor: Cursor, startsVerb: StartsVerb, modifiers: Modifier[]): void {
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
export function takePostModifiers(
  cursor: Cursor,
  startsVerb: StartsVerb,
  modifiers: Modifier[],
  except: NounPhrase[],
): void {
  for (;;) {
    if (!matchesColour(cursor)) takeOf(cursor, startsVerb, modifiers);
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
  const vertical = cursor.take('from', 'the') ? SIDE_WORDS[cursor.word()] : undefined;
  const upright = vertical === 'top' || vertical === 'bottom';
  if (!upright) cursor.at = from;
  else cursor.at++;
  const place = upright ? undefined : takePlace(cursor);
  const side = upright ? vertical : place?.place.sides[0];
  if (side === undefined || (place?.place.sides.length ?? 1) > 1) {
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
  // "slide the cube left" is a way, "the cube left on the table" a posture
  const way = !that && cursor.is('left') && !leavesBehind(cursor);
  const posture = !way && cursor.takeAny(POSTURES) !== undefined;
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

const leavesBehind = (cursor: Cursor): boolean =>
  /^(?:on|in|at|by|over|under|inside|there|behind)$/.test(cursor.word(1));

/** "of the same colour" names no thing. */
const matchesColour = (cursor: Cursor): boolean =>
  cursor.is('of') && /^(?:the same|same|their) colour/.test([1, 2, 3].map((i) => cursor.word(i)).join(' '));
