import type { NounPhrase } from '../language/syntax.ts';
import { refusal } from '../refusal.ts';
import type { ObjectFeatures } from './features.ts';
import type { Grounder, GroundOptions } from './grounder.ts';
import { matchDescription, matchHead } from './noun-match.ts';
import { relationCost } from './spatial.ts';

/** Nouns of several things that stand on one another. */
const STACK_NOUNS = new Set(['stack', 'tower', 'pile']);

/** Things that stand on one another, the lowest first. */
type Stack = readonly ObjectFeatures[];

/**
 * What "the stack of blocks" means where nothing is called so: its topmost thing as a place or reference, everything
 * above the lowest, the topmost first, where it is taken apart. Undefined for any other phrase.
 */
export function stackIds(
  grounder: Grounder,
  phrase: NounPhrase,
  options: GroundOptions,
): string[] | undefined {
  const stack = stackMeant(grounder, phrase);
  if (stack === undefined) return undefined;
  const fromTop = [...stack].reverse().map((f) => f.object.id);
  if (options.takenApart === true) return fromTop.slice(0, -1);
  if (options.role === 'moved') {
    throw refusal('unsupported', `I cannot move "${phrase.text}" at once.`, {
      words: [phrase.text],
      hint: 'Move its things one after another.',
    });
  }
  return fromTop.slice(0, 1);
}

/** Ids of everything in the stack that a phrase means; undefined where it means none. */
export const stackMembers = (grounder: Grounder, phrase: NounPhrase): string[] | undefined =>
  stackMeant(grounder, phrase)?.map((f) => f.object.id);

function stackMeant(grounder: Grounder, phrase: NounPhrase): Stack | undefined {
  const { head } = phrase;
  if (head === undefined || !STACK_NOUNS.has(head)) return undefined;
  if (grounder.features.some((f) => f.words.has(head))) return undefined;
  const of = phrase.modifiers.flatMap((m) =>
    m.kind === 'relation' && m.relation === 'of' ? m.reference.items : [],
  );
  const fits = (f: ObjectFeatures): boolean =>
    phrase.modifiers.every(
      (m) =>
        m.kind !== 'word' || matchDescription(m.word, f) !== undefined || matchHead(m.word, f) !== undefined,
    ) &&
    (of.length === 0 || of.some((item) => item.head === undefined || matchHead(item.head, f) !== undefined));
  const stacks = stacksOf(grounder).filter((stack) => stack.every(fits));
  const [stack, second] = stacks;
  if (stack === undefined) {
    throw refusal('not-found', `There is no "${phrase.text}" in the scene: nothing stands on another.`, {
      words: [phrase.text],
    });
  }
  if (second !== undefined) {
    throw refusal('ambiguous', `"${phrase.text}" could be any of ${stacks.length} stacks.`, {
      words: [phrase.text],
      candidates: stacks.map((s) => (s[s.length - 1] as ObjectFeatures).object),
    });
  }
  return stack;
}

function stacksOf(grounder: Grounder): Stack[] {
  const movable = grounder.features.filter((f) => !f.fixture && !f.container);
  const above = (f: ObjectFeatures) =>
    movable.find((g) => g !== f && relationCost('on', g, f, grounder.axes) !== undefined);
  const lowest = movable.filter(
    (f) => !movable.some((g) => g !== f && relationCost('on', f, g, grounder.axes) !== undefined),
  );
  return lowest.flatMap((base) => {
    const stack = [base];
    for (let next = above(base); next !== undefined && !stack.includes(next); next = above(next))
      stack.push(next);
    return stack.length > 1 ? [stack] : [];
  });
}
