import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WaybookError } from '../../core/errors.ts';
import { type DemoOptions, generateDemos } from '../../refinement/demos/generate.ts';
import { type Job, runJobs } from '../../sweep/pool.ts';

/** Scenes of a shard: what one job makes, and what is lost where a process is killed. */
const SHARD = 250;
const ATTEMPTS = 3;
/** Longer than any shard takes [s]. */
const TIMEOUT = 3600;

/**
 * Writes demonstrations with a pool of processes, the one that sweeps use: the same bytes as one process writes, whatever
 * the order. Shards that are there already are kept; a shard whose process dies is tried again. Throws `task/failed` where
 * one could not be made.
 */
export async function pooledDemos(
  options: DemoOptions,
  workers: number,
  progress: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const perShard = options.scenesPerShard ?? SHARD;
  const of = Math.ceil(options.scenes / perShard);
  const missing = Array.from({ length: of }, (_, index) => index).filter(
    (index) => !existsSync(join(options.out, shardName(index))),
  );
  const jobs = missing.map((index): Job<DemoOptions['part']> => ({
    id: String(index),
    payload: { index, of },
  }));
  let done = of - missing.length;
  const failures: string[] = [];
  await runJobs<DemoOptions['part'], true>(
    jobs,
    {
      script: fileURLToPath(new URL('demos-worker.mjs', import.meta.url)),
      args: [JSON.stringify({ ...options, scenesPerShard: perShard })],
      workers: Math.min(workers, Math.max(1, missing.length)),
      attempts: ATTEMPTS,
      timeout: TIMEOUT,
      signal,
    },
    (result) => {
      if (!result.ok) failures.push(`${shardName(Number(result.id))}: ${result.error}`);
      else progress(Math.min(options.scenes, ++done * perShard), options.scenes);
    },
  );
  const [failure] = failures;
  if (failure !== undefined) {
    throw new WaybookError(
      'task/failed',
      `${failures.length} of ${of} shards could not be made: ${failure}.`,
      {
        hint: 'The others are kept; run the command again for these.',
      },
    );
  }
  // All shards are there: this only writes the index.
  await generateDemos({ ...options, scenesPerShard: perShard }, () => undefined, signal);
}

const shardName = (index: number): string => `shard-${String(index).padStart(5, '0')}.bin`;
