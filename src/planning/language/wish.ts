import type { Cursor } from './cursor.ts';
import { takeNounGroup } from './noun-group.ts';
import { takeChunks, type TakeClause } from './chunk-parser.ts';
import type { Chunk, Clause } from './syntax.ts';
import { startsVerb } from './verb-start.ts';
import { verbBase, type VerbSense } from './verbs.ts';

/** What says that a state is wanted. */
const LEADS: readonly (readonly string[])[] = [
  'make sure that',
  'make sure',
  'make certain that',
  'make certain',
  'be sure that',
  'ensure that',
  'ensure',
  'see to it that',
  'see that',
  'i want',
  'i would like',
  'i need',
  'we want',
  'we need',
]
  .map((phrase) => phrase.split(' '))
  .sort((a, b) => b.length - a.length);

/** "should", "needs to" */
const MODALS: readonly (readonly string[])[] = [
  'should',
  'must',
  'shall',
  'has to',
  'have to',
  'needs to',
  'need to',
  'ought to',
  'is supposed to',
  'are supposed to',
  'is to',
  'are to',
  'to',
].map((phrase) => phrase.split(' '));

const MOVES = new Set([
  'go',
  'goes',
  'move',
  'belong',
  'belongs',
  'sit',
  'rest',
  'stand',
  'stay',
  'end',
  'come',
  'lie',
]);

const STATES: Readonly<Record<string, VerbSense>> = {
  open: 'open',
  opened: 'open',
  closed: 'close',
  shut: 'close',
  on: 'turn-on',
  off: 'turn-off',
};

/**
 * What is said as a state to reach, or of a thing that something should be done with: "make sure the drawer is closed", "the
 * cube should be placed in the bowl", "I want the lamp on". Nothing consumed and undefined where it is neither.
 */
export function takeWish(
  cursor: Cursor,
  earlier: readonly Clause[],
  takeClause: TakeClause,
): Clause | undefined {
  const from = cursor.at;
  const lead = LEADS.find((words) => cursor.sees(words));
  if (lead !== undefined) cursor.at += lead.length;
  const group = takeNounGroup(cursor, startsVerb);
  const wish = group && takePredicate(cursor, lead !== undefined, earlier, takeClause);
  if (group === undefined || wish === undefined) {
    cursor.at = from;
    return undefined;
  }
  const theme: Chunk = { kind: 'noun', group, start: group.start, end: group.end, text: group.text };
  return { ...wish, chunks: [theme, ...wish.chunks], ...cursor.span(from) };
}

function takePredicate(
  cursor: Cursor,
  wanted: boolean,
  earlier: readonly Clause[],
  takeClause: TakeClause,
): Clause | undefined {
  const from = cursor.at;
  const modal = MODALS.find((words) => cursor.sees(words));
  if (modal !== undefined) cursor.at += modal.length;
  const copula =
    ((modal !== undefined || wanted) && (cursor.take('be') || cursor.take('get'))) ||
    (wanted && (cursor.take('is') || cursor.take('are') || cursor.take('gets')));
  // a statement of how things are asks for nothing
  if (modal === undefined && !wanted) return undefined;
  while (cursor.is('fully', 'completely', 'wide', 'tightly', 'all') || cursor.take('the', 'way')) cursor.at++;
  const state = STATES[cursor.word()];
  const after = cursor.word(1);
  if (state !== undefined && /^(?:|[.,;!?]|and|then|before|after|please)$/.test(after)) {
    cursor.at++;
    const span = cursor.span(from);
    return { sense: state, verb: span.text, verbSpan: span, chunks: [], ...span };
  }
  const word = cursor.word();
  const base = verbBase(word);
  if (copula && base !== undefined && (word !== base || /^(?:put|set|shut)$/.test(word)))
    return takeClause(cursor, earlier);
  if (modal !== undefined && !copula && MOVES.has(word)) {
    cursor.at++;
    if (word === 'end') cursor.take('up');
    else cursor.take('back');
  } else if (!copula && modal !== undefined) return undefined;
  // only where it is to be is said
  const { chunks } = takeChunks(cursor, earlier, takeClause);
  if (!chunks.some((c) => c.kind === 'relation' || c.kind === 'place' || c.kind === 'direction'))
    return undefined;
  const span = cursor.span(from);
  return { sense: 'put', verb: 'put', verbSpan: span, chunks, ...span };
}
