import { basicColour } from '../language/lexicon.ts';
import type { NounPhrase } from '../language/syntax.ts';
import type { ObjectFeatures } from './features.ts';
import type { Grounder, GroundOptions, Scored } from './grounder.ts';
import { notFound } from './grounding-refusals.ts';
import { isPackagingOf, matchDescription, matchHead } from './noun-match.ts';
import { gapBetween } from './spatial.ts';

/** Objects whose names fit the noun and the describing words. */
export function byWords(grounder: Grounder, phrase: NounPhrase, options: GroundOptions): Scored[] {
  const said = phrase.modifiers.filter((m) => m.kind === 'word');
  const head = phrase.head ?? 'one';
  const colours = said.filter((m) => !m.negated && basicColour(m.word) !== undefined);
  const positive = said.filter((m) => !m.negated && !colours.includes(m));
  const negative = said.filter((m) => m.negated);
  const scored: Scored[] = [];
  for (const f of grounder.features) {
    const headTier =
      matchHead(head, f) ??
      (isPackagingOf(
        head,
        positive.map((m) => m.word),
        f,
      )
        ? 2
        : undefined);
    if (headTier === undefined) continue;
    let tier: number = headTier;
    let sum = headTier;
    let fits = true;
    for (const { word } of positive) {
      const match = matchDescription(word, f) ?? ownedBy(grounder, word, f);
      if (match === undefined) fits = false;
      else {
        tier = Math.max(tier, match);
        sum += match;
      }
    }
    for (const { word } of negative)
      if (matchDescription(word, f) !== undefined || matchHead(word, f) === 0) fits = false;
    if (!fits) continue;
    const shades = colours.map((m) => matchDescription(m.word, f));
    // "red and blue cubes" are cubes of either colour, unless one thing has both
    const all = shades.every((match) => match !== undefined);
    const any = shades.some((match) => match !== undefined);
    if (!all && !(any && phrase.quantity.kind !== 'one')) continue;
    for (const match of shades) if (match !== undefined) tier = Math.max(tier, match);
    if (colours.length > 1 && !all) tier += 0.5;
    // a thing of further colours is meant less than one of just these
    else if (colours.length > 0 && f.colours.size > new Set(colours.map((m) => basicColour(m.word))).size)
      tier += 1.2;
    // among equals, the one with more of the very words
    scored.push({ f, tier: tier + 0.01 * sum });
  }
  let fitting = scored;
  if (head === 'one') fitting = byRole(scored, options);
  if (fitting.length === 0) throw notFound(grounder, phrase, options);
  const best = Math.min(...fitting.map((s) => s.tier));
  const exact = fitting.filter((s) => s.tier === best);
  // "three cubes", where two look like cubes and a third might be one
  const short = phrase.quantity.kind === 'count' && exact.length < phrase.quantity.count;
  if (phrase.quantity.kind === 'one' || (best === 0 && !short && exact.length > 1 && head !== 'one'))
    return exact;
  return fitting.filter((s) => s.tier <= Math.max(best, 1.5));
}

/** "the cabinet drawer": the drawer that is in a cabinet, though its label does not say so. */
function ownedBy(grounder: Grounder, word: string, f: ObjectFeatures): 1 | undefined {
  if (!f.fixture) return undefined;
  const owner = grounder.features.some((g) => g !== f && g.nouns.has(word) && gapBetween(f, g) < 0.02);
  return owner ? 1 : undefined;
}

/** What a phrase without a noun can mean in its role. */
function byRole(scored: readonly Scored[], options: GroundOptions): Scored[] {
  switch (options.role) {
    case 'moved': {
      const movable = scored.filter((s) => !s.f.fixture);
      const small = movable.filter((s) => !s.f.container);
      return small.length > 0 ? small : movable;
    }
    case 'container':
    case 'reference':
      return scored.filter((s) => !(options.exclude ?? []).includes(s.f.object.id));
    case 'openable': {
      const openable = scored.filter((s) => s.f.openable);
      return openable.length > 0 ? openable : [...scored];
    }
    case 'control':
      return [...scored];
  }
}
