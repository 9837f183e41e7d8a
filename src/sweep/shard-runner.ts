import { statSync } from 'node:fs';
import { join } from 'node:path';
import { generateDemos, shardFile, shardsOf } from '../refinement/demos/generate.ts';
import type { ShardOrder } from './demos-description.ts';
import type { RunRow } from './run-row.ts';

/** Writes one shard of demonstrations into `folder`; it is there whole or not at all. */
export async function makeShard(
  { index, key, notebook, values, recipe, record }: ShardOrder,
  folder: string,
): Promise<RunRow> {
  const never = new AbortController().signal;
  const part = { index, of: shardsOf(recipe) };
  await generateDemos({ ...recipe, out: folder, part }, () => undefined, never);
  const bytes = statSync(join(folder, shardFile(index))).size;
  return {
    index,
    key,
    notebook,
    values,
    success: true,
    outcome: 'succeeded',
    exitCode: 0,
    reason: '',
    metrics: { bytes },
    record,
  };
}
