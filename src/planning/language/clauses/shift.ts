import type { Discourse } from '../../grounding/grounder.ts';
import { towards } from '../../grounding/spatial.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import type { Direction } from '../lexicon.ts';
import { asModifier, narrow, sideDirection, verbOf } from '../readings.ts';
import type { Chunk, Clause, Modifier, NounGroup } from '../syntax.ts';
import { groundGroup, isControl, type Reader, type Reading, unread } from './reader.ts';

export function shiftReadings(
  reader: Reader,
  clause: Clause,
  discourse: Discourse,
  theme: NounGroup,
  rest: readonly Chunk[],
  kind: 'put' | 'push' | 'drag',
  fallback?: Direction,
): Reading[] {
  let direction: Direction | undefined = fallback;
  let distance: number | undefined;
  const before: Modifier[] = [];
  for (const chunk of rest) {
    if (chunk.kind === 'direction') direction = chunk.direction;
    else if (chunk.kind === 'place' && chunk.place.goal && chunk.place.sides.length === 1)
      direction = sideDirection(chunk.place.sides[0] as string) ?? direction;
    else if (chunk.kind === 'particle' && chunk.word === 'back') direction ??= 'front';
    else if (
      chunk.kind === 'particle' &&
      (chunk.word === 'away' || chunk.word === 'up' || chunk.word === 'down')
    )
      direction = chunk.word === 'away' ? 'back' : chunk.word;
    else if (chunk.kind === 'measure' && chunk.measure.kind === 'length') distance = chunk.measure.metres;
    else if (chunk.kind === 'particle' && (chunk.word === 'over' || chunk.word === 'along')) continue;
    else {
      const modifier = asModifier(chunk);
      if (modifier === undefined)
        throw (
          unread(clause, [chunk]) ??
          refusal('leftover', `I do not understand "${chunk.text}" here.`, { words: [chunk.text] })
        );
      before.push(modifier);
    }
  }
  if (direction === undefined) {
    throw refusal('incomplete', `Which way should "${theme.text}" go?`, {
      words: [clause.text],
      hint: 'Say "to the left", "forward", or a place.',
    });
  }
  const name = direction;
  const vector = towards(direction, reader.grounder.axes);
  return [
    () =>
      groundGroup(reader, narrow(theme, before), discourse, { role: 'moved' }).map((object): Action => {
        if (direction === 'up' && kind !== 'push')
          return {
            kind: 'pick',
            verb: 'lift',
            object,
            ...(distance === undefined ? {} : { height: distance }),
            text: clause.text,
          };
        if (direction === 'up' || direction === 'down') {
          if (isControl(reader, object))
            return { kind: 'switch', verb: 'toggle', object, state: 'other', text: clause.text };
          throw refusal('unsupported', `I cannot move "${theme.text}" ${name}.`, { words: [clause.text] });
        }
        return {
          kind,
          verb: verbOf(clause),
          object,
          target: {
            kind: 'shift',
            direction: vector,
            name,
            ...(distance === undefined ? {} : { distance }),
          },
          text: clause.text,
        };
      }),
  ];
}
