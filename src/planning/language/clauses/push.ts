import type { ObjectFeatures } from '../../grounding/features.ts';
import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { HANDLE_NOUNS } from '../nouns.ts';
import { asModifier, destinations, narrow } from '../readings.ts';
import type { Chunk, Clause, NounGroup } from '../syntax.ts';
import { openOrClose } from './articulated.ts';
import { gappedReadings } from './gapping.ts';
import { putAt } from './put.ts';
import {
  groundGroup,
  isControl,
  onRail,
  type Reader,
  type Reading,
  splitTheme,
  trySingle,
  unread,
} from './reader.ts';
import { shiftReadings } from './shift.ts';

export function readPush(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  const gapped = gappedReadings(reader, clause, discourse, theme, rest);
  if (gapped !== undefined) return gapped;
  const buttons = rest.length === 0 ? tryControls(reader, theme, discourse) : [];
  if (buttons.length > 1)
    return [() => buttons.map((object) => ({ kind: 'press', verb: 'press', object, text: clause.text }))];
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
    const flipped = rest.some((c) => c.kind === 'particle' && (c.word === 'up' || c.word === 'down'));
    if (flipped && ['switch', 'lever', 'toggle', 'slider'].some((noun) => f.nouns.has(noun)))
      return [() => [{ kind: 'switch', verb: 'toggle', object: single, state: 'other', text: clause.text }]];
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
  const rail = rest.some((c) => c.kind === 'place') && onRail(reader, theme, discourse);
  const directed = rest.some(
    (c) =>
      c.kind === 'direction' ||
      (rail && c.kind === 'place') ||
      (c.kind === 'place' && c.place.goal && !c.place.explicit) ||
      (c.kind === 'particle' && /^(?:away|up|down|back)$/.test(c.word)),
  );
  if (directed && !rest.some((c) => c.kind === 'relation' && c.goal))
    return shiftReadings(reader, clause, discourse, theme, rest, kind);
  // "left into the drawer": the goal says it all
  const goal = rest.some((c) => c.kind === 'relation' && c.goal);
  const plain = rest.filter(
    (c) =>
      !(c.kind === 'particle' && (c.word === 'over' || c.word === 'off')) &&
      !(goal && c.kind === 'direction'),
  );
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
          (target.relation === 'in' || target.relation === 'on') &&
          !isLevel(reader.grounder.of(target.ids[0] as string))
        ) {
          return { ...action, verb: 'put' };
        }
        return { ...action, kind, verb: kind === 'push' ? 'push' : 'pull' };
      }),
  );
}

/** Flat enough to be slid onto: a marking, a mat. */
const isLevel = (f: ObjectFeatures): boolean => f.area || f.max[2] - f.min[2] < 0.006;

/** Buttons and switches that a plural means; nothing where it means anything else. */
function tryControls(reader: Reader, theme: NounGroup, discourse: Discourse): string[] {
  try {
    const ids = groundGroup(reader, theme, discourse, { role: 'control' });
    return ids.every((id) => isControl(reader, id)) ? ids : [];
  } catch {
    return [];
  }
}
