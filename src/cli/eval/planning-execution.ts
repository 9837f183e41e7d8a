import { readFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import { hashJson } from '../../core/hash.ts';
import type { PlanningEpisode, PlanningEpisodeResult } from '../../evaluation/planning/planning-episode.ts';
import { readSceneFile, type PlanningHalf } from '../../planning/evaluation/evaluate-planning.ts';
import { classOf } from '../../planning/evaluation/instruction-class.ts';
import { parseInstructionSet, type LabelledInstruction } from '../../planning/evaluation/instruction-set.ts';
import type { RefinerId } from '../../refinement/refiner.ts';
import type { Arguments, Io } from '../command.ts';
import { runJobs } from '../../sweep/pool.ts';
import { formatTable, percent } from '../sweep/table.ts';
import { wilson } from '../../sweep/wilson.ts';

const REFINERS: readonly RefinerId[] = ['spline', 'snap', 'expert'];

export interface ExecutedInstruction extends PlanningEpisodeResult {
  readonly scene: string;
  readonly instruction: string;
  readonly class: string;
}

/**
 * `waybook eval --planning --execute`: the answerable instructions of one half are planned on what the simulator's
 * cameras see, refined and executed; success is the labelled goal as the physics has it in the end.
 */
export async function executeHalf(
  half: PlanningHalf,
  folder: string,
  args: Arguments,
  io: Io,
): Promise<ExecutedInstruction[]> {
  const asked = args.string('refiner') ?? 'spline';
  const refiner = REFINERS.find((id) => id === asked);
  if (!refiner)
    throw new WaybookError('input/usage', `There is no refiner "${asked}".`, {
      hint: `There are ${REFINERS.join(', ')}.`,
    });
  const text = await readFile(join(folder, 'instructions', `${half}.txt`), 'utf8');
  const items = parseInstructionSet(text).filter((i) => !i.expected.every((e) => e.kind === 'refuse'));
  const jobs = new Map<string, { item: LabelledInstruction; payload: PlanningEpisode }>();
  for (const item of items) {
    const scene = await readSceneFile(folder, item.scene);
    const payload: PlanningEpisode = {
      scene: scene.scene ?? item.scene,
      seed: scene.seed,
      instruction: item.instruction,
      expected: item.expected,
      labelled: scene.objects.map(({ id, label, pose }) => ({ id, label, pose })),
      refiner,
    };
    jobs.set(`${item.line}-${hashJson(payload).slice(0, 12)}`, { item, payload });
  }
  const results: ExecutedInstruction[] = [];
  await runJobs<PlanningEpisode, PlanningEpisodeResult>(
    [...jobs].map(([id, { payload }]) => ({ id, payload })),
    {
      script: fileURLToPath(new URL('./planning-episodes.mjs', import.meta.url)),
      args: [],
      workers: args.number('workers', { min: 1, max: 64, integer: true }) ?? cpus().length,
      signal: io.signal,
    },
    (reply) => {
      const job = jobs.get(reply.id);
      if (job === undefined) return;
      const result: PlanningEpisodeResult = reply.ok
        ? reply.value
        : { outcome: 'failed', reason: reply.error, steps: [], pinned: [] };
      const { scene, instruction, expected, line } = job.item;
      results.push({ scene, instruction, class: classOf(expected), ...result });
      io.err(
        `${results.length} of ${jobs.size}: ${result.outcome.padEnd(11)} line ${line}: ${instruction}\n`,
      );
    },
  );
  return results.sort((a, b) => (a.scene === b.scene ? 0 : a.scene < b.scene ? -1 : 1));
}

/** Successes by class, reasons by how often, then every failure. */
export function formatExecution(half: PlanningHalf, results: readonly ExecutedInstruction[]): string {
  const done = (of: readonly ExecutedInstruction[]) => of.filter((r) => r.outcome === 'done').length;
  const { low, high } = wilson(done(results), results.length);
  const classes = [...new Set(results.map((r) => r.class))]
    .map((name) => ({ name, of: results.filter((r) => r.class === name) }))
    .sort((a, b) => b.of.length - a.of.length);
  const reasons = new Map<string, number>();
  for (const r of results)
    if (r.outcome !== 'done') reasons.set(r.outcome, (reasons.get(r.outcome) ?? 0) + 1);
  const pinned = results.filter((r) => r.pinned.length > 0).length;
  return [
    `${half}: ${done(results)} of ${results.length} answerable instructions done (${percent(done(results) / results.length)}, 95 % interval ${percent(low)} to ${percent(high)})`,
    `Movable things from the fused cloud of three cameras, mechanisms from a detector 3 mm and 0.02 rad off; names pinned by hand in ${pinned} of them.`,
    formatTable([
      ['asked for', 'done', 'of'],
      ...classes.map(({ name, of }) => [name, `${done(of)}`, `${of.length}`]),
    ]),
    `Not done: ${[...reasons].map(([reason, n]) => `${n} ${OUTCOMES[reason] ?? reason}`).join(', ') || 'none'}.`,
    ...results
      .filter((r) => r.outcome !== 'done')
      .map((r) => `  [${r.scene}] ${r.instruction}\n      ${r.outcome}: ${r.reason}`),
    '',
  ].join('\n');
}

const OUTCOMES: Readonly<Record<string, string>> = {
  refused: 'refused to plan on what was seen',
  otherwise: 'planned otherwise than labelled',
  unreachable: 'out of the arm’s reach',
  failed: 'executed without success',
  unjudged: 'without a predicate',
};
