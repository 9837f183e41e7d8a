import type { Relation } from './syntax.ts';

export interface Preposition {
  readonly words: readonly string[];
  readonly relation: Relation;
  /** says where something goes, so that it cannot tell things apart */
  readonly goal: boolean;
  /** stands without a noun too: "put the bowl inside" */
  readonly alone: boolean;
}

/** Relation: phrases; `!` marks goals, `*` phrases that may stand alone. */
const PHRASES: Readonly<Record<Relation, string>> = {
  on: 'on top of*, on the top of, onto the top of!, to the top of!, at the top of, onto top of!, on to!, onto!, on, on the surface of, on top*',
  in: 'inside of, inside*, into!, in to!, in, within, in the inside of, to the inside of!',
  under: 'under*, below*, beneath, on the bottom of, down below',
  above: 'above*, over, on above',
  'next-to':
    'next to, beside, adjacent to, close to, close by*, near to, near, by, by the side of, at the side of, to the side of, ' +
    'nearby*, on the side of, right next to, against, along, in the vicinity of, near by, right beside, alongside of',
  'left-of':
    'towards the left of, to the left of, on the left of, left of, to the left side of, on the left side of, at the left of, at the left side of, ' +
    'on the left hand side of, to the left hand side of, just left of, just to the left of, from the left of',
  'right-of':
    'towards the right of, to the right of, on the right of, right of, to the right side of, on the right side of, at the right of, ' +
    'at the right side of, on the right hand side of, to the right hand side of, just right of, just to the right of',
  'in-front-of':
    'towards the front of, onto the front of, in front of, to the front of, at the front of, on the front of, before, to the front side of, on the near side of, just in front of',
  behind:
    'towards the back of, behind*, in back of, at the back of, to the back of, at the rear of, to the rear of, on the far side of, in the back of, ' +
    'to the back side of, just behind, on the back of',
  between: 'between, in between*, in the space between, midway between, halfway between, among',
  'middle-of':
    'in the middle of, in the centre of, at the centre of, to the middle of!, to the centre of!, at the middle of',
  to: 'to!, towards!, up to!, over to!, to the side of!',
  at: 'at',
  from: 'from, off of, out of, off, out from, from on top of, from inside, from the top of, from off, away from, from under, from within',
  of: 'of, belonging to',
  with: 'with, without, containing, holding, having',
  around: 'around, through, across, past',
};

export const PREPOSITIONS: readonly Preposition[] = (Object.entries(PHRASES) as [Relation, string][])
  .flatMap(([relation, list]) =>
    list.split(',').map((raw) => {
      const phrase = raw.trim();
      return {
        words: phrase.replace(/[!*]/g, '').split(' '),
        relation,
        goal: phrase.includes('!'),
        alone: phrase.includes('*'),
      };
    }),
  )
  .sort((a, b) => b.words.length - a.words.length);

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

const PREPOSITION_STARTS = new Set(
  PREPOSITIONS.filter((p) => p.words.length === 1).map((p) => p.words[0] as string),
);

/** Words that may follow a verb without being a noun: "push the drawer shut", "pick it up". */
export const PARTICLES = words(
  'up down on off out away in over open closed shut together apart around back aside upright through',
);

export const CONJUNCTIONS = words('and or nor plus but');
/** Begin the next thing to do. */
export const SEQUENCERS = words('then afterwards afterward next subsequently');
export const RELATIVE = words('that which who whose where');
export const POSTURES = words(
  'lying sitting standing located placed resting laying situated positioned found left put stacked stored hanging kept lies sits ' +
    'stands rests stays currently already',
);
export const AUXILIARIES = words(
  'is are was were be been being has have had will would should could can must might may do does did',
);
const OTHER_CLOSED = words(
  'the a an this these those it its them they there here i you we he she him her me us my your our to of as so if when ' +
    'while until unless because since though although not non no never except than both all each every any either neither ' +
    'where what how why who how everything nothing something anything respectively together ones using via ' +
    'forward forwards backward backwards ahead leftward leftwards rightward rightwards upward upwards downward ' +
    'downwards clockwise counterclockwise anticlockwise needs need ought for slightly than after before once closest nearest farthest furthest goes belongs belong',
);

/** Whether a word can never be part of a noun's name. */
export const isClosed = (word: string): boolean =>
  !/^[\p{L}\d]/u.test(word) ||
  OTHER_CLOSED.has(word) ||
  PREPOSITION_STARTS.has(word) ||
  PARTICLES.has(word) ||
  CONJUNCTIONS.has(word) ||
  SEQUENCERS.has(word) ||
  RELATIVE.has(word) ||
  AUXILIARIES.has(word) ||
  (POSTURES.has(word) && word !== 'left');
