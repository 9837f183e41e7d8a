// `npm test`: installs what is missing and runs every test. `npm test -- unit lint` runs some of the stages.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, fail, root } from './bootstrap.mjs';

const bin = (path) => join(root, 'node_modules', path);
const report = join(root, 'out', 'vitest.json');

/** A stage ends with its exit code; those that count tests say how many passed and failed. */
const stages = {
  types: () => node([join(root, 'scripts/typecheck.mjs')]),
  lint: () => node([bin('eslint/bin/eslint.js'), '.']),
  format: () => node([bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  unit: () => {
    const code = node([
      bin('vitest/vitest.mjs'),
      'run',
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${report}`,
    ]);
    const counts = existsSync(report)
      ? JSON.parse(readFileSync(report, 'utf8'))
      : { numPassedTests: 0, numFailedTests: 1 };
    return { code, passed: counts.numPassedTests, failed: counts.numFailedTests };
  },
  browser: () => script('test/browser/run.mjs'),
  vscode: () => script('scripts/vscode/test.mjs'),
};

function node(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}

/** Scripts of ours print `N passed, N failed` as their last line. */
function script(path) {
  const { status, stdout } = spawnSync(process.execPath, [join(root, path)], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  process.stdout.write(stdout);
  const counts = [...stdout.matchAll(/^(\d+) passed, (\d+) failed/gm)].at(-1);
  return { code: status ?? 1, passed: Number(counts?.[1] ?? 0), failed: Number(counts?.[2] ?? 0) };
}

ensureInstalled();
ensureBuilt();
const asked = process.argv.slice(2).filter((name) => !name.startsWith('-'));
const unknown = asked.filter((name) => !(name in stages));
if (unknown.length > 0)
  fail(`No such stage: ${unknown.join(', ')}. There are: ${Object.keys(stages).join(', ')}.`, 2);

let passed = 0;
let failed = 0;
const broken = [];
for (const [name, stage] of Object.entries(stages)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  process.stdout.write(`\n== ${name}\n`);
  const result = stage();
  const outcome =
    typeof result === 'number'
      ? { code: result, passed: result === 0 ? 1 : 0, failed: result === 0 ? 0 : 1 }
      : result;
  passed += outcome.passed;
  failed += outcome.failed;
  if (outcome.code !== 0) {
    broken.push(name);
    if (outcome.failed === 0) failed += 1;
  }
}
if (broken.length > 0) process.stdout.write(`\nFailed stages: ${broken.join(', ')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(broken.length > 0 ? 1 : 0);
