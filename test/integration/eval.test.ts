import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf, runCli, startCli, temporaryFolder, until } from './run-cli.ts';

interface Evaluation {
  readonly results: { task: string; seed: number; success: boolean; finalStateHash: string }[];
}

describe('waybook eval', { timeout: 300_000 }, () => {
  it('runs a task over seeds the same on one worker and on two, resumes, and leaves no process behind', async () => {
    using folder = temporaryFolder();
    const evaluate = async (workers: number, out: string): Promise<{ json: Evaluation; stderr: string }> => {
      const { code, stdout, stderr } = await runCli(
        ...['eval', '--tasks', 'put-in-bowl', '--seeds', '0..2', '--json'],
        ...['--workers', `${workers}`, '--out', join(folder.path, out)],
      );
      expect(code, stderr).toBe(0);
      return { json: JSON.parse(stdout) as Evaluation, stderr };
    };
    const two = await evaluate(2, 'two.jsonl');
    expect(two.json.results.map((r) => r.seed)).toEqual([0, 1, 2]);
    expect(two.json.results.every((r) => r.success)).toBe(true);
    expect((await evaluate(1, 'one.jsonl')).json).toEqual(two.json);
    const again = await evaluate(2, 'two.jsonl');
    expect(again.json).toEqual(two.json);
    expect(again.stderr).toMatch(/3 of 3 episodes are in the results file/);
  });

  it('keeps what it had when it is killed, and its workers end with it', async () => {
    using folder = temporaryFolder();
    const out = join(folder.path, 'results.jsonl');
    const args = ['eval', '--tasks', 'put-in-bowl', '--seeds', '0..40', '--workers', '1', '--out', out];
    const { child, done } = startCli(args);
    const lines = (): number => {
      try {
        return readFileSync(out, 'utf8').split('\n').length - 1;
      } catch {
        return 0;
      }
    };
    expect(await until(() => lines() >= 2, 200_000)).toBe(true);
    const workers = childrenOf(child.pid ?? 0);
    child.kill('SIGKILL');
    await done;
    const alive = (pid: number): boolean => {
      try {
        process.kill(pid, 0);
        return true;
      } catch {
        return false;
      }
    };
    expect(await until(() => !workers.some(alive), 60_000)).toBe(true);
    const rows = readFileSync(out, 'utf8').trim().split('\n');
    for (const row of rows) expect(() => JSON.parse(row) as unknown).not.toThrow();
  });
});
