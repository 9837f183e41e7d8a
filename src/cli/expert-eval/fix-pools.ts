import { writeFile } from 'node:fs/promises';
import { WaybookError } from '../../core/errors.ts';
import { finished, select, succeeded } from '../../evaluation/analysis.ts';
import type { EpisodeRecord } from '../../evaluation/record.ts';
import { FIRST_SEED, poolCondition, POOL_LEVELS } from '../../evaluation/suites.ts';

/** Success of the spline, both ends included, between which a task tells refiners apart. */
const POOLED = { least: 0.2, most: 0.7 } as const;

/**
 * Writes which tasks are pooled at each level: those in which the spline scores 20 to 70 % on development seeds. Throws
 * `input/usage` while episodes are missing or where the seeds are not development ones, since the rule would then be another.
 */
export async function fixPools(
  path: string,
  records: readonly EpisodeRecord[],
  missing: number,
): Promise<void> {
  if (missing > 0 || records.some((r) => r.seed >= 10_000)) {
    throw new WaybookError(
      'input/usage',
      'Pools are fixed by all episodes of --suite pools on development seeds.',
    );
  }
  const done = finished(records);
  const levels = POOL_LEVELS.map((level) => {
    const of = select(done, poolCondition(level), 'spline');
    const rates = [...new Set(of.map((r) => r.task))].map((task) => {
      const own = of.filter((r) => r.task === task);
      return {
        task,
        episodes: own.length,
        rate: Number((own.filter(succeeded).length / own.length).toFixed(4)),
      };
    });
    const tasks = rates.flatMap(({ task, rate }) =>
      rate >= POOLED.least && rate <= POOLED.most ? [task] : [],
    );
    return { level, tasks, rates };
  });
  const rule = `tasks in which the spline scores ${100 * POOLED.least} to ${100 * POOLED.most} % on development seeds from ${FIRST_SEED.development}`;
  await writeFile(path, `${withLinesOfNames(JSON.stringify({ rule, levels }, undefined, 2))}\n`);
}

const LINE = 110;

/** Lists of names on one line each where they fit, as the formatter has them. */
const withLinesOfNames = (json: string): string =>
  json.replace(
    /^(.*)\[\s+("[^\]{]*?")\s+\](,?)$/gm,
    (whole, before: string, names: string, after: string) => {
      const line = `${before}[${names.replace(/\s*\n\s*/g, ' ')}]${after}`;
      return line.length <= LINE ? line : whole;
    },
  );
