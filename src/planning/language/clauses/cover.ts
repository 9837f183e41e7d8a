import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import type { Chunk, Clause } from '../syntax.ts';
import { readPut } from './put.ts';
import { type Reader, type Reading, splitTheme } from './reader.ts';

/** "cover the target with the block": what is named last goes on what is named first. */
export function readCover(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  const [cover] = rest;
  if (rest.length !== 1 || cover?.kind !== 'relation' || cover.relation !== 'with' || !cover.reference) {
    throw refusal('incomplete', `"${clause.text}" does not say with what.`, {
      words: [clause.text],
      hint: 'Say "cover the target with the block".',
    });
  }
  const { reference } = cover;
  const span = { start: theme.start, end: theme.end, text: theme.text };
  const onIt: Chunk = { kind: 'relation', relation: 'on', goal: true, reference: theme, ...span };
  const covers: Chunk = {
    kind: 'noun',
    group: reference,
    start: reference.start,
    end: reference.end,
    text: reference.text,
  };
  return readPut(reader, { ...clause, sense: 'put', chunks: [covers, onIt] }, discourse);
}
