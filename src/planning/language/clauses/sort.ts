import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { type RelationChunk } from '../readings.ts';
import type { Chunk, Clause, NounGroup } from '../syntax.ts';
import { groundGroup, type Reader, type Reading, themeOf } from './reader.ts';

/** "put each cube in the bowl of the same colour" */
export function matchingReading(
  reader: Reader,
  clause: Clause,
  discourse: Discourse,
  theme: NounGroup,
  rest: readonly Chunk[],
): Reading | undefined {
  const destination = rest.find(
    (c): c is RelationChunk =>
      c.kind === 'relation' &&
      c.reference?.items.some((item) => item.modifiers.some((m) => m.kind === 'matching')) === true,
  );
  const byColour = rest.some((c) => c.kind === 'by-colour');
  if (destination?.reference === undefined && !byColour) return undefined;
  return () => {
    const reference =
      destination?.reference ??
      rest.find((c): c is RelationChunk => c.kind === 'relation' && c.reference !== undefined)?.reference;
    return distribute(reader, clause, discourse, theme, reference);
  };
}

export function distribute(
  reader: Reader,
  clause: Clause,
  discourse: Discourse,
  theme: NounGroup | undefined,
  reference: NounGroup | undefined,
): Action[] {
  const containers =
    reference === undefined
      ? reader.grounder.features.filter((f) => f.container && !f.fixture).map((f) => f.object.id)
      : reference.items.flatMap((item) =>
          reader.grounder
            .phrase({ ...item, quantity: { kind: 'all' } }, discourse, { role: 'container' })
            .map((o) => o.id),
        );
  const objects =
    theme === undefined
      ? reader.grounder.features.filter((f) => !f.container && !f.fixture).map((f) => f.object.id)
      : groundGroup(reader, theme, discourse, { role: 'moved', exclude: containers });
  const moved = objects.filter((id) => !containers.includes(id));
  if (moved.length === 0 || containers.length === 0) {
    throw refusal(
      'not-found',
      `There is nothing to sort ${containers.length === 0 ? 'into' : ''} in the scene.`.replace('  ', ' '),
      { words: [clause.text] },
    );
  }
  return moved.map((object) => {
    const colours = reader.grounder.of(object).colours;
    const fitting = containers.filter((id) =>
      [...reader.grounder.of(id).colours].some((c) => colours.has(c)),
    );
    if (fitting.length === 1) {
      return {
        kind: 'put',
        verb: 'put',
        object,
        target: { kind: 'object', relation: 'in', ids: fitting },
        text: clause.text,
      };
    }
    throw refusal(
      fitting.length > 1 ? 'ambiguous' : 'not-found',
      `${fitting.length > 1 ? 'Several containers have' : 'No container has'} the colour of the ${reader.grounder.of(object).object.label}.`,
      {
        words: [clause.text],
        candidates: (fitting.length > 1 ? fitting : containers).map((id) => reader.grounder.of(id).object),
        hint: 'Name the objects and where each goes.',
      },
    );
  });
}

export function sortActions(reader: Reader, clause: Clause, discourse: Discourse): Action[] {
  const theme = themeOf(clause);
  const destination = clause.chunks.find((c): c is RelationChunk => c.kind === 'relation');
  const odd = clause.chunks.find(
    (c) =>
      c.kind !== 'noun' &&
      c.kind !== 'relation' &&
      c.kind !== 'by-colour' &&
      !(c.kind === 'particle' && c.word === 'apart'),
  );
  if (odd !== undefined)
    throw refusal('leftover', `I do not understand "${odd.text}" in "${clause.text}".`, {
      words: [odd.text],
      hint: 'I sort by colour.',
    });
  if (
    destination !== undefined &&
    destination.relation !== 'in' &&
    destination.relation !== 'on' &&
    destination.relation !== 'to'
  ) {
    throw refusal('unsupported', `I cannot sort "${destination.text}".`, {
      words: [destination.text],
      hint: 'I sort by colour, into containers of that colour.',
    });
  }
  return distribute(reader, clause, discourse, theme, destination?.reference);
}
