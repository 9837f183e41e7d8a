import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../core/random.ts';
import { listRuns, loadLastOutputs } from './last-outputs.ts';
import { readRecord } from './read-record.ts';

/** 200 in the long run: WAYBOOK_KILLS=200 npx vitest run src/records/kill.test.ts --reporter=verbose */
const KILLS = Number(process.env['WAYBOOK_KILLS'] ?? 10);
/** number, and so seed, of the first: WAYBOOK_KILLS_FROM=50 begins another chunk */
const FIRST = Number(process.env['WAYBOOK_KILLS_FROM'] ?? 0);
/** s: what a kill may cost */
const MAY_LOSE = 0.5;

let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybook-kill-'));
  await build({
    entryPoints: [join(import.meta.dirname, 'testing/recording-process.ts')],
    outfile: join(folder, 'recording.mjs'),
    bundle: true,
    platform: 'node',
    format: 'esm',
    mainFields: ['module', 'main'],
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
    logLevel: 'error',
  });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Kills a recording process after a while; returns the last stamp that it said to have handed over. */
async function recordUntilKilled(runsFolder: string, ms: number): Promise<number> {
  const child = spawn(process.execPath, [join(folder, 'recording.mjs'), runsFolder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let told = '';
  const started = new Promise<void>((resolve, reject) => {
    child.stdout.on('data', (data: Buffer) => {
      told += data.toString();
      resolve();
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the recording process ended by itself with ${code}`)));
  });
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()));
  await started;
  await new Promise((resolve) => setTimeout(resolve, ms));
  child.kill('SIGKILL');
  await exited;
  // The last line may be cut off.
  const lines = told.split('\n').slice(0, -1);
  return Number(lines.at(-1));
}

describe('a killed run', () => {
  it(
    `leaves a record that opens and has lost at most ${MAY_LOSE} s, at ${KILLS} random moments`,
    { timeout: 60_000 + KILLS * 5000 },
    async () => {
      const losses: number[] = [];
      for (let i = FIRST; i < FIRST + KILLS; i++) {
        const random = new Random(i, 'kill');
        const runs = join(folder, `runs-${i}`);
        const stamp = await recordUntilKilled(runs, random.uniform(0, 1600));
        const run = listRuns(runs)[0];
        if (!run) throw new Error('the run has no index');
        expect(run.index.state).toBe('running');
        const record = readRecord(join(runs, run.name));
        expect(record.complete).toBe(false);
        expect(record.provenance?.robot).toBe('sim:tabletop?seed=7');
        const lost = Math.max(0, stamp - (record.states.at(-1)?.stamp ?? 0));
        expect(lost).toBeLessThan(MAY_LOSE);
        losses.push(lost);
        for (const { output } of loadLastOutputs(runs).values()) expect(output.key).toMatch(/^k\d+$/);
      }
      losses.sort((a, b) => a - b);
      const at = (q: number): string => (losses[Math.floor(q * (losses.length - 1))] ?? 0).toFixed(3);
      console.log(
        `${KILLS} kills from ${FIRST}: every record opened; lost ${at(0.5)} s at the median, ${at(1)} s at most`,
      );
    },
  );

  it('is not mistaken for a whole one when its file is empty', () => {
    const run = join(folder, 'empty');
    writeFileSync(run, '');
    expect(readRecord(run)).toMatchObject({ complete: false, states: [] });
  });
});
