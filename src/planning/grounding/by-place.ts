import { SIDE_WORDS } from '../language/lexicon.ts';
import type { NounPhrase, Place } from '../language/syntax.ts';
import { refusal } from '../refusal.ts';
import type { Grounder, Scored } from './grounder.ts';
import { ambiguous } from './grounding-refusals.ts';
import { towards } from './spatial.ts';

/** Candidates closer together than this along a side are not told apart by it [m]. */
export const SIDE_MARGIN = 0.015;

export function byPlace(
  grounder: Grounder,
  candidates: readonly Scored[],
  place: Place,
  negated: boolean,
  phrase: NounPhrase,
  words: string,
): Scored[] {
  const [side] = place.sides;
  if (side === undefined) return [...candidates];
  // a label may say it: "top drawer", "left plate"
  const labelled = candidates.filter((c) =>
    place.sides.every((s) => [...c.f.words].some((word) => SIDE_WORDS[word] === s)),
  );
  if (labelled.length > 0) return negated ? candidates.filter((c) => !labelled.includes(c)) : labelled;
  if (side === 'middle') {
    // "the middle drawer" speaks of several; "the cube in the middle" only says where it is
    if (candidates.length === 1 && !words.includes(' ')) return orNone([], candidates, phrase, words);
    return middleOf(grounder, candidates, place, phrase, words);
  }
  const value = (c: Scored) => {
    let sum = 0;
    for (const s of place.sides) {
      const direction = towards(s, grounder.axes);
      const p = c.f.object.pose.position;
      sum +=
        direction[0] * (p[0] - grounder.middle[0]) +
        direction[1] * (p[1] - grounder.middle[1]) +
        direction[2] * p[2];
    }
    return sum;
  };
  if (negated) return candidates.filter((c) => value(c) < 0);
  const vertical = side === 'top' || side === 'bottom';
  if (phrase.quantity.kind === 'all' && !vertical)
    return orNone(
      candidates.filter((c) => value(c) > 0),
      candidates,
      phrase,
      words,
    );
  if (candidates.length === 1) {
    const only = candidates[0] as Scored;
    // "the left hole" speaks of several; "the hole on the left" only says where it is
    if (!words.includes(' ')) return orNone([], candidates, phrase, words);
    // one thing alone is where it is said to be, or the words mean something that is not seen
    if (vertical || value(only) < -SIDE_MARGIN) return orNone([], candidates, phrase, words);
    return [only];
  }
  const sorted = [...candidates].sort((a, b) => value(b) - value(a));
  const wanted = phrase.quantity.kind === 'count' ? phrase.quantity.count : 1;
  const last = sorted[wanted - 1];
  const next = sorted[wanted];
  if (last === undefined) return sorted;
  if (next !== undefined && value(last) - value(next) < SIDE_MARGIN) {
    return sorted.filter((c) => value(c) > value(last) - SIDE_MARGIN);
  }
  return sorted.slice(0, wanted);
}

export function orNone(
  found: Scored[],
  candidates: readonly Scored[],
  phrase: NounPhrase,
  words: string,
): Scored[] {
  if (found.length > 0) return found;
  throw refusal('not-found', `There is no "${phrase.text}": nothing like it is "${words}".`, {
    words: [phrase.text],
    suggestions: candidates.map((c) => c.f.object),
    hint: 'Left, right, front and back are the viewpoint’s; the plan states whose.',
  });
}

export function middleOf(
  grounder: Grounder,
  candidates: readonly Scored[],
  place: Place,
  phrase: NounPhrase,
  words: string,
): Scored[] {
  if (candidates.length < 2) return [...candidates];
  const position = (c: Scored) => c.f.object.pose.position;
  if (!place.explicit && candidates.length % 2 === 1) {
    const spread = [0, 1, 2].map((k) => {
      const values = candidates.map((c) => position(c)[k] as number);
      return Math.max(...values) - Math.min(...values);
    });
    const axis = spread.indexOf(Math.max(...spread));
    const sorted = [...candidates].sort(
      (a, b) => (position(a)[axis] as number) - (position(b)[axis] as number),
    );
    return [sorted[(sorted.length - 1) / 2] as Scored];
  }
  const distance = (c: Scored) =>
    Math.hypot(position(c)[0] - grounder.middle[0], position(c)[1] - grounder.middle[1]);
  const sorted = [...candidates].sort((a, b) => distance(a) - distance(b));
  if (!place.explicit || distance(sorted[1] as Scored) - distance(sorted[0] as Scored) < SIDE_MARGIN) {
    throw ambiguous(phrase, candidates, `"${words}" does not tell them apart`);
  }
  return [sorted[0] as Scored];
}
