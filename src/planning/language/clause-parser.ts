import { refusal } from '../refusal.ts';
import { takeChunks } from './chunk-parser.ts';
import { takeChunk } from './chunks.ts';
import { AUXILIARIES, SEQUENCERS } from './closed-words.ts';
import { Cursor } from './cursor.ts';
import { nearestVerbs } from './edit-distance.ts';
import { LEAD_INS } from './lead-ins.ts';
import { FILLERS } from './lexicon.ts';
import { borrowHead } from './noun-group.ts';
import type { Chunk, Clause } from './syntax.ts';
import { tokenize } from './tokenizer.ts';
import { CLAUSE_ENDS, matchStem, startsVerb } from './verb-start.ts';
import { verbBase, verbEntries, type VerbEntry } from './verbs.ts';
import { takeWish } from './wish.ts';

/** Longer texts are no instruction; the parser's work is bounded by this. */
const MAX_TOKENS = 400;

/** Splits an instruction into clauses in the order in which they are to be done. Refuses what it cannot read. */
export function parseInstruction(instruction: string): Clause[] {
  const tokens = tokenize(instruction);
  if (tokens.length > MAX_TOKENS) {
    throw refusal(
      'unsupported',
      `The instruction has ${tokens.length} words; at most ${MAX_TOKENS} can be planned at once.`,
      {
        hint: 'Split it over several instruction cells.',
      },
    );
  }
  const cursor = new Cursor(instruction, tokens);
  const clauses: Clause[] = [];
  for (;;) {
    skipSeparators(cursor);
    if (cursor.done) break;
    takeSentencePart(cursor, clauses);
  }
  if (clauses.length === 0) {
    throw refusal('empty', 'There is no instruction to plan.', {
      hint: 'Write what the robot is to do, for example "put the red cube in the bowl".',
    });
  }
  return clauses;
}

function skipSeparators(cursor: Cursor): void {
  for (;;) {
    const word = cursor.word();
    if (word === ',' || CLAUSE_ENDS.has(word) || word === 'and' || FILLERS.has(word)) cursor.at++;
    else if (SEQUENCERS.has(word) && cursor.word(1) !== 'to') cursor.at++;
    else {
      const lead = LEAD_INS.find(
        (words) => cursor.sees(words) && !(words.length === 1 && cursor.word(1) === 'the'),
      );
      if (lead === undefined) return;
      cursor.at += lead.length;
    }
  }
}

function takeSentencePart(cursor: Cursor, clauses: Clause[]): void {
  const from = cursor.at;
  if (cursor.is('do', 'never', 'not') && (cursor.is('never', 'not') || cursor.word(1) === 'not')) {
    throw refusal(
      'unsupported',
      `I cannot plan a prohibition: "${cursor.span(from, cursor.tokens.length).text}".`,
      {
        words: [cursor.span(from, cursor.tokens.length).text],
        hint: 'Say what to do, and name exceptions with "except".',
      },
    );
  }
  if (cursor.is('if', 'unless', 'while', 'until', 'whenever')) {
    throw refusal(
      'unsupported',
      `I cannot plan the condition "${cursor.span(from, cursor.tokens.length).text}".`,
      {
        words: [cursor.word()],
        hint: 'Say only what to do.',
      },
    );
  }
  if (cursor.is('after', 'once', 'when', 'before') && cursor.word(1) !== 'that') {
    const lead = cursor.word();
    cursor.at++;
    while (AUXILIARIES.has(cursor.word()) || cursor.is('you', 'having')) cursor.at++;
    const first = takeClause(cursor, clauses);
    skipSeparators(cursor);
    if (cursor.done) {
      clauses.push(first);
      return;
    }
    const second = takeClause(cursor, [...clauses, first]);
    if (lead === 'before') clauses.push(second, first);
    else clauses.push(first, second);
    return;
  }
  const clause = takeClause(cursor, clauses);
  cursor.take(',');
  if (cursor.is('before', 'after') && verbBase(cursor.word(1)) !== undefined) {
    const lead = cursor.word();
    cursor.at++;
    const other = takeClause(cursor, [...clauses, clause]);
    if (lead === 'before') clauses.push(clause, other);
    else clauses.push(other, clause);
    return;
  }
  clauses.push(clause);
}

export function takeClause(cursor: Cursor, earlier: readonly Clause[]): Clause {
  while (FILLERS.has(cursor.word())) cursor.at++;
  const from = cursor.at;
  const fronted = takeFronted(cursor, earlier);
  if (fronted !== undefined) return fronted;
  const wish = takeWish(cursor, earlier, takeClause);
  if (wish !== undefined) return wish;
  const base = verbBase(cursor.word());
  const entries = base === undefined ? [] : verbEntries(base).filter((entry) => matchStem(cursor, entry));
  if (entries.length === 0) return takeVerbless(cursor, earlier);

  // "go push the block": the first verb only says that the robot moves
  if (base === 'go' && verbBase(cursor.word(1)) !== undefined) {
    cursor.at++;
    return takeClause(cursor, earlier);
  }
  // "grab and place the cube", "pick up and put …": the second verb says it all
  const joint = pickThenPut(cursor);
  if (joint !== undefined) {
    cursor.at = joint;
    return takeClause(cursor, earlier);
  }
  const longest = Math.max(...entries.map((entry) => entry.words.length));
  const stems = entries.filter((entry) => entry.words.length === longest);
  cursor.at += longest;
  const adjacent = stems.find(
    (entry) => entry.particle !== undefined && cursor.is(entry.particle) && !needsNoun(cursor, entry),
  );
  if (adjacent !== undefined) cursor.at++;
  const verbSpan = cursor.span(from);
  const { chunks, purpose, means } = takeChunks(cursor, earlier, takeClause);

  let entry = adjacent;
  let rest: readonly Chunk[] = chunks;
  if (entry === undefined) {
    entry = stems.find(
      (candidate) =>
        candidate.particle !== undefined &&
        chunks.some((chunk) => isParticle(chunk, candidate.particle as string)),
    );
    if (entry !== undefined) {
      const particle = entry.particle as string;
      rest = chunks.filter((chunk) => !(chunk.kind === 'particle' && chunk.word === particle));
    }
  }
  entry ??= stems.find((candidate) => candidate.particle === undefined);
  if (entry === undefined) {
    throw refusal('unknown-verb', `I do not know what "${verbSpan.text}" asks for here.`, {
      words: [verbSpan.text],
      hint: `"${base}" needs one of: ${stems.map((s) => s.particle).join(', ')}.`,
    });
  }
  return {
    sense: entry.sense,
    verb: verbSpan.text,
    verbSpan,
    chunks: rest,
    ...(purpose === undefined ? {} : { purpose }),
    ...(means === undefined ? {} : { means }),
    ...cursor.span(from),
  };
}

/** "in the drawer, grasp the red block": where the thing is, said first. */
function takeFronted(cursor: Cursor, earlier: readonly Clause[]): Clause | undefined {
  const from = cursor.at;
  if (!cursor.is('in', 'on', 'from', 'inside', 'under', 'behind', 'at', 'next')) return undefined;
  const where = takeChunk(cursor);
  cursor.take(',');
  if ((where?.kind !== 'relation' && where?.kind !== 'place') || !startsVerb(cursor)) {
    cursor.at = from;
    return undefined;
  }
  const clause = takeClause(cursor, earlier);
  const noun = clause.chunks.findIndex((c) => c.kind === 'noun');
  const chunks = [...clause.chunks.slice(0, noun + 1), where, ...clause.chunks.slice(noun + 1)];
  return { ...clause, chunks, ...cursor.span(from) };
}

/** Where the second verb of "pick (up) and place THE …" begins: both have one object, which follows. */
function pickThenPut(cursor: Cursor): number | undefined {
  const picks = verbEntries(verbBase(cursor.word()) ?? '').some((e) => e.sense === 'pick');
  const and = cursor.is('lift', 'pick', 'grab', 'take') && cursor.word(1) === 'up' ? 2 : 1;
  const second = verbBase(cursor.word(and + 1));
  if (!picks || cursor.word(and) !== 'and' || second === undefined) return undefined;
  const puts = verbEntries(second).some((e) => /^(?:put|stack|push|pull|rotate|insert)$/.test(e.sense));
  const direct = !/^(?:it|them|this|that|then)$/.test(cursor.word(and + 2)) && cursor.word(and + 2) !== '';
  return puts && direct ? cursor.at + and + 1 : undefined;
}

/** "take out of", "take off the plate": the particle belongs to a preposition that has its own noun */
const needsNoun = (cursor: Cursor, entry: VerbEntry): boolean =>
  (entry.particle === 'out' && cursor.word(1) === 'of') ||
  (entry.particle === 'over' && cursor.word(1) === 'the');

function isParticle(chunk: Chunk, particle: string): boolean {
  if (chunk.kind === 'particle') return chunk.word === particle;
  return (
    chunk.kind === 'relation' && chunk.relation === 'from' && chunk.text.toLowerCase().startsWith(particle)
  );
}

/** "…, and the blue one on the plate": the verb before is meant again; "the cube goes in the bowl" needs none. */
function takeVerbless(cursor: Cursor, earlier: readonly Clause[]): Clause {
  const from = cursor.at;
  const unknown = cursor.span(from, from + 1);
  const { chunks } = takeChunksOrNone(cursor, earlier);
  const last = earlier[earlier.length - 1];
  const first = chunks[0];
  const complete = first?.kind === 'noun' && chunks.length > 1;
  // "push the red button and then the green one"
  const lastTheme = last?.chunks.length === 1 ? last.chunks[0] : undefined;
  if (first?.kind === 'noun' && chunks.length === 1 && last !== undefined && lastTheme?.kind === 'noun') {
    const span = cursor.span(from);
    const group = borrowHead(first.group, lastTheme.group);
    return {
      sense: last.sense,
      verb: last.verb,
      verbSpan: last.verbSpan,
      chunks: [{ ...first, group }],
      ...span,
    };
  }
  // "put the red cube in the bowl, then the yellow cube": to the same place
  const place = last?.chunks.slice(1);
  if (
    first?.kind === 'noun' &&
    chunks.length === 1 &&
    last?.chunks[0]?.kind === 'noun' &&
    (last.sense === 'put' || last.sense === 'push' || last.sense === 'insert') &&
    place?.length === 1 &&
    place[0]?.kind === 'relation'
  ) {
    const group = borrowHead(first.group, last.chunks[0].group);
    return {
      sense: last.sense,
      verb: last.verb,
      verbSpan: last.verbSpan,
      chunks: [{ ...first, group }, ...place],
      ...cursor.span(from),
    };
  }
  if (complete && last !== undefined) {
    return { sense: last.sense, verb: last.verb, verbSpan: last.verbSpan, chunks, ...cursor.span(from) };
  }
  if (
    complete &&
    chunks
      .slice(1)
      .some((c) => c.kind === 'relation' && (c.goal || c.relation === 'in' || c.relation === 'on'))
  ) {
    const span = cursor.span(from);
    return { sense: 'put', verb: 'put', verbSpan: span, chunks, ...span };
  }
  const near = nearestVerbs(unknown.text.toLowerCase());
  throw refusal('unknown-verb', `I do not know the verb "${unknown.text}".`, {
    words: [unknown.text],
    hint:
      near.length > 0
        ? `Did you mean "${near.join('" or "')}"?`
        : 'Begin with what to do: put, stack, push, open, insert, sort, …',
  });
}

function takeChunksOrNone(cursor: Cursor, earlier: readonly Clause[]): { chunks: readonly Chunk[] } {
  const from = cursor.at;
  try {
    return takeChunks(cursor, earlier, takeClause);
  } catch {
    cursor.at = from + 1;
    return { chunks: [] };
  }
}
