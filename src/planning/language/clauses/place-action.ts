import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { isSurface, type RelationChunk, verbOf } from '../readings.ts';
import type { Clause } from '../syntax.ts';
import { HOLE_NOUNS, type Reader } from './reader.ts';

const SOLID_NOUNS = new Set([
  'cube',
  'block',
  'brick',
  'ball',
  'cylinder',
  'peg',
  'button',
  'handle',
  'knob',
  'lid',
  'book',
  'sphere',
]);

/** Nothing can be put in it. */
export function isSolid(reader: Reader, id: string): boolean {
  const f = reader.grounder.of(id);
  return !f.container && [...f.nouns].some((noun) => SOLID_NOUNS.has(noun));
}

/** A put with its relation made definite by what the destination is. */
export function placeAction(
  reader: Reader,
  clause: Clause,
  object: string,
  destination: RelationChunk,
  ids: readonly string[],
): Action {
  const target = reader.grounder.of(ids[0] as string);
  let relation = destination.relation;
  const hole = [...target.nouns].some((noun) => HOLE_NOUNS.has(noun));
  if (hole && (relation === 'in' || relation === 'to' || relation === 'on' || relation === 'at')) {
    return { kind: 'insert', verb: 'insert', object, hole: ids[0] as string, text: clause.text };
  }
  if (relation === 'to' || relation === 'at') {
    relation = target.container ? 'in' : target.area || isSurface(target.nouns) ? 'on' : 'next-to';
  }
  if (relation === 'in' && (target.area || isSurface(target.nouns))) relation = 'on';
  if (relation === 'around') relation = 'next-to';
  if (relation === 'above') relation = target.container ? 'in' : 'on';
  if (relation === 'in' && isSolid(reader, ids[0] as string)) {
    throw refusal('contradiction', `Nothing can be put in the ${target.object.label}.`, {
      words: [destination.text],
      hint: 'Say "on" or "next to", or name a container.',
    });
  }
  return {
    kind: 'put',
    verb: verbOf(clause),
    object,
    target: { kind: 'object', relation, ids },
    text: clause.text,
  };
}
