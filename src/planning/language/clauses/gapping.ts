import type { Discourse } from '../../grounding/grounder.ts';
import { follow } from '../discourse.ts';
import { headOf } from '../noun-group.ts';
import type { RelationChunk } from '../readings.ts';
import type { Chunk, Clause, NounGroup, NounPhrase } from '../syntax.ts';
import type { Reader, Reading } from './reader.ts';

/** "the red cube in the bowl and the blue cube on the plate": one verb for several objects. */
export function gappedReadings(
  reader: Reader,
  clause: Clause,
  discourse: Discourse,
  theme: NounGroup,
  rest: readonly Chunk[],
): Reading[] | undefined {
  const index = rest.findIndex(
    (c, i) =>
      c.kind === 'relation' &&
      c.reference !== undefined &&
      c.reference.items.length > (c.relation === 'between' ? 2 : 1) &&
      rest
        .slice(i + 1)
        .some((later) => later.kind === 'relation' || later.kind === 'place' || later.kind === 'direction'),
  );
  const chunk = rest[index];
  if (chunk?.kind !== 'relation' || chunk.reference === undefined) return undefined;
  const items = chunk.reference.items;
  const borrowed = items[items.length - 1] as NounPhrase;
  const kept: RelationChunk = { ...chunk, reference: { ...chunk.reference, items: items.slice(0, -1) } };
  const themeChunk = {
    kind: 'noun',
    group: theme,
    start: theme.start,
    end: theme.end,
    text: theme.text,
  } as const;
  const head =
    borrowed.head === undefined && borrowed.pronoun === undefined
      ? { ...borrowed, ...headOf(theme) }
      : borrowed;
  const nextChunk = {
    kind: 'noun',
    group: { items: [head], joint: 'and', start: head.start, end: head.end, text: head.text },
    start: head.start,
    end: head.end,
    text: head.text,
  } as const;
  const firstClause: Clause = { ...clause, chunks: [themeChunk, ...rest.slice(0, index), kept] };
  const secondClause: Clause = { ...clause, chunks: [nextChunk, ...rest.slice(index + 1)] };
  return [
    () => {
      const first = reader.actions(firstClause, discourse);
      return [...first, ...reader.actions(secondClause, follow(discourse, first))];
    },
  ];
}
