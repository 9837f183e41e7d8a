// Opt-in: puts a real llama.cpp engine into node_modules/.cache/llama for the fuzz test of the planner's repair path.
// It is no dependency of anything: about 85 MB, used by one test that says so. No install scripts are run.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const VERSION = '3.22.1';
const folder = join(dirname(fileURLToPath(import.meta.url)), '..', '..', 'node_modules', '.cache', 'llama');
const platform = {
  linux: `linux-${process.arch}`,
  darwin: process.arch === 'arm64' ? 'mac-arm64-metal' : 'mac-x64',
  win32: `win-${process.arch}`,
}[process.platform];
if (platform === undefined) {
  console.error(`node-llama-cpp has no engine for ${process.platform}.`);
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
const packages = [`node-llama-cpp@${VERSION}`, `@node-llama-cpp/${platform}@${VERSION}`];
const { status } = spawnSync(
  'npm',
  ['install', '--no-audit', '--no-fund', '--ignore-scripts', '--omit=optional', '--save-exact', ...packages],
  { cwd: folder, stdio: 'inherit', shell: process.platform === 'win32' },
);
process.exit(status ?? 1);
