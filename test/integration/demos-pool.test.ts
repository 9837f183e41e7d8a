import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { childrenOf, runCli, startCli, temporaryFolder, until } from './run-cli.ts';

const DEMOS = ['demos', '--kinematic', '--scenes', '600', '--draws', '1', '--first-seed', '10000'];
const filesOf = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name)).toString('base64')]),
  );

describe('waybook demos --workers', { timeout: 300_000 }, () => {
  it('writes the bytes of one process, though a worker is killed on the way', async () => {
    using folder = temporaryFolder();
    const at = (name: string): string => join(folder.path, name);
    expect((await runCli(...DEMOS, '--out', at('one'))).code).toBe(0);
    const { child, done } = startCli([...DEMOS, '--out', at('two'), '--workers', '2']);
    const workers = (): number[] => childrenOf(child.pid ?? 0);
    expect(await until(() => workers().length > 0, 60_000)).toBe(true);
    process.kill(workers()[0] as number, 'SIGKILL');
    const { code, stderr } = await done;
    expect(code, stderr).toBe(0);
    expect(filesOf(at('two'))).toEqual(filesOf(at('one')));

    rmSync(join(at('two'), 'shard-00001.bin'));
    expect((await runCli(...DEMOS, '--out', at('two'), '--workers', '2')).code).toBe(0);
    expect(filesOf(at('two'))).toEqual(filesOf(at('one')));
  });
});
