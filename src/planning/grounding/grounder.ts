import type { SceneObject } from '../../core/scene-object.ts';
import { TABLE_NOUNS } from '../language/lexicon.ts';
import { PACKAGING } from '../language/nouns.ts';
import type { NounGroup, NounPhrase } from '../language/syntax.ts';
import { refusal } from '../refusal.ts';
import { featuresOf, type ObjectFeatures } from './features.ts';
import { byWords } from './by-words.ts';
import { matchHead } from './noun-match.ts';
import { pronounIds } from './pronouns.ts';
import { stackIds } from './stacks.ts';
import { narrowBy } from './narrow.ts';
import { ambiguous } from './grounding-refusals.ts';
import type { ViewAxes } from './spatial.ts';

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
  /** a stack is meant by the things that stand in it */
  readonly takenApart?: boolean;
}

/** An object that a phrase may mean, and how far its names are from the words. */
export interface Scored {
  readonly f: ObjectFeatures;
  readonly tier: number;
}

/**
 * Of several that one name fits: the whole rather than its parts ("the shelf" is no shelf layer), and, where something is to
 * be carried, what can be.
 */
function likeliest(candidates: readonly Scored[], phrase: NounPhrase, { role }: GroundOptions): Scored[] {
  const ids = new Set(candidates.map((c) => c.f.object.id));
  const wholes = candidates.filter((c) => c.f.object.partOf === undefined || !ids.has(c.f.object.partOf));
  const { head } = phrase;
  // a "plate" is rather called so than a burner that also goes by "hot plate"
  const called = wholes.filter((c) => head === undefined || c.f.names[0]?.at(-1) === head);
  if (wholes.length === 1 || (called.length === 1 && wholes.every((c) => called.includes(c) || c.f.part))) {
    return called.length === 1 ? called : wholes;
  }
  if (role !== 'moved') return wholes;
  return wholes.filter((c) => !c.f.fixture);
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
      return pronounIds(this, phrase, discourse, options).map((id) => this.of(id).object);
    const stacked = stackIds(this, phrase, options);
    if (stacked !== undefined) return stacked.map((id) => this.of(id).object);
    const content = this.#contentOf(phrase);
    if (content !== undefined) return this.phrase(content, discourse, options);
    const fitting = byWords(this, phrase, options);
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
        if (found.length > 0) return this.#count(found, phrase, discourse, options);
      } catch (error) {
        if (rest.length === 0) throw error;
      }
    }
    const candidates = narrow(rest.length > 0 ? rest : possible);
    return this.#count(candidates, phrase, discourse, options);
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

  #count(
    candidates: readonly Scored[],
    phrase: NounPhrase,
    discourse: Discourse,
    options: GroundOptions,
  ): SceneObject[] {
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
        const likely = likeliest(candidates, phrase, options);
        if (likely.length === 1) return likely.map((c) => c.f.object);
        throw ambiguous(phrase, candidates);
      }
    }
  }
}
