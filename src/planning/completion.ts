import { IDENTITY_POSE } from '../core/geometry.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { Grounder, type Role } from './grounding/grounder.ts';
import { viewAxes } from './grounding/spatial.ts';
import { Cursor } from './language/cursor.ts';
import { startsVerb } from './language/verb-start.ts';
import { CONTROL_NOUNS } from './language/nouns.ts';
import { takeNounGroup } from './language/noun-group.ts';
import { takePreposition } from './language/place-phrase.ts';
import { tokenize } from './language/tokenizer.ts';
import { verbBase, verbEntries, type VerbSense } from './language/verbs.ts';
import type { Viewpoint } from './planner.ts';

/** One way to go on: `text` replaces the instruction from offset `from` on. */
export interface Completion {
  readonly text: string;
  readonly from: number;
  readonly kind: 'verb' | 'object' | 'relation' | 'sequence';
}

const VERBS = [
  'put',
  'stack',
  'pick up',
  'push',
  'pull',
  'open',
  'close',
  'press',
  'turn on',
  'turn off',
  'rotate',
  'insert',
  'sort',
  'move',
  'remove',
];
const NEVER_WORDS = 3;

/**
 * How an instruction may go on over these objects: verbs, objects that the verb can take (told apart by side where
 * names repeat), relations, destinations. Every object offered grounds to exactly one thing.
 */
export function completeInstruction(
  text: string,
  objects: readonly SceneObject[],
  viewpoint: Viewpoint = 'robot',
): Completion[] {
  const grounder = new Grounder(objects, viewAxes(viewpoint), [0.5, 0]);
  const words = [...text.matchAll(/\S+/g)];
  const open = text !== '' && !/\s$/.test(text);
  for (let dropped = open ? 1 : 0; dropped <= Math.min(words.length, NEVER_WORDS); dropped++) {
    const from = dropped === 0 ? text.length : (words[words.length - dropped]?.index ?? 0);
    const typed = text.slice(from).toLowerCase();
    const found = continuations(text.slice(0, from), grounder).filter(
      (c) => c.text.startsWith(typed) && c.text !== typed,
    );
    if (found.length > 0) return found.map((c) => ({ ...c, from }));
  }
  return [];
}

type Continuation = Omit<Completion, 'from'>;

/** What may follow a text that ends between two words. */
function continuations(text: string, grounder: Grounder): Continuation[] {
  const tokens = tokenize(text);
  const cursor = new Cursor(text, tokens);
  cursor.at = lastClauseStart(tokens.map((t) => t.word));
  const base = verbBase(cursor.word());
  if (base === undefined || !startsVerb(cursor))
    return cursor.done ? VERBS.map((verb) => ({ text: verb, kind: 'verb' })) : [];
  const entry = verbEntries(base).find((e) => e.words.every((word, i) => i === 0 || cursor.word(i) === word));
  const sense: VerbSense = entry?.sense ?? 'put';
  cursor.at += entry?.words.length ?? 1;
  if (entry?.particle !== undefined && cursor.is(entry.particle)) cursor.at++;
  else if (cursor.is('up', 'on', 'off', 'down')) cursor.at++;
  if (cursor.done)
    return sense === 'sort' ? phrases(['the objects by colour'], 'object') : objectPhrases(grounder, sense);
  if (takeNounGroup(cursor, startsVerb) === undefined) return [];
  if (cursor.done) return [...phrases(relationsOf(sense), 'relation'), ...phrases(['then'], 'sequence')];
  if (takePreposition(cursor) === undefined) return [];
  if (cursor.done) return objectPhrases(grounder, undefined);
  if (takeNounGroup(cursor, startsVerb) === undefined) return [];
  return cursor.done ? phrases(['then'], 'sequence') : [];
}

const phrases = (texts: readonly string[], kind: Continuation['kind']): Continuation[] =>
  texts.map((text) => ({ text, kind }));

function lastClauseStart(words: readonly string[]): number {
  for (let i = words.length - 1; i >= 0; i--)
    if (words[i] === 'then' || words[i] === '.' || words[i] === ';') return i + 1;
  return 0;
}

function relationsOf(sense: VerbSense): string[] {
  switch (sense) {
    case 'put':
    case 'remove':
      return ['in', 'on', 'next to', 'to the left of', 'to the right of', 'in front of', 'behind', 'between'];
    case 'stack':
      return ['on'];
    case 'push':
    case 'pull':
      return ['to', 'to the left', 'to the right', 'forward'];
    case 'insert':
      return ['into'];
    default:
      return [];
  }
}

/** "the red cube", or "the left red cube" where there are several; only what grounds to one object. */
function objectPhrases(grounder: Grounder, sense: VerbSense | undefined): Continuation[] {
  const found: Continuation[] = [];
  for (const f of grounder.features) {
    if (sense !== undefined && !fits(sense, f)) continue;
    const label = f.object.label.toLowerCase();
    const tries = [
      `the ${label}`,
      ...['left', 'right', 'front', 'back', 'middle', 'top', 'bottom'].map((side) => `the ${side} ${label}`),
    ];
    const text = tries.find(
      (phrase) => means(grounder, phrase, sense === undefined ? 'container' : 'moved') === f.object.id,
    );
    if (text !== undefined) found.push({ text, kind: 'object' });
  }
  return found;
}

function fits(sense: VerbSense, f: Grounder['features'][number]): boolean {
  switch (sense) {
    case 'open':
    case 'close':
      return f.openable && !f.nouns.has('handle');
    case 'press':
    case 'turn-on':
    case 'turn-off':
    case 'toggle':
      return (
        [...f.nouns].some((noun) => CONTROL_NOUNS.has(noun)) || (sense !== 'press' && f.fixture && !f.area)
      );
    case 'put':
    case 'pick':
    case 'push':
    case 'pull':
    case 'stack':
    case 'insert':
    case 'remove':
      return !f.fixture;
    default:
      return true;
  }
}

function means(grounder: Grounder, phrase: string, role: Role): string | undefined {
  const group = takeNounGroup(new Cursor(phrase, tokenize(phrase)), () => false);
  if (group === undefined) return undefined;
  try {
    const ids = grounder.group(group, { mentions: [], themes: [] }, { role });
    return ids.length === 1 ? ids[0] : undefined;
  } catch {
    return undefined;
  }
}

/** An object that a person names in the notebook at a place, as grounding takes it. */
export function pinnedObject(
  id: string,
  label: string,
  position: SceneObject['pose']['position'],
  size: SceneObject['size'] = [0.04, 0.04, 0.04],
): SceneObject {
  return { id, label, pose: { ...IDENTITY_POSE, position }, size, score: 1, source: 'pinned' };
}
