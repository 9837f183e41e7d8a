import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { type JobResult, runJobs } from './pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'waybook-pool-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A worker that doubles numbers, dies on -1, fails on -2, never answers -3 and asks for another on -4 the first time. */
const script = join(folder, 'worker.mjs');
writeFileSync(
  script,
  `process.on('message', ({ id, payload }) => {
    if (payload === -1) process.exit(9);
    if (payload === -2) return process.send({ id, error: 'told to fail' });
    if (payload === -3) return;
    if (payload === -4 && !globalThis.asked) { globalThis.asked = true; return process.send({ id, error: 'no simulator', again: true }); }
    process.send({ id, value: payload * 2 });
  });
  process.on('disconnect', () => process.exit(0));`,
);

/** Long enough for an honest answer on a busy machine [s]. */
const HANGS = 8;

async function run(
  payloads: number[],
  workers: number,
  timeout = 60,
): Promise<Map<string, JobResult<number>>> {
  const results = new Map<string, JobResult<number>>();
  const jobs = payloads.map((payload, i) => ({ id: `${i}`, payload }));
  const signal = new AbortController().signal;
  await runJobs<number, number>(
    jobs,
    { script, args: [], workers, timeout, attempts: timeout === HANGS ? 1 : 2, signal },
    (result) => {
      expect(results.has(result.id)).toBe(false);
      results.set(result.id, result);
    },
  );
  return results;
}

describe('process pool', () => {
  it('answers every job once, whatever the number of workers', async () => {
    for (const workers of [1, 3]) {
      const results = await run([1, 2, 3, 4, 5], workers);
      expect([...results.values()].map((r) => (r.ok ? r.value : NaN)).sort((a, b) => a - b)).toEqual([
        2, 4, 6, 8, 10,
      ]);
    }
  });

  it('reports a job that always kills its worker, and goes on with the rest', async () => {
    const results = await run([1, -1, 2, -2, 3], 2);
    expect(results.size).toBe(5);
    expect(results.get('1')).toMatchObject({ ok: false, error: expect.stringMatching(/died/) as string });
    expect(results.get('3')).toEqual({ id: '3', ok: false, error: 'told to fail', attempts: 1 });
    expect(results.get('4')).toEqual({ id: '4', ok: true, value: 6, attempts: 1 });
  });

  it('tries a job again whose worker says that the fault is its own', async () => {
    const results = await run([-4], 1);
    expect(results.get('0')).toEqual({ id: '0', ok: true, value: -8, attempts: 2 });
  });

  it('gives up where no worker starts at all, instead of failing every job', async () => {
    const broken = join(folder, 'broken.mjs');
    writeFileSync(broken, 'process.exit(2);');
    const jobs = Array.from({ length: 50 }, (_, i) => ({ id: `${i}`, payload: i }));
    const signal = new AbortController().signal;
    const results: string[] = [];
    const running = runJobs<number, number>(
      jobs,
      { script: broken, args: [], workers: 2, attempts: 3, signal },
      (result) => results.push(result.id),
    );
    await expect(running).rejects.toThrow(/end as soon as they start/);
    expect(results.length).toBeLessThan(5);
  });

  it('takes a worker that does not answer for hung', async () => {
    const results = await run([-3, 4], 1, HANGS);
    expect(results.get('0')).toMatchObject({ ok: false });
    expect(results.get('1')).toEqual({ id: '1', ok: true, value: 8, attempts: 1 });
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    const running = runJobs<number, number>(
      [{ id: 'a', payload: -3 }],
      { script, args: [], workers: 1, signal: controller.signal },
      () => undefined,
    );
    setTimeout(() => controller.abort(new Error('enough')), 300);
    await expect(running).rejects.toThrow('enough');
  });
});
