import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SweepDescription } from './description.ts';
import { driveSweep, type SweepOutcome } from './drive-sweep.ts';
import { crashedDelivery, type SweepEngine } from './engine.ts';
import { localEngine } from './local-engine.ts';
import { REPORT_FILE, RESULTS_FILE, readSummary, SweepFolder } from './sweep-folder.ts';
import { assetsFolder, fakeWorker, sampleSweep } from './testing/sample-sweep.ts';

let base: string;
let assets: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'waybook-sweep-test-'));
  assets = assetsFolder();
});
afterEach(() => {
  for (const folder of [base, assets]) rmSync(folder, { recursive: true, force: true });
});

async function drive(
  description: SweepDescription,
  engine: SweepEngine,
  out = 'out',
  signal = new AbortController().signal,
): Promise<SweepOutcome> {
  using folder = SweepFolder.open(join(base, out));
  return driveSweep({
    folder,
    description,
    engine,
    assets,
    onProgress: () => undefined,
    say: () => undefined,
    signal,
  });
}

function workers(count: number): { engine: SweepEngine; runs: () => string[] } {
  const marks = join(base, `marks-${Math.random()}`);
  mkdirSync(marks);
  const engine = localEngine({ workers: count, timeout: 30, worker: {}, script: fakeWorker(base, marks) });
  return { engine, runs: () => readFileSync(join(marks, 'runs'), 'utf8').trim().split('\n') };
}

const bytes = (out: string, name: string): Buffer => readFileSync(join(base, out, name));

/** Delivers in an order of its own, up to a number of runs, and then fails. */
function scripted(order: (n: number) => number[], most = Infinity): SweepEngine {
  return {
    name: 'scripted',
    async run({ orders, deliver }) {
      const all = [...orders];
      let done = 0;
      for (const i of order(all.length)) {
        const one = all[i];
        if (!one) continue;
        if (done++ >= most) throw new Error('the cluster went away');
        const { index, key, notebook, values } = one;
        const row = {
          index,
          key,
          notebook,
          values,
          success: index % 3 > 0,
          outcome: 'failed' as const,
          exitCode: 1,
        };
        deliver({
          row: {
            ...row,
            outcome: row.success ? 'succeeded' : 'failed',
            reason: 'so',
            metrics: { offset: index },
          },
          attempts: 1,
          seconds: Math.random(),
          where: `${Math.random()}`,
        });
      }
    },
  };
}
const forwards = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe('driveSweep', () => {
  it('gives the same bytes on one worker and on two, though workers die on the way', async () => {
    const one = await drive(sampleSweep(6), workers(1).engine, 'one');
    const two = await drive(sampleSweep(6), workers(2).engine, 'two');
    expect(bytes('one', RESULTS_FILE).equals(bytes('two', RESULTS_FILE))).toBe(true);
    expect(one.summary.overall.rate).toEqual(two.summary.overall.rate);
  });

  it('reports a run that always crashes after its retries, loses none and counts none twice', async () => {
    const { engine, runs } = workers(2);
    const { summary, crashed } = await drive(sampleSweep(5), engine);
    // Seed 1 with either noise.
    expect(crashed).toBe(2);
    expect(summary.done).toBe(10);
    expect(summary.overall.rate).toMatchObject({ successes: 6, total: 8 });
    expect(summary.failures.filter(({ label }) => label.startsWith('seed 1,')).map((f) => f.reason)).toEqual([
      'its process died or hung 3 times',
      'its process died or hung 3 times',
    ]);
    const tries = (index: number): number => runs().filter((line) => line.startsWith(`${index} `)).length;
    expect([tries(2), tries(3)]).toEqual([3, 3]);
    expect([0, 1, 6, 7, 8, 9].map(tries)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  it('has a table and a report where it was stopped, and goes on with what is left', async () => {
    const description = sampleSweep(10);
    await drive(description, scripted(forwards), 'whole');
    await expect(
      drive(
        description,
        scripted((n) => forwards(n).reverse(), 7),
      ),
    ).rejects.toThrow('went away');
    expect(readSummary(join(base, 'out'))).toMatchObject({ state: 'stopped', done: 7, runs: 20 });
    expect(existsSync(join(base, 'out', REPORT_FILE))).toBe(true);
    let asked = 0;
    const counting: SweepEngine = {
      name: 'counting',
      run: (run) => {
        asked = run.count;
        return scripted(forwards).run(run);
      },
    };
    await drive(description, counting);
    expect(asked).toBe(13);
    expect(bytes('out', RESULTS_FILE).equals(bytes('whole', RESULTS_FILE))).toBe(true);
    expect(bytes('out', 'journal.jsonl').toString().trim().split('\n')).toHaveLength(20);
  });

  it('runs again what other programs have run', async () => {
    await drive(sampleSweep(2), scripted(forwards));
    const { summary } = await drive(sampleSweep(2, { programs: 'newer' }), scripted(forwards));
    expect(summary.done).toBe(4);
    expect(bytes('out', 'journal.jsonl').toString().trim().split('\n')).toHaveLength(8);
  });

  it('takes a result that comes twice once', async () => {
    const twice: SweepEngine = {
      name: 'twice',
      async run({ orders, deliver }) {
        for (const order of orders) {
          deliver(crashedDelivery(order, 3, 'a', 'gone'));
          deliver(crashedDelivery(order, 3, 'b', 'gone'));
        }
      },
    };
    const { summary, crashed } = await drive(sampleSweep(3), twice);
    expect([summary.done, crashed]).toEqual([6, 6]);
  });

  it('stops when it is told to, with what it has', async () => {
    const controller = new AbortController();
    const { engine } = workers(1);
    const running = drive(sampleSweep(200), engine, 'out', controller.signal);
    setTimeout(() => controller.abort(new Error('enough')), 500);
    await expect(running).rejects.toThrow('enough');
    expect(readSummary(join(base, 'out'))).toMatchObject({ state: 'stopped' });
  });

  it('lets only one driver into a folder, and takes it over from one that is gone', () => {
    const out = join(base, 'out');
    const lock = (pid: number): void =>
      writeFileSync(join(out, '.lock'), JSON.stringify({ pid, host: hostname() }));
    SweepFolder.open(out)[Symbol.dispose]();
    lock(process.ppid);
    expect(() => SweepFolder.open(out)).toThrow(/Another sweep .* is at work/);
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    lock(gone);
    SweepFolder.open(out)[Symbol.dispose]();
    expect(existsSync(join(out, '.lock'))).toBe(false);
  });
});
