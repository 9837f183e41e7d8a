import type { SceneObject } from '../../core/scene-object.ts';
import { basicColour, SIDE_WORDS, TABLE_NOUNS, type Side, type SizeSense } from '../language/lexicon.ts';
import { HANDLE_NOUNS } from '../language/nouns.ts';
import type { Modifier, NounGroup, NounPhrase, Place } from '../language/syntax.ts';
import { list, refusal } from '../refusal.ts';
import { featuresOf, type ObjectFeatures } from './features.ts';
import { isPackagingOf, matchDescription, matchHead } from './noun-match.ts';
import { gapBetween, relationCost, towards, type ViewAxes } from './spatial.ts';

/** What part a phrase plays; decides what "the red one" and "everything" can mean. */
export type Role = 'moved' | 'container' | 'openable' | 'control' | 'reference';

/** What was talked about before, by object id, oldest first. */
export interface Discourse {
  readonly mentions: readonly string[];
  /** what the last step acted on */
  readonly themes: readonly string[];
  /** where the last step put it */
  readonly destination?: string;
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

/** Candidates closer together than this along a side are not told apart by it [m]. */
const SIDE_MARGIN = 0.015;
/** One size must exceed the other by this factor. */
const SIZE_MARGIN = 1.1;

interface Scored {
  readonly f: ObjectFeatures;
  readonly tier: number;
}

/** Finds the objects that noun phrases mean in one scene. Refuses where none, or too many, fit. */
export class Grounder {
  readonly features: readonly ObjectFeatures[];
  readonly axes: ViewAxes;
  readonly #byId: ReadonlyMap<string, ObjectFeatures>;
  /** middle of the workspace, for "the cubes on the left" [m] */
  readonly #middle: readonly [number, number];

  constructor(objects: readonly SceneObject[], axes: ViewAxes, middle: readonly [number, number]) {
    this.features = featuresOf(objects);
    this.axes = axes;
    this.#byId = new Map(this.features.map((f) => [f.object.id, f]));
    this.#middle = middle;
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
        (left, m) => this.#narrow(left, m, phrase, discourse, options),
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
        if (options.role === 'moved' && discourse.held !== undefined) return [discourse.held];
        const theme = discourse.themes.length === 1 ? discourse.themes[0] : undefined;
        if (theme !== undefined) return [theme];
        throw unresolved();
      }
    }
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
        tier += 0.5;
      // among equals, the one with more of the very words
      scored.push({ f, tier: tier + 0.01 * sum });
    }
    let fitting = scored;
    if (head === 'one') fitting = this.#byRole(scored, options);
    if (fitting.length === 0) throw this.#notFound(phrase, options);
    const best = Math.min(...fitting.map((s) => s.tier));
    const exact = fitting.filter((s) => s.tier === best);
    if (phrase.quantity.kind === 'one' || (best === 0 && exact.length > 1 && head !== 'one')) return exact;
    return fitting.filter((s) => s.tier <= Math.max(best, 1.5));
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

  #notFound(phrase: NounPhrase, options: GroundOptions) {
    const words = [
      ...phrase.modifiers.flatMap((m) =>
        m.kind === 'word' && !m.negated ? [{ word: m.word, text: m.text, head: false }] : [],
      ),
      ...(phrase.head === undefined || phrase.head === 'one'
        ? []
        : [{ word: phrase.head, text: phrase.head, head: true }]),
    ];
    const fits = (f: ObjectFeatures, w: (typeof words)[number]) =>
      (w.head ? matchHead(w.word, f) : matchDescription(w.word, f)) !== undefined;
    const unknown = words.filter((w) => !this.features.some((f) => fits(f, w)));
    const ranked = this.features
      .map((f) => ({ f, hits: words.filter((w) => fits(f, w)).length }))
      .filter(({ f }) => !(options.exclude ?? []).includes(f.object.id))
      .sort((a, b) => b.hits - a.hits);
    const most = ranked[0]?.hits ?? 0;
    const near = ranked
      .filter((r) => r.hits === most)
      .slice(0, 6)
      .map((r) => r.f.object);
    const labels = [...new Set(near.map((o) => o.label))];
    const message =
      unknown.length > 0
        ? `Nothing in the scene is ${list(
            unknown.map((w) => `"${w.text}"`),
            'or',
          )} (in "${phrase.text}").`
        : `There is no "${phrase.text}" in the scene.`;
    return refusal(unknown.length > 0 ? 'unknown-words' : 'not-found', message, {
      words: unknown.length > 0 ? unknown.map((w) => w.text) : [phrase.text],
      suggestions: near,
      hint:
        labels.length > 0
          ? `${most > 0 ? 'Nearest' : 'In the scene'}: ${list(labels)}.`
          : 'The scene is empty.',
    });
  }

  #narrow(
    candidates: readonly Scored[],
    modifier: Modifier,
    phrase: NounPhrase,
    discourse: Discourse,
    options: GroundOptions,
  ): Scored[] {
    switch (modifier.kind) {
      case 'word':
      case 'matching':
        return [...candidates];
      case 'state': {
        const inHand = /^(?:grasped|held|lifted|picked)$/.test(modifier.word);
        return inHand ? candidates.filter((c) => c.f.object.id === discourse.held) : [...candidates];
      }
      case 'place':
        return this.#byPlace(candidates, modifier.place, modifier.negated, phrase, modifier.text);
      case 'size':
        return this.#bySize(candidates, modifier.sense, phrase);
      case 'rank':
        return this.#byRank(candidates, modifier, phrase);
      case 'extreme':
        return this.#byDistance(candidates, modifier, phrase, discourse, options);
      case 'relation':
        return this.#byRelation(candidates, modifier, phrase, discourse, options);
    }
  }

  #byRelation(
    candidates: readonly Scored[],
    modifier: Extract<Modifier, { kind: 'relation' }>,
    phrase: NounPhrase,
    discourse: Discourse,
    options: GroundOptions,
  ): Scored[] {
    const { relation, reference } = modifier;
    const first = reference.items[0] as NounPhrase;
    if (reference.items.length === 1 && this.isTable(first)) {
      if (relation === 'on' || relation === 'from' || relation === 'at' || relation === 'of') {
        const floor = Math.min(...this.features.map((f) => f.min[2]));
        const standing = candidates.filter((c) => c.f.min[2] < floor + 0.02);
        return standing.length > 0 && relation !== 'of' ? standing : [...candidates];
      }
      if (relation === 'middle-of') {
        return this.#byPlace(
          candidates,
          { sides: ['middle'], corner: false, goal: false, explicit: true },
          false,
          phrase,
          modifier.text,
        );
      }
    }
    if (relation === 'of' || relation === 'with')
      return this.#byPart(candidates, modifier, phrase, discourse, options);
    const exclude = candidates.length === 1 ? [(candidates[0] as Scored).f.object.id] : [];
    const references = this.group(reference, discourse, {
      role: 'reference',
      exclude,
      ...(options.theme === undefined ? {} : { theme: options.theme }),
    }).map((id) => this.of(id));
    const cost = (f: ObjectFeatures): number | undefined => {
      if (relation === 'between') {
        return references.length === 2 && !references.includes(f)
          ? relationCost('between', f, references[0] as ObjectFeatures, this.axes, references[1])
          : undefined;
      }
      const costs = references
        .filter((r) => r !== f)
        .map((r) => relationCost(relation, f, r, this.axes))
        .filter((c) => c !== undefined);
      return costs.length === 0 ? undefined : Math.min(...costs);
    };
    const scored = candidates.map((c) => ({ c, cost: cost(c.f) }));
    const holding = scored
      .filter((s) => s.cost !== undefined)
      .sort((a, b) => (a.cost as number) - (b.cost as number));
    if (modifier.negated) return scored.filter((s) => s.cost === undefined).map((s) => s.c);
    if (holding.length === 0) {
      throw refusal('not-found', `No "${phrase.head ?? 'object'}" is "${modifier.text}".`, {
        words: [phrase.text, modifier.text],
        suggestions: candidates.map((c) => c.f.object),
        hint: 'Name it by its colour or kind.',
      });
    }
    if (phrase.quantity.kind !== 'one') return holding.map((s) => s.c);
    const [best, next] = holding;
    if (best === undefined || next === undefined) return holding.map((s) => s.c);
    return (next.cost as number) - (best.cost as number) > 0.03 ? [best.c] : holding.map((s) => s.c);
  }

  /** "the drawer of the cabinet", "the cabinet with the red handle" */
  #byPart(
    candidates: readonly Scored[],
    modifier: Extract<Modifier, { kind: 'relation' }>,
    phrase: NounPhrase,
    discourse: Discourse,
    options: GroundOptions,
  ): Scored[] {
    const reference = modifier.reference.items[0] as NounPhrase;
    if (modifier.relation === 'with') {
      const parts = new Set(this.group(modifier.reference, discourse, { role: 'reference' }));
      const without = modifier.text.startsWith('without');
      const having = candidates.filter(
        (c) =>
          this.features.some(
            (f) =>
              parts.has(f.object.id) &&
              (f.object.partOf === c.f.object.id || relationCost('in', f, c.f, this.axes) !== undefined),
          ) !== without,
      );
      if (having.length > 0) return having;
    } else {
      const head = reference.head ?? 'one';
      const own = candidates.filter((c) => c.f.words.has(head) || c.f.ownerWords.has(head));
      if (own.length > 0 && own.length < candidates.length) return own;
      const owners = new Set(this.group(modifier.reference, discourse, { ...options, role: 'reference' }));
      const belonging = candidates.filter(
        (c) =>
          (c.f.object.partOf !== undefined && owners.has(c.f.object.partOf)) ||
          [...owners].some((id) => id !== c.f.object.id && gapBetween(c.f, this.of(id)) < 0.02),
      );
      if (belonging.length > 0) return belonging;
      if (own.length > 0) return own;
    }
    throw refusal('not-found', `No "${phrase.head ?? 'object'}" is "${modifier.text}".`, {
      words: [phrase.text],
      suggestions: candidates.map((c) => c.f.object),
    });
  }

  #byPlace(
    candidates: readonly Scored[],
    place: Place,
    negated: boolean,
    phrase: NounPhrase,
    words: string,
  ): Scored[] {
    const [side] = place.sides;
    if (side === undefined) return [...candidates];
    // a label may say it: "top drawer", "left plate"
    const labelled = candidates.filter((c) =>
      place.sides.every((s) => [...c.f.words].some((word) => SIDE_WORDS[word] === s)),
    );
    if (labelled.length > 0) return negated ? candidates.filter((c) => !labelled.includes(c)) : labelled;
    if (side === 'middle') return this.#middleOf(candidates, place, phrase, words);
    const value = (c: Scored) => {
      let sum = 0;
      for (const s of place.sides) {
        const direction = towards(s, this.axes);
        const p = c.f.object.pose.position;
        sum +=
          direction[0] * (p[0] - this.#middle[0]) +
          direction[1] * (p[1] - this.#middle[1]) +
          direction[2] * p[2];
      }
      return sum;
    };
    if (negated) return candidates.filter((c) => value(c) < 0);
    const vertical = side === 'top' || side === 'bottom';
    if (phrase.quantity.kind === 'all' && !vertical)
      return this.#orNone(
        candidates.filter((c) => value(c) > 0),
        candidates,
        phrase,
        words,
      );
    if (candidates.length === 1) {
      const only = candidates[0] as Scored;
      // "the left hole" speaks of several; "the hole on the left" only says where it is
      if (!words.includes(' ')) return this.#orNone([], candidates, phrase, words);
      // one thing alone is where it is said to be, or the words mean something that is not seen
      if (vertical || value(only) < -SIDE_MARGIN) return this.#orNone([], candidates, phrase, words);
      return [only];
    }
    const sorted = [...candidates].sort((a, b) => value(b) - value(a));
    const wanted = phrase.quantity.kind === 'count' ? phrase.quantity.count : 1;
    const last = sorted[wanted - 1];
    const next = sorted[wanted];
    if (last === undefined) return sorted;
    if (next !== undefined && value(last) - value(next) < SIDE_MARGIN) {
      return sorted.filter((c) => value(c) > value(last) - SIDE_MARGIN);
    }
    return sorted.slice(0, wanted);
  }

  #orNone(found: Scored[], candidates: readonly Scored[], phrase: NounPhrase, words: string): Scored[] {
    if (found.length > 0) return found;
    throw refusal('not-found', `There is no "${phrase.text}": nothing like it is "${words}".`, {
      words: [phrase.text],
      suggestions: candidates.map((c) => c.f.object),
      hint: 'Left, right, front and back are the viewpoint’s; the plan states whose.',
    });
  }

  #middleOf(candidates: readonly Scored[], place: Place, phrase: NounPhrase, words: string): Scored[] {
    if (candidates.length < 2) return [...candidates];
    const position = (c: Scored) => c.f.object.pose.position;
    if (!place.explicit && candidates.length % 2 === 1) {
      const spread = [0, 1, 2].map((k) => {
        const values = candidates.map((c) => position(c)[k] as number);
        return Math.max(...values) - Math.min(...values);
      });
      const axis = spread.indexOf(Math.max(...spread));
      const sorted = [...candidates].sort(
        (a, b) => (position(a)[axis] as number) - (position(b)[axis] as number),
      );
      return [sorted[(sorted.length - 1) / 2] as Scored];
    }
    const distance = (c: Scored) =>
      Math.hypot(position(c)[0] - this.#middle[0], position(c)[1] - this.#middle[1]);
    const sorted = [...candidates].sort((a, b) => distance(a) - distance(b));
    if (!place.explicit || distance(sorted[1] as Scored) - distance(sorted[0] as Scored) < SIDE_MARGIN) {
      throw this.#ambiguous(phrase, candidates, `"${words}" does not tell them apart`);
    }
    return [sorted[0] as Scored];
  }

  #bySize(candidates: readonly Scored[], sense: SizeSense, phrase: NounPhrase): Scored[] {
    if (candidates.length < 2) return [...candidates];
    const measure = (c: Scored): number => {
      const [x, y, z] = c.f.object.size;
      switch (sense.measure) {
        case 'volume':
          return Math.cbrt(x * y * z);
        case 'height':
          return c.f.max[2] - c.f.min[2];
        case 'length':
          return Math.max(x, y, z);
        case 'width':
          return Math.min(x, y);
      }
    };
    const sign = sense.want === 'most' ? -1 : 1;
    const sorted = [...candidates].sort((a, b) => sign * (measure(a) - measure(b)));
    const wanted = phrase.quantity.kind === 'count' ? phrase.quantity.count : 1;
    const last = sorted[wanted - 1];
    const next = sorted[wanted];
    if (last === undefined || next === undefined) return sorted;
    const ratio =
      Math.max(measure(last), measure(next)) / Math.max(1e-9, Math.min(measure(last), measure(next)));
    if (ratio < SIZE_MARGIN) throw this.#ambiguous(phrase, candidates, 'they are about the same size');
    return sorted.slice(0, wanted);
  }

  #byRank(
    candidates: readonly Scored[],
    modifier: Extract<Modifier, { kind: 'rank' }>,
    phrase: NounPhrase,
  ): Scored[] {
    const side: Side | undefined = modifier.from;
    if (side === undefined || side === 'middle') {
      throw this.#ambiguous(phrase, candidates, `"${modifier.text}" does not say from which side to count`);
    }
    const direction = towards(side, this.axes);
    const value = (c: Scored) => {
      const p = c.f.object.pose.position;
      return direction[0] * p[0] + direction[1] * p[1] + direction[2] * p[2];
    };
    const sorted = [...candidates].sort((a, b) => value(b) - value(a));
    const found = sorted[modifier.rank - 1];
    const close = sorted.some(
      (c, i) =>
        i !== modifier.rank - 1 && found !== undefined && Math.abs(value(c) - value(found)) < SIDE_MARGIN,
    );
    if (found === undefined || close)
      throw this.#ambiguous(phrase, candidates, `"${modifier.text}" does not tell them apart`);
    return [found];
  }

  #byDistance(
    candidates: readonly Scored[],
    modifier: Extract<Modifier, { kind: 'extreme' }>,
    phrase: NounPhrase,
    discourse: Discourse,
    options: GroundOptions,
  ): Scored[] {
    const target = modifier.reference?.items[0];
    let reference: ObjectFeatures | undefined;
    if (target !== undefined && !this.#isViewer(target)) {
      const id = this.phrase(target, discourse, { ...options, role: 'reference' })[0]?.id;
      reference = id === undefined ? undefined : this.of(id);
    }
    const others = candidates.filter((c) => c.f !== reference);
    const distance = ({ f }: Scored): number => {
      const p = f.object.pose.position;
      if (reference === undefined) return -(p[0] * this.axes.front[0] + p[1] * this.axes.front[1]);
      const q = reference.object.pose.position;
      return Math.hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]);
    };
    const sign = modifier.want === 'nearest' ? 1 : -1;
    const sorted = [...others].sort((a, b) => sign * (distance(a) - distance(b)));
    const wanted = phrase.quantity.kind === 'count' ? phrase.quantity.count : 1;
    const last = sorted[wanted - 1];
    const next = sorted[wanted];
    if (last !== undefined && next !== undefined && Math.abs(distance(next) - distance(last)) < 0.01) {
      throw this.#ambiguous(phrase, others, `"${modifier.text}" does not tell them apart`);
    }
    return sorted.slice(0, wanted);
  }

  #isViewer(phrase: NounPhrase): boolean {
    return (
      phrase.head !== undefined &&
      /^(?:robot|viewer|camera|gripper|arm|me|you)$/.test(phrase.head) &&
      !this.features.some((f) => f.nouns.has(phrase.head as string))
    );
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
        if (objects.length > count) throw this.#ambiguous(phrase, candidates, `there are ${objects.length}`);
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
        throw this.#ambiguous(phrase, candidates);
      }
    }
  }

  #ambiguous(phrase: NounPhrase, candidates: readonly Scored[], why?: string) {
    const objects = candidates.map((c) => c.f.object);
    const names = objects.map((o) =>
      objects.filter((p) => p.label === o.label).length > 1 ? `${o.label} (${o.id})` : o.label,
    );
    return refusal(
      'ambiguous',
      `"${phrase.text}" could be ${list(names, 'or')}${why === undefined ? '' : `: ${why}`}.`,
      {
        words: [phrase.text],
        candidates: objects,
        hint: 'Say which: by colour, size, or where it is (left, right, front, back, next to …).',
      },
    );
  }
}
