#!/usr/bin/env node
/*
 * Installs what the tests in a real VS Code need: Node 24 and code-server from npm into a cache folder outside the
 * repository, and, as root where there is apt, the browser and compilers. Idempotent: a second call checks and returns.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  cacheFolder,
  chromiumNames,
  CODE_SERVER_VERSION,
  codeServerEntry,
  codeServerFolder,
  NODE_VERSION,
  nodeBinary,
  nodeHome,
} from './cache.mjs';

const say = (text) => console.error(`[vscode] ${text}`);

/** First executable of `names` on PATH. */
export function which(...names) {
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      const file = join(folder, name);
      if (folder !== '' && existsSync(file)) return file;
    }
  }
  return undefined;
}

/** The system's Chromium, or undefined; `WAYBOOK_CHROMIUM` names another. */
export const findChromium = () => process.env['WAYBOOK_CHROMIUM'] ?? which(...chromiumNames);

/**
 * An environment for an inner npm. Called from an npm script, npm hands its own settings down (ignore_scripts, user
 * agent, nodedir), and each of them breaks this install.
 */
function cleanEnvironment() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name)));
  return {
    ...env,
    npm_config_ignore_scripts: 'false',
    npm_config_fund: 'false',
    npm_config_audit: 'false',
    npm_config_update_notifier: 'false',
  };
}

function must(command, args, options) {
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], ...options });
  if (status !== 0)
    throw new Error(
      `${command} ${args.join(' ')} failed${error ? `: ${error.message}` : ` with ${status}`}.`,
    );
}

function installSystemPackages() {
  const missing = [];
  if (!findChromium()) missing.push('chromium', 'fonts-dejavu-core');
  if (!existsSync(codeServerEntry)) {
    if (!existsSync('/usr/include/gssapi/gssapi.h')) missing.push('libkrb5-dev');
    if (!which('python3')) missing.push('python3');
    if (!which('make') || !which('g++')) missing.push('make', 'g++');
    if (!which('pkg-config')) missing.push('pkg-config');
  }
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0 || !which('apt-get')) {
    throw new Error(
      `missing system packages: ${missing.join(', ')}. Install them with your package manager, then run this again.`,
    );
  }
  say(`installing ${missing.join(', ')} with apt`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  must('apt-get', ['update', '-qq'], { env });
  must('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { env });
}

function versionOf(command, args) {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8', env: cleanEnvironment() });
  return status === 0 ? stdout.trim() : undefined;
}

const haveNode = () => existsSync(nodeBinary) && versionOf(nodeBinary, ['--version']) === `v${NODE_VERSION}`;
const haveServer = () =>
  existsSync(codeServerEntry) &&
  (versionOf(nodeBinary, [codeServerEntry, '--version']) ?? '').startsWith(`${CODE_SERVER_VERSION} `);

/** Two test runs may start at once: the first makes the folder, the second waits for it. */
async function withLock(work) {
  mkdirSync(cacheFolder, { recursive: true });
  const lock = join(cacheFolder, 'install.lock');
  const until = Date.now() + 15 * 60_000;
  for (;;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
      const age = Date.now() - (statSync(lock, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
      if (age > 15 * 60_000) rmSync(lock, { force: true });
      if (Date.now() > until) throw new Error(`another install holds ${lock}; remove it if none is running.`);
      await sleep(1000);
    }
  }
  try {
    await work();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** Makes sure that Node 24, code-server and a browser are there. Throws with one line that says what is missing. */
export async function installCodeServer() {
  if (process.platform !== 'linux')
    throw new Error('code-server is installed on Linux only; set VSCODE_EXECUTABLE to a desktop VS Code.');
  installSystemPackages();
  if (haveNode() && haveServer()) return;
  await withLock(async () => {
    if (!haveNode()) {
      say(`installing Node ${NODE_VERSION}`);
      prepare(join(cacheFolder, 'node'));
      must('npm', ['install', '--no-save', `node-linux-${process.arch}@${NODE_VERSION}`], {
        cwd: join(cacheFolder, 'node'),
        env: cleanEnvironment(),
      });
    }
    if (!haveServer()) {
      say(`installing code-server ${CODE_SERVER_VERSION} (two minutes or more)`);
      prepare(codeServerFolder);
      const env = cleanEnvironment();
      must('npm', ['install', '--no-save', `code-server@${CODE_SERVER_VERSION}`], {
        cwd: codeServerFolder,
        env: {
          ...env,
          PATH: `${join(nodeHome, 'bin')}${delimiter}${env['PATH'] ?? ''}`,
          npm_config_nodedir: nodeHome,
        },
      });
    }
    if (!haveNode() || !haveServer())
      throw new Error(`code-server ${CODE_SERVER_VERSION} was installed but does not start.`);
  });
  say(`code-server ${CODE_SERVER_VERSION} is ready`);
}

function prepare(folder) {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await installCodeServer().catch((error) => {
    say(error.message);
    process.exitCode = 1;
  });
}
