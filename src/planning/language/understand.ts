import type { PlanRequest } from '../planner.ts';
import { Grounder, type Discourse } from '../grounding/grounder.ts';
import { viewAxes } from '../grounding/spatial.ts';
import { list, refusal } from '../refusal.ts';
import type { Action } from './action.ts';
import { parseInstruction } from './clause-parser.ts';
import { follow } from './discourse.ts';
import { Interpreter } from './interpreter.ts';

/** What understanding needs of a request. */
export type Situation = Pick<PlanRequest, 'objects' | 'robot' | 'viewpoint' | 'views'>;

/** The tool is in a closed hand this near to its fingertips [m]. */
const HELD_WITHIN = 0.04;

/**
 * What an instruction asks for in this scene, in order: objects grounded, no metres yet. Refuses (see `refusal.ts`)
 * where words do not fit, fit several things, or are left over.
 */
export function understand(instruction: string, situation: Situation): Action[] {
  const grounder = grounderFor(situation);
  const interpreter = new Interpreter(grounder);
  const clauses = parseInstruction(instruction);
  const held = heldObject(situation);
  let discourse: Discourse = {
    mentions: [],
    themes: [],
    ...(held === undefined ? {} : { held, themes: [held], mentions: [held] }),
  };
  const actions: Action[] = [];
  for (const clause of clauses) {
    const next = interpreter.actions(clause, discourse);
    actions.push(...next);
    discourse = follow(discourse, next, (id) => id !== undefined && !grounder.of(id).fixture);
  }
  return settle(
    actions,
    (id) => grounder.of(id).object.label,
    (id) => grounder.of(id).object.partOf,
    held,
  );
}

export function grounderFor(situation: Situation): Grounder {
  const { min, max } = situation.robot.workspace;
  return new Grounder(situation.objects, viewAxes(situation.viewpoint, situation.views?.[0]), [
    (min[0] + max[0]) / 2,
    (min[1] + max[1]) / 2,
  ]);
}

/** What a gripper that is not fully open encloses, if anything. */
export function heldObject({ objects, robot }: Situation): string | undefined {
  if (robot.gripper > 0.95 || robot.gripper < 0.02) return undefined;
  const tool = robot.toolPose.position;
  const near = objects
    .filter((o) => o.size[2] > 0.005)
    .map((o) => ({
      o,
      d: Math.hypot(o.pose.position[0] - tool[0], o.pose.position[1] - tool[1], o.pose.position[2] - tool[2]),
    }))
    .filter(({ o, d }) => d < HELD_WITHIN + Math.min(...o.size) / 2)
    .sort((a, b) => a.d - b.d);
  return near[0]?.o.id;
}

/** Drops what a later action does anyway (pick, then put) and refuses to hold two things. */
function settle(
  actions: readonly Action[],
  label: (id: string) => string,
  owner: (id: string) => string | undefined,
  heldAtStart: string | undefined,
): Action[] {
  const kept = actions.filter((action, i) => {
    const later = actions.slice(i + 1);
    if (action.kind === 'pick') {
      const next = later.find((a) => a.kind !== 'pick' && a.kind !== 'reach');
      const moved = later.find((a) => 'object' in a && a.object === action.object && a.kind !== 'reach');
      if (
        moved !== undefined &&
        later
          .slice(0, later.indexOf(moved))
          .every((a) => a.kind === 'pick' || a.kind === 'put' || a.kind === 'reach')
      )
        return false;
      const handled = next !== undefined && 'object' in next && owner(action.object) === next.object;
      if (handled || ((next?.kind === 'open' || next?.kind === 'close') && next.means === action.object))
        return false;
      return true;
    }
    // "take it off and put it there"
    if (action.kind === 'put' && action.verb === 'remove') {
      return !later.some((a) => a.kind === 'put' && a.object === action.object);
    }
    // "… and let go of it": putting lets go
    if (action.kind === 'release') {
      const before = actions.slice(0, i).findLast((a) => a.kind !== 'reach');
      return before === undefined || before.kind === 'pick' || before.kind === 'release';
    }
    if (action.kind === 'reach') {
      const next = later[0];
      return !(next !== undefined && 'object' in next && next.object === action.object);
    }
    return true;
  });
  let held = heldAtStart;
  for (const action of kept) {
    if (action.kind === 'release') held = undefined;
    if (!('object' in action)) continue;
    const needsHand = action.kind !== 'reach' && held !== undefined && held !== action.object;
    if (needsHand) {
      throw refusal(
        'contradiction',
        `The gripper holds the ${label(held as string)} and cannot also ${action.verb} the ${label(action.object)}.`,
        {
          words: [action.text],
          hint: 'Say where to put the first thing down.',
        },
      );
    }
    if (action.kind === 'pick') held = action.object;
    else if (action.kind !== 'reach') held = undefined;
  }
  if (kept.length === 0) {
    throw refusal('empty', `Nothing is left to do of ${list(actions.map((a) => `"${a.text}"`))}.`);
  }
  return kept;
}
