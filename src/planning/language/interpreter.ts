import { WaybookError } from '../../core/errors.ts';
import type { Discourse, Grounder } from '../grounding/grounder.ts';
import { list, refusal, refusalReason } from '../refusal.ts';
import type { Action } from './action.ts';
import { openOrClose, switchActions } from './clauses/articulated.ts';
import { readPick, readRemove } from './clauses/pick.ts';
import { readPull, readPush } from './clauses/push.ts';
import { readCover } from './clauses/cover.ts';
import { readPut } from './clauses/put.ts';
import { readReach, releaseActions } from './clauses/reach.ts';
import { readDiscard } from './clauses/discard.ts';
import { simpleObjects, themeOf, type Reader, type Reading } from './clauses/reader.ts';
import { sortActions } from './clauses/sort.ts';
import { readStack } from './clauses/stack.ts';
import { readInsert, rotateActions } from './clauses/turn-and-insert.ts';
import { follow, mention } from './discourse.ts';
import { isSwitching, rank } from './readings.ts';
import type { Clause, NounGroup } from './syntax.ts';

const GRIPPER_NOUNS = new Set(['arm', 'gripper', 'hand', 'finger', 'claw', 'jaw', 'fingers']);

/** Turns one clause into grounded actions. Stateless: everything it knows of earlier clauses is in the discourse. */
export class Interpreter implements Reader {
  readonly grounder: Grounder;

  constructor(grounder: Grounder) {
    this.grounder = grounder;
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
    const theme = themeOf(main);
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
      const [tool] = this.grounder.group(theme, discourse, { role: 'control' });
      if (tool !== undefined) return tool;
    } catch (error) {
      if (refusalReason(error) !== 'ambiguous') throw error;
      const [item] = theme.items;
      const fitting =
        item === undefined
          ? []
          : this.grounder.phrase({ ...item, quantity: { kind: 'all' } }, discourse, { role: 'control' });
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
    const theme = themeOf(means);
    const pronoun = theme?.items[0]?.pronoun;
    if (means.sense === 'push' && pronoun !== undefined) {
      return actions.map((action) => (action.kind === 'put' ? { ...action, kind: 'push' } : action));
    }
    if (theme !== undefined && pronoun === undefined) {
      const tool = this.grounder.group(theme, follow(discourse, actions), { role: 'control' })[0];
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
    const name = (id: string) => this.grounder.of(id).object.label;
    if (action.kind === 'release' || action.kind === 'grip') return action.verb;
    const target =
      'target' in action && action.target.kind === 'object'
        ? ` ${action.target.relation} ${list(action.target.ids.map(name))}`
        : '';
    return `"${action.verb} ${name(action.object)}${target}"`;
  }

  /** "move the arm to the cube", where nothing in the scene is called so */
  #isRobot(theme: NounGroup | undefined): boolean {
    const head = theme?.items[0]?.head;
    return head !== undefined && !this.grounder.features.some((f) => f.nouns.has(head));
  }

  #readings(clause: Clause, discourse: Discourse): Reading[] {
    const theme = themeOf(clause);
    const gripper = theme?.items.length === 1 && GRIPPER_NOUNS.has(theme.items[0]?.head ?? '');
    if (gripper && clause.chunks.length === 1) {
      if (clause.sense === 'open') return [() => [{ kind: 'release', verb: 'open', text: clause.text }]];
      if (clause.sense === 'close') return [() => [{ kind: 'grip', verb: 'close', text: clause.text }]];
    }
    if (clause.sense === 'put' && gripper && this.#isRobot(theme))
      return readReach(
        this,
        { ...clause, chunks: clause.chunks.filter((c) => c.kind !== 'noun') },
        discourse,
      );
    switch (clause.sense) {
      case 'unsupported':
      case 'use':
        throw refusal('unsupported', `I cannot "${clause.verb}".`, {
          words: [clause.verb],
          hint: 'I can put, stack, push, pull, pick up, open, close, press, turn, insert and sort.',
        });
      case 'put':
        return readPut(this, clause, discourse);
      case 'cover':
        return readCover(this, clause, discourse);
      case 'discard':
        return readDiscard(this, clause, discourse);
      case 'pick':
        return readPick(this, clause, discourse);
      case 'remove':
        return readRemove(this, clause, discourse);
      case 'stack':
        return readStack(this, clause, discourse);
      case 'push':
        return readPush(this, clause, discourse);
      case 'pull':
        return readPull(this, clause, discourse);
      case 'open':
      case 'close':
        return [() => openOrClose(this, clause, clause.sense === 'open' ? 'open' : 'close', discourse)];
      case 'press':
        return [
          () =>
            simpleObjects(this, clause, discourse, 'control').map((object) => ({
              kind: 'press',
              object,
              verb: 'press',
              text: clause.text,
            })),
        ];
      case 'turn-on':
      case 'turn-off':
      case 'toggle':
        return [() => switchActions(this, clause, discourse)];
      case 'rotate':
        return [() => rotateActions(this, clause, discourse)];
      case 'insert':
        return readInsert(this, clause, discourse);
      case 'sort':
        return [() => sortActions(this, clause, discourse)];
      case 'reach':
        return readReach(this, clause, discourse);
      case 'release':
        return [() => releaseActions(this, clause, discourse)];
      case 'swap':
        throw refusal('unsupported', `I cannot "${clause.verb}" things in one step.`, {
          words: [clause.verb],
          hint: 'Say where each thing goes, one after the other.',
        });
    }
  }
}
