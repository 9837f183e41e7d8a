import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { HANDLE_NOUNS } from '../nouns.ts';
import { asModifier, destinations, narrow } from '../readings.ts';
import type { Chunk, Clause, NounGroup } from '../syntax.ts';
import { openOrClose } from './articulated.ts';
import { gappedReadings } from './gapping.ts';
import { putAt } from './put.ts';
import { isControl, type Reader, type Reading, splitTheme, trySingle, unread } from './reader.ts';
import { shiftReadings } from './shift.ts';

export function readPush(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  const gapped = gappedReadings(reader, clause, discourse, theme, rest);
  if (gapped !== undefined) return gapped;
  const closing = rest.some(
    (c) => c.kind === 'particle' && (c.word === 'closed' || c.word === 'shut' || c.word === 'in'),
  );
  const described = narrow(
    theme,
    rest.map(asModifier).filter((m) => m !== undefined),
  );
  const single = theme.items.length === 1 ? trySingle(reader, described, discourse) : undefined;
  if (
    single !== undefined &&
    rest.every((c) => c.kind === 'particle' || asModifier(c) !== undefined) &&
    !rest.some((c) => (c.kind === 'relation' && c.goal) || (c.kind === 'place' && c.place.goal))
  ) {
    const f = reader.grounder.of(single);
    if (isControl(reader, single) && !f.nouns.has('slider')) {
      return [() => [{ kind: 'press', verb: 'press', object: single, text: clause.text }]];
    }
    if (f.openable || closing || [...f.nouns].some((noun) => HANDLE_NOUNS.has(noun)))
      return [() => openOrClose(reader, clause, 'close', discourse)];
  }
  return transport(reader, clause, discourse, theme, rest, 'push');
}

export function readPull(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  const single = theme.items.length === 1 ? trySingle(reader, theme, discourse) : undefined;
  const simple = rest.every(
    (c) =>
      c.kind === 'particle' ||
      c.kind === 'direction' ||
      c.kind === 'measure' ||
      (c.kind === 'relation' && !c.goal),
  );
  if (single !== undefined && simple) {
    const f = reader.grounder.of(single);
    if (f.openable || [...f.nouns].some((noun) => HANDLE_NOUNS.has(noun)))
      return [() => openOrClose(reader, clause, 'open', discourse)];
  }
  if (rest.length === 0 || rest.every((c) => c.kind === 'measure' || c.kind === 'particle'))
    return shiftReadings(reader, clause, discourse, theme, rest, 'drag', 'front');
  return transport(reader, clause, discourse, theme, rest, 'drag');
}

export function transport(
  reader: Reader,
  clause: Clause,
  discourse: Discourse,
  theme: NounGroup,
  rest: readonly Chunk[],
  kind: 'push' | 'drag',
): Reading[] {
  const directed = rest.some(
    (c) =>
      c.kind === 'direction' ||
      (c.kind === 'place' && c.place.goal && !c.place.explicit) ||
      (c.kind === 'particle' && /^(?:away|up|down|back)$/.test(c.word)),
  );
  if (directed && !rest.some((c) => c.kind === 'relation' && c.goal))
    return shiftReadings(reader, clause, discourse, theme, rest, kind);
  const plain = rest.filter((c) => !(c.kind === 'particle' && (c.word === 'over' || c.word === 'off')));
  const splits = destinations(plain);
  if (splits.length === 0) {
    throw (
      unread(clause, plain) ??
      refusal('incomplete', `Where should "${theme.text}" be ${kind === 'push' ? 'pushed' : 'pulled'}?`, {
        words: [clause.text],
        hint: 'Say "to the target" or "to the left".',
      })
    );
  }
  return splits.map(
    (split) => () =>
      putAt(reader, clause, discourse, theme, split).map((action): Action => {
        if (action.kind !== 'put') return action;
        const { target } = action;
        // something pushed or dragged over the table cannot climb into a bowl
        if (
          target.kind === 'object' &&
          target.relation === 'in' &&
          !reader.grounder.of(target.ids[0] as string).area
        ) {
          return action;
        }
        return { ...action, kind, verb: kind === 'push' ? 'push' : 'pull' };
      }),
  );
}
