import { refusal } from '../refusal.ts';
import { takeChunk } from './chunks.ts';
import { SEQUENCERS } from './closed-words.ts';
import type { Cursor } from './cursor.ts';
import { DEFINITE, FILLERS } from './lexicon.ts';
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
    if (endsClause(cursor) || beginsGapped(cursor, chunks)) return { chunks };
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
    if (takeAside(cursor) || takeByHand(cursor)) continue;
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

/** Said to be polite, or of a pace or extent that no plan holds. */
const ASIDES: readonly (readonly string[])[] = [
  'all the way',
  'as far as it goes',
  'as far as it will go',
  'as far as possible',
  'for me',
  'for us',
  'thank you',
  'thanks',
  'if you can',
  'if you please',
  'if possible',
  'right now',
  'right away',
  'at once',
  'as soon as possible',
  'once more',
  'one more time',
  'with care',
  'with caution',
]
  .map((phrase) => phrase.split(' '))
  .sort((a, b) => b.length - a.length);

function takeAside(cursor: Cursor): boolean {
  const from = cursor.at;
  cursor.take(',');
  const found = ASIDES.find((words) => cursor.sees(words));
  if (found === undefined) cursor.at = from;
  else cursor.at += found.length;
  return found !== undefined;
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
/** "… on the left plate at the back AND THE MILK on the tray": no noun phrase took the "and". */
const beginsGapped = (cursor: Cursor, chunks: readonly Chunk[]): boolean =>
  chunks.length > 1 && chunks.at(-1)?.kind === 'place' && cursor.is('and') && DEFINITE.has(cursor.word(1));

function endsClause(cursor: Cursor): boolean {
  const word = cursor.word();
  if (word === '' || CLAUSE_ENDS.has(word)) return true;
  if (SEQUENCERS.has(word) && cursor.word(1) !== 'to') return true;
  if (word === 'before' || word === 'after')
    return verbBase(cursor.word(1)) !== undefined || cursor.word(1) === 'you' || cursor.word(1) === 'that';
  if (word !== 'and' && word !== ',' && word !== 'but') return false;
  let ahead = 1;
  while (
    /^(?:and|then|also|finally|next|afterwards?|subsequently|,)$/.test(cursor.word(ahead)) ||
    FILLERS.has(cursor.word(ahead))
  ) {
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
