/** What a verb asks for. `unsupported` verbs are understood as verbs, and refused by name. */
export type VerbSense =
  | 'put'
  | 'pick'
  | 'remove'
  | 'stack'
  | 'push'
  | 'pull'
  | 'open'
  | 'close'
  | 'press'
  | 'turn-on'
  | 'turn-off'
  | 'toggle'
  | 'rotate'
  | 'insert'
  | 'sort'
  | 'reach'
  | 'release'
  | 'swap'
  | 'use'
  | 'cover'
  | 'discard'
  | 'unsupported';

/**
 * Verb phrases by sense. A phrase is its words with a space between; a last word after `…` is a particle that may
 * stand further right ("turn … on": "turn the lamp on"). The longest phrase wins.
 */
const PHRASES: Readonly<Record<VerbSense, string>> = {
  put:
    'pick and place, put, place, move, drop, set, lay, position, bring, reposition, rest, situate, insert and leave, transfer, deposit, store, stow, shift, relocate, deliver, ' +
    'load, carry, return, leave, keep, send, add, pack, toss, throw, transport, rest, locate, arrange, stash, tuck, ' +
    'put … down, set … down, place … down, lay … down, drop … off, put … back, put … away, move … over, bring … over, ' +
    'place … back, set … aside, pop, settle, dump, chuck, plop, plonk, fling, slip, lower, let … down, slide … over, ' +
    'hand over, reinsert, replace … back, drop … down',
  pick:
    'pluck, snatch, snag, pick … up, pick, grab, grasp, lift … up, lift, take, raise, hold, grip, collect, fetch, get, retrieve, seize, ' +
    'clutch, hoist, elevate, take hold of, get hold of, hold … up, grab hold of, gather, scoop … up, raise … up, ' +
    'pick and lift, lift … off, catch, gather … up',
  remove:
    'remove, take … out, take … off, take … away, unload, extract, clear, unstack, take … down, pull … off, collapse, destack, dismantle, take … apart, get … off, ' +
    'lift … out, move … away, get … out, withdraw',
  stack: 'stack … up, stack, pile … up, pile, build, make, create, construct, form',
  push: 'push, shove, nudge, slide, sweep, scoot, brush, knock, poke, propel, thrust, press and slide',
  pull: 'pull, drag, tug, draw, haul, yank',
  open:
    'uncover, get … open, lift … open, flip … open, crack … open, draw … open, fold … open, prop … open, pry … open, ease … open, ' +
    'unseal, open … up, open, pull … open, slide … open, push … open, swing … open, unlatch',
  close:
    'close, shut, push … closed, push … shut, slide … closed, slide … shut, swing … shut, swing … closed, ' +
    'close … up, pull … closed, pull … shut, seal, flip … shut, flip … closed, fold … shut, fold … closed, press … shut, ' +
    'lower … shut, get … closed, get … shut, click … shut, close … down, shut … down, slam',
  press: 'press … down, press on, tap on, click on, press, push … down, hit, tap, click, depress, punch',
  'turn-on':
    'turn … on, flip … on, flick … on, toggle … on, click … on, switch … on, power … on, activate, light … up, illuminate, start, enable, power … up',
  'turn-off':
    'turn … off, flip … off, flick … off, toggle … off, click … off, switch … off, power … off, deactivate, extinguish, disable, shut … off, power … down',
  toggle: 'toggle, flip, flick',
  rotate: 'rotate, turn, spin, twist, turn … around, rotate … around, spin … around, swivel, pivot, reorient',
  insert: 'insert, plug … in, plug, fit, stick, slot, slot … in, jam',
  sort: 'sort … out, sort, organize, organise, group, separate, classify, categorize, categorise, tidy … up, tidy, split',
  reach: 'reach, touch, go to, go towards, approach, hover, point, move to, navigate, reach for, go',
  release: 'release, let go of, let go, ungrasp, unhand',
  swap: 'swap, exchange, interchange',
  use: 'use, using',
  cover: 'cover',
  discard: 'throw … away, throw … out, discard, dispose of, get rid of, trash, bin, toss … out, toss … away',
  unsupported:
    'pour, fill, empty, wipe, clean, wash, cut, slice, fold, unfold, cook, heat, boil, shake, stir, scoop, roll, hang, ' +
    'tie, wrap, screw, unscrew, water, play, write, hammer, break, crush, squeeze, peel, spread, iron, erase, hide, ' +
    'find, look, count, tell, show, say, wave, dance, hand, give, pass, serve, assemble, disassemble, weigh, charge, ' +
    'unplug, balance, measure, scan, mix, paint, jump, walk, sing, juggle, explain, wait, avoid, invert, tilt, ' +
    'tip, bounce, dunk, hook, dip, taste, eat, drink, shoot, kick, straighten, align, dispose, install, replace, sweep up, ' +
    'setup, stand, erect, topple, check, inspect, photograph, feed, bake, grill, fry, melt, freeze, whisk, blend, feel, smell, listen, repeat',
};

export interface VerbEntry {
  readonly sense: VerbSense;
  readonly words: readonly string[];
  /** may also stand after the object */
  readonly particle?: string;
}

const ENTRIES: ReadonlyMap<string, readonly VerbEntry[]> = (() => {
  const byFirst = new Map<string, VerbEntry[]>();
  for (const [sense, list] of Object.entries(PHRASES) as [VerbSense, string][]) {
    for (const phrase of list.split(',')) {
      const [stem, particle] = phrase.split('…').map((part) => part.trim());
      const words = (stem as string).split(/\s+/);
      const first = words[0] as string;
      const entries = byFirst.get(first) ?? [];
      entries.push({ sense, words, ...(particle === undefined ? {} : { particle }) });
      byFirst.set(first, entries);
    }
  }
  for (const entries of byFirst.values()) {
    entries.sort(
      (a, b) =>
        b.words.length - a.words.length ||
        Number(b.particle !== undefined) - Number(a.particle !== undefined),
    );
  }
  return byFirst;
})();

/** Forms that no rule gives; those that are postures too ("left", "held") are not among them. */
const IRREGULAR: Readonly<Record<string, string>> = {
  taken: 'take',
  thrown: 'throw',
  brought: 'bring',
  slid: 'slide',
  swung: 'swing',
  spun: 'spin',
  gotten: 'get',
};

/** Base form of an inflected verb that the lexicon knows ("grasping" -> "grasp"), else undefined. */
export function verbBase(word: string): string | undefined {
  if (ENTRIES.has(word)) return word;
  const irregular = IRREGULAR[word];
  if (irregular !== undefined) return irregular;
  const candidates: string[] = [];
  if (word.endsWith('ing') && word.length > 5) {
    const stem = word.slice(0, -3);
    candidates.push(stem, `${stem}e`, stem.replace(/(.)\1$/, '$1'));
  }
  if (word.endsWith('ed') && word.length > 4) {
    const stem = word.slice(0, -2);
    candidates.push(stem, `${stem}e`, stem.replace(/(.)\1$/, '$1'));
  }
  return candidates.find((candidate) => ENTRIES.has(candidate));
}

/** Entries that begin with this base form, longest first. */
export const verbEntries = (base: string): readonly VerbEntry[] => ENTRIES.get(base) ?? [];

/** Every first word of a verb phrase that is supported, for completions and suggestions. */
export const knownVerbs = (): string[] =>
  [...ENTRIES].filter(([, entries]) => entries.some((e) => e.sense !== 'unsupported')).map(([word]) => word);
