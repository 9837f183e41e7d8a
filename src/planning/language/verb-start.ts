import type { Cursor } from './cursor.ts';
import { verbBase, verbEntries, type VerbEntry } from './verbs.ts';

export const CLAUSE_ENDS = new Set(['.', ';', ':', '!', '?']);

/** Whether a verb phrase begins at the cursor. */
export function startsVerb(cursor: Cursor): boolean {
  const base = verbBase(cursor.word());
  if (base === undefined) return false;
  return verbEntries(base).some(
    (entry) => matchStem(cursor, entry) && (entry.particle === undefined || particleAhead(cursor, entry)),
  );
}

export const matchStem = (cursor: Cursor, entry: VerbEntry): boolean =>
  entry.words.every((word, i) => i === 0 || cursor.word(i) === word);

function particleAhead(cursor: Cursor, entry: VerbEntry): boolean {
  for (let ahead = entry.words.length; ahead < entry.words.length + 9; ahead++) {
    const word = cursor.word(ahead);
    if (word === '' || CLAUSE_ENDS.has(word)) return false;
    if (word === entry.particle) return true;
  }
  return false;
}
