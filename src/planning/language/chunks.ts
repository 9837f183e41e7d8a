import { PARTICLES, POSTURES } from './closed-words.ts';
import type { Cursor } from './cursor.ts';
import { ANGLE_UNITS, DIRECTION_WORDS, FILLERS, LENGTH_UNITS, numberOf, VIEWER_NOUNS } from './lexicon.ts';
import { takeNounGroup } from './noun-group.ts';
import { takePlace, takePreposition } from './place-phrase.ts';
import type { Chunk, Measure } from './syntax.ts';
import { lemma } from './tokenizer.ts';
import { startsVerb } from './verb-start.ts';

export function takeChunk(cursor: Cursor): Chunk | undefined {
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
  const so = cursor.take('so') || cursor.take('such') || cursor.take('until') || cursor.take('till');
  if (so) cursor.take('that');
  else if (!(cursor.is('that') && cursor.word(1) === 'it')) return undefined;
  else cursor.at++;
  const state = takeState(cursor, from);
  if (state !== undefined) return state;
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
      const reaches = cursor.word(-1) === 'reaches';
      cursor.takeAny(POSTURES);
      cursor.take('up');
      cursor.take('down');
      const chunk = takeRelation(cursor);
      if (chunk !== undefined) return chunk;
      const reference = reaches ? takeNounGroup(cursor, startsVerb) : undefined;
      if (reference !== undefined)
        return { kind: 'relation', relation: 'to', goal: true, reference, ...cursor.span(from) };
    }
  }
  cursor.at = from;
  return undefined;
}

/** "until it is closed", "so that the lamp is on": the same as "closed" and "on" */
function takeState(cursor: Cursor, from: number): Chunk | undefined {
  const begun = cursor.at;
  const subject = cursor.take('it') || cursor.take('they') || takeNounGroup(cursor, startsVerb) !== undefined;
  if (
    subject &&
    cursor.is('is', 'are', 'turns', 'gets', 'goes', 'comes', 'swings', 'stays', 'remains', 'becomes')
  ) {
    cursor.at++;
    while (cursor.is('fully', 'completely', 'all', 'wide', 'switched', 'turned') || cursor.take('the', 'way'))
      cursor.at++;
    const word = /^(?:opened|shut)$/.test(cursor.word())
      ? cursor.is('shut')
        ? 'closed'
        : 'open'
      : cursor.word();
    if (/^(?:open|closed|on|off)$/.test(word) && endsHere(cursor.word(1))) {
      cursor.at++;
      return { kind: 'particle', word, ...cursor.span(from) };
    }
  }
  cursor.at = begun;
  return undefined;
}

const endsHere = (word: string): boolean => /^(?:|[.,;!?]|and|then|before|after)$/.test(word);

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

export function takeRelation(cursor: Cursor): Chunk | undefined {
  const from = cursor.at;
  const preposition = takePreposition(cursor);
  if (preposition === undefined) return undefined;
  const reference = takeNounGroup(cursor, startsVerb);
  if (reference !== undefined) {
    // "on the cabinet's top"
    if (preposition.relation === 'on' && cursor.is('top', 'surface') && endsHere(cursor.word(1))) cursor.at++;
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
