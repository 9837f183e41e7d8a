import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { finished, select, succeeded } from '../../src/evaluation/analysis.ts';
import type { EpisodeRecord, EpisodeRequest } from '../../src/evaluation/record.ts';
import { SceneJobRunner } from '../../src/evaluation/scene-job-runner.ts';
import { sceneJobsOf } from '../../src/evaluation/scene-jobs.ts';
import { cellsOf, FIRST_SEED, requestsOf } from '../../src/evaluation/suites.ts';
import { shippedModel } from '../../src/refinement/expert/shipped-expert.ts';

const { model: path } = shippedModel()!;
const model = { path, sha256: createHash('sha256').update(readFileSync(path)).digest('hex') };
const signal = new AbortController().signal;
const runner = new SceneJobRunner();
afterAll(() => runner[Symbol.asyncDispose]());

async function run(requests: readonly EpisodeRequest[]): Promise<EpisodeRecord[]> {
  const records: EpisodeRecord[] = [];
  for (const job of sceneJobsOf(requests)) records.push(...(await runner.run(job, signal)));
  return records;
}

const stack = (condition: string, method: string, seed = FIRST_SEED.development): EpisodeRequest => ({
  task: 'stack',
  seed,
  condition,
  method,
  ...(method.startsWith('expert') ? { model } : {}),
});

describe('the smoke subset of waybook eval expert', () => {
  let records: EpisodeRecord[];
  beforeAll(async () => {
    records = await run(requestsOf(cellsOf('smoke', ['expert']), FIRST_SEED.development, { expert: model }));
  }, 240_000);

  it('runs every episode to an outcome', () => {
    expect(finished(records)).toHaveLength(records.length);
    expect(records.length).toBeGreaterThanOrEqual(12);
  });

  it('does every task with oracle waypoints, and fails with coarse ones as they are', () => {
    const done = finished(records);
    expect(select(done, 'shared=20', 'oracle').every(succeeded)).toBe(true);
    expect(select(done, 'shared=20', 'spline').some(succeeded)).toBe(false);
    for (const r of select(done, 'shared=20', 'oracle')) expect(r.result.grasp!.error).toBeLessThan(1e-9);
    // Another true grasp may be nearer than the planned one.
    for (const { result } of select(done, 'shared=20', 'spline')) {
      expect(result.grasp!.error).toBeLessThan(result.grasp!.planned + 1e-9);
      expect(result.grasp!.error).toBeGreaterThan(0.01);
    }
  });

  it('sees the shipped expert bring the grasp nearer to the truth', () => {
    for (const { result } of select(finished(records), 'shared=20', 'expert')) {
      if (result.grasp) expect(result.grasp.error).toBeLessThan(result.grasp.planned);
    }
  });

  it('sees it abstain over an empty table', () => {
    for (const { result } of select(finished(records), 'shift=empty', 'expert')) {
      expect(result.outcome).toBe('abstained');
    }
  });
});

describe('paired episodes', () => {
  it('are the same whatever ran before them', async () => {
    const alone = await run([stack('shared=20', 'snap')]);
    const after = await run([
      stack('moved=25', 'spline'),
      stack('shared=10', 'linear'),
      stack('shared=20', 'snap'),
    ]);
    const strip = ({ result, ...rest }: EpisodeRecord) => ({ ...rest, ...result, ms: 0 });
    expect(strip(after[2]!)).toEqual(strip(alone[0]!));
  });

  it('give every method the same errors: without noise the spline is the oracle', async () => {
    const [spline, oracle] = await run([stack('exact', 'spline'), stack('exact', 'oracle')]);
    expect(spline!.result!.outcome).toBe('success');
    expect(oracle!.result!.outcome).toBe('success');
    // The same to rounding: an error of nothing is still added.
    expect(spline!.result!.grasp!.error).toBeLessThan(1e-12);
    expect(spline!.result!.jerk).toBeCloseTo(oracle!.result!.jerk!, 6);
    expect(spline!.result!.clearance).toBeCloseTo(oracle!.result!.clearance!, 6);
  });

  it('move the thing after planning: the plan misses by that much, the oracle does not', async () => {
    const [spline, oracle] = await run([stack('moved=50', 'spline'), stack('moved=50', 'oracle')]);
    expect(spline!.result!.grasp!.planned).toBeCloseTo(0.05, 3);
    expect(oracle!.result!.outcome).toBe('success');
  });

  it('are left out for every method where a condition cannot be had', async () => {
    const records = await run(
      ['spline', 'oracle'].map((method) => ({ ...stack('moved=25', method), task: 'open-drawer' })),
    );
    expect(records.map((r) => r.skipped !== undefined && r.result === undefined)).toEqual([true, true]);
  });
});
