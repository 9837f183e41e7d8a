import type { Modifier, NounPhrase } from '../language/syntax.ts';
import { byDistance, byRank, bySize } from './by-measure.ts';
import { byPlace, orNone } from './by-place.ts';
import { byRelation } from './by-relation.ts';
import { relationCost } from './spatial.ts';
import type { Discourse, Grounder, GroundOptions, Scored } from './grounder.ts';

export function narrowBy(
  grounder: Grounder,
  candidates: readonly Scored[],
  modifier: Modifier,
  phrase: NounPhrase,
  discourse: Discourse,
  options: GroundOptions,
): Scored[] {
  switch (modifier.kind) {
    case 'word':
    case 'matching':
      return [...candidates];
    case 'state': {
      if (modifier.word === 'stacked') return standingOnAnother(grounder, candidates, phrase, modifier.text);
      const inHand = /^(?:grasped|held|lifted|picked)$/.test(modifier.word);
      return inHand ? candidates.filter((c) => c.f.object.id === discourse.held) : [...candidates];
    }
    case 'place':
      return byPlace(grounder, candidates, modifier.place, modifier.negated, phrase, modifier.text);
    case 'size':
      return bySize(candidates, modifier.sense, phrase);
    case 'rank':
      return byRank(grounder, candidates, modifier, phrase);
    case 'extreme':
      return byDistance(grounder, candidates, modifier, phrase, discourse, options);
    case 'relation':
      return byRelation(grounder, candidates, modifier, phrase, discourse, options);
  }
}

/** "the stacked block": what stands on something that could be moved itself. */
function standingOnAnother(
  grounder: Grounder,
  candidates: readonly Scored[],
  phrase: NounPhrase,
  words: string,
): Scored[] {
  const standing = candidates.filter(({ f }) =>
    grounder.features.some(
      (below) => below !== f && !below.fixture && relationCost('on', f, below, grounder.axes) !== undefined,
    ),
  );
  return orNone(standing, candidates, phrase, words);
}
