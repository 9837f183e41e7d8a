import { refusal } from '../refusal.ts';
import { takeChunk } from './chunks.ts';
import { SEQUENCERS } from './closed-words.ts';
import type { Cursor } from './cursor.ts';
import { FILLERS } from './lexicon.ts';
import type { Chunk, Clause, Span } from './syntax.ts';
import { CLAUSE_ENDS, startsVerb } from './verb-start.ts';
import { verbBase } from './verbs.ts';

interface ChunkList {
  readonly chunks: readonly Chunk[];
  readonly purpose?: Clause;
  readonly means?: Clause;
}

/** What the clause parser lends: the clause at the cursor, for purposes and means. */
export type TakeClause = (cursor: Cursor, earlier: readonly Clause[]) => Clause;

/** A refusal that points at words of the instruction. */
const leftover = (span: Span, hint: string) =>
  refusal('leftover', `I do not understand "${span.text}" here.`, { words: [span.text], hint });

export function takeChunks(cursor: Cursor, earlier: readonly Clause[], takeClause: TakeClause): ChunkList {
  const chunks: Chunk[] = [];
  for (;;) {
    while (
      FILLERS.has(cursor.word()) ||
      cursor.take('a', 'little', 'bit') ||
      cursor.take('a', 'bit') ||
      cursor.is('slightly')
    ) {
      if (FILLERS.has(cursor.word()) || cursor.is('slightly')) cursor.at++;
    }
    if (endsClause(cursor)) return { chunks };
    if (cursor.is('to') && beginsInfinitive(cursor)) {
      cursor.at++;
      return { chunks, purpose: takeClause(cursor, earlier) };
    }
    if (
      cursor.is('by', 'using', 'via') &&
      verbBase(cursor.word(1)) !== undefined &&
      cursor.word(1).endsWith('ing')
    ) {
      cursor.at++;
      return { chunks, means: takeClause(cursor, earlier) };
    }
    if (cursor.take('all', 'the', 'way') || takeByHand(cursor)) continue;
    // "the ball goes in the bowl"
    if (chunks.length === 1 && (cursor.take('goes') || cursor.take('belongs') || cursor.take('belong')))
      continue;
    const chunk = takeChunk(cursor);
    if (chunk === undefined) {
      const from = cursor.at;
      throw leftover(
        cursor.span(from, Math.min(cursor.tokens.length, from + 3)),
        'Rephrase it, or leave it out.',
      );
    }
    chunks.push(chunk);
  }
}

/** "with the gripper" adds nothing. */
function takeByHand(cursor: Cursor): boolean {
  const from = cursor.at;
  if (cursor.take('with') || cursor.take('using')) {
    if (!cursor.take('the')) cursor.take('your');
    cursor.take('robot');
    if (cursor.is('gripper', 'hand', 'fingers', 'arm', 'robot')) {
      cursor.at++;
      return true;
    }
  }
  cursor.at = from;
  return false;
}

const beginsInfinitive = (cursor: Cursor): boolean => {
  const base = verbBase(cursor.word(1));
  return (
    base === cursor.word(1) &&
    base !== undefined &&
    !/^(?:place|light|set|press|pin)$/.test(base) &&
    cursor.word(2) !== ''
  );
};
function endsClause(cursor: Cursor): boolean {
  const word = cursor.word();
  if (word === '' || CLAUSE_ENDS.has(word)) return true;
  if (SEQUENCERS.has(word) && cursor.word(1) !== 'to') return true;
  if (word === 'before' || word === 'after')
    return verbBase(cursor.word(1)) !== undefined || cursor.word(1) === 'you' || cursor.word(1) === 'that';
  if (word !== 'and' && word !== ',' && word !== 'but') return false;
  let ahead = 1;
  while (/^(?:and|then|also|finally|next|,)$/.test(cursor.word(ahead)) || FILLERS.has(cursor.word(ahead))) {
    if (SEQUENCERS.has(cursor.word(ahead)) && cursor.word(ahead + 1) !== 'to') return true;
    ahead++;
  }
  const at = cursor.at;
  cursor.at += ahead;
  const verb = startsVerb(cursor) || cursor.done || cursor.is('do', 'never', 'before', 'after', 'once');
  cursor.at = at;
  // a comma that separates nothing else ends the clause too
  return verb || word === ',';
}
