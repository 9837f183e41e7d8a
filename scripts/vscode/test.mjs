// Tests in a real VS Code: extension-host suites through @vscode/test-cli, then the packaged extension end to end.
// `node scripts/vscode/test.mjs [suites|e2e]`; the last line is `N passed, M failed`.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../bootstrap.mjs';
import { buildSuites } from './build-tests.mjs';
import { findChromium, installCodeServer } from './install-code-server.mjs';
import { packageExtension } from './package.mjs';

const asked = process.argv.slice(2);
const wants = (stage) => asked.length === 0 || asked.includes(stage);
const desktop = process.env.VSCODE_EXECUTABLE || process.platform !== 'linux';
let passed = 0;
let failed = 0;

try {
  if (!desktop || wants('e2e')) await installCodeServer();
} catch (error) {
  // Under CI nothing is skipped; a person's machine may lack a browser, and then one line says so.
  console.log(`VS Code tests cannot run: ${error.message}`);
  console.log(process.env.CI || findChromium() ? '0 passed, 1 failed' : '0 passed, 0 failed');
  process.exit(process.env.CI || findChromium() ? 1 : 0);
}

/** Runs a program of Node's; what it says is shown at once, and kept to be counted. */
async function shownAndKept(args) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text;
    process.stdout.write(text);
  });
  const [status] = await once(child, 'close');
  return { status, stdout };
}

if (asked.length === 0) {
  const { status } = spawnSync(process.execPath, [join(root, 'scripts/vscode/l10n.mjs'), '--check'], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status === 0) passed += 1;
  else failed += 1;
}

/**
 * A real VS Code on a busy machine misses a moment now and then: what fails runs once more, whole. A real fault fails
 * again; what only failed the first time stays in the output above.
 */
async function onceMore(name, run) {
  const first = await run();
  if (first.failed === 0) return first;
  console.log(`\n  ${name}: ${first.failed} failed; once more`);
  return run();
}

async function suites() {
  const cli = join(root, 'node_modules/@vscode/test-cli/out/bin.mjs');
  const { status, stdout } = await shownAndKept([cli, '--config', join(root, '.vscode-test.mjs')]);
  // eslint-disable-next-line no-control-regex
  const plain = stdout.replace(/\u001b\[[0-9;]*m/g, '');
  const count = (word) =>
    [...plain.matchAll(new RegExp(`^\\s*(\\d+) ${word}`, 'gm'))].reduce(
      (sum, match) => sum + Number(match[1]),
      0,
    );
  const failures = count('failing');
  return { passed: count('passing'), failed: failures === 0 && status !== 0 ? 1 : failures };
}

function add(results) {
  passed += results.passed;
  failed += results.failed;
}

if (wants('suites')) {
  await buildSuites();
  add(await onceMore('suites', suites));
}

if (wants('e2e')) {
  // A VSIX that is named is taken as it is: for trying one flow again.
  const vsix = process.env.WAYBOOK_E2E_VSIX ?? packageExtension();
  const only = process.env.WAYBOOK_E2E_ONLY;
  const flows = {
    simulator: async () => (await import('../../test/vscode/e2e/run.mjs')).runEndToEnd(vsix),
    states: async () => (await import('../../test/vscode/e2e/states.mjs')).runStates(vsix),
    sweeps: async () => (await import('../../test/vscode/e2e/sweeps.mjs')).runSweeps(vsix),
    robot: async () => (await import('../../test/vscode/e2e/robot.mjs')).runRobot(vsix),
  };
  // Not passed yet as a whole: asked for by its name alone.
  if (only === 'newcomer')
    flows.newcomer = async () => (await import('../../test/vscode/e2e/newcomer.mjs')).runNewcomer(vsix);
  for (const [name, flow] of Object.entries(flows)) {
    if (only && only !== name) continue;
    console.log(`\n  end to end: ${name}`);
    add(await onceMore(name, flow));
  }
}

console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 ? 1 : 0);
