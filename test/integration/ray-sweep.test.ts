import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pythonWithRay, RayCluster } from '../support/ray-cluster.ts';
import { runCli, startCli, temporaryFolder, until } from './run-cli.ts';

const python = await pythonWithRay();
const folder = temporaryFolder();
const at = (name: string): string => join(folder.path, name);
const SWEEP = ['sweep', '--tasks', 'stack', '--param', 'seed=0..3', '--param', 'noise=0,15mm', '--keep', '1'];
const table = (out: string): Buffer => readFileSync(join(at(out), 'results.parquet'));
const lines = (out: string): string[] => {
  const file = join(at(out), 'journal.jsonl');
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
};

describe.skipIf(python === undefined)(
  'waybook sweep on a Ray cluster of two nodes',
  { timeout: 900_000 },
  () => {
    let started: RayCluster | undefined;
    let cluster: RayCluster;
    beforeAll(async () => {
      started = await RayCluster.start(python as string, 2);
      cluster = started;
      process.env['RAY_AUTH_TOKEN'] = cluster.token;
      const local = await runCli(...SWEEP, '--workers', '1', '--out', at('local'));
      expect(local.code, local.stderr).toBe(0);
    }, 600_000);
    afterAll(async () => {
      delete process.env['RAY_AUTH_TOKEN'];
      await cluster[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    }, 120_000);

    it('gives the local table through the job API, records included', async () => {
      const { code, stderr } = await runCli(...SWEEP, '--on', cluster.jobs, '--out', at('jobs'));
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/2 nodes with 2 processors/);
      expect(table('jobs').equals(table('local'))).toBe(true);
      for (const line of lines('jobs')) {
        const { row } = JSON.parse(line) as { row: { record?: string } };
        if (row.record !== undefined)
          expect(existsSync(join(at('jobs'), 'records', `${row.record}.html`))).toBe(true);
      }
    });

    it('joins its job again after a kill -9 of the command, and counts nothing twice', async () => {
      const { child, done } = startCli([...SWEEP, '--on', cluster.jobs, '--out', at('killed')]);
      expect(await until(() => lines('killed').length >= 2, 200_000)).toBe(true);
      child.kill('SIGKILL');
      await done;
      const again = await runCli('sweep', '--out', at('killed'), '--resume', '--on', cluster.jobs);
      expect(again.code, again.stderr).toBe(0);
      expect(again.stderr).toMatch(/Joining the job/);
      expect(lines('killed')).toHaveLength(8);
      expect(table('killed').equals(table('local'))).toBe(true);
    });

    it('evaluates with the results of this machine', async () => {
      const evaluation = ['eval', '--tasks', 'stack', '--seeds', '0..2', '--json'];
      const here = await runCli(...evaluation, '--workers', '1', '--out', at('eval-here.jsonl'));
      const there = await runCli(...evaluation, '--on', cluster.jobs, '--out', at('eval-there.jsonl'));
      expect(there.code, there.stderr).toBe(0);
      expect(JSON.parse(there.stdout)).toEqual(JSON.parse(here.stdout));
    });

    it('makes demonstrations with the bytes of one process', async () => {
      const demos = ['demos', '--scenes', '8', '--draws', '1', '--first-seed', '10000', '--shard', '2'];
      expect((await runCli(...demos, '--out', at('demos-here'))).code).toBe(0);
      const { code, stderr } = await runCli(...demos, '--out', at('demos-there'), '--on', cluster.jobs);
      expect(code, stderr).toBe(0);
      expect(stderr).toMatch(/sending 4 shards/);
      for (const name of ['index.json', ...[0, 1, 2, 3].map((n) => `shard-0000${n}.bin`)]) {
        const [here, there] = [at('demos-here'), at('demos-there')].map((to) => readFileSync(join(to, name)));
        expect(there?.equals(here as Buffer), name).toBe(true);
      }
    });

    it('loses no run when a node is killed, through the client', async () => {
      const { done } = startCli([
        ...[...SWEEP, '--on', cluster.client, '--python', cluster.python, '--out', at('client')],
      ]);
      expect(await until(() => lines('client').length >= 1, 200_000)).toBe(true);
      cluster.killLastNode();
      const { code, stderr } = await done;
      expect(code, stderr).toBe(0);
      expect(lines('client')).toHaveLength(8);
      expect(table('client').equals(table('local'))).toBe(true);
      await cluster.addNode();
    });

    it('reports a run that always ends its process, and does the rest', async () => {
      // Stands in for the worker: it ends itself for the third run and answers for the others.
      const bundle = at('fake-bundle');
      mkdirSync(join(bundle, 'dist'), { recursive: true });
      writeFileSync(
        join(bundle, 'dist/sweep-worker.mjs'),
        `import { createInterface } from 'node:readline';
      console.log('{"ready":true}');
      createInterface({ input: process.stdin }).on('line', (line) => {
        const { id, index } = JSON.parse(line);
        if (index === undefined) return;
        if (index === 2) process.kill(process.pid, 'SIGKILL');
        console.log(JSON.stringify({ id, error: 'told to fail' }));
      });`,
      );
      const { code, stdout, stderr } = await runCli(
        ...[...SWEEP, '--on', cluster.jobs, '--bundle', bundle, '--out', at('crashing'), '--json'],
      );
      expect(code, stderr).toBe(1);
      const { failures, done } = JSON.parse(stdout) as {
        failures: { index: number; reason: string }[];
        done: number;
      };
      expect(done).toBe(8);
      expect(failures.filter(({ reason }) => reason === 'told to fail')).toHaveLength(7);
      expect(failures.find(({ index }) => index === 2)?.reason).toMatch(/died or hung/);
    });

    it('says where a node has no bundle', async () => {
      const missing = await runCli(
        ...SWEEP,
        '--on',
        cluster.jobs,
        '--bundle',
        at('nowhere'),
        '--out',
        at('missing'),
      );
      expect(missing.code).toBe(3);
      expect(missing.stderr).toMatch(
        /On .*: The headless bundle is missing: there is no .*sweep-worker\.mjs/,
      );
    });

    it('says where the token is wrong', async () => {
      process.env['RAY_AUTH_TOKEN'] = 'wrong';
      const wrong = await runCli(...SWEEP, '--on', cluster.jobs, '--out', at('token'));
      process.env['RAY_AUTH_TOKEN'] = cluster.token;
      expect(wrong.code).toBe(3);
      expect(wrong.stderr).toMatch(/asks for a token/);
    });
  },
);
