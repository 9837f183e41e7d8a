import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Action } from '../action.ts';
import { asModifier, destinations, narrow, type RelationChunk } from '../readings.ts';
import type { Clause } from '../syntax.ts';
import { gappedReadings } from './gapping.ts';
import { putAt } from './put.ts';
import { groundGroup, type Reader, type Reading, splitTheme } from './reader.ts';

const TOWER_NOUNS = new Set(['tower', 'stack', 'pile', 'pyramid', 'column']);

export function readStack(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const makes = /^(?:build|make|create|construct|form)/.test(clause.verb);
  const { theme, rest } = splitTheme(clause);
  const head = theme.items[0]?.head ?? '';
  if (makes || TOWER_NOUNS.has(head)) {
    if (!TOWER_NOUNS.has(head)) {
      throw refusal('unsupported', `I cannot ${clause.verb} "${theme.text}".`, {
        words: [theme.text],
        hint: 'I can build a stack or a tower.',
      });
    }
    const of = theme.items[0]?.modifiers.find((m) => m.kind === 'relation' && m.relation === 'of');
    const from = rest.find(
      (c): c is RelationChunk =>
        c.kind === 'relation' &&
        c.reference !== undefined &&
        (c.relation === 'from' || c.relation === 'with'),
    );
    const first = of?.kind === 'relation' ? of.reference : from?.reference;
    // "a tower of the red cube and the green cube"
    const blocks = first && { ...first, items: [...first.items, ...theme.items.slice(1)] };
    if (blocks === undefined)
      throw refusal('incomplete', `What should "${theme.text}" be made of?`, { words: [clause.text] });
    return [() => pile(reader, clause, groundGroup(reader, blocks, discourse, { role: 'moved' }))];
  }
  const together = rest.some(
    (c) =>
      (c.kind === 'relation' && c.reference?.items[0]?.pronoun === 'each-other') ||
      (c.kind === 'particle' && (c.word === 'together' || c.word === 'up')) ||
      (c.kind === 'relation' && c.reference === undefined) ||
      (c.kind === 'relation' && TOWER_NOUNS.has(c.reference?.items[0]?.head ?? '')),
  );
  const gapped = gappedReadings(reader, clause, discourse, theme, rest);
  if (gapped !== undefined) return gapped;
  if (!together && destinations(rest).length > 0) {
    const piles: Reading[] = destinations(rest).map((split) => () => {
      const puts = putAt(reader, clause, discourse, theme, split);
      const [first] = puts;
      if (puts.length === 1 || first?.kind !== 'put' || first.target.kind !== 'object') return puts;
      // several on one: each on top of the one before
      return puts.map((put, i) => {
        const below = puts[i - 1];
        return i === 0 || put.kind !== 'put' || below?.kind !== 'put'
          ? put
          : { ...put, target: { kind: 'object', relation: 'on', ids: [below.object] } };
      });
    });
    const many = theme.items.length > 1 || theme.items[0]?.quantity.kind !== 'one';
    const locative = rest.every((c) => asModifier(c) !== undefined);
    if (many && locative)
      piles.push(() =>
        pile(
          reader,
          clause,
          groundGroup(
            reader,
            narrow(
              theme,
              rest.map(asModifier).filter((m) => m !== undefined),
            ),
            discourse,
            { role: 'moved' },
          ),
        ),
      );
    return piles;
  }
  return [() => pile(reader, clause, groundGroup(reader, theme, discourse, { role: 'moved' }))];
}

/** One on top of the other, the widest at the bottom. */
export function pile(reader: Reader, clause: Clause, ids: readonly string[]): Action[] {
  if (ids.length < 2) {
    throw refusal('incomplete', `"${clause.text}" does not say what to stack it on.`, {
      words: [clause.text],
      hint: 'Say "on the blue cube".',
    });
  }
  const area = (id: string) => {
    const [x, y] = reader.grounder.of(id).object.size;
    return x * y;
  };
  const order = ids
    .map((id, i) => ({ id, i }))
    .sort((a, b) => (Math.abs(area(b.id) / area(a.id) - 1) < 0.1 ? b.i - a.i : area(b.id) - area(a.id)));
  return order.slice(1).map(({ id }, i) => ({
    kind: 'put',
    verb: 'stack',
    object: id,
    target: { kind: 'object', relation: 'on', ids: [(order[i] as { id: string }).id] },
    text: clause.text,
  }));
}
