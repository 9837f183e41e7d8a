import type { Grounder, Discourse, GroundOptions, Role } from '../grounding/grounder.ts';
import { towards } from '../grounding/spatial.ts';
import { list, refusal, refusalReason } from '../refusal.ts';
import { WaybookError } from '../../core/errors.ts';
import type { Action } from './action.ts';
import type { Direction } from './lexicon.ts';
import { CONTROL_NOUNS, HANDLE_NOUNS } from './nouns.ts';
import { follow, mention } from './discourse.ts';
import { borrowHead, headOf } from './phrase-parser.ts';
import {
  asModifier,
  destinations,
  isSurface,
  isSwitching,
  narrow,
  narrowWith,
  nest,
  nestOnLast,
  plural,
  rank,
  sideDirection,
  verbOf,
  type DestinationSplit,
  type RelationChunk,
} from './readings.ts';
import type { Chunk, Clause, Modifier, NounGroup, NounPhrase, Place } from './syntax.ts';

/** A way to read a clause; throws a refusal where it does not fit the scene. */
type Reading = () => Action[];

const GRIPPER_NOUNS = new Set(['gripper', 'hand', 'finger', 'claw', 'jaw', 'fingers']);
const TOWER_NOUNS = new Set(['tower', 'stack', 'pile', 'pyramid', 'column']);
const SOLID_NOUNS = new Set([
  'cube',
  'block',
  'brick',
  'ball',
  'cylinder',
  'peg',
  'button',
  'handle',
  'knob',
  'lid',
  'book',
  'sphere',
]);
const HOLE_NOUNS = new Set(['hole', 'slot', 'socket', 'receptacle']);

const quarterTurn = Math.PI / 2;

/** Turns one clause into grounded actions. Stateless: everything it knows of earlier clauses is in the discourse. */
export class Interpreter {
  readonly #grounder: Grounder;

  constructor(grounder: Grounder) {
    this.#grounder = grounder;
  }

  /** Refuses with a {@link refusal} where no reading of the clause fits the scene, or readings differ. */
  actions(clause: Clause, discourse: Discourse): Action[] {
    const { purpose, means } = clause;
    if (purpose !== undefined) return this.#withPurpose(clause, purpose, discourse);
    if (means !== undefined) return this.#withMeans(clause, means, discourse);
    return this.#choose(clause, this.#readings(clause, discourse));
  }

  #withPurpose(clause: Clause, purpose: Clause, discourse: Discourse): Action[] {
    const { purpose: _, ...main } = clause;
    const theme = this.#theme(main);
    const gripper = theme !== undefined && theme.items.some((item) => GRIPPER_NOUNS.has(item.head ?? ''));
    if (main.sense === 'use' && gripper) return this.actions(purpose, discourse);
    const acts = purpose.sense === 'open' || purpose.sense === 'close' || isSwitching(purpose);
    if (theme !== undefined && (acts || main.sense === 'use')) {
      const id = this.#tool(theme, purpose, discourse);
      const goal = this.actions(purpose, mention(discourse, id));
      return goal.map((action) => {
        if (action.kind === 'switch' || action.kind === 'open' || action.kind === 'close') {
          return action.object === id ? action : { ...action, means: id };
        }
        throw refusal('unsupported', `I cannot use "${theme.text}" for "${purpose.text}".`, {
          words: [purpose.text],
        });
      });
    }
    const first = this.actions(main, discourse);
    return [...first, ...this.actions(purpose, follow(discourse, first))];
  }

  /** What something is done with; where several fit, the one that is part of what it is done to. */
  #tool(theme: NounGroup, purpose: Clause, discourse: Discourse): string {
    try {
      const [tool] = this.#grounder.group(theme, discourse, { role: 'control' });
      if (tool !== undefined) return tool;
    } catch (error) {
      if (refusalReason(error) !== 'ambiguous') throw error;
      const [item] = theme.items;
      const fitting =
        item === undefined
          ? []
          : this.#grounder.phrase({ ...item, quantity: { kind: 'all' } }, discourse, { role: 'control' });
      const goals = new Set(
        this.actions(purpose, discourse).flatMap((a) => ('object' in a ? [a.object] : [])),
      );
      const own = fitting.filter((o) => o.partOf !== undefined && goals.has(o.partOf));
      if (own.length === 1 && own[0] !== undefined) return own[0].id;
      throw error;
    }
    throw refusal('incomplete', `"${theme.text}" names nothing.`, { words: [theme.text] });
  }

  #withMeans(clause: Clause, means: Clause, discourse: Discourse): Action[] {
    const { means: _, ...main } = clause;
    const actions = this.actions(main, discourse);
    const theme = this.#theme(means);
    const pronoun = theme?.items[0]?.pronoun;
    if (means.sense === 'push' && pronoun !== undefined) {
      return actions.map((action) => (action.kind === 'put' ? { ...action, kind: 'push' } : action));
    }
    if (theme !== undefined && pronoun === undefined) {
      const tool = this.#grounder.group(theme, follow(discourse, actions), { role: 'control' })[0];
      if (
        tool !== undefined &&
        actions.every((a) => a.kind === 'switch' || a.kind === 'open' || a.kind === 'close')
      ) {
        return actions.map((action) => ({ ...action, means: tool }));
      }
    }
    throw refusal('unsupported', `I cannot plan "${clause.verb}" by "${means.text}".`, {
      words: [means.text],
    });
  }

  /** The only result that fits; where several fit and differ, the words do not say which. */
  #choose(clause: Clause, readings: readonly Reading[]): Action[] {
    let failure: WaybookError | undefined;
    const found = new Map<string, Action[]>();
    for (const reading of readings) {
      try {
        const actions = reading();
        found.set(JSON.stringify(actions.map((a) => ({ ...a, text: '' }))), actions);
      } catch (error) {
        if (!(error instanceof WaybookError) || refusalReason(error) === undefined) throw error;
        failure = failure === undefined || rank(error) > rank(failure) ? error : failure;
      }
    }
    const [first] = found.values();
    if (found.size === 1 && first !== undefined) return first;
    if (first !== undefined) {
      const meanings = [...found.values()].map((actions) => actions.map((a) => this.#describe(a)).join(', '));
      throw refusal('ambiguous', `"${clause.text}" can be read as ${list(meanings, 'or as')}.`, {
        words: [clause.text],
        hint: 'Split it into two instructions, or name the things by colour or kind.',
      });
    }
    throw failure ?? refusal('incomplete', `I cannot read "${clause.text}".`, { words: [clause.text] });
  }

  #describe(action: Action): string {
    const name = (id: string) => this.#grounder.of(id).object.label;
    if (action.kind === 'release' || action.kind === 'grip') return action.verb;
    const target =
      'target' in action && action.target.kind === 'object'
        ? ` ${action.target.relation} ${list(action.target.ids.map(name))}`
        : '';
    return `"${action.verb} ${name(action.object)}${target}"`;
  }

  #theme(clause: Clause): NounGroup | undefined {
    const chunk = clause.chunks.find((c) => c.kind === 'noun');
    return chunk?.group;
  }

  #readings(clause: Clause, discourse: Discourse): Reading[] {
    const theme = this.#theme(clause);
    const gripper = theme?.items.length === 1 && GRIPPER_NOUNS.has(theme.items[0]?.head ?? '');
    if (gripper && clause.chunks.length === 1) {
      if (clause.sense === 'open') return [() => [{ kind: 'release', verb: 'open', text: clause.text }]];
      if (clause.sense === 'close') return [() => [{ kind: 'grip', verb: 'close', text: clause.text }]];
    }
    switch (clause.sense) {
      case 'unsupported':
      case 'use':
        throw refusal('unsupported', `I cannot "${clause.verb}".`, {
          words: [clause.verb],
          hint: 'I can put, stack, push, pull, pick up, open, close, press, turn, insert and sort.',
        });
      case 'put':
        return this.#put(clause, discourse);
      case 'pick':
        return this.#pick(clause, discourse);
      case 'remove':
        return this.#remove(clause, discourse);
      case 'stack':
        return this.#stack(clause, discourse);
      case 'push':
        return this.#push(clause, discourse);
      case 'pull':
        return this.#pull(clause, discourse);
      case 'open':
      case 'close':
        return [() => this.#openOrClose(clause, clause.sense === 'open' ? 'open' : 'close', discourse)];
      case 'press':
        return [
          () =>
            this.#simple(clause, discourse, 'control').map((object) => ({
              kind: 'press',
              object,
              verb: 'press',
              text: clause.text,
            })),
        ];
      case 'turn-on':
      case 'turn-off':
      case 'toggle':
        return [() => this.#switch(clause, discourse)];
      case 'rotate':
        return [() => this.#rotate(clause, discourse)];
      case 'insert':
        return this.#insert(clause, discourse);
      case 'sort':
        return [() => this.#sort(clause, discourse)];
      case 'reach':
        return this.#reach(clause, discourse);
      case 'release':
        return [() => this.#release(clause, discourse)];
      case 'swap':
        throw refusal('unsupported', `I cannot "${clause.verb}" things in one step.`, {
          words: [clause.verb],
          hint: 'Say where each thing goes, one after the other.',
        });
    }
  }

  // --- put ---------------------------------------------------------------------------------------------------

  #put(clause: Clause, discourse: Discourse): Reading[] {
    const { theme, rest } = this.#split(clause);
    const gapped = this.#gapped(clause, discourse, theme, rest);
    if (gapped !== undefined) return gapped;
    const matching = this.#matchingBowls(clause, discourse, theme, rest);
    if (matching !== undefined) return [matching];
    const shift =
      rest.some((c) => c.kind === 'direction' || (c.kind === 'place' && c.place.goal && !c.place.explicit)) &&
      !rest.some((c) => c.kind === 'relation' && c.goal);
    const readings: Reading[] = [];
    for (const split of destinations(rest)) {
      readings.push(() => this.#putAt(clause, discourse, theme, split));
    }
    if (shift) return this.#shift(clause, discourse, theme, rest, 'put');
    if (readings.length > 0) return readings;
    if (
      rest.every((c) => c.kind === 'particle' && c.word === 'down') ||
      clause.verb.endsWith('down') ||
      /^drop/.test(clause.verb)
    ) {
      if (discourse.held !== undefined || /down$/.test(clause.verb) || rest.length > 0) {
        return [
          () =>
            this.#ground(theme, discourse, { role: 'moved' }).map((object) => ({
              kind: 'put',
              verb: 'put',
              object,
              target: { kind: 'table' },
              text: clause.text,
            })),
        ];
      }
    }
    throw (
      this.#unread(clause, rest) ??
      refusal('incomplete', `Where should "${theme.text}" go?`, {
        words: [clause.text],
        hint: 'Say where: "in the blue bowl", "on the plate", "to the left of the cube".',
      })
    );
  }

  /** A chunk that no reading can use, as a refusal. */
  #unread(clause: Clause, rest: readonly Chunk[]) {
    const odd = rest.find((c) => c.kind !== 'relation' && c.kind !== 'place');
    return odd === undefined
      ? undefined
      : refusal('leftover', `I do not understand "${odd.text}" in "${clause.text}".`, {
          words: [odd.text],
          hint: 'Rephrase it, or leave it out.',
        });
  }

  /** The refusal of chunks that nothing can be made of. */
  #leftover(clause: Clause, rest: readonly Chunk[]): WaybookError {
    const odd = rest.find((c) => asModifier(c) === undefined) ?? clause;
    return (
      this.#unread(clause, rest) ??
      refusal('leftover', `I do not understand "${odd.text}" in "${clause.text}".`, { words: [odd.text] })
    );
  }

  /** The object of a clause and everything else, in order. Without an object, it is what was talked about last. */
  #split(clause: Clause): { theme: NounGroup; rest: readonly Chunk[] } {
    const index = clause.chunks.findIndex((c) => c.kind === 'noun');
    const chunk = clause.chunks[index];
    if (chunk?.kind !== 'noun') {
      throw refusal('incomplete', `"${clause.text}" does not say what to ${clause.verb}.`, {
        words: [clause.verb],
        hint: 'Name the object.',
      });
    }
    const rest = clause.chunks.filter((_, i) => i !== index);
    const second = rest.find((c) => c.kind === 'noun');
    if (second !== undefined) {
      throw refusal('leftover', `I do not understand "${second.text}" in "${clause.text}".`, {
        words: [second.text],
        hint: 'Say how it relates: in, on, next to …',
      });
    }
    return { theme: chunk.group, rest };
  }

  #ground(group: NounGroup, discourse: Discourse, options: GroundOptions): string[] {
    return this.#grounder.group(group, discourse, options);
  }

  #putAt(clause: Clause, discourse: Discourse, theme: NounGroup, split: DestinationSplit): Action[] {
    const narrowed = narrow(theme, split.before);
    const { destination } = split;
    const text = clause.text;
    if (destination.kind === 'place') {
      const objects = this.#ground(narrowed, discourse, { role: 'moved' });
      return objects.map((object) => ({
        kind: 'put',
        verb: verbOf(clause),
        object,
        target: { kind: 'place', place: destination.place },
        text,
      }));
    }
    if (destination.reference === undefined) {
      // "put the bowl inside": in what was talked about last
      const objects = this.#ground(narrowed, discourse, { role: 'moved' });
      const last = [...discourse.mentions].reverse().find((id) => !objects.includes(id));
      if (last === undefined)
        throw refusal('incomplete', `"${destination.text}" of what?`, { words: [destination.text] });
      return objects.map((object) => this.#place(clause, object, destination, [last]));
    }
    const { reference } = destination;
    const table = reference.items.length === 1 && this.#grounder.isTable(reference.items[0] as NounPhrase);
    if (
      table &&
      (destination.relation === 'on' || destination.relation === 'to' || destination.relation === 'at')
    ) {
      const objects = this.#ground(narrowed, discourse, { role: 'moved' });
      return objects.map((object) => ({
        kind: 'put',
        verb: verbOf(clause),
        object,
        target: { kind: 'table' },
        text,
      }));
    }
    if (table && destination.relation === 'middle-of') {
      const place: Place = { sides: ['middle'], corner: false, goal: true, explicit: true };
      return this.#ground(narrowed, discourse, { role: 'moved' }).map((object) => ({
        kind: 'put',
        verb: verbOf(clause),
        object,
        target: { kind: 'place', place },
        text,
      }));
    }
    if (destination.relation === 'from' || destination.relation === 'of' || destination.relation === 'with') {
      throw refusal('incomplete', `Where should "${theme.text}" go?`, {
        words: [clause.text],
        hint: `"${destination.text}" says only where it is.`,
      });
    }
    const targets = this.#destinationIds(discourse, narrowed, reference, split.after);
    const objects = this.#ground(narrowed, discourse, { role: 'moved', exclude: targets });
    const moved = objects.filter((id) => !targets.includes(id));
    if (moved.length < objects.length || moved.length === 0) {
      throw refusal(
        'contradiction',
        `"${clause.text}" would put ${this.#labels(objects)} ${destination.relation} itself.`,
        { words: [clause.text] },
      );
    }
    if (destination.relation === 'between' || destination.relation === 'middle-of') {
      if (targets.length === 2 && moved.length === 1)
        return moved.map((object) =>
          this.#place(clause, object, { ...destination, relation: 'between' }, targets),
        );
      if (targets.length === 1 && destination.relation === 'middle-of')
        return moved.map((object) =>
          this.#place(clause, object, { ...destination, relation: 'on' }, targets),
        );
      throw refusal('incomplete', `"${destination.text}" needs two things to lie between.`, {
        words: [destination.text],
      });
    }
    if (targets.length > 1) {
      if (targets.length === moved.length && clause.chunks.some((c) => c.kind === 'respectively')) {
        return moved.map((object, i) => this.#place(clause, object, destination, [targets[i] as string]));
      }
      throw refusal('ambiguous', `"${destination.text}" names ${targets.length} places.`, {
        words: [destination.text],
        candidates: targets.map((id) => this.#grounder.of(id).object),
        hint: 'Say which thing goes where.',
      });
    }
    return moved.map((object) => this.#place(clause, object, destination, targets));
  }

  /** Ids of where things go; what is moved itself is never meant. Further phrases describe it, or one another. */
  #destinationIds(
    discourse: Discourse,
    theme: NounGroup,
    reference: NounGroup,
    after: readonly Modifier[],
  ): string[] {
    const single = theme.items.length === 1 && theme.items[0]?.quantity.kind === 'one';
    const moved = single ? this.#tryGround(theme, discourse) : [];
    const options: GroundOptions = {
      role: 'container',
      exclude: moved,
      ...(moved[0] === undefined ? {} : { theme: moved[0] }),
    };
    const variants = [narrowWith(borrowHead(reference, theme), after), narrowWith(reference, after)];
    if (after.length > 1) variants.push(nest(reference, after));
    let failure: unknown;
    for (const variant of variants) {
      try {
        return this.#ground(variant, discourse, options);
      } catch (error) {
        if (refusalReason(error) === 'ambiguous') throw error;
        failure ??= error;
      }
    }
    throw failure;
  }

  #tryGround(group: NounGroup, discourse: Discourse): string[] {
    try {
      return this.#ground(group, discourse, { role: 'moved' });
    } catch {
      return [];
    }
  }

  /** A put with its relation made definite by what the destination is. */
  #place(clause: Clause, object: string, destination: RelationChunk, ids: readonly string[]): Action {
    const target = this.#grounder.of(ids[0] as string);
    let relation = destination.relation;
    const hole = [...target.nouns].some((noun) => HOLE_NOUNS.has(noun));
    if (hole && (relation === 'in' || relation === 'to' || relation === 'on' || relation === 'at')) {
      return { kind: 'insert', verb: 'insert', object, hole: ids[0] as string, text: clause.text };
    }
    if (relation === 'to' || relation === 'at') {
      relation = target.container ? 'in' : target.area || isSurface(target.nouns) ? 'on' : 'next-to';
    }
    if (relation === 'in' && (target.area || isSurface(target.nouns))) relation = 'on';
    if (relation === 'around') relation = 'next-to';
    if (relation === 'above') relation = 'on';
    if (relation === 'in' && !target.container && [...target.nouns].some((noun) => SOLID_NOUNS.has(noun))) {
      throw refusal('contradiction', `Nothing can be put in the ${target.object.label}.`, {
        words: [destination.text],
        hint: 'Say "on" or "next to", or name a container.',
      });
    }
    return {
      kind: 'put',
      verb: verbOf(clause),
      object,
      target: { kind: 'object', relation, ids },
      text: clause.text,
    };
  }

  #labels(ids: readonly string[]): string {
    return list(ids.map((id) => `the ${this.#grounder.of(id).object.label}`));
  }

  /** "the red cube in the bowl and the blue cube on the plate": one verb for several objects. */
  #gapped(
    clause: Clause,
    discourse: Discourse,
    theme: NounGroup,
    rest: readonly Chunk[],
  ): Reading[] | undefined {
    const index = rest.findIndex(
      (c, i) =>
        c.kind === 'relation' &&
        c.reference !== undefined &&
        c.reference.items.length > (c.relation === 'between' ? 2 : 1) &&
        rest
          .slice(i + 1)
          .some((later) => later.kind === 'relation' || later.kind === 'place' || later.kind === 'direction'),
    );
    const chunk = rest[index];
    if (chunk?.kind !== 'relation' || chunk.reference === undefined) return undefined;
    const items = chunk.reference.items;
    const borrowed = items[items.length - 1] as NounPhrase;
    const kept: RelationChunk = { ...chunk, reference: { ...chunk.reference, items: items.slice(0, -1) } };
    const themeChunk = {
      kind: 'noun',
      group: theme,
      start: theme.start,
      end: theme.end,
      text: theme.text,
    } as const;
    const head =
      borrowed.head === undefined && borrowed.pronoun === undefined
        ? { ...borrowed, ...headOf(theme) }
        : borrowed;
    const nextChunk = {
      kind: 'noun',
      group: { items: [head], joint: 'and', start: head.start, end: head.end, text: head.text },
      start: head.start,
      end: head.end,
      text: head.text,
    } as const;
    const firstClause: Clause = { ...clause, chunks: [themeChunk, ...rest.slice(0, index), kept] };
    const secondClause: Clause = { ...clause, chunks: [nextChunk, ...rest.slice(index + 1)] };
    return [
      () => {
        const first = this.actions(firstClause, discourse);
        return [...first, ...this.actions(secondClause, follow(discourse, first))];
      },
    ];
  }

  /** "put each cube in the bowl of the same colour" */
  #matchingBowls(
    clause: Clause,
    discourse: Discourse,
    theme: NounGroup,
    rest: readonly Chunk[],
  ): Reading | undefined {
    const destination = rest.find(
      (c): c is RelationChunk =>
        c.kind === 'relation' &&
        c.reference?.items.some((item) => item.modifiers.some((m) => m.kind === 'matching')) === true,
    );
    const byColour = rest.some((c) => c.kind === 'by-colour');
    if (destination?.reference === undefined && !byColour) return undefined;
    return () => {
      const reference =
        destination?.reference ??
        rest.find((c): c is RelationChunk => c.kind === 'relation' && c.reference !== undefined)?.reference;
      return this.#distribute(clause, discourse, theme, reference);
    };
  }

  #distribute(
    clause: Clause,
    discourse: Discourse,
    theme: NounGroup | undefined,
    reference: NounGroup | undefined,
  ): Action[] {
    const containers =
      reference === undefined
        ? this.#grounder.features.filter((f) => f.container && !f.fixture).map((f) => f.object.id)
        : reference.items.flatMap((item) =>
            this.#grounder
              .phrase({ ...item, quantity: { kind: 'all' } }, discourse, { role: 'container' })
              .map((o) => o.id),
          );
    const objects =
      theme === undefined
        ? this.#grounder.features.filter((f) => !f.container && !f.fixture).map((f) => f.object.id)
        : this.#ground(theme, discourse, { role: 'moved', exclude: containers });
    const moved = objects.filter((id) => !containers.includes(id));
    if (moved.length === 0 || containers.length === 0) {
      throw refusal(
        'not-found',
        `There is nothing to sort ${containers.length === 0 ? 'into' : ''} in the scene.`.replace('  ', ' '),
        { words: [clause.text] },
      );
    }
    return moved.map((object) => {
      const colours = this.#grounder.of(object).colours;
      const fitting = containers.filter((id) =>
        [...this.#grounder.of(id).colours].some((c) => colours.has(c)),
      );
      if (fitting.length === 1) {
        return {
          kind: 'put',
          verb: 'put',
          object,
          target: { kind: 'object', relation: 'in', ids: fitting },
          text: clause.text,
        };
      }
      throw refusal(
        fitting.length > 1 ? 'ambiguous' : 'not-found',
        `${fitting.length > 1 ? 'Several containers have' : 'No container has'} the colour of the ${this.#grounder.of(object).object.label}.`,
        {
          words: [clause.text],
          candidates: (fitting.length > 1 ? fitting : containers).map((id) => this.#grounder.of(id).object),
          hint: 'Name the objects and where each goes.',
        },
      );
    });
  }

  // --- move along a direction --------------------------------------------------------------------------------

  #shift(
    clause: Clause,
    discourse: Discourse,
    theme: NounGroup,
    rest: readonly Chunk[],
    kind: 'put' | 'push' | 'drag',
    fallback?: Direction,
  ): Reading[] {
    let direction: Direction | undefined = fallback;
    let distance: number | undefined;
    const before: Modifier[] = [];
    for (const chunk of rest) {
      if (chunk.kind === 'direction') direction = chunk.direction;
      else if (chunk.kind === 'place' && chunk.place.goal && chunk.place.sides.length === 1)
        direction = sideDirection(chunk.place.sides[0] as string) ?? direction;
      else if (chunk.kind === 'particle' && chunk.word === 'back') direction ??= 'front';
      else if (
        chunk.kind === 'particle' &&
        (chunk.word === 'away' || chunk.word === 'up' || chunk.word === 'down')
      )
        direction = chunk.word === 'away' ? 'back' : chunk.word;
      else if (chunk.kind === 'measure' && chunk.measure.kind === 'length') distance = chunk.measure.metres;
      else if (chunk.kind === 'particle' && (chunk.word === 'over' || chunk.word === 'along')) continue;
      else {
        const modifier = asModifier(chunk);
        if (modifier === undefined)
          throw (
            this.#unread(clause, [chunk]) ??
            refusal('leftover', `I do not understand "${chunk.text}" here.`, { words: [chunk.text] })
          );
        before.push(modifier);
      }
    }
    if (direction === undefined) {
      throw refusal('incomplete', `Which way should "${theme.text}" go?`, {
        words: [clause.text],
        hint: 'Say "to the left", "forward", or a place.',
      });
    }
    const name = direction;
    const vector = towards(direction, this.#grounder.axes);
    return [
      () =>
        this.#ground(narrow(theme, before), discourse, { role: 'moved' }).map((object): Action => {
          if (direction === 'up' && kind !== 'push')
            return {
              kind: 'pick',
              verb: 'lift',
              object,
              ...(distance === undefined ? {} : { height: distance }),
              text: clause.text,
            };
          if (direction === 'up' || direction === 'down') {
            if (this.#isControl(object))
              return { kind: 'switch', verb: verbOf(clause), object, state: 'other', text: clause.text };
            throw refusal('unsupported', `I cannot move "${theme.text}" ${name}.`, { words: [clause.text] });
          }
          return {
            kind,
            verb: verbOf(clause),
            object,
            target: {
              kind: 'shift',
              direction: vector,
              name,
              ...(distance === undefined ? {} : { distance }),
            },
            text: clause.text,
          };
        }),
    ];
  }

  #isControl(id: string): boolean {
    return [...this.#grounder.of(id).nouns].some(
      (noun) => CONTROL_NOUNS.has(noun) && !HANDLE_NOUNS.has(noun),
    );
  }

  // --- pick, remove --------------------------------------------------------------------------------------------

  #pick(clause: Clause, discourse: Discourse): Reading[] {
    const { theme, rest } = this.#split(clause);
    const gapped = this.#gapped(clause, discourse, theme, rest);
    if (gapped !== undefined) return gapped;
    const height = rest.find((c) => c.kind === 'measure' && c.measure.kind === 'length');
    const plain = rest.filter(
      (c) =>
        c !== height &&
        !(c.kind === 'particle' && (c.word === 'up' || c.word === 'off')) &&
        !(c.kind === 'direction' && c.direction === 'up'),
    );
    const matching = this.#matchingBowls(clause, discourse, theme, plain);
    if (matching !== undefined) return [matching];
    const readings: Reading[] = [];
    const modifiers = plain.map(asModifier);
    if (!plain.some((c) => c.kind === 'relation' && c.goal) && modifiers.every((m) => m !== undefined)) {
      const narrowed = [
        narrow(theme, modifiers),
        ...(modifiers.length > 1 ? [nestOnLast(theme, modifiers)] : []),
      ];
      readings.push(() => {
        let failure: unknown;
        for (const group of narrowed) {
          try {
            return this.#ground(group, discourse, { role: 'moved' }).map((object) => ({
              kind: 'pick' as const,
              verb: 'pick',
              object,
              ...(height?.kind === 'measure' && height.measure.kind === 'length'
                ? { height: height.measure.metres }
                : {}),
              text: clause.text,
            }));
          } catch (error) {
            failure ??= error;
          }
        }
        throw failure;
      });
    }
    // "take the cube to the bowl", "collect the cubes in the bowl": where it goes rather than where it is
    const carries =
      plain.some((c) => (c.kind === 'relation' && c.goal) || (c.kind === 'place' && c.place.goal)) ||
      /^(?:collect|gather|get|take|pick|fetch)/.test(clause.verb);
    if (carries) {
      const asPut = destinations(plain).filter((d) =>
        d.destination.kind === 'place' ? d.destination.place.goal : d.destination.relation !== 'from',
      );
      if (asPut.length > 0) {
        const first = readings[0];
        const putting: Reading[] = asPut.map((split) => () => this.#putAt(clause, discourse, theme, split));
        // where the thing already is there, it is a description; else it is a destination
        if (first === undefined) return putting;
        return [
          () => {
            try {
              return first();
            } catch (error) {
              for (const put of putting) {
                try {
                  return put();
                } catch {
                  continue;
                }
              }
              throw error;
            }
          },
        ];
      }
    }
    if (readings.length > 0) return readings;
    throw (
      this.#unread(clause, plain) ??
      refusal('leftover', `I cannot read "${clause.text}".`, { words: [clause.text] })
    );
  }

  /** Taken off or out of something and put on the table. */
  #remove(clause: Clause, discourse: Discourse): Reading[] {
    const { theme, rest } = this.#split(clause);
    const goal = rest.filter(
      (c) =>
        (c.kind === 'relation' &&
          (c.goal || c.relation === 'on' || c.relation === 'in' || c.relation === 'next-to')) ||
        c.kind === 'place',
    );
    const plain = rest.filter((c) => !(c.kind === 'particle'));
    if (goal.length > 0)
      return this.#put({ ...clause, chunks: clause.chunks.filter((c) => c.kind !== 'particle') }, discourse);
    const modifiers = plain.map(asModifier);
    if (modifiers.some((m) => m === undefined)) throw this.#leftover(clause, plain);
    return [
      () =>
        this.#ground(
          narrow(
            theme,
            modifiers.filter((m) => m !== undefined),
          ),
          discourse,
          { role: 'moved' },
        ).map((object) => ({
          kind: 'put',
          verb: 'remove',
          object,
          target: { kind: 'table' },
          text: clause.text,
        })),
    ];
  }

  // --- stack ---------------------------------------------------------------------------------------------------

  #stack(clause: Clause, discourse: Discourse): Reading[] {
    const makes = /^(?:build|make|create|construct|form)/.test(clause.verb);
    const { theme, rest } = this.#split(clause);
    const head = theme.items[0]?.head ?? '';
    if (makes || TOWER_NOUNS.has(head)) {
      if (!TOWER_NOUNS.has(head)) {
        throw refusal('unsupported', `I cannot ${clause.verb} "${theme.text}".`, {
          words: [theme.text],
          hint: 'I can build a stack or a tower.',
        });
      }
      const of = theme.items[0]?.modifiers.find((m) => m.kind === 'relation' && m.relation === 'of');
      const from = rest.find(
        (c): c is RelationChunk =>
          c.kind === 'relation' &&
          c.reference !== undefined &&
          (c.relation === 'from' || c.relation === 'with'),
      );
      const blocks = of?.kind === 'relation' ? of.reference : from?.reference;
      if (blocks === undefined)
        throw refusal('incomplete', `What should "${theme.text}" be made of?`, { words: [clause.text] });
      return [() => this.#pile(clause, this.#ground(plural(blocks), discourse, { role: 'moved' }))];
    }
    const together = rest.some(
      (c) =>
        (c.kind === 'relation' && c.reference?.items[0]?.pronoun === 'each-other') ||
        (c.kind === 'particle' && (c.word === 'together' || c.word === 'up')) ||
        (c.kind === 'relation' && c.reference === undefined) ||
        (c.kind === 'relation' && TOWER_NOUNS.has(c.reference?.items[0]?.head ?? '')),
    );
    const gapped = this.#gapped(clause, discourse, theme, rest);
    if (gapped !== undefined) return gapped;
    if (!together && destinations(rest).length > 0) {
      const piles: Reading[] = destinations(rest).map((split) => () => {
        const puts = this.#putAt(clause, discourse, theme, split);
        const [first] = puts;
        if (puts.length === 1 || first?.kind !== 'put' || first.target.kind !== 'object') return puts;
        // several on one: each on top of the one before
        return puts.map((put, i) => {
          const below = puts[i - 1];
          return i === 0 || put.kind !== 'put' || below?.kind !== 'put'
            ? put
            : { ...put, target: { kind: 'object', relation: 'on', ids: [below.object] } };
        });
      });
      const many = theme.items.length > 1 || theme.items[0]?.quantity.kind !== 'one';
      const locative = rest.every((c) => asModifier(c) !== undefined);
      if (many && locative)
        piles.push(() =>
          this.#pile(
            clause,
            this.#ground(
              narrow(
                theme,
                rest.map(asModifier).filter((m) => m !== undefined),
              ),
              discourse,
              { role: 'moved' },
            ),
          ),
        );
      return piles;
    }
    return [() => this.#pile(clause, this.#ground(plural(theme), discourse, { role: 'moved' }))];
  }

  /** One on top of the other, the widest at the bottom. */
  #pile(clause: Clause, ids: readonly string[]): Action[] {
    if (ids.length < 2) {
      throw refusal('incomplete', `"${clause.text}" does not say what to stack it on.`, {
        words: [clause.text],
        hint: 'Say "on the blue cube".',
      });
    }
    const area = (id: string) => {
      const [x, y] = this.#grounder.of(id).object.size;
      return x * y;
    };
    const order = ids
      .map((id, i) => ({ id, i }))
      .sort((a, b) => (Math.abs(area(b.id) / area(a.id) - 1) < 0.1 ? b.i - a.i : area(b.id) - area(a.id)));
    return order.slice(1).map(({ id }, i) => ({
      kind: 'put',
      verb: 'stack',
      object: id,
      target: { kind: 'object', relation: 'on', ids: [(order[i] as { id: string }).id] },
      text: clause.text,
    }));
  }

  // --- push, pull ----------------------------------------------------------------------------------------------

  #push(clause: Clause, discourse: Discourse): Reading[] {
    const { theme, rest } = this.#split(clause);
    const gapped = this.#gapped(clause, discourse, theme, rest);
    if (gapped !== undefined) return gapped;
    const closing = rest.some(
      (c) => c.kind === 'particle' && (c.word === 'closed' || c.word === 'shut' || c.word === 'in'),
    );
    const described = narrow(
      theme,
      rest.map(asModifier).filter((m) => m !== undefined),
    );
    const single = theme.items.length === 1 ? this.#trySingle(described, discourse) : undefined;
    if (
      single !== undefined &&
      rest.every((c) => c.kind === 'particle' || asModifier(c) !== undefined) &&
      !rest.some((c) => (c.kind === 'relation' && c.goal) || (c.kind === 'place' && c.place.goal))
    ) {
      const f = this.#grounder.of(single);
      if (this.#isControl(single) && !f.nouns.has('slider')) {
        return [() => [{ kind: 'press', verb: 'press', object: single, text: clause.text }]];
      }
      if (f.openable || closing || [...f.nouns].some((noun) => HANDLE_NOUNS.has(noun)))
        return [() => this.#openOrClose(clause, 'close', discourse)];
    }
    return this.#transport(clause, discourse, theme, rest, 'push');
  }

  #pull(clause: Clause, discourse: Discourse): Reading[] {
    const { theme, rest } = this.#split(clause);
    const single = theme.items.length === 1 ? this.#trySingle(theme, discourse) : undefined;
    const simple = rest.every(
      (c) =>
        c.kind === 'particle' ||
        c.kind === 'direction' ||
        c.kind === 'measure' ||
        (c.kind === 'relation' && !c.goal),
    );
    if (single !== undefined && simple) {
      const f = this.#grounder.of(single);
      if (f.openable || [...f.nouns].some((noun) => HANDLE_NOUNS.has(noun)))
        return [() => this.#openOrClose(clause, 'open', discourse)];
    }
    if (rest.length === 0 || rest.every((c) => c.kind === 'measure' || c.kind === 'particle'))
      return this.#shift(clause, discourse, theme, rest, 'drag', 'front');
    return this.#transport(clause, discourse, theme, rest, 'drag');
  }

  #trySingle(theme: NounGroup, discourse: Discourse): string | undefined {
    for (const role of ['openable', 'moved'] as const) {
      try {
        const ids = this.#ground(theme, discourse, { role });
        if (ids.length === 1) return ids[0];
      } catch {
        continue;
      }
    }
    return undefined;
  }

  #transport(
    clause: Clause,
    discourse: Discourse,
    theme: NounGroup,
    rest: readonly Chunk[],
    kind: 'push' | 'drag',
  ): Reading[] {
    const directed = rest.some(
      (c) =>
        c.kind === 'direction' ||
        (c.kind === 'place' && c.place.goal && !c.place.explicit) ||
        (c.kind === 'particle' && /^(?:away|up|down|back)$/.test(c.word)),
    );
    if (directed && !rest.some((c) => c.kind === 'relation' && c.goal))
      return this.#shift(clause, discourse, theme, rest, kind);
    const plain = rest.filter((c) => !(c.kind === 'particle' && (c.word === 'over' || c.word === 'off')));
    const splits = destinations(plain);
    if (splits.length === 0) {
      throw (
        this.#unread(clause, plain) ??
        refusal('incomplete', `Where should "${theme.text}" be ${kind === 'push' ? 'pushed' : 'pulled'}?`, {
          words: [clause.text],
          hint: 'Say "to the target" or "to the left".',
        })
      );
    }
    return splits.map(
      (split) => () =>
        this.#putAt(clause, discourse, theme, split).map((action): Action => {
          if (action.kind !== 'put') return action;
          const { target } = action;
          // something pushed or dragged over the table cannot climb into a bowl
          if (
            target.kind === 'object' &&
            target.relation === 'in' &&
            !this.#grounder.of(target.ids[0] as string).area
          ) {
            return action;
          }
          return { ...action, kind, verb: kind === 'push' ? 'push' : 'pull' };
        }),
    );
  }

  // --- things that open and switch -------------------------------------------------------------------------------

  #openOrClose(clause: Clause, kind: 'open' | 'close', discourse: Discourse): Action[] {
    const { theme, rest } = this.#split(clause);
    let distance: number | undefined;
    let means: string | undefined;
    const modifiers: Modifier[] = [];
    for (const chunk of rest) {
      if (chunk.kind === 'measure' && chunk.measure.kind === 'length') distance = chunk.measure.metres;
      else if (chunk.kind === 'particle' || chunk.kind === 'direction') continue;
      else if (
        chunk.kind === 'relation' &&
        chunk.reference !== undefined &&
        (chunk.relation === 'next-to' || chunk.relation === 'with') &&
        HANDLE_NOUNS.has(chunk.reference.items[0]?.head ?? '')
      ) {
        means = this.#ground(chunk.reference, discourse, { role: 'control' })[0];
      } else {
        const modifier = asModifier(chunk);
        if (modifier === undefined || (chunk.kind === 'relation' && chunk.goal))
          throw refusal('leftover', `I do not understand "${chunk.text}" in "${clause.text}".`, {
            words: [chunk.text],
          });
        modifiers.push(modifier);
      }
    }
    const objects = this.#ground(narrow(theme, modifiers), discourse, { role: 'openable' });
    return objects.map((id) => {
      const f = this.#grounder.of(id);
      const handle = [...f.nouns].some((noun) => HANDLE_NOUNS.has(noun));
      const owner = handle ? this.#ownerOf(id) : undefined;
      if (!f.openable && owner === undefined && !handle) {
        throw refusal(
          'unsupported',
          `The ${f.object.label} cannot be ${kind === 'open' ? 'opened' : 'closed'}.`,
          { words: [clause.text], candidates: [f.object] },
        );
      }
      const tool = handle ? id : means;
      return {
        kind,
        verb: kind,
        object: owner ?? id,
        ...(tool === undefined ? {} : { means: tool }),
        ...(distance === undefined ? {} : { distance }),
        text: clause.text,
      };
    });
  }

  /** The thing that a handle opens: what it is part of, or what its label names. */
  #ownerOf(id: string): string | undefined {
    const f = this.#grounder.of(id);
    if (f.object.partOf !== undefined) return f.object.partOf;
    const stems = new Set(f.names.flatMap((name) => name.slice(0, -1)));
    return this.#grounder.features.find(
      (other) => other !== f && other.openable && [...other.nouns].some((noun) => stems.has(noun)),
    )?.object.id;
  }

  #switch(clause: Clause, discourse: Discourse): Action[] {
    const state = clause.sense === 'turn-on' ? 'on' : clause.sense === 'turn-off' ? 'off' : 'other';
    const verb = state === 'other' ? 'toggle' : `turn ${state}`;
    const { theme, rest } = this.#split(clause);
    let means: string | undefined;
    const modifiers: Modifier[] = [];
    for (const chunk of rest) {
      const first = chunk.kind === 'relation' ? chunk.reference?.items[0] : undefined;
      if (
        chunk.kind === 'relation' &&
        first !== undefined &&
        (chunk.relation === 'with' || chunk.relation === 'next-to') &&
        CONTROL_NOUNS.has(first.head ?? '')
      ) {
        means = this.#grounder.phrase(first, discourse, { role: 'control' })[0]?.id;
      } else {
        const modifier = asModifier(chunk);
        if (chunk.kind === 'direction' || (chunk.kind === 'particle' && /^(?:up|down)$/.test(chunk.word)))
          continue;
        if (modifier === undefined) throw this.#leftover(clause, [chunk]);
        modifiers.push(modifier);
      }
    }
    const objects = this.#ground(narrow(theme, modifiers), discourse, { role: 'control' });
    return objects.map((object) => {
      if (!this.#grounder.of(object).fixture && !this.#isControl(object)) {
        throw refusal(
          'unsupported',
          `The ${this.#grounder.of(object).object.label} is nothing that can be switched.`,
          { words: [clause.text] },
        );
      }
      return {
        kind: 'switch',
        verb,
        object,
        state,
        ...(means === undefined ? {} : { means }),
        text: clause.text,
      };
    });
  }

  // --- the rest ------------------------------------------------------------------------------------------------

  #simple(clause: Clause, discourse: Discourse, role: Role): string[] {
    const { theme, rest } = this.#split(clause);
    const modifiers = rest
      .filter((c) => !(c.kind === 'particle' && (c.word === 'down' || c.word === 'in')))
      .map((c) => asModifier(c) ?? c);
    const odd = modifiers.find((m): m is Chunk => !('negated' in m));
    if (odd !== undefined)
      throw (
        this.#unread(clause, [odd]) ??
        refusal('leftover', `I do not understand "${odd.text}" here.`, { words: [odd.text] })
      );
    return this.#ground(narrow(theme, modifiers as Modifier[]), discourse, { role });
  }

  #rotate(clause: Clause, discourse: Discourse): Action[] {
    const { theme, rest } = this.#split(clause);
    let angle = quarterTurn;
    let sign = 1;
    const modifiers: Modifier[] = [];
    for (const chunk of rest) {
      if (chunk.kind === 'measure' && chunk.measure.kind === 'angle') angle = chunk.measure.radians;
      else if (chunk.kind === 'turn') sign = chunk.sense === 'clockwise' ? -1 : 1;
      else if (chunk.kind === 'direction' && (chunk.direction === 'left' || chunk.direction === 'right'))
        sign = chunk.direction === 'right' ? -1 : 1;
      else if (
        chunk.kind === 'place' &&
        chunk.place.goal &&
        (chunk.place.sides[0] === 'left' || chunk.place.sides[0] === 'right')
      )
        sign = chunk.place.sides[0] === 'right' ? -1 : 1;
      else if (chunk.kind === 'particle' && chunk.word === 'around') continue;
      else {
        const modifier = asModifier(chunk);
        if (modifier === undefined || (chunk.kind === 'relation' && chunk.goal))
          throw refusal('leftover', `I do not understand "${chunk.text}" in "${clause.text}".`, {
            words: [chunk.text],
          });
        modifiers.push(modifier);
      }
    }
    return this.#ground(narrow(theme, modifiers), discourse, { role: 'moved' }).map((object) => ({
      kind: 'rotate',
      verb: 'rotate',
      object,
      angle: sign * angle,
      text: clause.text,
    }));
  }

  #insert(clause: Clause, discourse: Discourse): Reading[] {
    const { theme, rest } = this.#split(clause);
    if (destinations(rest).length > 0) return this.#put(clause, discourse);
    return [
      () => {
        const objects = this.#simple(clause, discourse, 'moved');
        const holes = this.#grounder.features.filter((f) =>
          [...f.nouns].some((noun) => HOLE_NOUNS.has(noun)),
        );
        if (holes.length !== 1) {
          throw refusal(
            holes.length === 0 ? 'incomplete' : 'ambiguous',
            `Where should "${theme.text}" be inserted?`,
            { words: [clause.text], candidates: holes.map((f) => f.object) },
          );
        }
        return objects.map((object) => ({
          kind: 'insert',
          verb: 'insert',
          object,
          hole: (holes[0] as (typeof holes)[number]).object.id,
          text: clause.text,
        }));
      },
    ];
  }

  #sort(clause: Clause, discourse: Discourse): Action[] {
    const theme = this.#theme(clause);
    const destination = clause.chunks.find((c): c is RelationChunk => c.kind === 'relation');
    const odd = clause.chunks.find(
      (c) =>
        c.kind !== 'noun' &&
        c.kind !== 'relation' &&
        c.kind !== 'by-colour' &&
        !(c.kind === 'particle' && c.word === 'apart'),
    );
    if (odd !== undefined)
      throw refusal('leftover', `I do not understand "${odd.text}" in "${clause.text}".`, {
        words: [odd.text],
        hint: 'I sort by colour.',
      });
    if (
      destination !== undefined &&
      destination.relation !== 'in' &&
      destination.relation !== 'on' &&
      destination.relation !== 'to'
    ) {
      throw refusal('unsupported', `I cannot sort "${destination.text}".`, {
        words: [destination.text],
        hint: 'I sort by colour, into containers of that colour.',
      });
    }
    return this.#distribute(
      clause,
      discourse,
      theme === undefined ? undefined : plural(theme),
      destination?.reference,
    );
  }

  #reach(clause: Clause, discourse: Discourse): Reading[] {
    const direct = clause.chunks.some((c) => c.kind === 'noun');
    const relation = clause.chunks.find(
      (c): c is RelationChunk => c.kind === 'relation' && c.reference !== undefined,
    );
    const above = clause.verb === 'hover' || relation?.relation === 'above';
    if (!direct && relation?.reference !== undefined) {
      const { reference } = relation;
      return [
        () =>
          this.#ground(reference, discourse, { role: 'control' }).map((object) => ({
            kind: 'reach',
            verb: 'reach',
            object,
            above,
            text: clause.text,
          })),
      ];
    }
    return [
      () =>
        this.#simple(clause, discourse, 'control').map((object) => ({
          kind: 'reach',
          verb: 'reach',
          object,
          above: clause.verb === 'hover',
          text: clause.text,
        })),
    ];
  }

  #release(clause: Clause, discourse: Discourse): Action[] {
    const theme = this.#theme(clause);
    if (theme !== undefined) {
      const [object] = this.#ground(theme, discourse, { role: 'moved' });
      if (discourse.held !== undefined && object !== discourse.held) {
        throw refusal('contradiction', `The gripper does not hold "${theme.text}".`, { words: [theme.text] });
      }
    }
    return [{ kind: 'release', verb: 'release', text: clause.text }];
  }
}
