import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pythonWithRay } from '../support/ray-cluster.ts';
import { ROOT, temporaryFolder } from './run-cli.ts';

/** The example of a language that holds `mark`, as the page has it. */
function example(page: string, language: string, mark: string): string {
  const text = readFileSync(join(ROOT, page), 'utf8');
  const found = Array.from(text.matchAll(/```(\w+)\n(.*?)```/gs)).find(
    ([, lang, body]) => lang === language && body?.includes(mark),
  );
  if (found?.[2] === undefined) throw new Error(`${page} has no example with ${mark}`);
  return found[2];
}

describe('the Slurm example', () => {
  it('starts a head, workers on the other nodes and a sweep, in this order', () => {
    using folder = temporaryFolder();
    const bin = join(folder.path, 'bin');
    const home = join(folder.path, 'home');
    mkdirSync(bin);
    mkdirSync(join(home, 'ray-venv/bin'), { recursive: true });
    writeFileSync(join(home, 'ray-venv/bin/activate'), '');
    const log = join(folder.path, 'log');
    writeFileSync(log, '');
    const stub = (name: string, body: string): void => {
      writeFileSync(join(bin, name), `#!/bin/bash\n${body}\n`);
      chmodSync(join(bin, name), 0o755);
    };
    stub('sleep', ':');
    stub('scontrol', 'printf "n1\\nn2\\nn3\\nn4\\n"');
    // What srun is asked to run is written down; the token that everybody needs has to be there.
    stub('srun', `echo "$* token=\${#RAY_AUTH_TOKEN}" >> '${log}'`);
    const script = folder.write('job.sh', example('docs/sweeps.md', 'bash', '#SBATCH'));
    execFileSync('bash', ['-n', script]);
    const { status, stderr } = spawnSync('bash', ['-e', script], {
      encoding: 'utf8',
      env: {
        PATH: `${bin}:${process.env['PATH'] ?? ''}`,
        HOME: home,
        SLURM_JOB_NODELIST: 'n[1-4]',
        SLURM_NNODES: '4',
      },
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    const calls = readFileSync(log, 'utf8').trim().split('\n').sort();
    expect(calls).toHaveLength(3);
    expect(calls[0]).toMatch(/^--nodes=1 --ntasks=1 -w n1 ray start --head --block --port=6379 .*token=32$/);
    expect(calls[1]).toMatch(
      /^--nodes=3 --ntasks=3 --exclude=n1 ray start --block --address=n1:6379 --num-cpus=16 token=32$/,
    );
    expect(calls[2]).toMatch(/^--overlap --nodes=1 --ntasks=1 -w n1 waybook sweep .*--resume token=32$/);
  });
});

const python = await pythonWithRay();
describe.skipIf(python === undefined)('the example for ray up', () => {
  it('is a configuration that Ray takes', () => {
    using folder = temporaryFolder();
    const file = folder.write('cluster.yaml', example('docs/sweeps.md', 'yaml', 'cluster_name'));
    const { status, stdout, stderr } = spawnSync(
      python as string,
      [
        '-c',
        `import sys, yaml
from ray.autoscaler._private.util import prepare_config, validate_config
config = prepare_config(yaml.safe_load(open(sys.argv[1])))
validate_config(config)
print(config["head_node_type"], config["max_workers"], config["docker"]["image"])`,
        file,
      ],
      { encoding: 'utf8' },
    );
    expect(status, stderr).toBe(0);
    expect(stdout.trim()).toMatch(/^head 8 rayproject\/ray:2\.60\.0-py311$/);
  });
});
