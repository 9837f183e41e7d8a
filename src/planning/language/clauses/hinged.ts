import type { Discourse } from '../../grounding/grounder.ts';
import type { Action } from '../action.ts';
import type { Chunk, Clause, NounGroup } from '../syntax.ts';
import { isControl, type Reader, trySingle } from './reader.ts';

/** A hinge whose axis stands less upright than this lies: what is on it goes up and down. */
const LYING = 0.5;

/**
 * "lift the toilet lid", "put the seat down", "move the switch up": up and down are open and closed for what hangs on a lying
 * hinge, and the other state for a switch. Undefined
 * where the thing is anything else, or more is said than a way.
 */
export function liftedOrLowered(
  reader: Reader,
  clause: Clause,
  discourse: Discourse,
  theme: NounGroup,
  rest: readonly Chunk[],
  way: 'up' | 'down',
): Action[] | undefined {
  if (rest.some((c) => !(c.kind === 'particle' || c.kind === 'direction'))) return undefined;
  const id = theme.items.length === 1 ? trySingle(reader, theme, discourse) : undefined;
  if (id === undefined) return undefined;
  if (['switch', 'lever', 'toggle'].some((noun) => reader.grounder.of(id).nouns.has(noun)))
    return [{ kind: 'switch', verb: 'toggle', object: id, state: 'other', text: clause.text }];
  if (isControl(reader, id)) return undefined;
  const { articulation } = reader.grounder.of(id).object;
  if (articulation?.kind !== 'revolute' || Math.abs(articulation.axis[2]) > LYING) return undefined;
  const kind = way === 'up' ? 'open' : 'close';
  return [{ kind, verb: kind, object: id, text: clause.text }];
}
