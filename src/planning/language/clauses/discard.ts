import type { Discourse } from '../../grounding/grounder.ts';
import { refusal } from '../../refusal.ts';
import { destinations } from '../readings.ts';
import type { Clause } from '../syntax.ts';
import { readPut } from './put.ts';
import { groundGroup, leftoverOf, type Reader, type Reading, splitTheme } from './reader.ts';

const BINS = ['bin', 'trash', 'garbage', 'dustbin', 'wastebasket', 'trashcan'];

/** "throw away the can": into the only bin there is, or where it is said. */
export function readDiscard(reader: Reader, clause: Clause, discourse: Discourse): Reading[] {
  const { theme, rest } = splitTheme(clause);
  const plain = rest.filter((c) => c.kind !== 'particle');
  if (destinations(plain).length > 0) return readPut(reader, { ...clause, sense: 'put' }, discourse);
  if (plain.length > 0) throw leftoverOf(clause, plain);
  return [
    () => {
      const bins = reader.grounder.features.filter(
        (f) => f.container && BINS.some((noun) => f.nouns.has(noun)),
      );
      const [bin, second] = bins;
      if (bin === undefined || second !== undefined) {
        throw refusal(
          bin === undefined ? 'incomplete' : 'ambiguous',
          `Where should "${theme.text}" be thrown? ${bin === undefined ? 'There is no bin in the scene.' : 'There are several bins.'}`,
          { words: [clause.text], candidates: bins.map((f) => f.object), hint: 'Say "put it in the …".' },
        );
      }
      const ids = groundGroup(reader, theme, discourse, { role: 'moved', exclude: [bin.object.id] });
      return ids.map((object) => ({
        kind: 'put',
        verb: 'put',
        object,
        target: { kind: 'object', relation: 'in', ids: [bin.object.id] },
        text: clause.text,
      }));
    },
  ];
}
