import type { SceneObject } from '../../core/scene-object.ts';
import { basicColour, TABLE_NOUNS } from '../language/lexicon.ts';
import { HANDLE_NOUNS, PACKAGING } from '../language/nouns.ts';
import type { NounGroup, NounPhrase } from '../language/syntax.ts';
import { refusal } from '../refusal.ts';
import { featuresOf, type ObjectFeatures } from './features.ts';
import { isPackagingOf, matchDescription, matchHead } from './noun-match.ts';
import { narrowBy } from './narrow.ts';
import { ambiguous, notFound } from './grounding-refusals.ts';
import { gapBetween, type ViewAxes } from './spatial.ts';

/** What part a phrase plays; decides what "the red one" and "everything" can mean. */
export type Role = 'moved' | 'container' | 'openable' | 'control' | 'reference';

/** What was talked about before, by object id, oldest first. */
export interface Discourse {
  readonly mentions: readonly string[];
  /** what the last step acted on */
  readonly themes: readonly string[];
  /** where the last step put it */
  readonly destination?: string;
  /** what was put last stands on something that could be moved itself */
  readonly carried?: boolean;
  /** what the gripper holds now */
  readonly held?: string;
}

export interface GroundOptions {
  readonly role: Role;
  /** never meant: the destination while "everything" is grounded */
  readonly exclude?: readonly string[];
  /** what the clause is about, for "it" inside it */
  readonly theme?: string;
}

/** An object that a phrase may mean, and how far its names are from the words. */
export interface Scored {
  readonly f: ObjectFeatures;
  readonly tier: number;
}

/** Finds the objects that noun phrases mean in one scene. Refuses where none, or too many, fit. */
export class Grounder {
  readonly features: readonly ObjectFeatures[];
  readonly axes: ViewAxes;
  readonly #byId: ReadonlyMap<string, ObjectFeatures>;
  /** middle of the workspace, for "the cubes on the left" [m] */
  readonly middle: readonly [number, number];

  constructor(objects: readonly SceneObject[], axes: ViewAxes, middle: readonly [number, number]) {
    this.features = featuresOf(objects);
    this.axes = axes;
    this.#byId = new Map(this.features.map((f) => [f.object.id, f]));
    this.middle = middle;
  }

  of(id: string): ObjectFeatures {
    const found = this.#byId.get(id);
    if (found === undefined)
      throw refusal('not-found', `There is no object "${id}" in the scene.`, { words: [id] });
    return found;
  }

  /** Whether a phrase means the table itself, which is no object of the scene. */
  isTable(phrase: NounPhrase): boolean {
    return (
      phrase.head !== undefined &&
      TABLE_NOUNS.has(phrase.head) &&
      !this.features.some((f) => f.nouns.has(phrase.head as string))
    );
  }

  /** All objects meant by a group; "or" leaves a choice open and is refused. */
  group(group: NounGroup, discourse: Discourse, options: GroundOptions): string[] {
    if (group.joint === 'or') {
      throw refusal('ambiguous', `"${group.text}" leaves the choice open.`, {
        words: [group.text],
        candidates: group.items.flatMap((item) => this.#quietly(() => this.phrase(item, discourse, options))),
        hint: 'Name one of them.',
      });
    }
    const ids = group.items.flatMap((item) => this.phrase(item, discourse, options).map((o) => o.id));
    return [...new Set(ids)];
  }

  #quietly(ground: () => SceneObject[]): SceneObject[] {
    try {
      return ground();
    } catch {
      return [];
    }
  }

  /** The objects that one phrase means: one for a singular, at least one for a plural. */
  phrase(phrase: NounPhrase, discourse: Discourse, options: GroundOptions): SceneObject[] {
    if (phrase.pronoun !== undefined)
      return this.#pronoun(phrase, discourse, options).map((id) => this.of(id).object);
    const content = this.#contentOf(phrase);
    if (content !== undefined) return this.phrase(content, discourse, options);
    const fitting = this.#byWords(phrase, options);
    const never = new Set<string>();
    for (const exception of phrase.except) {
      const named =
        exception.head === undefined && exception.pronoun === undefined && phrase.head !== undefined;
      const other: NounPhrase = named ? { ...exception, head: phrase.head } : exception;
      for (const object of this.phrase(other, discourse, { ...options, exclude: [] })) never.add(object.id);
    }
    if (phrase.other) for (const id of discourse.themes) never.add(id);
    const possible = never.size === 0 ? fitting : fitting.filter((c) => !never.has(c.f.object.id));
    const narrow = (candidates: readonly Scored[]) =>
      phrase.modifiers.reduce<Scored[]>(
        (left, m) => narrowBy(this, left, m, phrase, discourse, options),
        [...candidates],
      );
    const excluded = options.exclude ?? [];
    const free = (candidates: readonly Scored[]) =>
      candidates.filter((c) => !excluded.includes(c.f.object.id));
    const rest = free(possible);
    // "the right bowl on the left bowl": left of both, though the right one cannot be meant
    if (rest.length < possible.length && phrase.modifiers.length > 0) {
      try {
        const found = free(narrow(possible));
        if (found.length > 0) return this.#count(found, phrase, discourse);
      } catch (error) {
        if (rest.length === 0) throw error;
      }
    }
    const candidates = narrow(rest.length > 0 ? rest : possible);
    return this.#count(candidates, phrase, discourse);
  }

  #pronoun(phrase: NounPhrase, discourse: Discourse, options: GroundOptions): string[] {
    const unresolved = () =>
      refusal('ambiguous', `I do not know what "${phrase.text}" means here.`, {
        words: [phrase.text],
        hint: 'Name the object.',
      });
    const recent = [...discourse.mentions].reverse();
    switch (phrase.pronoun) {
      case 'them':
        if (discourse.themes.length === 1 && discourse.carried === true) throw this.#stackMoved(phrase);
        if (discourse.themes.length > 0) return [...discourse.themes];
        throw unresolved();
      case 'each-other':
        throw unresolved();
      case 'there': {
        if (discourse.destination !== undefined) return [discourse.destination];
        throw unresolved();
      }
      case 'it':
      case undefined: {
        if (options.theme !== undefined && options.role === 'reference') {
          const earlier = recent.find((id) => id !== options.theme);
          return [earlier ?? options.theme];
        }
        if (options.role === 'openable') {
          const openable =
            recent.find((id) => this.of(id).openable && !this.#isHandle(id)) ??
            recent.find((id) => this.of(id).openable);
          if (openable !== undefined) return [openable];
        }
        if (options.role === 'container') {
          const excluded = options.exclude ?? [];
          const place = recent.find((id) => !excluded.includes(id));
          if (place !== undefined) return [place];
        }
        if (options.role === 'control' && recent[0] !== undefined)
          return [this.of(recent[0]).object.partOf ?? recent[0]];
        if (options.role === 'moved' && discourse.held !== undefined) return [discourse.held];
        const theme = discourse.themes.length === 1 ? discourse.themes[0] : undefined;
        if (theme !== undefined) return [theme];
        throw unresolved();
      }
    }
  }

  /** "stack them and put them in the tray": two things at once */
  #stackMoved(phrase: NounPhrase) {
    return refusal('unsupported', `I cannot move several things at once: "${phrase.text}".`, {
      words: [phrase.text],
      hint: 'Move the lower thing first, then put the other on it.',
    });
  }

  #isHandle(id: string): boolean {
    return [...this.of(id).nouns].some((noun) => HANDLE_NOUNS.has(noun));
  }

  /** Objects whose names fit the noun and the describing words. */
  #byWords(phrase: NounPhrase, options: GroundOptions): Scored[] {
    const said = phrase.modifiers.filter((m) => m.kind === 'word');
    const head = phrase.head ?? 'one';
    const colours = said.filter((m) => !m.negated && basicColour(m.word) !== undefined);
    const positive = said.filter((m) => !m.negated && !colours.includes(m));
    const negative = said.filter((m) => m.negated);
    const scored: Scored[] = [];
    for (const f of this.features) {
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
        const match = matchDescription(word, f) ?? this.#ownedBy(word, f);
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
    if (head === 'one') fitting = this.#byRole(scored, options);
    if (fitting.length === 0) throw notFound(this, phrase, options);
    const best = Math.min(...fitting.map((s) => s.tier));
    const exact = fitting.filter((s) => s.tier === best);
    // "three cubes", where two look like cubes and a third might be one
    const short = phrase.quantity.kind === 'count' && exact.length < phrase.quantity.count;
    if (phrase.quantity.kind === 'one' || (best === 0 && !short && exact.length > 1 && head !== 'one'))
      return exact;
    return fitting.filter((s) => s.tier <= Math.max(best, 1.5));
  }

  /** "the stick of butter" is the butter, where nothing is a stick. */
  #contentOf(phrase: NounPhrase): NounPhrase | undefined {
    const { head } = phrase;
    if (head === undefined || !PACKAGING.has(head)) return undefined;
    if (this.features.some((f) => matchHead(head, f) !== undefined)) return undefined;
    const of = phrase.modifiers.find((m) => m.kind === 'relation' && m.relation === 'of');
    const item =
      of?.kind === 'relation' && of.reference.items.length === 1 ? of.reference.items[0] : undefined;
    if (item === undefined) return undefined;
    const others = phrase.modifiers.filter((m) => m !== of);
    return { ...item, quantity: phrase.quantity, modifiers: [...others, ...item.modifiers] };
  }

  /** "the cabinet drawer": the drawer that is in a cabinet, though its label does not say so. */
  #ownedBy(word: string, f: ObjectFeatures): 1 | undefined {
    if (!f.fixture) return undefined;
    const owner = this.features.some((g) => g !== f && g.nouns.has(word) && gapBetween(f, g) < 0.02);
    return owner ? 1 : undefined;
  }

  /** What a phrase without a noun can mean in its role. */
  #byRole(scored: readonly Scored[], options: GroundOptions): Scored[] {
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

  #count(candidates: readonly Scored[], phrase: NounPhrase, discourse: Discourse): SceneObject[] {
    const objects = candidates.map((c) => c.f.object);
    if (objects.length === 0) {
      throw refusal('not-found', `There is no "${phrase.text}" left in the scene.`, { words: [phrase.text] });
    }
    switch (phrase.quantity.kind) {
      case 'all':
        return objects;
      case 'count': {
        const { count } = phrase.quantity;
        if (objects.length === count || (objects.length > count && !phrase.definite))
          return objects.slice(0, count);
        if (objects.length > count) throw ambiguous(phrase, candidates, `there are ${objects.length}`);
        throw refusal(
          'not-found',
          `"${phrase.text}" asks for ${count}, and the scene has ${objects.length}.`,
          {
            words: [phrase.text],
            candidates: objects,
          },
        );
      }
      case 'one': {
        const [only, second] = objects;
        if (only !== undefined && (second === undefined || !phrase.definite)) return [only];
        const mentioned = objects.filter((o) => discourse.mentions.includes(o.id));
        if (mentioned.length === 1) return mentioned;
        throw ambiguous(phrase, candidates);
      }
    }
  }
}
