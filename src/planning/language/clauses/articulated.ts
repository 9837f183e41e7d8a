import type { Discourse } from '../../grounding/grounder.ts';
import type { ObjectFeatures } from '../../grounding/features.ts';
import { relationCost } from '../../grounding/spatial.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { CONTROL_NOUNS, HANDLE_NOUNS } from '../nouns.ts';
import { asModifier, narrow } from '../readings.ts';
import type { Chunk, Clause, Modifier, NounGroup } from '../syntax.ts';
import { groundGroup, isControl, leftoverOf, type Reader, splitTheme } from './reader.ts';

export function openOrClose(
  reader: Reader,
  clause: Clause,
  kind: 'open' | 'close',
  discourse: Discourse,
): Action[] {
  const { theme, rest } = splitTheme(clause);
  const lidded = kind === 'close' ? coverWithLid(reader, theme, rest, clause, discourse) : undefined;
  if (lidded !== undefined) return lidded;
  let distance: number | undefined;
  let means: string | undefined;
  const modifiers: Modifier[] = [];
  for (const chunk of rest) {
    if (chunk.kind === 'measure' && chunk.measure.kind === 'length') distance = chunk.measure.metres;
    else if (chunk.kind === 'particle' || chunk.kind === 'direction') continue;
    else if (
      chunk.kind === 'relation' &&
      chunk.reference !== undefined &&
      (chunk.relation === 'next-to' || chunk.relation === 'with') &&
      HANDLE_NOUNS.has(chunk.reference.items[0]?.head ?? '')
    ) {
      means = groundGroup(reader, chunk.reference, discourse, { role: 'control' })[0];
    } else {
      const modifier = asModifier(chunk);
      if (modifier === undefined || (chunk.kind === 'relation' && chunk.goal))
        throw refusal('leftover', `I do not understand "${chunk.text}" in "${clause.text}".`, {
          words: [chunk.text],
        });
      modifiers.push(modifier);
    }
  }
  const objects = groundGroup(reader, narrow(theme, modifiers), discourse, { role: 'openable' });
  return objects.map((id) => {
    const lidded = byLid(reader, id, kind, clause.text);
    if (lidded !== undefined) return lidded;
    const moving = movingPart(reader, id);
    if (moving !== undefined)
      return {
        kind,
        verb: kind,
        object: moving,
        ...(distance === undefined ? {} : { distance }),
        text: clause.text,
      };
    const f = reader.grounder.of(id);
    if (turnsOnItself(f)) {
      const state = kind === 'open' ? 'on' : 'off';
      return { kind: 'switch', verb: `turn ${state}`, object: id, state, text: clause.text };
    }
    const handle = [...f.nouns].some((noun) => HANDLE_NOUNS.has(noun));
    const owner = handle ? ownerOf(reader, id) : undefined;
    if (!f.openable && owner === undefined && !handle) {
      throw refusal(
        'unsupported',
        `The ${f.object.label} cannot be ${kind === 'open' ? 'opened' : 'closed'}.`,
        { words: [clause.text], candidates: [f.object] },
      );
    }
    const tool = handle ? id : means;
    return {
      kind,
      verb: kind,
      object: owner ?? id,
      ...(tool === undefined ? {} : { means: tool }),
      ...(distance === undefined ? {} : { distance }),
      text: clause.text,
    };
  });
}

/** The only door, lid or drawer of something that does not move itself: the microwave's. */
function movingPart(reader: Reader, id: string): string | undefined {
  const f = reader.grounder.of(id);
  if (f.object.articulation !== undefined || f.part) return undefined;
  const parts = reader.grounder.features.filter(
    (g) =>
      g !== f &&
      g.object.articulation !== undefined &&
      ['door', 'lid', 'drawer'].some((noun) => g.nouns.has(noun)) &&
      (g.object.partOf === undefined
        ? g.names.some((name) => name.slice(0, -1).some((word) => f.nouns.has(word)))
        : g.object.partOf === id),
  );
  const [part, second] = parts;
  return second === undefined ? part?.object.id : undefined;
}

/** A tap's or stove's knob: it is turned, not swung. */
function turnsOnItself({ object }: ObjectFeatures): boolean {
  const hinge = object.articulation;
  if (hinge?.kind !== 'revolute' || Math.abs(hinge.axis[2]) < 0.7) return false;
  const [x, y] = object.pose.position;
  return hinge.origin === undefined || Math.hypot(hinge.origin[0] - x, hinge.origin[1] - y) < 0.01;
}

/** "close the jar with the lid": the loose lid that is named goes on it. */
function coverWithLid(
  reader: Reader,
  theme: NounGroup,
  rest: readonly Chunk[],
  clause: Clause,
  discourse: Discourse,
): Action[] | undefined {
  const [lid] = rest;
  if (rest.length !== 1 || lid?.kind !== 'relation' || lid.relation !== 'with') return undefined;
  if (lid.reference === undefined || !/^(?:lid|cover|cap|top)$/.test(lid.reference.items[0]?.head ?? ''))
    return undefined;
  const [cover] = groundGroup(reader, lid.reference, discourse, { role: 'moved' });
  if (cover === undefined || reader.grounder.of(cover).object.articulation !== undefined) return undefined;
  const on = groundGroup(reader, theme, discourse, { role: 'container', exclude: [cover] });
  if (on.length !== 1) return undefined;
  return [
    {
      kind: 'put',
      verb: 'put',
      object: cover,
      target: { kind: 'object', relation: 'on', ids: on },
      text: clause.text,
    },
  ];
}

/** What has a loose lid is opened by taking it off, and closed by putting the only lid there is on it. */
function byLid(reader: Reader, id: string, kind: 'open' | 'close', text: string): Action | undefined {
  const { features, axes } = reader.grounder;
  const f = reader.grounder.of(id);
  if (f.object.articulation !== undefined || f.part) return undefined;
  if (f.nouns.has('lid')) return undefined;
  const lids = features.filter((g) => g !== f && g.nouns.has('lid') && g.object.articulation === undefined);
  const on = lids.filter((lid) => relationCost('on', lid, f, axes) !== undefined);
  const [lid, second] = kind === 'open' ? on : lids;
  if (lid === undefined || second !== undefined || (kind === 'close' && on.length > 0)) return undefined;
  const said = { verb: kind === 'open' ? 'remove' : 'put', object: lid.object.id, text } as const;
  return kind === 'open'
    ? { ...said, kind: 'put', target: { kind: 'table' } }
    : { ...said, kind: 'put', target: { kind: 'object', relation: 'on', ids: [id] } };
}

/** The thing that a handle opens: what it is part of, or what its label names. */
export function ownerOf(reader: Reader, id: string): string | undefined {
  const f = reader.grounder.of(id);
  if (f.object.partOf !== undefined) return f.object.partOf;
  const stems = new Set(f.names.flatMap((name) => name.slice(0, -1)));
  return reader.grounder.features.find(
    (other) => other !== f && other.openable && [...other.nouns].some((noun) => stems.has(noun)),
  )?.object.id;
}

export function switchActions(reader: Reader, clause: Clause, discourse: Discourse): Action[] {
  const state = clause.sense === 'turn-on' ? 'on' : clause.sense === 'turn-off' ? 'off' : 'other';
  const verb = state === 'other' ? 'toggle' : `turn ${state}`;
  const { theme, rest } = splitTheme(clause);
  let means: string | undefined;
  const modifiers: Modifier[] = [];
  for (const chunk of rest) {
    const first = chunk.kind === 'relation' ? chunk.reference?.items[0] : undefined;
    if (
      chunk.kind === 'relation' &&
      first !== undefined &&
      (chunk.relation === 'with' || chunk.relation === 'next-to') &&
      CONTROL_NOUNS.has(first.head ?? '')
    ) {
      means = reader.grounder.phrase(first, discourse, { role: 'control' })[0]?.id;
    } else {
      const modifier = asModifier(chunk);
      if (chunk.kind === 'direction' || (chunk.kind === 'particle' && /^(?:up|down)$/.test(chunk.word)))
        continue;
      if (modifier === undefined) throw leftoverOf(clause, [chunk]);
      modifiers.push(modifier);
    }
  }
  const objects = groundGroup(reader, narrow(theme, modifiers), discourse, { role: 'control' });
  return objects.map((object) => {
    if (!reader.grounder.of(object).fixture && !isControl(reader, object)) {
      throw refusal(
        'unsupported',
        `The ${reader.grounder.of(object).object.label} is nothing that can be switched.`,
        { words: [clause.text] },
      );
    }
    return {
      kind: 'switch',
      verb,
      object,
      state,
      ...(means === undefined ? {} : { means }),
      text: clause.text,
    };
  });
}
