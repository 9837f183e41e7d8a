import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { asModifier, destinations, narrow } from '../readings.ts';
import type { Clause, Modifier } from '../syntax.ts';
import { readPut } from './put.ts';
import { groundGroup, HOLE_NOUNS, type Reader, type Reading, simpleObjects, splitTheme } from './reader.ts';

const quarterTurn = Math.PI / 2;

export function rotateActions(reader: Reader, clause: Clause, discourse: Discourse): Action[] {
  const { theme, rest } = splitTheme(clause);
  let angle = quarterTurn;
  let sign = 1;
  const modifiers: Modifier[] = [];
  for (const chunk of rest) {
    if (chunk.kind === 'measure' && chunk.measure.kind === 'angle') angle = chunk.measure.radians;
    else if (chunk.kind === 'turn') sign = chunk.sense === 'clockwise' ? -1 : 1;
    else if (chunk.kind === 'direction' && (chunk.direction === 'left' || chunk.direction === 'right'))
      sign = chunk.direction === 'right' ? -1 : 1;
    else if (
      chunk.kind === 'place' &&
      chunk.place.goal &&
      (chunk.place.sides[0] === 'left' || chunk.place.sides[0] === 'right')
    )
      sign = chunk.place.sides[0] === 'right' ? -1 : 1;
    else if (chunk.kind === 'particle' && chunk.word === 'around') continue;
    else {
      const modifier = asModifier(chunk);
      if (modifier === undefined || (chunk.kind === 'relation' && chunk.goal))
        throw refusal('leftover', `I do not understand "${chunk.text}" in "${clause.text}".`, {
          words: [chunk.text],
        });
      modifiers.push(modifier);
    }
  }
  return groundGroup(reader, narrow(theme, modifiers), discourse, { role: 'moved' }).map((object) => ({
    kind: 'rotate',
    verb: 'rotate',
    object,
    angle: sign * angle,
    text: clause.text,
  }));
}

export function readInsert(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  if (destinations(rest).length > 0) return readPut(reader, clause, discourse);
  return [
    () => {
      const objects = simpleObjects(reader, clause, discourse, 'moved');
      const holes = reader.grounder.features.filter((f) => [...f.nouns].some((noun) => HOLE_NOUNS.has(noun)));
      const owners = new Set(holes.map((f) => f.object.partOf));
      const open = holes.filter((f) => !owners.has(f.object.id));
      if (open.length !== 1) {
        throw refusal(
          holes.length === 0 ? 'incomplete' : 'ambiguous',
          `Where should "${theme.text}" be inserted?`,
          { words: [clause.text], candidates: open.map((f) => f.object) },
        );
      }
      return objects.map((object) => ({
        kind: 'insert',
        verb: 'insert',
        object,
        hole: (open[0] as (typeof open)[number]).object.id,
        text: clause.text,
      }));
    },
  ];
}
