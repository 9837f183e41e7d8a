import { refusalReason } from '../refusal.ts';
import type { Direction } from './lexicon.ts';
import type { Chunk, Clause, Modifier, NounGroup, NounPhrase, Place } from './syntax.ts';

export type RelationChunk = Extract<Chunk, { kind: 'relation' }>;

export interface DestinationSplit {
  readonly before: readonly Modifier[];
  readonly destination: RelationChunk | Extract<Chunk, { kind: 'place' }>;
  readonly after: readonly Modifier[];
}

/**
 * The ways to tell descriptions from the destination: each phrase may be it, those before it describe the object,
 * those after it describe the destination. A phrase that says where something goes can describe nothing.
 */
export function destinations(rest: readonly Chunk[]): DestinationSplit[] {
  const chunks = rest.filter((c) => c.kind !== 'respectively');
  if (
    chunks.some(
      (c) =>
        c.kind !== 'relation' &&
        c.kind !== 'place' &&
        !(c.kind === 'particle' && /^(?:down|up|back|over)$/.test(c.word)),
    )
  )
    return [];
  const phrases = chunks.filter(
    (c): c is RelationChunk | Extract<Chunk, { kind: 'place' }> =>
      c.kind === 'relation' || c.kind === 'place',
  );
  const splits: DestinationSplit[] = [];
  for (let k = phrases.length - 1; k >= 0; k--) {
    const destination = phrases[k] as RelationChunk | Extract<Chunk, { kind: 'place' }>;
    if (
      destination.kind === 'relation' &&
      (destination.relation === 'from' || destination.relation === 'of' || destination.relation === 'with')
    )
      continue;
    const before = phrases.slice(0, k).map(asModifier);
    const after = phrases.slice(k + 1).map(asModifier);
    if (before.some((m) => m === undefined) || after.some((m) => m === undefined)) continue;
    const after0 = phrases.slice(k + 1);
    // "in the bowl to the right": which bowl
    const aside =
      after0.length === 1 &&
      after0[0]?.kind === 'place' &&
      !/\bits\b/.test(after0[0].text) &&
      destination.kind === 'relation';
    if (phrases.slice(0, k).some(isGoal) || (after0.some(isGoal) && !aside)) continue;
    if (destination.kind === 'place' && after.length > 0) continue;
    splits.push({
      before: before.filter((m) => m !== undefined),
      destination,
      after: after.filter((m) => m !== undefined),
    });
  }
  return splits;
}

const isGoal = (chunk: RelationChunk | Extract<Chunk, { kind: 'place' }>): boolean =>
  chunk.kind === 'relation' ? chunk.goal : chunk.place.goal;

/** A phrase as a description of the noun before it; undefined where it cannot be one. */
export function asModifier(chunk: Chunk): Modifier | undefined {
  const span = { start: chunk.start, end: chunk.end, text: chunk.text };
  if (chunk.kind === 'relation' && chunk.reference !== undefined) {
    return {
      kind: 'relation',
      relation: chunk.relation,
      reference: chunk.reference,
      negated: false,
      ...span,
    };
  }
  if (chunk.kind === 'relation' && chunk.relation === 'on' && /\btop$/i.test(chunk.text)) {
    const top: Place = { sides: ['top'], corner: false, goal: false, explicit: true };
    return { kind: 'place', place: top, negated: false, ...span };
  }
  if (chunk.kind === 'place')
    return { kind: 'place', place: { ...chunk.place, goal: false }, negated: false, ...span };
  return undefined;
}

/** The group with descriptions added to its last phrase. */
export function narrow(group: NounGroup, modifiers: readonly Modifier[]): NounGroup {
  return modifiers.length === 0 ? group : narrowWith(group, modifiers);
}

export function narrowWith(group: NounGroup, modifiers: readonly Modifier[]): NounGroup {
  if (modifiers.length === 0) return group;
  const last = group.items[group.items.length - 1] as NounPhrase;
  const text = `${last.text} ${modifiers.map((m) => m.text).join(' ')}`;
  const items = [
    ...group.items.slice(0, -1),
    { ...last, text, modifiers: [...last.modifiers, ...modifiers] },
  ];
  return { ...group, items };
}

/** The group with each description attached to the noun right before it. */
export function nest(group: NounGroup, modifiers: readonly Modifier[]): NounGroup {
  const [first, ...rest] = modifiers;
  if (first === undefined) return group;
  if (first.kind !== 'relation' || rest.length === 0) return nest(narrowWith(group, [first]), rest);
  return narrowWith(group, [{ ...first, reference: nest(first.reference, rest) }]);
}

export const sideDirection = (side: string): Direction | undefined =>
  side === 'left' || side === 'right' || side === 'front' || side === 'back' ? side : undefined;

export const isSurface = (nouns: ReadonlySet<string>): boolean =>
  [...nouns].some((noun) =>
    /^(?:plate|shelf|rack|stove|burner|mat|pad|coaster|tray|saucer|stand|grill|target|counter|platter|board|table)$/.test(
      noun,
    ),
  );

export const isSwitching = (clause: Clause): boolean =>
  clause.sense === 'turn-on' || clause.sense === 'turn-off' || clause.sense === 'toggle';

export const verbOf = (clause: Clause): string => {
  switch (clause.sense) {
    case 'stack':
      return 'stack';
    case 'push':
      return 'push';
    case 'pull':
      return 'pull';
    case 'remove':
      return 'remove';
    default:
      return 'put';
  }
};

/** Which failure of several readings helps most: an ambiguity was nearest to being understood. */
export function rank(error: unknown): number {
  switch (refusalReason(error)) {
    case 'ambiguous':
      return 3;
    case 'unknown-words':
      return 2;
    case 'not-found':
      return 1;
    default:
      return 0;
  }
}
