import { basicColour, MATERIALS } from '../language/lexicon.ts';
import { nounDistance, PACKAGING } from '../language/nouns.ts';
import { lemma } from '../language/tokenizer.ts';
import type { ObjectFeatures } from './features.ts';

/** How far words are from an object's names: 0 the very word, 1 a synonym, 2 a kind or a guess; undefined: no match. */
export type MatchTier = 0 | 1 | 2 | 3;

/** What a material word also goes by in labels. */
const MATERIAL_WORDS: Readonly<Record<string, readonly string[]>> = {
  wooden: ['wood'],
  wood: ['wooden'],
  metal: ['metallic', 'steel'],
  metallic: ['metal', 'steel'],
};
/** Where a label says the material, its usual colour may be meant. */
const USUAL_COLOUR: Readonly<Record<string, string>> = { porcelain: 'white' };

/** Compares a colour, material or other describing word. */
export function matchDescription(word: string, f: ObjectFeatures): MatchTier | undefined {
  const form = lemma(word);
  if (f.words.has(form)) return f.guesses.has(form) ? 1 : 0;
  const colour = basicColour(word);
  if (colour !== undefined) {
    if (word === colour && f.colours.has(colour)) return 0;
    // a shade in the label is the basic colour that was said, and the other way round
    if (f.colours.has(colour)) return 1;
    if ([...f.words].some((w) => basicColour(w) === colour)) return 1;
    if ([...f.words].some((w) => USUAL_COLOUR[w] === colour) && f.colours.size === 0) return 1;
    return undefined;
  }
  if (MATERIALS.has(word)) return MATERIAL_WORDS[word]?.some((w) => f.words.has(w)) ? 1 : undefined;
  if (f.ownerWords.has(form)) return 1;
  let best: MatchTier | undefined;
  for (const other of f.words) {
    const distance = nounDistance(form, other);
    if (distance === 'synonym') best = 1;
  }
  return best;
}

/** A block that nobody would mind being called a cube. */
function isCubic(f: ObjectFeatures, slack = 1.15): boolean {
  return Math.max(...f.object.size) < slack * Math.min(...f.object.size);
}

/** Compares the noun of a phrase with what an object is. */
export function matchHead(head: string, f: ObjectFeatures): MatchTier | undefined {
  if (head === 'one') return 0;
  if (f.nouns.has(head)) return 0;
  // what is nearly cubic is rather a cube than what is long
  if (f.guesses.has(head)) return head === 'cube' && !isCubic(f, 1.35) ? 2 : 1;
  let best: MatchTier | undefined;
  for (const noun of f.nouns) {
    const distance = nounDistance(head, noun);
    if (distance === 'synonym') best = 1;
    else if (distance === 'kind' && (head !== 'cube' || isCubic(f))) best = best ?? 2;
  }
  if (best !== undefined) return best;
  // "the wine" for a wine bottle, "the drawer" where only its handle is known
  if (f.words.has(head)) return f.part ? 3 : 2;
  for (const word of f.words) if (nounDistance(head, word) === 'synonym' && !f.part) return 2;
  return undefined;
}

/** "ketchup bottle" for something labelled "ketchup": packaging after a noun that is in the label. */
export const isPackagingOf = (head: string, described: readonly string[], f: ObjectFeatures): boolean =>
  PACKAGING.has(head) &&
  described.some((word) => f.nouns.has(lemma(word)) && basicColour(word) === undefined);
