// Brings a checkout to the point where everything else can run. Uses Node's own modules alone: on a fresh clone
// nothing else is there, and `prestart`/`pretest` never run because .npmrc turns scripts off.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const at = (...path) => join(root, ...path);

const MINIMUM_NODE = 20;

/** Ends the process with one line for people when a step fails. */
export function run(command, args, options = {}) {
  const { status, error, signal } = spawnSync(command, args, { cwd: root, stdio: 'inherit', ...options });
  if (error) fail(`Could not start ${command}: ${error.message}`);
  if (status !== 0) fail(`${command} ${args.join(' ')} ended with ${signal ?? status}.`, status ?? 1);
}

export function fail(message, code = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(code);
}

/**
 * Installs what the lockfile says, when node_modules does not hold it yet. `onlyIfMissing` leaves an installation alone
 * that is merely older than the lockfile: a command that only wants to print its help must not replace it.
 */
export function ensureInstalled({ onlyIfMissing = false } = {}) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < MINIMUM_NODE)
    fail(`Waybook needs Node ${MINIMUM_NODE} or newer; this is ${process.versions.node}.`);
  const wanted = createHash('sha256')
    .update(readFileSync(at('package-lock.json')))
    .digest('hex');
  const stamp = at('node_modules', '.waybook-lock');
  if (onlyIfMissing && existsSync(at('node_modules', 'esbuild'))) return;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stderr.write('Installing dependencies from the lockfile (about 30 s the first time)…\n');
  const npm = process.env.npm_execpath;
  const quiet = ['ci', '--no-audit', '--no-fund', '--loglevel=error'];
  // Standard output belongs to the command that was asked for; npm's chatter goes to standard error.
  const stdio = ['ignore', 2, 2];
  if (npm?.endsWith('.js')) run(process.execPath, [npm, ...quiet], { stdio });
  else run('npm', quiet, { stdio, shell: process.platform === 'win32' });
  writeFileSync(stamp, wanted);
}

/** Builds dist/ when a source is newer than the last build. */
export function ensureBuilt() {
  const stamp = at('dist', '.built');
  const built = existsSync(stamp) ? statSync(stamp).mtimeMs : 0;
  const sources = ['src', 'webview', 'schemas', 'scripts/build.mjs', 'package-lock.json'];
  if (sources.every((path) => newest(at(path)) < built)) return;
  process.stderr.write('Building…\n');
  run(process.execPath, [at('scripts', 'build.mjs')], { stdio: ['ignore', 2, 2] });
  writeFileSync(stamp, '');
}

function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), stat.mtimeMs);
}
