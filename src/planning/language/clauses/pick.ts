import type { Discourse } from '../../grounding/grounder.ts';
import { relationCost } from '../../grounding/spatial.ts';
import { refusal } from '../../refusal.ts';
import { asModifier, destinations, narrow, nest } from '../readings.ts';
import type { Clause } from '../syntax.ts';
import { gappedReadings } from './gapping.ts';
import { liftedOrLowered } from './hinged.ts';
import { putAt, readPut } from './put.ts';
import {
  groundGroup,
  labelsOf,
  leftoverOf,
  type Reader,
  type Reading,
  splitTheme,
  unread,
} from './reader.ts';
import { matchingReading } from './sort.ts';

export function readPick(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  const gapped = gappedReadings(reader, clause, discourse, theme, rest);
  if (gapped !== undefined) return gapped;
  const raises =
    /^(?:lift|raise|pick|take)/.test(clause.verb) &&
    rest.every((c) => (c.kind === 'particle' && c.word === 'up') || c.kind === 'direction');
  const hinged = raises ? liftedOrLowered(reader, clause, discourse, theme, [], 'up') : undefined;
  if (hinged !== undefined) return [() => hinged];
  const height = rest.find((c) => c.kind === 'measure' && c.measure.kind === 'length');
  const plain = rest.filter(
    (c) =>
      c !== height &&
      !(c.kind === 'particle' && (c.word === 'up' || c.word === 'off')) &&
      !(c.kind === 'direction' && c.direction === 'up'),
  );
  const matching = matchingReading(reader, clause, discourse, theme, plain);
  if (matching !== undefined) return [matching];
  const readings: Reading[] = [];
  const modifiers = plain.map(asModifier);
  if (
    !plain.some((c) => c.kind === 'relation' && c.goal && c.reference !== undefined) &&
    modifiers.every((m) => m !== undefined)
  ) {
    const narrowed = [narrow(theme, modifiers), ...(modifiers.length > 1 ? [nest(theme, modifiers)] : [])];
    readings.push(() => {
      let failure: unknown;
      for (const group of narrowed) {
        try {
          return groundGroup(reader, group, discourse, { role: 'moved' }).map((object) => ({
            kind: 'pick' as const,
            verb: 'pick',
            object,
            ...(height?.kind === 'measure' && height.measure.kind === 'length'
              ? { height: height.measure.metres }
              : {}),
            text: clause.text,
          }));
        } catch (error) {
          failure ??= error;
        }
      }
      throw failure;
    });
  }
  // "take the cube to the bowl", "collect the cubes in the bowl": where it goes rather than where it is
  const carries =
    plain.some((c) => (c.kind === 'relation' && c.goal) || (c.kind === 'place' && c.place.goal)) ||
    /^(?:collect|gather|get|take|pick|fetch)/.test(clause.verb);
  if (carries) {
    const asPut = destinations(plain).filter((d) =>
      d.destination.kind === 'place' ? d.destination.place.goal : d.destination.relation !== 'from',
    );
    if (asPut.length > 0) {
      const first = readings[0];
      const putting: Reading[] = asPut.map((split) => () => putAt(reader, clause, discourse, theme, split));
      // where the thing already is there, it is a description; else it is a destination
      if (first === undefined) return putting;
      return [
        () => {
          try {
            return first();
          } catch (error) {
            for (const put of putting) {
              try {
                return put();
              } catch {
                continue;
              }
            }
            throw error;
          }
        },
      ];
    }
  }
  if (readings.length > 0) return readings;
  throw (
    unread(clause, plain) ?? refusal('leftover', `I cannot read "${clause.text}".`, { words: [clause.text] })
  );
}

/** Taken off or out of something and put on the table. */
export function readRemove(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  const goal = rest.filter(
    (c) =>
      (c.kind === 'relation' &&
        c.reference !== undefined &&
        (c.goal || c.relation === 'on' || c.relation === 'in' || c.relation === 'next-to')) ||
      c.kind === 'place',
  );
  const plain = rest.filter((c) => !(c.kind === 'particle'));
  if (goal.length > 0)
    return readPut(
      reader,
      { ...clause, chunks: clause.chunks.filter((c) => c.kind !== 'particle') },
      discourse,
    );
  const modifiers = plain.map(asModifier);
  if (modifiers.some((m) => m === undefined)) throw leftoverOf(clause, plain);
  return [
    () =>
      takenOff(
        reader,
        clause,
        groundGroup(
          reader,
          narrow(
            theme,
            modifiers.filter((m) => m !== undefined),
          ),
          discourse,
          {
            role: 'moved',
            takenApart: /^(?:unstack|destack|collapse|dismantle|clear|undo|topple)/.test(clause.verb),
          },
        ),
      ).map((object) => ({
        kind: 'put',
        verb: 'remove',
        object,
        target: { kind: 'table' },
        text: clause.text,
      })),
  ];
}

/** Of several that are unstacked, the lowest stays where it is. */
function takenOff(reader: Reader, clause: Clause, ids: readonly string[]): readonly string[] {
  if (ids.length < 2 || !/^(?:unstack|destack|collapse)/.test(clause.verb)) return ids;
  const { features, axes } = reader.grounder;
  const standing = ids.filter((id) => {
    const f = reader.grounder.of(id);
    return features.some((g) => g !== f && !g.fixture && relationCost('on', f, g, axes) !== undefined);
  });
  if (standing.length > 0) return standing;
  throw refusal('contradiction', `None of ${labelsOf(reader, ids)} stands on another.`, {
    words: [clause.text],
  });
}
