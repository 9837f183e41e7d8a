import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { TOOL_DOWN } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { languagePlanner } from '../language-planner.ts';
import type { Planner, PlanRequest, PlanStep } from '../planner.ts';
import { refusalReason } from '../refusal.ts';
import { completeInstruction } from '../completion.ts';
import { canonicalStep, parseInstructionSet, type LabelledInstruction } from './instruction-set.ts';
import { classOf } from './instruction-class.ts';
import { summarize, type PlanningReport } from './planning-report.ts';

/** `held-out-2` was written and labelled later, and first run before anything was changed for it. */
export const PLANNING_HALVES = [
  'development',
  'test',
  'held-out-2',
  'benchmark-style',
  'breadth',
  'breadth-blind',
] as const;
export type PlanningHalf = (typeof PLANNING_HALVES)[number];
/** right: the labelled steps, or refused as labelled; missed: refused though answerable; wrong: planned otherwise. */
export type PlanningOutcome = 'right' | 'missed' | 'wrong';

export interface PlanningCase {
  readonly scene: string;
  readonly instruction: string;
  readonly answerable: boolean;
  readonly outcome: PlanningOutcome;
  /** what kind of thing is asked for ("put in", "open"); of the unanswerable, why it was refused */
  readonly class: string;
  /** canonical steps, or why it refused */
  readonly got: string;
  readonly milliseconds: number;
  /** what completing the first half of its words took */
  readonly completionMilliseconds: number;
}

export interface EvaluatePlanningOptions {
  /** folder with `instructions/` and `scenes/`: `test/planning` of a checkout */
  readonly folder: string;
  readonly planner?: Planner;
  readonly signal?: AbortSignal;
}

/** How the robot stands while instructions are judged: open hand over the table, seen from the robot. */
const ROBOT: PlanRequest['robot'] = {
  toolPose: { position: [0.3, 0, 0.48], orientation: TOOL_DOWN },
  gripper: 1,
  maxOpening: 0.08,
  workspace: { min: [-0.3, -0.75, -0.002], max: [0.9, 0.75, 1.2] },
};

/**
 * Plans every labelled instruction of one half over its scene. What a refusal for want of room or reach had understood
 * counts as understood: this measures words, execution is measured by running tasks. Throws `input/file` where the
 * folder has no sets.
 */
export async function evaluatePlanning(
  half: PlanningHalf,
  options: EvaluatePlanningOptions,
): Promise<PlanningReport> {
  const planner = options.planner ?? languagePlanner;
  const signal = options.signal ?? new AbortController().signal;
  const items = parseInstructionSet(await read(join(options.folder, 'instructions', `${half}.txt`)));
  const scenes = new Map<string, readonly SceneObject[]>();
  const cases: PlanningCase[] = [];
  for (const item of items) {
    signal.throwIfAborted();
    let objects = scenes.get(item.scene);
    if (objects === undefined) {
      ({ objects } = await readSceneFile(options.folder, item.scene));
      scenes.set(item.scene, objects);
    }
    cases.push(await judge(item, objects, planner, signal));
  }
  return summarize(half, planner.id, cases);
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new WaybookError(
      'input/file',
      'The planning evaluation needs a checkout: its instruction sets were not found.',
      { cause },
    );
  }
}

/** A scene that instructions are labelled over: where the simulator has it, and its objects. */
export interface LabelledScene {
  /** as the simulator takes it; absent where it goes by the file's own name */
  readonly scene?: string;
  readonly seed: number;
  readonly objects: readonly SceneObject[];
}

/** Throws `input/file` or `input/format`. */
export async function readSceneFile(folder: string, name: string): Promise<LabelledScene> {
  const parsed: unknown = JSON.parse(await read(join(folder, 'scenes', `${name}.json`)));
  if (typeof parsed === 'object' && parsed !== null && 'objects' in parsed && Array.isArray(parsed.objects)) {
    const scene = 'scene' in parsed && typeof parsed.scene === 'string' ? parsed.scene : undefined;
    const seed = 'seed' in parsed && typeof parsed.seed === 'number' ? parsed.seed : 0;
    return { ...(scene === undefined ? {} : { scene }), seed, objects: parsed.objects as SceneObject[] };
  }
  throw new WaybookError('input/format', `The scene "${name}" has no objects.`);
}

async function judge(
  item: LabelledInstruction,
  objects: readonly SceneObject[],
  planner: Planner,
  signal: AbortSignal,
): Promise<PlanningCase> {
  const started = performance.now();
  let steps: string[] | undefined;
  let got: string;
  try {
    const plan = await planner.plan(
      { instruction: item.instruction, objects, robot: ROBOT, viewpoint: 'robot' },
      signal,
    );
    steps = plan.steps.map(canonicalStep).sort();
    got = steps.join('; ');
  } catch (error) {
    if (!(error instanceof WaybookError)) throw error;
    got = `${refusalReason(error) ?? error.code}: ${error.message}`;
    const understood = error.details.data?.['steps'];
    if (refusalReason(error) === 'geometry' && Array.isArray(understood))
      steps = (understood as PlanStep[]).map(canonicalStep).sort();
  }
  const milliseconds = performance.now() - started;
  const refusedOutright = got.includes(': ') && steps === undefined;
  const fits = item.expected.some((expected) => {
    switch (expected.kind) {
      case 'refuse':
        return refusedOutright || got.startsWith('geometry');
      case 'any':
        return steps !== undefined;
      case 'steps':
        return steps !== undefined && expected.steps.join('; ') === steps.join('; ');
    }
  });
  const answerable = !item.expected.every((expected) => expected.kind === 'refuse');
  const outcome = fits ? 'right' : steps === undefined ? 'missed' : 'wrong';
  const typed = item.instruction.slice(0, Math.ceil(item.instruction.length / 2));
  const begun = performance.now();
  completeInstruction(typed, objects);
  return {
    scene: item.scene,
    instruction: item.instruction,
    answerable,
    outcome,
    class: answerable
      ? classOf(item.expected)
      : steps === undefined || outcome === 'right'
        ? got.slice(0, got.indexOf(':'))
        : 'planned',
    got,
    milliseconds,
    completionMilliseconds: performance.now() - begun,
  };
}
