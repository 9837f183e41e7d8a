import { execFileSync, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { ROOT, temporaryFolder } from './run-cli.ts';

interface Step {
  readonly name?: string;
  readonly run?: string;
}

const page = readFileSync(join(ROOT, 'docs/ci.md'), 'utf8');
const workflow = parse(/```yaml\n(.*?)```/s.exec(page)?.[1] ?? '') as {
  readonly jobs: { readonly simulate: { readonly steps: readonly Step[] } };
};
const script = (name: string): string => {
  const step = workflow.jobs.simulate.steps.find((candidate) => candidate.name === name);
  if (step?.run === undefined) throw new Error(`the example has no step ${name}`);
  return step.run.replaceAll('${{ matrix.seed }}', '7');
};

describe('the GitHub Actions example', { timeout: 300_000 }, () => {
  it('checks, runs and compares what a pull request changes', () => {
    using folder = temporaryFolder();
    const at = (...parts: string[]): string => join(folder.path, ...parts);
    mkdirSync(at('tasks'));
    symlinkSync(ROOT, at('waybook'));
    const notebook = at('tasks', 'stack.waybook.md');
    copyFileSync(join(ROOT, 'samples/stack.waybook.md'), notebook);
    const git = (...args: string[]): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
        cwd: folder.path,
        encoding: 'utf8',
      }).trim();
    git('init', '-q');
    git('add', 'tasks');
    git('commit', '-q', '-m', 'base');
    const base = git('rev-parse', 'HEAD');
    writeFileSync(notebook, readFileSync(notebook, 'utf8').replace('"voxel": 0.004', '"voxel": 0.005'));
    git('commit', '-q', '-a', '-m', 'change');

    const summary = at('summary.md');
    // As GitHub runs them: bash, ending at the first failure.
    const step = (name: string): { status: number | null; output: string } => {
      const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script(name)], {
        cwd: folder.path,
        encoding: 'utf8',
        env: { ...process.env, WAYBOOK_NO_BUILD: '1', GITHUB_STEP_SUMMARY: summary, BASE: base },
      });
      return { status, output: stdout + stderr };
    };
    const checked = step('Check');
    expect(checked.status, checked.output).toBe(0);
    const ran = step('Run');
    expect(ran.status, ran.output).toBe(0);
    expect(readFileSync(at('out/stack.xml'), 'utf8')).toContain('failures="0" errors="0"');
    expect(existsSync(at('out/stack.html'))).toBe(true);
    const compared = step('What the pull request changes');
    expect(compared.status, compared.output).toBe(0);
    expect(readFileSync(summary, 'utf8')).toMatch(
      /### tasks\/stack\.waybook\.md\n.*voxel: 0\.004 -> 0\.005/s,
    );
  });
});
