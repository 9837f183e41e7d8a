import type { Modifier, NounPhrase } from '../language/syntax.ts';
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
      const floor = Math.min(...grounder.features.map((f) => f.min[2]));
      const standing = candidates.filter((c) => c.f.min[2] < floor + 0.02);
      return standing.length > 0 && relation !== 'of' ? standing : [...candidates];
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
  if (relation === 'of' || relation === 'with')
    return byPart(grounder, candidates, modifier, phrase, discourse, options);
  const exclude = candidates.length === 1 ? [(candidates[0] as Scored).f.object.id] : [];
  const references = grounder
    .group(reference, discourse, {
      role: 'reference',
      exclude,
      ...(options.theme === undefined ? {} : { theme: options.theme }),
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
      .map((r) => relationCost(relation, f, r, grounder.axes))
      .filter((c) => c !== undefined);
    return costs.length === 0 ? undefined : Math.min(...costs);
  };
  const scored = candidates.map((c) => ({ c, cost: cost(c.f) }));
  const holding = scored
    .filter((s) => s.cost !== undefined)
    .sort((a, b) => (a.cost as number) - (b.cost as number));
  if (modifier.negated) return scored.filter((s) => s.cost === undefined).map((s) => s.c);
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
    if (own.length > 0 && own.length < candidates.length) return own;
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
