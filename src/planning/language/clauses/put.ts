import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { destinations, type DestinationSplit, narrow, verbOf } from '../readings.ts';
import type { Chunk, Clause, NounGroup, NounPhrase, Place } from '../syntax.ts';
import { gappedReadings } from './gapping.ts';
import { destinationIds } from './destination.ts';
import { liftedOrLowered } from './hinged.ts';
import { placeAction } from './place-action.ts';
import { groundGroup, labelsOf, onRail, type Reader, type Reading, splitTheme, unread } from './reader.ts';
import { shiftReadings } from './shift.ts';
import { readStack } from './stack.ts';
import { matchingReading } from './sort.ts';

export function readPut(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = hoistExceptions(splitTheme(clause));
  const piled = rest.find((c) => c.kind === 'relation' && c.reference?.items[0]?.pronoun === 'each-other');
  if (piled?.kind === 'relation' && piled.relation === 'on') return readStack(reader, clause, discourse);
  const gapped = gappedReadings(reader, clause, discourse, theme, rest);
  if (gapped !== undefined) return gapped;
  const matching = matchingReading(reader, clause, discourse, theme, rest);
  if (matching !== undefined) return [matching];
  const way = wayOf(clause, rest);
  const hinged = way && liftedOrLowered(reader, clause, discourse, theme, rest, way);
  if (hinged !== undefined) return [() => hinged];
  const shift =
    rest.some((c) => c.kind === 'direction' || (c.kind === 'place' && c.place.goal && !c.place.explicit)) &&
    !rest.some((c) => c.kind === 'relation' && c.goal);
  if (rest.some((c) => c.kind === 'place' || c.kind === 'direction') && onRail(reader, theme, discourse))
    return shiftReadings(reader, clause, discourse, theme, rest, 'push');
  const readings: Reading[] = [];
  // "it" is described by nothing: "put it in the bowl on the right"
  const bare = theme.items.every((item) => item.pronoun !== undefined);
  const splits = destinations(rest);
  for (const split of bare ? splits.filter((s) => s.before.length === 0) : splits) {
    readings.push(() => putAt(reader, clause, discourse, theme, split));
  }
  if (shift) {
    const directed = rest.some((c) => c.kind === 'place') && readings.length > 0;
    const shifts = shiftReadings(reader, clause, discourse, theme, rest, 'put');
    return directed ? [...shifts, ...readings] : shifts;
  }
  if (readings.length > 0) return readings;
  if (
    rest.every((c) => c.kind === 'particle' && c.word === 'down') ||
    clause.verb.endsWith('down') ||
    /^drop/.test(clause.verb)
  ) {
    if (discourse.held !== undefined || /down$/.test(clause.verb) || rest.length > 0) {
      return [
        () =>
          groundGroup(reader, theme, discourse, { role: 'moved' }).map((object) => ({
            kind: 'put',
            verb: 'put',
            object,
            target: { kind: 'table' },
            text: clause.text,
          })),
      ];
    }
  }
  throw (
    unread(clause, rest) ??
    refusal('incomplete', `Where should "${theme.text}" go?`, {
      words: [clause.text],
      hint: 'Say where: "in the blue bowl", "on the plate", "to the left of the cube".',
    })
  );
}

/** Up or down, where nothing but that is said: "put the lid down", "lower the lid". */
function wayOf(clause: Clause, rest: readonly Chunk[]): 'up' | 'down' | undefined {
  const said = rest.map((c) => (c.kind === 'particle' ? c.word : c.kind === 'direction' ? c.direction : ''));
  if (said.includes('up')) return 'up';
  return said.includes('down') || /down$|^(?:lower|let)/.test(clause.verb) || /\bdown$/.test(clause.text)
    ? 'down'
    : undefined;
}

export function putAt(
  reader: Reader,
  clause: Clause,
  discourse: Discourse,
  theme: NounGroup,
  split: DestinationSplit,
): Action[] {
  const narrowed = narrow(theme, split.before);
  const { destination } = split;
  const text = clause.text;
  if (destination.kind === 'place') {
    const objects = groundGroup(reader, narrowed, discourse, { role: 'moved' });
    return objects.map((object) => ({
      kind: 'put',
      verb: verbOf(clause),
      object,
      target: { kind: 'place', place: destination.place },
      text,
    }));
  }
  if (destination.reference === undefined) {
    // "put the bowl inside": in what was talked about last
    const objects = groundGroup(reader, narrowed, discourse, { role: 'moved' });
    const last = [...discourse.mentions].reverse().find((id) => !objects.includes(id));
    if (last === undefined)
      throw refusal('incomplete', `"${destination.text}" of what?`, { words: [destination.text] });
    return objects.map((object) => placeAction(reader, clause, object, destination, [last]));
  }
  const { reference } = destination;
  const table = reference.items.length === 1 && reader.grounder.isTable(reference.items[0] as NounPhrase);
  if (
    table &&
    (destination.relation === 'on' || destination.relation === 'to' || destination.relation === 'at')
  ) {
    const objects = groundGroup(reader, narrowed, discourse, { role: 'moved' });
    return objects.map((object) => ({
      kind: 'put',
      verb: verbOf(clause),
      object,
      target: { kind: 'table' },
      text,
    }));
  }
  if (table && destination.relation === 'middle-of') {
    const place: Place = { sides: ['middle'], corner: false, goal: true, explicit: true };
    return groundGroup(reader, narrowed, discourse, { role: 'moved' }).map((object) => ({
      kind: 'put',
      verb: verbOf(clause),
      object,
      target: { kind: 'place', place },
      text,
    }));
  }
  if (destination.relation === 'from' || destination.relation === 'of' || destination.relation === 'with') {
    throw refusal('incomplete', `Where should "${theme.text}" go?`, {
      words: [clause.text],
      hint: `"${destination.text}" says only where it is.`,
    });
  }
  const inside = destination.relation === 'in';
  const targets = destinationIds(reader, discourse, narrowed, reference, split.after, inside);
  const objects = groundGroup(reader, narrowed, discourse, { role: 'moved', exclude: targets });
  const moved = objects.filter((id) => !targets.includes(id));
  if (moved.length < objects.length || moved.length === 0) {
    throw refusal(
      'contradiction',
      `"${clause.text}" would put ${labelsOf(reader, objects)} ${destination.relation} itself.`,
      { words: [clause.text] },
    );
  }
  if (destination.relation === 'between' || destination.relation === 'middle-of') {
    if (targets.length === 2 && moved.length === 1)
      return moved.map((object) =>
        placeAction(reader, clause, object, { ...destination, relation: 'between' }, targets),
      );
    if (targets.length === 1 && destination.relation === 'middle-of')
      return moved.map((object) =>
        placeAction(reader, clause, object, { ...destination, relation: 'on' }, targets),
      );
    throw refusal('incomplete', `"${destination.text}" needs two things to lie between.`, {
      words: [destination.text],
    });
  }
  if (targets.length > 1) {
    if (targets.length === moved.length && clause.chunks.some((c) => c.kind === 'respectively')) {
      return moved.map((object, i) =>
        placeAction(reader, clause, object, destination, [targets[i] as string]),
      );
    }
    throw refusal('ambiguous', `"${destination.text}" names ${targets.length} places.`, {
      words: [destination.text],
      candidates: targets.map((id) => reader.grounder.of(id).object),
      hint: 'Say which thing goes where.',
    });
  }
  return moved.map((object) => placeAction(reader, clause, object, destination, targets));
}

/** "everything on the tray except the balls": what is left out of the whole, though it was said last. */
function hoistExceptions(split: { theme: NounGroup; rest: readonly Chunk[] }): typeof split {
  const whole = split.theme.items.length === 1 ? split.theme.items[0] : undefined;
  const at = split.rest.findIndex(
    (c) =>
      c.kind === 'relation' &&
      c.reference?.items.some((item) => item.except.length > 0 && item.quantity.kind === 'one') === true,
  );
  const chunk = split.rest[at];
  if (whole === undefined || chunk?.kind !== 'relation' || chunk.reference === undefined) return split;
  const except = chunk.reference.items.flatMap((item) => item.except);
  if (whole.quantity.kind !== 'all') {
    throw refusal('leftover', `I do not understand "except" in "${chunk.text}".`, {
      words: except.map((e) => e.text),
      hint: 'Exceptions are to "all" or "everything".',
    });
  }
  const items = chunk.reference.items.map((item) => ({ ...item, except: [] }));
  return {
    theme: { ...split.theme, items: [{ ...whole, except: [...whole.except, ...except] }] },
    rest: split.rest.map((c, i) =>
      i === at ? { ...chunk, reference: { ...(chunk.reference as NounGroup), items } } : c,
    ),
  };
}
