import type { SceneObject } from '../../core/scene-object.ts';
import type { Goal, Relation } from '../../simulator/goals.ts';

const BESIDE: ReadonlySet<string> = new Set([
  'next-to',
  'left-of',
  'right-of',
  'in-front-of',
  'behind',
  'between',
]);
const WAYS: Readonly<Record<string, Relation>> = {
  left: 'moved-left',
  right: 'moved-right',
  back: 'moved-away',
  front: 'moved-near',
  up: 'held',
};
const SIDES: Readonly<Record<string, Relation>> = {
  left: 'at-left',
  right: 'at-right',
  back: 'at-back',
  front: 'at-front',
  middle: 'at-middle',
};

/**
 * What must be true in the simulator when labelled steps (canonical form, any order) have been done. `instruction` names
 * the control where a label says only what is switched. Undefined where the simulator cannot say: a step that it has no
 * relation for.
 */
export function goalsOf(
  steps: readonly string[],
  objects: readonly SceneObject[],
  instruction: string,
): Goal[] | undefined {
  const goals: Goal[] = [];
  const closed = new Set(steps.filter((s) => s.startsWith('close ')).map((s) => s.slice(6)));
  const moved = new Set(steps.filter((s) => !s.startsWith('pick ')).map((s) => s.split(' ')[1]));
  for (const step of steps) {
    const [verb = '', object = '', where = '', ...references] = step.split(' ');
    // what is closed again, or picked up to be put, ends otherwise
    if ((verb === 'open' && closed.has(object)) || (verb === 'pick' && moved.has(object))) continue;
    const found = oneStep(verb, object, where, references, objects, instruction);
    if (found === undefined) return undefined;
    goals.push(...found);
  }
  return goals;
}

function oneStep(
  verb: string,
  object: string,
  where: string,
  references: readonly string[],
  objects: readonly SceneObject[],
  instruction: string,
): Goal[] | undefined {
  const goal = (relation: Relation, ...others: string[]): Goal[] => [
    { relation, things: [object, ...others] },
  ];
  switch (verb) {
    case 'pick':
      return goal('held');
    case 'open':
      return goal('open');
    case 'close':
      return goal('closed');
    case 'press':
      return goal('pressed');
    case 'insert':
      // a plate with a hole: the hole is what something is in
      return goal('in', objects.find((o) => o.partOf === where && o.shape === 'hole')?.id ?? where);
    case 'rotate':
      return articulated(object, objects) ? goal('turned') : goal('spun');
    case 'switch': {
      const control = controlFor(object, objects, instruction);
      if (control === undefined) return undefined;
      return [{ relation: control.shape === 'button' ? 'pressed' : 'turned', things: [control.id] }];
    }
    case 'put':
    case 'push':
    case 'drag': {
      if (where === 'table') return goal('on', 'table');
      if (where.startsWith('>')) {
        const way = WAYS[where.slice(1)];
        return way === undefined ? undefined : goal(way);
      }
      if (where.startsWith('@')) {
        return [where.slice(1), ...references].flatMap((side) => {
          const relation = SIDES[side];
          return relation === undefined ? [] : goal(relation);
        });
      }
      const [first] = references;
      if (first === undefined) return undefined;
      if (where === 'in' || where === 'on') return goal(where, first);
      return BESIDE.has(where) ? goal(where as Relation, ...references) : undefined;
    }
    default:
      return undefined;
  }
}

const articulated = (id: string, objects: readonly SceneObject[]): boolean =>
  objects.find((o) => o.id === id)?.articulation !== undefined;

/** The button or knob that works a thing: itself, the one that the words name, or the only one. */
function controlFor(
  id: string,
  objects: readonly SceneObject[],
  instruction: string,
): SceneObject | undefined {
  const controls = objects.filter((o) => o.shape === 'button' || o.shape === 'knob' || o.shape === 'lever');
  const own = controls.find((o) => o.id === id);
  if (own) return own;
  const named = controls.filter((o) => instruction.toLowerCase().includes(o.label.toLowerCase()));
  if (named.length === 1) return named[0];
  return controls.length === 1 ? controls[0] : undefined;
}
