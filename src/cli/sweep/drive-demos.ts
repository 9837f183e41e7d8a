import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { WaybookError } from '../../core/errors.ts';
import { type DemoOptions, generateDemos, shardFile, shardsOf } from '../../refinement/demos/generate.ts';
import { type DemosDescription, type DemosRecipe, shardOrderOf } from '../../sweep/demos-description.ts';
import type { SweepEngine } from '../../sweep/engine.ts';
import { hashPrograms } from '../../sweep/programs.ts';

/** A recipe as work that every engine can be given. */
export const describeDemos = (recipe: DemosRecipe): DemosDescription => ({
  waybookDemos: 1,
  title: `demonstrations, ${recipe.scenes} scenes`,
  recipe,
  programs: hashPrograms(),
});

export interface DriveDemosOptions {
  readonly description: DemosDescription;
  readonly out: string;
  readonly engine: SweepEngine;
  readonly progress: (done: number, of: number) => void;
  readonly say: (text: string) => void;
  readonly signal: AbortSignal;
}

/**
 * Writes demonstrations on an engine of sweeps: the same bytes as one process writes, whatever the order. Shards that are
 * there already are kept. Throws `task/failed` where one could not be made, and what the engine throws.
 */
export async function driveDemos(options: DriveDemosOptions): Promise<void> {
  const { description, out, engine, progress, say, signal } = options;
  const { recipe } = description;
  const shards = shardsOf(recipe);
  await mkdir(out, { recursive: true });
  const isThere = (index: number): boolean => existsSync(join(out, shardFile(index)));
  const missing = Array.from({ length: shards }, (_, index) => index).filter((index) => !isThere(index));
  const failures: string[] = [];
  const arrived = new Set<number>();
  const show = (): void => {
    const done = shards - missing.length + arrived.size;
    progress(Math.min(recipe.scenes, Math.round((done * recipe.scenes) / shards)), recipe.scenes);
  };
  if (missing.length > 0) {
    await engine.run({
      orders: missing.map((index) => shardOrderOf(description, index)),
      count: missing.length,
      deliver: ({ row }) => {
        if (!row.success) failures.push(`${shardFile(row.index)}: ${row.reason}`);
        // A job that is joined again tells of shards that are known.
        else if (missing.includes(row.index)) arrived.add(row.index);
        show();
      },
      say,
      signal,
    });
  }
  const lost = missing.filter((index) => !isThere(index));
  if (lost.length > 0) {
    throw new WaybookError(
      'task/failed',
      `${lost.length} of ${shards} shards could not be made: ${failures[0] ?? 'they did not arrive'}.`,
      { hint: 'The others are kept; run the command again for these.' },
    );
  }
  // All shards are there: this only writes the index.
  const whole: DemoOptions = { ...recipe, out };
  await generateDemos(whole, () => undefined, signal);
}
