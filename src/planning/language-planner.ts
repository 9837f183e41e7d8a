import { hashText } from '../core/hash.ts';
import { WaybookError } from '../core/errors.ts';
import type { SceneObject } from '../core/scene-object.ts';
import type { Action } from './language/action.ts';
import { understand } from './language/understand.ts';
import type { Planner, PlanRequest, PlanResult, PlanStep } from './planner.ts';
import { list } from './refusal.ts';
import { compile } from './templates/compile.ts';

/**
 * The built-in planner: a chunk parser, grounding by names and geometry, and waypoint templates. No model, no
 * network; the same request gives the same plan. Refuses with `input/grounding` what the words leave open and with
 * `input/planner` what has no room; `details.data` then has reason, words, candidates and, once understood, steps.
 */
export const languagePlanner: Planner = {
  id: 'language',
  plan: async (request, signal) => {
    signal.throwIfAborted();
    return planByLanguage(request);
  },
};

/** The same, synchronously. */
export function planByLanguage(request: PlanRequest): PlanResult {
  const actions = understand(request.instruction, request);
  const steps = actions.map((action) => stepOf(action));
  const objects = new Map(request.objects.map((o) => [o.id, o]));
  try {
    return {
      provider: 'language',
      steps,
      waypoints: compile(actions, request),
      summary: summarize(actions, objects, request),
      viewpoint: request.viewpoint,
      attempts: [],
      promptHash: hashText(request.instruction),
    };
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
    throw new WaybookError(error.code, error.message, {
      ...error.details,
      data: { ...error.details.data, steps: steps.map((step) => ({ ...step })) },
      cause: error,
    });
  }
}

/** The symbolic form of an action, for people and records. */
export function stepOf(action: Action): PlanStep {
  const base = { verb: action.verb, text: action.text };
  switch (action.kind) {
    case 'put':
    case 'push':
    case 'drag': {
      const { target } = action;
      switch (target.kind) {
        case 'object':
          return {
            ...base,
            object: action.object,
            ...(target.ids[0] === undefined ? {} : { destination: target.ids[0] }),
            relation: target.relation,
            ...(target.ids.length > 1 ? { references: target.ids } : {}),
          };
        case 'table':
          return { ...base, object: action.object, relation: 'on table' };
        case 'point':
          return { ...base, object: action.object, relation: 'at point' };
        case 'place':
          return {
            ...base,
            object: action.object,
            relation: [...target.place.sides, ...(target.place.corner ? ['corner'] : [])].join(' '),
          };
        case 'shift':
          return { ...base, object: action.object, relation: target.name, shift: true };
      }
      break;
    }
    case 'insert':
      return { ...base, object: action.object, destination: action.hole, relation: 'in' };
    case 'open':
    case 'close':
      return {
        ...base,
        object: action.object,
        ...(action.means === undefined ? {} : { with: action.means }),
      };
    case 'switch':
      return {
        ...base,
        object: action.object,
        relation: action.state,
        ...(action.means === undefined ? {} : { with: action.means }),
      };
    case 'rotate':
      return {
        ...base,
        object: action.object,
        relation: `${Math.round((action.angle * 180) / Math.PI)} degrees`,
      };
    case 'pick':
    case 'press':
    case 'reach':
      return { ...base, object: action.object };
    case 'release':
    case 'grip':
      return { ...base, object: 'gripper' };
  }
}

/** "Put red cube (0.97) in blue bowl (0.95)" */
function summarize(
  actions: readonly Action[],
  objects: ReadonlyMap<string, SceneObject>,
  request: PlanRequest,
): string {
  const name = (id: string) => {
    const object = objects.get(id);
    return object === undefined ? id : `${object.label} (${object.score.toFixed(2)})`;
  };
  const phrases = actions.map((action) => {
    const step = stepOf(action);
    const relation = step.relation === undefined ? '' : ` ${step.relation.replace(/-/g, ' ')}`;
    const refs = step.references ?? (step.destination === undefined ? [] : [step.destination]);
    return `${step.verb} ${step.object === 'gripper' ? 'gripper' : name(step.object)}${relation}${refs.length > 0 ? ` ${list(refs.map(name))}` : ''}`;
  });
  const text = phrases.join(', then ');
  const sided = /\b(?:left|right|front|back|behind|leftmost|rightmost|forward|backward)/i.test(
    request.instruction,
  );
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}${sided ? ` (left and right as the ${request.viewpoint} sees them)` : ''}`;
}
