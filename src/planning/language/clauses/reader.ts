import type { WaybookError } from '../../../core/errors.ts';
import type { Discourse, Grounder, GroundOptions, Role } from '../../grounding/grounder.ts';
import { list, refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { CONTROL_NOUNS, HANDLE_NOUNS } from '../nouns.ts';
import { asModifier, narrow } from '../readings.ts';
import type { Chunk, Clause, Modifier, NounGroup } from '../syntax.ts';

/** A way to read a clause; throws a refusal where it does not fit the scene. */
export type Reading = () => Action[];

/** What the readers of clauses lend each other. */
export interface Reader {
  readonly grounder: Grounder;
  /** grounded actions of a whole clause */
  actions(clause: Clause, discourse: Discourse): Action[];
}

export const HOLE_NOUNS = new Set(['hole', 'slot', 'socket', 'receptacle']);

export function themeOf(clause: Clause): NounGroup | undefined {
  const chunk = clause.chunks.find((c) => c.kind === 'noun');
  return chunk?.group;
}

/** The object of a clause and everything else, in order. Without an object, it is what was talked about last. */
export function splitTheme(clause: Clause): { theme: NounGroup; rest: readonly Chunk[] } {
  const index = clause.chunks.findIndex((c) => c.kind === 'noun');
  const chunk = clause.chunks[index];
  if (chunk?.kind !== 'noun') {
    throw refusal('incomplete', `"${clause.text}" does not say what to ${clause.verb}.`, {
      words: [clause.verb],
      hint: 'Name the object.',
    });
  }
  const rest = clause.chunks.filter((_, i) => i !== index);
  const second = rest.find((c) => c.kind === 'noun');
  if (second !== undefined) {
    throw refusal('leftover', `I do not understand "${second.text}" in "${clause.text}".`, {
      words: [second.text],
      hint: 'Say how it relates: in, on, next to …',
    });
  }
  return { theme: chunk.group, rest };
}

/** A chunk that no reading can use, as a refusal. */
export function unread(clause: Clause, rest: readonly Chunk[]) {
  const odd = rest.find((c) => c.kind !== 'relation' && c.kind !== 'place');
  return odd === undefined
    ? undefined
    : refusal('leftover', `I do not understand "${odd.text}" in "${clause.text}".`, {
        words: [odd.text],
        hint: 'Rephrase it, or leave it out.',
      });
}

/** The refusal of chunks that nothing can be made of. */
export function leftoverOf(clause: Clause, rest: readonly Chunk[]): WaybookError {
  const odd = rest.find((c) => asModifier(c) === undefined) ?? clause;
  return (
    unread(clause, rest) ??
    refusal('leftover', `I do not understand "${odd.text}" in "${clause.text}".`, { words: [odd.text] })
  );
}

export function groundGroup(
  reader: Reader,
  group: NounGroup,
  discourse: Discourse,
  options: GroundOptions,
): string[] {
  return reader.grounder.group(group, discourse, options);
}

export function tryGround(reader: Reader, group: NounGroup, discourse: Discourse): string[] {
  try {
    return groundGroup(reader, group, discourse, { role: 'moved' });
  } catch {
    return [];
  }
}

export function trySingle(reader: Reader, theme: NounGroup, discourse: Discourse): string | undefined {
  for (const role of ['openable', 'moved'] as const) {
    try {
      const ids = groundGroup(reader, theme, discourse, { role });
      if (ids.length === 1) return ids[0];
    } catch {
      continue;
    }
  }
  return undefined;
}

export function labelsOf(reader: Reader, ids: readonly string[]): string {
  return list(ids.map((id) => `the ${reader.grounder.of(id).object.label}`));
}

/** A door or drawer front that slides along a rail, so that a side is a way for it, not a place. */
export function onRail(reader: Reader, theme: NounGroup, discourse: Discourse): boolean {
  const id = trySingle(reader, theme, discourse);
  if (id === undefined) return false;
  const { articulation } = reader.grounder.of(id).object;
  return articulation?.kind === 'prismatic' && Math.hypot(articulation.axis[0], articulation.axis[1]) > 0.5;
}

export function isControl(reader: Reader, id: string): boolean {
  return [...reader.grounder.of(id).nouns].some((noun) => CONTROL_NOUNS.has(noun) && !HANDLE_NOUNS.has(noun));
}

export function simpleObjects(reader: Reader, clause: Clause, discourse: Discourse, role: Role): string[] {
  const { theme, rest } = splitTheme(clause);
  const modifiers = rest
    .filter(
      (c) =>
        !(
          c.kind === 'particle' &&
          (c.word === 'down' || c.word === 'in' || /^(?:until|till|so|such)\b/i.test(c.text))
        ),
    )
    .map((c) => asModifier(c) ?? c);
  const odd = modifiers.find((m): m is Chunk => !('negated' in m));
  if (odd !== undefined)
    throw (
      unread(clause, [odd]) ??
      refusal('leftover', `I do not understand "${odd.text}" here.`, { words: [odd.text] })
    );
  return groundGroup(reader, narrow(theme, modifiers as Modifier[]), discourse, { role });
}
