#!/usr/bin/env node
/*
 * A stand-in for the desktop `code` binary on machines without a desktop: takes the arguments that
 * `@vscode/test-electron` and `@vscode/test-cli` pass, runs code-server with a headless Chromium, streams what the
 * tests print and exits with their code.
 */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { format } from 'node:util';
import { chromium } from 'playwright-core';
import { chromiumArguments, codeServerCommand, startCodeServer } from './code-server.mjs';
import { findChromium, installCodeServer } from './install-code-server.mjs';

const flags = new Map();
const folders = [];
/** Extensions under development: there may be more than one. */
const development = [];
const passive = [];
for (let i = 2; i < process.argv.length; i++) {
  const argument = process.argv[i];
  const match = /^--([^=]+)(?:=(.*))?$/s.exec(argument);
  if (!match) folders.push(argument);
  else if (match[1] === 'extensionDevelopmentPath') development.push(match[2] ?? process.argv[++i]);
  else if (match[2] !== undefined) flags.set(match[1], match[2]);
  else if (
    ['user-data-dir', 'extensions-dir', 'install-extension', 'uninstall-extension'].includes(match[1])
  ) {
    flags.set(match[1], process.argv[++i]);
  } else {
    flags.set(match[1], true);
    passive.push(argument);
  }
}

/** Tests are named by a path or a file URL, as on the desktop. */
const path = (value) =>
  value.startsWith('file:') ? fileURLToPath(value) : isAbsolute(value) ? value : resolve(value);
const limit = Number(process.env['WAYBOOK_VSCODE_TIMEOUT'] ?? 1500) * 1000;

/** What the workbench itself logs into the same stream as the tests. */
const workbenchNoise =
  /^(Ignoring fetching|Updating additional|Resolv(ing|ed) connection|Creating a socket|\[(reconnection|Service Worker|AgentHost|AccountPolicy))/;

await installCodeServer();
const home = mkdtempSync(join(tmpdir(), 'waybook-code-'));
const userData = flags.get('user-data-dir') ?? join(home, 'user');
const extensions = flags.get('extensions-dir') ?? join(home, 'extensions');
process.once('exit', () => rmSync(home, { recursive: true, force: true }));

const install = flags.get('install-extension');
if (install || flags.has('version') || flags.has('list-extensions')) {
  const args = install
    ? ['--install-extension', install]
    : passive.filter((a) => ['--version', '--list-extensions'].includes(a));
  process.exit(await codeServerCommand(args, { home, userData, extensions }));
}
if (!flags.has('extensionTestsPath')) {
  console.error(
    'This stand-in runs extension tests (--extensionTestsPath=…) or --version, --list-extensions, --install-extension.',
  );
  process.exit(2);
}

// A page takes one extension under development; further ones are installed into a folder that nothing else has used.
const [, ...others] = development.map(path);
const fresh = join(home, 'extensions');
for (const folder of others) {
  const { publisher, name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  cpSync(folder, join(fresh, `${publisher}.${name}-${version}`), { recursive: true });
}

const server = await startCodeServer({
  userData,
  extensions: others.length > 0 ? fresh : extensions,
  smokeTest: true,
  trust: process.env['WAYBOOK_VSCODE_TRUST'] === '1',
  env: Object.fromEntries(
    Object.entries(process.env).filter(([name]) => /^(VSCODE_TEST_|MOCHA_|WAYBOOK_)/.test(name)),
  ),
});
const browser = await chromium.launch({ executablePath: findChromium(), args: chromiumArguments });
let code = 1;
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  code = await new Promise((done, fail) => {
    const timer = setTimeout(() => fail(new Error(`no end of the tests within ${limit / 1000} s`)), limit);
    timer.unref();
    const print = (_type, args) => {
      const text = format(...args);
      if (!workbenchNoise.test(text)) console.log(text);
    };
    const finish = (exitCode, logs) => {
      for (const log of logs ?? [])
        if (process.env['WAYBOOK_VSCODE_LOGS']) console.error(log.relativePath, log.contents);
      done(exitCode);
    };
    const open = async () => {
      await page.exposeFunction('codeAutomationLog', print);
      await page.exposeFunction('codeAutomationExit', finish);
      const remote = (value) => `vscode-remote://${server.authority}${path(value)}`;
      const payload = [
        ['extensionDevelopmentPath', remote(development[0])],
        ['extensionTestsPath', remote(flags.get('extensionTestsPath'))],
        ['skipWelcome', 'true'],
      ];
      const query = new URLSearchParams({ payload: JSON.stringify(payload) });
      const folder = folders.find((f) => !f.startsWith('--'));
      if (folder) query.set('folder', path(folder));
      await page.goto(`${server.origin}/?${query}`);
    };
    open().catch(fail);
  });
} catch (error) {
  console.error(`[vscode] ${error.message}`);
} finally {
  await browser.close().catch(() => undefined);
  await server.stop();
}
process.exit(code);
