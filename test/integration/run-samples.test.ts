import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runLocationOf } from './record-place.ts';
import { ROOT, runCli, temporaryFolder } from './run-cli.ts';

const SAMPLES = readdirSync(join(ROOT, 'samples')).filter((name) => name.endsWith('.waybook.md'));

interface Report {
  readonly exitCode: number;
  readonly trajectoryHash: string;
  readonly finalStateHash: string;
  readonly verdict: { success: boolean };
}

describe('waybook run on the samples', () => {
  it('has six of them', () => {
    expect(SAMPLES).toHaveLength(6);
  });

  it.each(SAMPLES)(
    '%s ends 0, leaves the file alone and keeps a record',
    { timeout: 240_000 },
    async (name) => {
      using folder = temporaryFolder();
      const file = join(ROOT, 'samples', name);
      const before = readFileSync(file, 'utf8');
      const { code, stdout, stderr } = await runCli(
        'run',
        file,
        '--json',
        '--runs',
        join(folder.path, 'runs'),
      );
      expect(stderr).not.toMatch(/\bat .*\.ts:/);
      expect(code, stderr).toBe(0);
      const report = JSON.parse(stdout) as Report;
      expect(report.verdict.success).toBe(true);
      expect(report.trajectoryHash).toMatch(/^[0-9a-f]{64}$/);
      expect(readFileSync(file, 'utf8')).toBe(before);
      const run = runLocationOf(join(folder.path, 'runs'));
      for (const part of ['run.mcap', 'index.json', 'go.scene.json'])
        expect(existsSync(join(run, part)), part).toBe(true);
    },
  );

  it(
    'gives the same trajectory and final state in two processes, under load from a third',
    { timeout: 240_000 },
    async () => {
      using folder = temporaryFolder();
      const file = join(ROOT, 'samples', 'pick-and-place.waybook.md');
      const run = async (): Promise<Report> =>
        JSON.parse((await runCli('run', file, '--json', '--runs', folder.path)).stdout) as Report;
      const calm = await run();
      // The load ends by itself; it is killed as soon as the run under load is over.
      const load = spawn(process.execPath, [
        '-e',
        'const end = Date.now() + 120000; while (Date.now() < end);',
      ]);
      try {
        const busy = await run();
        expect(busy.trajectoryHash).toBe(calm.trajectoryHash);
        expect(busy.finalStateHash).toBe(calm.finalStateHash);
      } finally {
        load.kill('SIGKILL');
      }
      const other = JSON.parse(
        (await runCli('run', file, '--json', '--runs', folder.path, '--param', 'seed=8')).stdout,
      ) as Report;
      expect(other.finalStateHash).not.toBe(calm.finalStateHash);
    },
  );
});
