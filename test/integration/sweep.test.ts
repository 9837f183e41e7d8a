import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf, ROOT, runCli, startCli, temporaryFolder, until } from './run-cli.ts';

const SAMPLE = join(ROOT, 'samples/stack.waybook.md');
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const table = (out: string): Buffer => readFileSync(join(out, 'results.parquet'));
const lines = (out: string): string[] => {
  const file = join(out, 'journal.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};

describe('waybook sweep', { timeout: 900_000 }, () => {
  it('gives the same table on one worker and on two, one of which is killed, and keeps records', async () => {
    using folder = temporaryFolder();
    const sweep = (out: string, workers: number): string[] => [
      ...['sweep', SAMPLE, '--param', 'seed=0..2', '--param', 'noise=0,15mm', '--keep', '1'],
      ...['--workers', `${workers}`, '--out', join(folder.path, out)],
    ];
    const one = await runCli(...sweep('one', 1));
    expect(one.code, one.stderr).toBe(0);
    expect(one.stdout).toMatch(/noise +successes/);

    const { child, done } = startCli(sweep('two', 2));
    const out = join(folder.path, 'two');
    expect(await until(() => lines(out).length > 0, 300_000)).toBe(true);
    const [worker] = childrenOf(child.pid ?? 0);
    if (worker !== undefined) process.kill(worker, 'SIGKILL');
    const two = await done;
    expect(two.code, two.stderr).toBe(0);
    expect(two.stderr).toMatch(/was lost \(SIGKILL\)/);
    expect(table(out).equals(table(join(folder.path, 'one')))).toBe(true);
    expect(lines(out)).toHaveLength(6);

    // Every failure has its notebook, its record and its page, and the report knows them.
    const rows = lines(out).map(
      (line) => (JSON.parse(line) as { row: { success: boolean; record?: string } }).row,
    );
    const records = readdirSync(join(out, 'records'));
    for (const { success, record } of rows) {
      if (!success) expect(record).toBeDefined();
      if (record === undefined) continue;
      for (const name of [`${record}.waybook.md`, `${record}.waybook.runs`, `${record}.html`])
        expect(records).toContain(name);
      expect(readFileSync(join(out, 'report.html'), 'utf8')).toContain(`records/${record}.html`);
    }
    expect(readdirSync(out).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('loses nothing and counts nothing twice when it is killed and goes on', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'out');
    const { child, done } = startCli([
      ...['sweep', '--tasks', 'put-in-bowl', '--param', 'seed=0..5', '--workers', '2', '--out', out],
    ]);
    expect(await until(() => lines(out).length >= 2, 300_000)).toBe(true);
    child.kill('SIGKILL');
    await done;
    const before = lines(out).length;
    expect(before).toBeLessThan(6);
    const again = await runCli('sweep', '--out', out, '--resume', '--json');
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toMatch(/of 6 runs are here already/);
    const indices = lines(out).map((line) => (JSON.parse(line) as { row: { index: number } }).row.index);
    expect([...indices].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(JSON.parse(again.stdout)).toMatchObject({ state: 'finished', runs: 6, done: 6 });
  });

  it('stops cleanly when it is interrupted, and says how to go on', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'out');
    const { child, done } = startCli([
      ...['sweep', '--tasks', 'stack', '--param', 'seed=0..30', '--workers', '1', '--out', out],
    ]);
    expect(await until(() => lines(out).length >= 1, 300_000)).toBe(true);
    const workers = childrenOf(child.pid ?? 0);
    child.kill('SIGINT');
    const { code, stderr } = await done;
    expect(code).toBe(1);
    expect(stderr).toMatch(/Go on with: waybook sweep --out .* --resume\nStopped by SIGINT\.\n$/);
    expect(existsSync(join(out, 'report.html'))).toBe(true);
    expect(existsSync(join(out, '.lock'))).toBe(false);
    expect(await until(() => workers.every((pid) => !isAlive(pid)), 30_000)).toBe(true);
  });

  it.each([
    [['sweep', SAMPLE, '--param', 'hieght=1,2'], /no parameter "hieght"/],
    [['sweep', SAMPLE, '--param', 'seed=0', '--robot', 'my-arm'], /Sweeps run on the simulator only/],
    [['sweep', '--tasks', 'dance', '--param', 'seed=0'], /There is no task dance/],
    [['sweep'], /FILE is missing/],
    [['sweep', SAMPLE, '--param', 'seed=0', '--on', 'cluster'], /no address of a Ray cluster/],
  ])('refuses %s at once', async (args, message) => {
    using folder = temporaryFolder();
    const { code, stderr } = await runCli(...args, '--out', join(folder.path, 'out'));
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });
});
