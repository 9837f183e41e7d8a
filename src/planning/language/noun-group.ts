import type { Cursor } from './cursor.ts';
import { DEFINITE } from './lexicon.ts';
import { type StartsVerb, takeNounPhrase } from './noun-phrase.ts';
import { takePlace, takePreposition } from './place-phrase.ts';
import type { Modifier, NounGroup, NounPhrase, Span } from './syntax.ts';

export const groupOf = (items: readonly NounPhrase[], joint: 'and' | 'or', span: Span): NounGroup => ({
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
  const items = takeJoinedSides(cursor, startsVerb, first) ?? [first];
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

/** "(the cubes) on the left and on the right": a phrase for each side, where two or more are joined. */
function takeJoinedSides(
  cursor: Cursor,
  startsVerb: StartsVerb,
  phrase: NounPhrase,
): NounPhrase[] | undefined {
  const from = cursor.at;
  const sides: Modifier[] = [];
  do {
    const side = phrase.pronoun === undefined ? takeSide(cursor, startsVerb) : undefined;
    if (side === undefined) break;
    sides.push(side);
  } while (cursor.take('and') || cursor.take(',', 'and') || cursor.take(','));
  const joined = /^(?:and|,)$/.test(cursor.word(-1));
  if (joined || sides.length < 2) {
    cursor.at = from;
    return undefined;
  }
  const one = phrase.quantity.kind === 'count' && phrase.quantity.count === sides.length;
  return sides.map((side) => ({
    ...phrase,
    quantity: one ? { kind: 'one' } : phrase.quantity,
    modifiers: [...phrase.modifiers, side],
    text: `${phrase.text} ${side.text}`,
    end: side.end,
  }));
}

/** Where something is: "on the left", "next to the bowl"; nothing consumed where none is said. */
function takeSide(cursor: Cursor, startsVerb: StartsVerb): Modifier | undefined {
  const from = cursor.at;
  const place = takePlace(cursor);
  if (place !== undefined && !place.place.goal)
    return { kind: 'place', place: place.place, negated: false, ...cursor.span(from) };
  cursor.at = from;
  const preposition = takePreposition(cursor);
  const reference =
    preposition === undefined || preposition.goal ? undefined : takeNounPhrase(cursor, startsVerb, true);
  if (preposition === undefined || reference === undefined) {
    cursor.at = from;
    return undefined;
  }
  return {
    kind: 'relation',
    relation: preposition.relation,
    reference: groupOf([reference], 'and', reference),
    negated: false,
    ...cursor.span(from),
  };
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
