import type { Cursor } from './cursor.ts';
import { basicColour, ORDINALS, SIDE_WORDS, SIZE_WORDS } from './lexicon.ts';
import { isContent } from './place-phrase.ts';
import type { Modifier, NounPhrase } from './syntax.ts';

/** "the biggest of the cups": one of those, so their noun and description hold for it too. */
export function partitive(
  head: string | undefined,
  modifiers: readonly Modifier[],
): { head: string; modifiers: readonly Modifier[]; at: number } | undefined {
  if (head !== undefined && head !== 'one') return undefined;
  const at = modifiers.findIndex((m) => m.kind === 'relation' && m.relation === 'of');
  const of = modifiers[at];
  const whole =
    of?.kind === 'relation' && of.reference.items.length === 1 ? of.reference.items[0] : undefined;
  if (whole?.head === undefined || whole.quantity.kind === 'one' || at === 0) return undefined;
  return { head: whole.head, modifiers: whole.modifiers, at };
}

/** "its": of what is talked about */
export function ofIt(cursor: Cursor, at: number): Modifier {
  const span = cursor.span(at, at + 1);
  const it: NounPhrase = {
    ...span,
    definite: true,
    quantity: { kind: 'one' },
    pronoun: 'it',
    modifiers: [],
    except: [],
    other: false,
    same: false,
  };
  return {
    kind: 'relation',
    relation: 'of',
    reference: { items: [it], joint: 'and', ...span },
    negated: false,
    ...span,
  };
}

export function wordModifier(cursor: Cursor, word: string, at: number, negated: boolean): Modifier {
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
export function coordinatesColours(cursor: Cursor): boolean {
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
