// `npm test`: installs what is missing and runs every test. `npm test -- unit lint` runs some of the stages.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureBuilt, ensureInstalled, fail, root } from './bootstrap.mjs';

const bin = (path) => join(root, 'node_modules', path);

/** A stage ends with its exit code; those that count tests say how many passed and failed. */
const stages = {
  types: () => node([join(root, 'scripts/typecheck.mjs')]),
  lint: () => node([bin('eslint/bin/eslint.js'), '.']),
  format: () => node([bin('prettier/bin/prettier.cjs'), '--check', '--log-level', 'warn', '.']),
  unit: unitTests,
  browser: () => script('test/browser/run.mjs'),
  vscode: () => script('scripts/vscode/test.mjs'),
};

function node(args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  return status ?? 1;
}

/**
 * Every unit and integration test. Files in which one failed run once more, alone: on two busy cores a time-out of a
 * process or socket is common, and a real fault fails again. What only failed the first time is named at the end.
 */
function unitTests() {
  const first = vitest('vitest.json', []);
  if (first.code === 0) return first;
  const files = [...new Set(first.failures.map(({ file }) => file))];
  // Without a named failure (an error while loading, a crash of the runner) there is nothing to run again.
  if (files.length === 0 || files.length > 5) return { ...first, names: first.failures.map(described) };
  process.stdout.write(`\n== unit, once more: ${files.length} of the files, alone\n`);
  const again = vitest('vitest-again.json', ['--maxWorkers=1', ...files]);
  if (again.code !== 0) return { ...first, names: first.failures.map(described) };
  return {
    code: 0,
    passed: first.passed + first.failed,
    failed: 0,
    flaky: first.failures.map(described),
  };
}

const described = ({ file, name, message }) => `${file}: ${name}: ${message.split('\n', 1)[0]}`;

function vitest(reportName, args) {
  const report = join(root, 'out', reportName);
  rmSync(report, { force: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const code = node([bin('vitest/vitest.mjs'), 'run', ...reporters, ...args]);
  if (!existsSync(report)) return { code: code || 1, passed: 0, failed: 1, failures: [] };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
  const failures = testResults.flatMap(({ name: path, status, message, assertionResults }) => {
    const file = relative(root, path);
    const failed = assertionResults.filter((test) => test.status === 'failed');
    if (failed.length === 0 && status === 'failed')
      return [{ file, name: 'the file', message: message ?? '' }];
    return failed.map((test) => ({ file, name: test.fullName, message: test.failureMessages[0] ?? '' }));
  });
  return { code, passed: numPassedTests, failed: Math.max(numFailedTests, failures.length), failures };
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
const names = [];
const flaky = [];
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
  names.push(...(outcome.names ?? []));
  flaky.push(...(outcome.flaky ?? []));
  if (outcome.code !== 0) {
    broken.push(name);
    if (outcome.failed === 0) failed += 1;
  }
}
if (flaky.length > 0) process.stdout.write(`\nPassed only when run again alone:\n  ${flaky.join('\n  ')}\n`);
if (names.length > 0) process.stdout.write(`\nFailed tests:\n  ${names.join('\n  ')}\n`);
if (broken.length > 0) process.stdout.write(`\nFailed stages: ${broken.join(', ')}\n`);
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exit(broken.length > 0 ? 1 : 0);
