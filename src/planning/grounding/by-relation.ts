import { TABLE_NOUNS } from '../language/lexicon.ts';
import type { Modifier, NounPhrase, Relation } from '../language/syntax.ts';
import { stackMembers } from './stacks.ts';
import { HANDLE_NOUNS } from '../language/nouns.ts';
import { matchHead } from './noun-match.ts';
import { refusal } from '../refusal.ts';
import { byPlace } from './by-place.ts';
import type { ObjectFeatures } from './features.ts';
import type { Discourse, Grounder, GroundOptions, Scored } from './grounder.ts';
import { gapBetween, relationCost } from './spatial.ts';

export function byRelation(
  grounder: Grounder,
  candidates: readonly Scored[],
  modifier: Extract<Modifier, { kind: 'relation' }>,
  phrase: NounPhrase,
  discourse: Discourse,
  options: GroundOptions,
): Scored[] {
  const { relation, reference } = modifier;
  const first = reference.items[0] as NounPhrase;
  if (reference.items.length === 1 && grounder.isTable(first)) {
    if (relation === 'on' || relation === 'from' || relation === 'at' || relation === 'of') {
      return relation === 'of' ? [...candidates] : standingOnTable(grounder, candidates);
    }
    if (relation === 'middle-of') {
      return byPlace(
        grounder,
        candidates,
        { sides: ['middle'], corner: false, goal: false, explicit: true },
        false,
        phrase,
        modifier.text,
      );
    }
  }
  const stacked = relation === 'from' ? stackMembers(grounder, first) : undefined;
  if (stacked !== undefined) return candidates.filter((c) => stacked.includes(c.f.object.id));
  if (relation === 'of' || relation === 'with')
    return byPart(grounder, candidates, modifier, phrase, discourse, options);
  // "the pan by its handle"
  if (relation === 'next-to' && first.head !== undefined && HANDLE_NOUNS.has(first.head)) {
    const handled = candidates.filter((c) =>
      grounder.features.some(
        (f) => f.object.partOf === c.f.object.id && matchHead(first.head as string, f) !== undefined,
      ),
    );
    if (handled.length > 0) return handled;
  }
  const only = candidates.length === 1 ? (candidates[0] as Scored).f.object.id : undefined;
  const exclude = only === undefined ? [] : [only];
  const theme = options.theme ?? only;
  const references = grounder
    .group(reference, discourse, {
      role: 'reference',
      exclude,
      ...(theme === undefined ? {} : { theme }),
    })
    .map((id) => grounder.of(id));
  const cost = (f: ObjectFeatures): number | undefined => {
    if (relation === 'between') {
      return references.length === 2 && !references.includes(f)
        ? relationCost('between', f, references[0] as ObjectFeatures, grounder.axes, references[1])
        : undefined;
    }
    const costs = references
      .filter((r) => r !== f)
      .map((r) =>
        // a button is on the machine that it is a part of
        PART_RELATIONS.has(relation) && f.object.partOf === r.object.id
          ? 0
          : relationCost(relation, f, r, grounder.axes),
      )
      .filter((c) => c !== undefined);
    return costs.length === 0 ? undefined : Math.min(...costs);
  };
  const scored = candidates.map((c) => ({ c, cost: cost(c.f) }));
  const holding = scored
    .filter((s) => s.cost !== undefined)
    .sort((a, b) => (a.cost as number) - (b.cost as number));
  if (modifier.negated) return scored.filter((s) => s.cost === undefined).map((s) => s.c);
  // a table or counter that was detected is rarely as large as it is
  if (holding.length === 0 && PART_RELATIONS.has(relation) && TABLE_NOUNS.has(first.head ?? ''))
    return standingOnTable(grounder, candidates);
  if (holding.length === 0) {
    throw refusal('not-found', `No "${phrase.head ?? 'object'}" is "${modifier.text}".`, {
      words: [phrase.text, modifier.text],
      suggestions: candidates.map((c) => c.f.object),
      hint: 'Name it by its colour or kind.',
    });
  }
  if (phrase.quantity.kind !== 'one') return holding.map((s) => s.c);
  const [best, next] = holding;
  if (best === undefined || next === undefined) return holding.map((s) => s.c);
  return (next.cost as number) - (best.cost as number) > 0.03 ? [best.c] : holding.map((s) => s.c);
}

const PART_RELATIONS: ReadonlySet<Relation> = new Set(['on', 'in', 'at', 'from']);

/** Those of them that stand on nothing else; all where none does. */
function standingOnTable(grounder: Grounder, candidates: readonly Scored[]): Scored[] {
  const floor = Math.min(...grounder.features.map((f) => f.min[2]));
  const standing = candidates.filter((c) => c.f.min[2] < floor + 0.02);
  return standing.length > 0 ? standing : [...candidates];
}

/** "its handle": a part of what is talked about, where it is known to have such parts. */
function ownParts(candidates: readonly Scored[], discourse: Discourse, options: GroundOptions): Scored[] {
  const owners = [options.theme, ...[...discourse.mentions].reverse()];
  for (const owner of owners) {
    const own = candidates.filter((c) => owner !== undefined && c.f.object.partOf === owner);
    if (own.length > 0) return own;
  }
  return [...candidates];
}

/** "the drawer of the cabinet", "the cabinet with the red handle" */
export function byPart(
  grounder: Grounder,
  candidates: readonly Scored[],
  modifier: Extract<Modifier, { kind: 'relation' }>,
  phrase: NounPhrase,
  discourse: Discourse,
  options: GroundOptions,
): Scored[] {
  const reference = modifier.reference.items[0] as NounPhrase;
  if (reference.pronoun === 'it' && modifier.relation === 'of')
    return ownParts(candidates, discourse, options);
  if (modifier.relation === 'with') {
    const parts = new Set(grounder.group(modifier.reference, discourse, { role: 'reference' }));
    const without = modifier.text.startsWith('without');
    const having = candidates.filter(
      (c) =>
        grounder.features.some(
          (f) =>
            parts.has(f.object.id) &&
            (f.object.partOf === c.f.object.id || relationCost('in', f, c.f, grounder.axes) !== undefined),
        ) !== without,
    );
    if (having.length > 0) return having;
  } else {
    const head = reference.head ?? 'one';
    const own = candidates.filter((c) => c.f.words.has(head) || c.f.ownerWords.has(head));
    // "the bottle of wine" is what it holds
    const bare = !/^of (?:the|this|that|my|your|its|an?)\b/i.test(modifier.text);
    if (own.length > 0 && (bare || own.length < candidates.length)) return own;
    const owners = new Set(grounder.group(modifier.reference, discourse, { ...options, role: 'reference' }));
    const belonging = candidates.filter(
      (c) =>
        (c.f.object.partOf !== undefined && owners.has(c.f.object.partOf)) ||
        [...owners].some((id) => id !== c.f.object.id && gapBetween(c.f, grounder.of(id)) < 0.02),
    );
    if (belonging.length > 0) return belonging;
    if (own.length > 0) return own;
  }
  throw refusal('not-found', `No "${phrase.head ?? 'object'}" is "${modifier.text}".`, {
    words: [phrase.text],
    suggestions: candidates.map((c) => c.f.object),
  });
}
