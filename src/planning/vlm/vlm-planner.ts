import { WaybookError, messageOf } from '../../core/errors.ts';
import { hashJson } from '../../core/hash.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { Action } from '../language/action.ts';
import { stepOf } from '../language-planner.ts';
import type { PlanAttempt, Planner, PlanRequest, PlanResult, PlanView } from '../planner.ts';
import { compile } from '../templates/compile.ts';
import { spatialFormat, type SpatialFormat, type SpatialPoint } from './formats/spatial-format.ts';
import { fromLetterbox, letterboxOf } from './letterbox.ts';
import { lift } from './lifting.ts';
import type { ModelImage, ModelMessage, ModelPort } from './model-port.ts';
import { ReplyChecker, replySchema, type PlanReply } from './plan-reply.ts';
import { planMessages, repairMessage } from './prompt.ts';
import { actionsOf, type LiftPoint } from './reply-actions.ts';
import { jsonOf } from './reply-extraction.ts';
import { fitSquare } from './marks.ts';
import { decodePng, encodePng } from './png.ts';
import { segmentProblems } from './segment-check.ts';
import { planTrace, type TracePlan } from './trace-plan.ts';

export interface VlmPlannerOptions {
  /** id of a point format; absent: by the model's name */
  readonly format?: string;
  /** fits a picture into the square and draws numbered marks; absent: pictures go as they are */
  readonly drawMarks?: (view: PlanView, objects: PlanRequest['objects']) => ModelImage | undefined;
  /** says which waypoints the arm cannot reach, as sentences */
  readonly reachProblems?: (waypoints: readonly Waypoint[]) => readonly string[];
}

/** Corrections that a model may be asked for. */
const REPAIRS = 2;

/**
 * A planner that asks a model for objects, order and events, and computes every metre itself. What the model says is
 * checked against this scene (schema with its ids, semantics, workspace, reach, straight segments), and sent back at
 * most twice with what is wrong. Then it fails with all attempts in `details.data.attempts`.
 */
export function vlmPlanner(port: ModelPort, options: VlmPlannerOptions = {}): Planner {
  return { id: port.id, plan: (request, signal) => planWithModel(port, options, request, signal) };
}

async function planWithModel(
  port: ModelPort,
  options: VlmPlannerOptions,
  request: PlanRequest,
  signal: AbortSignal,
): Promise<PlanResult> {
  if (request.objects.length === 0) {
    throw new WaybookError('input/grounding', 'There is nothing in the scene to plan with.', {
      hint: 'Capture first.',
    });
  }
  const format = spatialFormat(port.model, options.format);
  const view = request.views?.[0];
  if (format.traces === true && view !== undefined)
    return planByTrace(port, format, view, request, options, signal);
  const images = imagesOf(request, options);
  const points = images.length > 0;
  const checker = new ReplyChecker(request.objects, points);
  const schema = replySchema(request.objects, points);
  const opening = planMessages(request, format, images);
  const promptHash = hashJson({ messages: opening.map(({ role, text }) => ({ role, text })), schema });
  const messages: ModelMessage[] = [...opening];
  const attempts: PlanAttempt[] = [];
  let model = port.model;
  for (let attempt = 0; attempt <= REPAIRS; attempt++) {
    signal.throwIfAborted();
    const reply = await withAttempts(port.ask({ messages, schema }, signal), attempts);
    model = reply.model;
    const lifting = reply.without.includes('image') ? undefined : lifter(request, format);
    const outcome = examine(jsonOf(reply.text, !reply.truncated), checker, request, options, lifting);
    const problems =
      reply.truncated && 'problems' in outcome
        ? ['The reply was cut off before its end; be shorter.', ...outcome.problems]
        : undefined;
    attempts.push({ raw: reply.text, problems: problems ?? ('problems' in outcome ? outcome.problems : []) });
    if ('plan' in outcome) {
      const { actions, waypoints } = outcome.plan;
      return {
        provider: port.id,
        model,
        promptHash,
        steps: actions.map(stepOf),
        waypoints,
        summary: `${actions.map((a) => a.text).join(', then ')} (${model})`,
        viewpoint: request.viewpoint,
        attempts,
      };
    }
    if ('refusal' in outcome) {
      throw new WaybookError('input/grounding', `The model will not plan this: ${outcome.refusal}`, {
        hint: 'Rephrase the instruction, or choose the built-in language planner.',
        data: {
          reason: 'refused',
          words: [],
          candidates: [],
          suggestions: [],
          attempts: attempts.map((a) => ({ ...a })),
          model,
        },
      });
    }
    messages.push({ role: 'assistant', text: reply.text.slice(0, 4000) }, repairMessage(outcome.problems));
  }
  throw exhausted(attempts, model, promptHash);
}

/** The same for models that answer with traces of the tool, (u, v, d): their own prompt, no schema, the same checks. */
async function planByTrace(
  port: ModelPort,
  format: SpatialFormat,
  view: PlanView,
  request: PlanRequest,
  options: VlmPlannerOptions,
  signal: AbortSignal,
): Promise<PlanResult> {
  const picture = squarePicture(view);
  const opening: ModelMessage[] = [
    { role: 'user', text: format.ask(JSON.stringify(request.instruction).slice(1, -1)), images: [picture] },
  ];
  const promptHash = hashJson({ messages: opening.map(({ role, text }) => ({ role, text })) });
  const messages = [...opening];
  const attempts: PlanAttempt[] = [];
  let model = port.model;
  for (let attempt = 0; attempt <= REPAIRS; attempt++) {
    signal.throwIfAborted();
    const reply = await withAttempts(port.ask({ messages }, signal), attempts);
    model = reply.model;
    if (reply.without.includes('image')) {
      throw new WaybookError(
        'input/planner',
        `The model "${model}" takes no picture, and a trace needs one.`,
        {
          hint: 'Use a model that sees, or another point format.',
        },
      );
    }
    const outcome = examineTrace(format.parse(reply.text), view, request, options);
    const problems = reply.truncated
      ? ['The reply was cut off before its end; be shorter.']
      : 'problems' in outcome
        ? outcome.problems
        : [];
    attempts.push({ raw: reply.text, problems });
    if (!('problems' in outcome) && !reply.truncated) {
      const { steps, waypoints } = outcome;
      const names = steps.map((s) => request.objects.find((o) => o.id === s.object)?.label ?? s.object);
      return {
        provider: port.id,
        model,
        promptHash,
        steps,
        waypoints,
        summary: `${steps.map((s, i) => `${s.verb} ${names[i] ?? ''}`).join(', then ')} along the model's trace (${model})`,
        viewpoint: request.viewpoint,
        attempts,
      };
    }
    messages.push({ role: 'assistant', text: reply.text.slice(0, 4000) }, repairMessage(problems));
  }
  throw exhausted(attempts, model, promptHash);
}

function examineTrace(
  points: readonly SpatialPoint[] | undefined,
  view: PlanView,
  request: PlanRequest,
  options: VlmPlannerOptions,
): TracePlan | { problems: readonly string[] } {
  if (points === undefined)
    return { problems: ['The reply holds no list of (x, y, depth) within 0 to 1000 and a depth above 0.'] };
  try {
    const plan = planTrace(points, view, request);
    if ('problems' in plan) return plan;
    const problems = [
      ...segmentProblems(
        request.robot.toolPose.position,
        plan.waypoints,
        request.objects,
        new Set(plan.touched),
      ),
      ...(options.reachProblems?.(plan.waypoints) ?? []),
    ];
    return problems.length > 0 ? { problems } : plan;
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
    return { problems: [messageOf(error)] };
  }
}

/** The picture in its square without marks; as it is where it cannot be decoded. */
function squarePicture(view: PlanView): ModelImage {
  const decoded = decodePng(view.image);
  if (decoded !== undefined) return { mime: 'image/png', bytes: encodePng(fitSquare(decoded)) };
  const jpeg = view.image[0] === 0xff && view.image[1] === 0xd8;
  return { mime: jpeg ? 'image/jpeg' : 'image/png', bytes: view.image };
}

/** The failure after the last correction, with everything that was tried. */
function exhausted(attempts: readonly PlanAttempt[], model: string, promptHash: string): WaybookError {
  const last = attempts[attempts.length - 1];
  return new WaybookError(
    'input/planner',
    `The model gave no usable plan in ${attempts.length} tries: ${last?.problems.join(' ') ?? ''}`,
    {
      hint: 'Its replies are in the output. Plan again, or choose another planner.',
      data: { attempts: attempts.map((a) => ({ ...a })), model, promptHash },
    },
  );
}

/** A failure of the endpoint keeps what was tried before it. */
async function withAttempts<T>(asked: Promise<T>, attempts: readonly PlanAttempt[]): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (!(error instanceof WaybookError) || attempts.length === 0) throw error;
    throw new WaybookError(error.code, error.message, {
      ...error.details,
      data: { ...error.details.data, attempts: attempts.map((a) => ({ ...a })) },
      cause: error,
    });
  }
}

type Outcome =
  | { readonly plan: { readonly actions: readonly Action[]; readonly waypoints: readonly Waypoint[] } }
  | { readonly refusal: string }
  | { readonly problems: readonly string[] };

function examine(
  value: unknown,
  checker: ReplyChecker,
  request: PlanRequest,
  options: VlmPlannerOptions,
  lifting: LiftPoint | undefined,
): Outcome {
  const read = checker.read(value);
  if ('problems' in read) return read;
  const reply: PlanReply = read.reply;
  if (reply.steps.length === 0) {
    return reply.refusal === undefined
      ? { problems: ['The list of steps is empty and there is no refusal.'] }
      : { refusal: reply.refusal };
  }
  const meant = actionsOf(reply, request.objects, lifting);
  if ('problems' in meant) return meant;
  try {
    const waypoints = compile(meant.actions, request);
    const touched = new Set(
      meant.actions.flatMap((a) =>
        'object' in a
          ? [
              a.object,
              ...('target' in a && a.target.kind === 'object' ? a.target.ids : []),
              ...(a.kind === 'insert' ? [a.hole] : []),
            ]
          : [],
      ),
    );
    const owners = request.objects
      .filter((o) => touched.has(o.id) && o.partOf !== undefined)
      .map((o) => o.partOf as string);
    const parts = request.objects
      .filter((o) => o.partOf !== undefined && touched.has(o.partOf))
      .map((o) => o.id);
    const problems = [
      ...segmentProblems(
        request.robot.toolPose.position,
        waypoints,
        request.objects,
        new Set([...touched, ...owners, ...parts]),
      ),
      ...(options.reachProblems?.(waypoints) ?? []),
    ];
    return problems.length > 0 ? { problems } : { plan: { actions: meant.actions, waypoints } };
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
    return { problems: [messageOf(error)] };
  }
}

function imagesOf(request: PlanRequest, options: VlmPlannerOptions): ModelImage[] {
  return (request.views ?? []).flatMap((view) => {
    const drawn = options.drawMarks?.(view, request.objects);
    if (drawn !== undefined) return [drawn];
    const jpeg = view.image[0] === 0xff && view.image[1] === 0xd8;
    return [{ mime: jpeg ? ('image/jpeg' as const) : ('image/png' as const), bytes: view.image }];
  });
}

/** Points of the first picture to metres: undo the square, then instance, then depth. */
function lifter(request: PlanRequest, format: SpatialFormat): LiftPoint | undefined {
  const view = request.views?.[0];
  if (view === undefined) return undefined;
  const box = letterboxOf(view.intrinsics.width, view.intrinsics.height);
  return ([a, b]) => {
    const [x, y] = format.order === 'xy' ? [a, b] : [b, a];
    const pixel = fromLetterbox(box, x, y);
    if (pixel === undefined) return `the point [${a}, ${b}] is outside the picture.`;
    const lifted = lift(view, pixel[0], pixel[1], request.objects);
    switch (lifted.kind) {
      case 'instance': {
        const { object } = lifted;
        return [
          object.pose.position[0],
          object.pose.position[1],
          object.pose.position[2] + object.size[2] / 2,
        ];
      }
      case 'depth':
        return lifted.position;
      case 'none':
        return `nothing is known of the surface at the point [${a}, ${b}]; name a destination instead.`;
    }
  };
}
