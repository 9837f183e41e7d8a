import { refusal } from '../refusal.ts';
import { AUXILIARIES, PARTICLES, SEQUENCERS } from './closed-words.ts';
import { Cursor } from './cursor.ts';
import { ANGLE_UNITS, DIRECTION_WORDS, FILLERS, LENGTH_UNITS, numberOf, VIEWER_NOUNS } from './lexicon.ts';
import { borrowHead, takeNounGroup, takePlace, takePreposition } from './phrase-parser.ts';
import type { Chunk, Clause, Measure, Span } from './syntax.ts';
import { lemma, tokenize } from './tokenizer.ts';
import { knownVerbs, verbBase, verbEntries, type VerbEntry } from './verbs.ts';

/** Longer texts are no instruction; the parser's work is bounded by this. */
const MAX_TOKENS = 400;

const LEAD_INS: readonly (readonly string[])[] = [
  'i want you to',
  'i would like you to',
  'i need you to',
  'i want the robot to',
  'would you',
  'could you',
  'can you',
  'will you',
  'you should',
  'you must',
  'you need to',
  'you have to',
  'your task is to',
  'the task is to',
  'your job is to',
  'the robot should',
  'the robot must',
  'try to',
  'make sure to',
  'be sure to',
  'help me to',
  'help me',
  'go ahead and',
  'go and',
  'go over and',
  'after that',
  'after this',
  'once done',
  'when done',
  'you',
  'do the following',
  'i want to',
  'we need to',
  'we should',
  'have the robot',
  'use the gripper to',
  'use the robot to',
  'use the robot arm to',
  'use your gripper to',
  'in order to',
  'to begin with',
  'to',
]
  .map((phrase) => phrase.split(' '))
  .sort((a, b) => b.length - a.length);

const CLAUSE_ENDS = new Set(['.', ';', ':', '!', '?']);

/** A refusal that points at words of the instruction. */
const leftover = (span: Span, hint: string) =>
  refusal('leftover', `I do not understand "${span.text}" here.`, { words: [span.text], hint });

/** Whether a verb phrase begins at the cursor. */
export function startsVerb(cursor: Cursor): boolean {
  const base = verbBase(cursor.word());
  if (base === undefined) return false;
  return verbEntries(base).some(
    (entry) => matchStem(cursor, entry) && (entry.particle === undefined || particleAhead(cursor, entry)),
  );
}

const matchStem = (cursor: Cursor, entry: VerbEntry): boolean =>
  entry.words.every((word, i) => i === 0 || cursor.word(i) === word);

function particleAhead(cursor: Cursor, entry: VerbEntry): boolean {
  for (let ahead = entry.words.length; ahead < entry.words.length + 9; ahead++) {
    const word = cursor.word(ahead);
    if (word === '' || CLAUSE_ENDS.has(word)) return false;
    if (word === entry.particle) return true;
  }
  return false;
}

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

function takeClause(cursor: Cursor, earlier: readonly Clause[]): Clause {
  while (FILLERS.has(cursor.word())) cursor.at++;
  const from = cursor.at;
  const base = verbBase(cursor.word());
  const entries = base === undefined ? [] : verbEntries(base).filter((entry) => matchStem(cursor, entry));
  if (entries.length === 0) return takeVerbless(cursor, earlier);

  // "go push the block": the first verb only says that the robot moves
  if (base === 'go' && verbBase(cursor.word(1)) !== undefined) {
    cursor.at++;
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
  const { chunks, purpose, means } = takeChunks(cursor, earlier);

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
    return takeChunks(cursor, earlier);
  } catch {
    cursor.at = from + 1;
    return { chunks: [] };
  }
}

/** Verbs within two letters of a word. */
function nearestVerbs(word: string): string[] {
  return knownVerbs()
    .map((verb) => ({ verb, distance: editDistance(word, verb) }))
    .filter(({ verb, distance }) => distance <= (verb.length > 4 ? 2 : 1))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, 2)
    .map(({ verb }) => verb);
}

/** Levenshtein distance, transpositions counted as one. */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const above = rows[i - 1] as number[];
      const substitution = (above[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(substitution, (above[j] as number) + 1, (row[j - 1] as number) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, ((rows[i - 2] as number[])[j - 2] as number) + 1);
      }
      row.push(best);
    }
    rows.push(row);
  }
  return (rows[a.length] as number[])[b.length] as number;
}

interface ChunkList {
  readonly chunks: readonly Chunk[];
  readonly purpose?: Clause;
  readonly means?: Clause;
}

function takeChunks(cursor: Cursor, earlier: readonly Clause[]): ChunkList {
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

function takeChunk(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  return (
    takeOutcome(cursor) ??
    takeMeasure(cursor) ??
    takeTurn(cursor) ??
    takeByColour(cursor) ??
    takeRespectively(cursor) ??
    takeViewerDirection(cursor) ??
    takePlaceChunk(cursor) ??
    takeDirection(cursor) ??
    takeRelation(cursor) ??
    takeParticle(cursor) ??
    takeNoun(cursor, from)
  );
}

/** "(so) that it falls into the drawer" says where it goes. */
function takeOutcome(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  const so = cursor.take('so') || cursor.take('such') || cursor.take('until');
  if (so) cursor.take('that');
  else if (!(cursor.is('that') && cursor.word(1) === 'it')) return undefined;
  else cursor.at++;
  if (cursor.take('it') || cursor.take('they')) {
    if (
      cursor.is(
        'falls',
        'drops',
        'goes',
        'lands',
        'is',
        'slides',
        'ends',
        'rests',
        'sits',
        'lies',
        'reaches',
        'fall',
        'are',
      )
    ) {
      cursor.at++;
      cursor.take('up');
      cursor.take('down');
      const chunk = takeRelation(cursor);
      if (chunk !== undefined) return chunk;
    }
  }
  cursor.at = from;
  return undefined;
}

function takeMeasure(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  cursor.take('by');
  cursor.take('about');
  cursor.take('around');
  cursor.take('roughly');
  cursor.take('approximately');
  let value = numberOf(cursor.word());
  if (value === undefined && cursor.is('half', 'quarter')) value = cursor.is('half') ? 0.5 : 0.25;
  if (
    value === undefined &&
    cursor.is('a', 'an') &&
    (cursor.word(1) in LENGTH_UNITS || lemma(cursor.word(1)) in LENGTH_UNITS)
  )
    value = 1;
  if (value !== undefined) {
    cursor.at++;
    if (cursor.is('a') && value < 1) cursor.at++;
    const unit =
      cursor.word() in LENGTH_UNITS || cursor.word() in ANGLE_UNITS ? cursor.word() : lemma(cursor.word());
    const length = LENGTH_UNITS[unit];
    const angle = ANGLE_UNITS[unit];
    let measure: Measure | undefined;
    if (length !== undefined) measure = { kind: 'length', metres: value * length };
    else if (angle !== undefined) measure = { kind: 'angle', radians: value * angle };
    if (measure !== undefined) {
      cursor.at++;
      return { kind: 'measure', measure, ...cursor.span(from) };
    }
  }
  cursor.at = from;
  return undefined;
}

function takeTurn(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  cursor.take('in');
  cursor.take('a');
  const clockwise = cursor.is('clockwise');
  if (
    clockwise ||
    cursor.is('counterclockwise', 'anticlockwise') ||
    (cursor.is('counter', 'anti') && cursor.word(1) === 'clockwise')
  ) {
    if (cursor.is('counter', 'anti')) cursor.at++;
    cursor.at++;
    cursor.take('direction');
    return { kind: 'turn', sense: clockwise ? 'clockwise' : 'anticlockwise', ...cursor.span(from) };
  }
  cursor.at = from;
  return undefined;
}

const BY_COLOUR: readonly (readonly string[])[] = [
  'by colour',
  'by their colour',
  'by their colours',
  'by colours',
  'by the colour',
  'according to colour',
  'according to their colour',
  'according to their colours',
  'according to the colour',
  'based on colour',
  'based on their colour',
  'based on their colours',
  'colour wise',
  'by matching colour',
  'by matching colours',
  'with matching colours',
].map((phrase) => phrase.split(' '));

function takeByColour(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  const found = BY_COLOUR.find((words) => cursor.sees(words));
  if (found === undefined) return undefined;
  cursor.at += found.length;
  return { kind: 'by-colour', ...cursor.span(from) };
}

function takeRespectively(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  cursor.take(',');
  if (cursor.take('respectively')) return { kind: 'respectively', ...cursor.span(from) };
  cursor.at = from;
  return undefined;
}

/** "towards you", "away from the robot" */
function takeViewerDirection(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  const away = cursor.take('away', 'from');
  if (away || cursor.take('towards') || cursor.take('to') || cursor.take('closer', 'to')) {
    cursor.take('the');
    if (cursor.takeAny(VIEWER_NOUNS) !== undefined)
      return { kind: 'direction', direction: away ? 'back' : 'front', ...cursor.span(from) };
  }
  cursor.at = from;
  return undefined;
}

function takePlaceChunk(cursor: Cursor): Chunk | undefined {
  const found = takePlace(cursor);
  return found === undefined ? undefined : { kind: 'place', ...found };
}

function takeDirection(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  cursor.take('straight');
  const direction = DIRECTION_WORDS[cursor.word()];
  if (direction === undefined || PARTICLES.has(cursor.word())) {
    cursor.at = from;
    return undefined;
  }
  const next = cursor.word(1);
  const adjective = next !== '' && /^\p{L}/u.test(next) && numberOf(next) === undefined && !isBoundary(next);
  if (adjective || next === 'of') {
    cursor.at = from;
    return undefined;
  }
  cursor.at++;
  return { kind: 'direction', direction, ...cursor.span(from) };
}

const isBoundary = (word: string): boolean =>
  /^(?:and|then|the|a|an|it|them|by|on|to|in|into|onto|from|until|off|for|towards|this|that|both|all|so)$/.test(
    word,
  ) || FILLERS.has(word);

function takeRelation(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  const preposition = takePreposition(cursor);
  if (preposition === undefined) return undefined;
  const reference = takeNounGroup(cursor, startsVerb);
  if (reference !== undefined) {
    return {
      kind: 'relation',
      relation: preposition.relation,
      goal: preposition.goal,
      reference,
      ...cursor.span(from),
    };
  }
  if (preposition.alone || (preposition.relation === 'from' && preposition.words.length === 1)) {
    if (preposition.relation !== 'from')
      return { kind: 'relation', relation: preposition.relation, goal: true, ...cursor.span(from) };
  }
  cursor.at = from;
  return undefined;
}

function takeParticle(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  const word = cursor.word();
  if (!PARTICLES.has(word) && word !== 'back') return undefined;
  cursor.at++;
  return { kind: 'particle', word, ...cursor.span(from) };
}

function takeNoun(cursor: Cursor, from: number): Chunk | undefined {
  const group = takeNounGroup(cursor, startsVerb);
  return group === undefined ? undefined : { kind: 'noun', group, ...cursor.span(from) };
}
