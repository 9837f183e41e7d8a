import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { TOOL_DOWN } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { languagePlanner } from '../language-planner.ts';
import type { Planner, PlanRequest, PlanStep } from '../planner.ts';
import { refusalReason } from '../refusal.ts';
import { canonicalStep, parseInstructionSet, type LabelledInstruction } from './instruction-set.ts';

export type PlanningHalf = 'development' | 'test';
/** right: the labelled steps, or refused as labelled; missed: refused though answerable; wrong: planned otherwise. */
export type PlanningOutcome = 'right' | 'missed' | 'wrong';

export interface PlanningCase {
  readonly scene: string;
  readonly instruction: string;
  readonly answerable: boolean;
  readonly outcome: PlanningOutcome;
  /** canonical steps, or why it refused */
  readonly got: string;
  readonly milliseconds: number;
}

export interface PlanningReport {
  readonly half: PlanningHalf;
  readonly planner: string;
  readonly answerable: {
    readonly total: number;
    readonly right: number;
    readonly missed: number;
    readonly wrong: number;
  };
  /** the unanswerable and ambiguous part */
  readonly unanswerable: { readonly total: number; readonly refused: number; readonly wrong: number };
  /** wrong actions among the unanswerable: exact one-sided 95 % upper bound of their rate (Clopper and Pearson) */
  readonly wrongActionUpperBound: number;
  readonly medianMilliseconds: number;
  readonly cases: readonly PlanningCase[];
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
  const scenes = new Map<string, SceneObject[]>();
  const cases: PlanningCase[] = [];
  for (const item of items) {
    signal.throwIfAborted();
    let objects = scenes.get(item.scene);
    if (objects === undefined) {
      objects = parseScene(await read(join(options.folder, 'scenes', `${item.scene}.json`)), item.scene);
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

function parseScene(text: string, name: string): SceneObject[] {
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed === 'object' && parsed !== null && 'objects' in parsed && Array.isArray(parsed.objects)) {
    return parsed.objects as SceneObject[];
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
  return { scene: item.scene, instruction: item.instruction, answerable, outcome, got, milliseconds };
}

function summarize(half: PlanningHalf, planner: string, cases: readonly PlanningCase[]): PlanningReport {
  const count = (of: readonly PlanningCase[], outcome: PlanningOutcome) =>
    of.filter((c) => c.outcome === outcome).length;
  const answerable = cases.filter((c) => c.answerable);
  const unanswerable = cases.filter((c) => !c.answerable);
  const wrong = count(unanswerable, 'wrong');
  const times = cases.map((c) => c.milliseconds).sort((a, b) => a - b);
  return {
    half,
    planner,
    answerable: {
      total: answerable.length,
      right: count(answerable, 'right'),
      missed: count(answerable, 'missed'),
      wrong: count(answerable, 'wrong'),
    },
    unanswerable: { total: unanswerable.length, refused: count(unanswerable, 'right'), wrong },
    wrongActionUpperBound: upperBound(wrong, unanswerable.length),
    medianMilliseconds: times[Math.floor(times.length / 2)] ?? 0,
    cases,
  };
}

/** Largest rate at which seeing at most `hits` of `n` still has a chance of 5 % (Clopper and Pearson 1934, one-sided). */
export function upperBound(hits: number, n: number): number {
  if (n === 0 || hits >= n) return 1;
  let low = 0;
  let high = 1;
  for (let i = 0; i < 60; i++) {
    const p = (low + high) / 2;
    let term = (1 - p) ** n;
    let sum = term;
    for (let k = 1; k <= hits; k++) {
      term *= ((n - k + 1) / k) * (p / (1 - p));
      sum += term;
    }
    if (sum > 0.05) low = p;
    else high = p;
  }
  return high;
}

/** The report as lines for people, failures last. */
export function formatPlanningReport(report: PlanningReport): string {
  const { answerable: a, unanswerable: u } = report;
  const percent = (part: number, whole: number) =>
    whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`;
  return [
    `${report.planner}, ${report.half} half: ${report.cases.length} instructions`,
    `  answerable    ${a.right}/${a.total} right (${percent(a.right, a.total)}), ${a.missed} refused, ${a.wrong} wrong`,
    `  unanswerable  ${u.refused}/${u.total} refused (${percent(u.refused, u.total)}), ${u.wrong} wrong actions, 95 % upper bound ${(100 * report.wrongActionUpperBound).toFixed(1)} %`,
    `  ${report.medianMilliseconds.toFixed(1)} ms per instruction (median)`,
    ...report.cases
      .filter((c) => c.outcome !== 'right')
      .map((c) => `  ${c.outcome.padEnd(6)} [${c.scene}] ${c.instruction}\n         ${c.got}`),
  ].join('\n');
}
