import { WaybookError, messageOf } from '../../core/errors.ts';
import { hashJson } from '../../core/hash.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { Action } from '../language/action.ts';
import { stepOf } from '../language-planner.ts';
import type { PlanAttempt, Planner, PlanRequest, PlanResult, PlanView } from '../planner.ts';
import { compile } from '../templates/compile.ts';
import { spatialFormat, type SpatialFormat } from './formats/spatial-format.ts';
import { fromLetterbox, letterboxOf } from './letterbox.ts';
import { lift } from './lifting.ts';
import type { ModelImage, ModelMessage, ModelPort } from './model-port.ts';
import { ReplyChecker, replySchema, type PlanReply } from './plan-reply.ts';
import { planMessages, repairMessage } from './prompt.ts';
import { actionsOf, type LiftPoint } from './reply-actions.ts';
import { jsonOf } from './reply-extraction.ts';
import { segmentProblems } from './segment-check.ts';

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
  const last = attempts[attempts.length - 1];
  throw new WaybookError(
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
