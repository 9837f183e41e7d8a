import type { Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Action, Target } from '../language/action.ts';
import type { PlanReply, ReplyStep } from './plan-reply.ts';

/** Puts a point of the picture into base [m], or says why not. */
export type LiftPoint = (point: readonly [number, number]) => Vec3 | string;

/** Actions of a reply, or what does not make sense in it. */
export function actionsOf(
  reply: PlanReply,
  objects: readonly SceneObject[],
  lift: LiftPoint | undefined,
): { actions: Action[] } | { problems: string[] } {
  const problems: string[] = [];
  const actions: Action[] = [];
  let held: string | undefined;
  const label = (id: string) => objects.find((o) => o.id === id)?.label ?? id;
  reply.steps.forEach((step, i) => {
    const fail = (problem: string) => problems.push(`steps.${i}: ${problem}`);
    const text = step.reason ?? `${step.action} ${step.object ?? ''}`.trim();
    if (step.action === 'release') {
      if (held === undefined) fail('nothing is held that could be released; use "pick" first, or "put".');
      held = undefined;
      actions.push({ kind: 'release', verb: 'release', text });
      return;
    }
    const { object } = step;
    if (object === undefined) return void fail(`"${step.action}" needs an object.`);
    if (object === step.destination) return void fail('an object cannot be its own destination.');
    if (held !== undefined && held !== object) {
      return void fail(`the gripper still holds ${label(held)}; put it somewhere first.`);
    }
    const action = oneAction(step, object, text, lift, fail);
    if (action === undefined) return;
    actions.push(action);
    held = step.action === 'pick' ? object : undefined;
  });
  if (problems.length > 0) return { problems };
  // a thing that is picked and then put is put once
  const merged = actions.filter((action, i) => {
    const next = actions[i + 1];
    return !(
      action.kind === 'pick' &&
      next !== undefined &&
      'object' in next &&
      next.object === action.object &&
      next.kind !== 'pick'
    );
  });
  return { actions: merged };
}

function oneAction(
  step: ReplyStep,
  object: string,
  text: string,
  lift: LiftPoint | undefined,
  fail: (problem: string) => void,
): Action | undefined {
  const said = { verb: step.action, text, object };
  switch (step.action) {
    case 'put':
    case 'push':
    case 'pull': {
      const target = targetOf(step, lift, fail);
      if (target === undefined) return undefined;
      return { ...said, kind: step.action === 'pull' ? 'drag' : step.action, target };
    }
    case 'insert':
      if (step.destination === undefined) return void fail('"insert" needs the hole as its destination.');
      return { ...said, kind: 'insert', hole: step.destination };
    case 'pick':
    case 'press':
    case 'open':
    case 'close':
      return { ...said, kind: step.action };
    case 'switch-on':
    case 'switch-off':
      return { ...said, kind: 'switch', state: step.action === 'switch-on' ? 'on' : 'off' };
    case 'rotate':
      if (step.angle === undefined) return void fail('"rotate" needs an angle in degrees.');
      return { ...said, kind: 'rotate', angle: (step.angle * Math.PI) / 180 };
    case 'reach':
      return { ...said, kind: 'reach', above: true };
    case 'release':
      return undefined;
  }
}

function targetOf(
  step: ReplyStep,
  lift: LiftPoint | undefined,
  fail: (problem: string) => void,
): Target | undefined {
  if (step.destination !== undefined) {
    return { kind: 'object', relation: step.relation ?? 'on', ids: [step.destination] };
  }
  if (step.point === undefined || lift === undefined) {
    fail(`"${step.action}" needs a destination${lift === undefined ? '' : ' or a point'}.`);
    return undefined;
  }
  const position = lift(step.point);
  if (typeof position === 'string') {
    fail(position);
    return undefined;
  }
  return { kind: 'point', position };
}
