// Starts code-server on a free loopback port with folders of its own, and ends it with everything it started.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { codeServerEntry, nodeBinary, nodeHome } from './cache.mjs';

/** Settings that keep a test quiet; a test adds its own. */
export const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'git.enabled': false,
  // the web default saves after a second, in the middle of what a test does
  'files.autoSave': 'off',
  'update.mode': 'none',
};

export const chromiumArguments = [
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
];

/** The environment of code-server: Node 24 first, no gallery, and a home that is not the user's. */
function environment(home, extra) {
  const inherited = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(npm_|NODE_OPTIONS$|VSCODE_|ELECTRON_)/i.test(name)),
  );
  return {
    ...inherited,
    PATH: `${join(nodeHome, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
    HOME: home,
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CONFIG_HOME: join(home, 'config'),
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...extra,
  };
}

/** Runs code-server's own command line (`--version`, `--install-extension X`, …) and resolves to its exit code. */
export function codeServerCommand(args, { home, userData, extensions, env = {} }) {
  const folders = ['--user-data-dir', userData, '--extensions-dir', extensions];
  const child = spawn(nodeBinary, [codeServerEntry, ...folders, ...args], {
    env: environment(home, env),
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

/**
 * Starts the server. `smokeTest` lets the page name a development extension and its tests, `trust` leaves workspace
 * trust on. Resolves when it answers; `stop()` ends it and removes what was temporary.
 */
export async function startCodeServer({
  userData,
  extensions,
  settings = {},
  smokeTest = false,
  trust = false,
  env = {},
  onOutput,
} = {}) {
  const home = mkdtempSync(join(tmpdir(), 'waybook-vscode-'));
  const folders = {
    userData: userData ?? join(home, 'user'),
    extensions: extensions ?? join(home, 'extensions'),
  };
  mkdirSync(join(folders.userData, 'User'), { recursive: true });
  mkdirSync(folders.extensions, { recursive: true });
  const settingsFile = join(folders.userData, 'User', 'settings.json');
  const existing = existsSync(settingsFile) ? JSON.parse(readFileSync(settingsFile, 'utf8')) : {};
  writeFileSync(settingsFile, JSON.stringify({ ...quietSettings, ...existing, ...settings }, null, 2));
  const config = join(home, 'config.yaml');
  writeFileSync(config, 'auth: none\ncert: false\n');
  const args = [
    codeServerEntry,
    ...['--config', config, '--bind-addr', '127.0.0.1:0', '--auth', 'none'],
    ...[
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-getting-started-override',
      '--ignore-last-opened',
    ],
    ...(trust ? [] : ['--disable-workspace-trust']),
    ...['--user-data-dir', folders.userData, '--extensions-dir', folders.extensions],
    ...(smokeTest ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
  ];
  // A group of its own, so that ending it reaches the server, the extension hosts and their children.
  const child = spawn(nodeBinary, args, {
    env: environment(home, env),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let log = '';
  const origin = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`code-server did not listen within 60 s:\n${log}`)),
      60_000,
    );
    const read = (chunk) => {
      log = (log + chunk).slice(-100_000);
      onOutput?.(String(chunk));
      const match = /HTTP server listening on (http:\/\/127\.0\.0\.1:\d+)/.exec(log);
      if (match) {
        clearTimeout(timer);
        resolve(match[1]);
      }
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`code-server ended with ${code}:\n${log}`)));
  });
  const kill = (signal) => {
    try {
      process.kill(-child.pid, signal);
    } catch {
      // it has ended already
    }
  };
  const onExit = () => kill('SIGKILL');
  process.once('exit', onExit);
  return {
    origin,
    authority: origin.slice('http://'.length),
    pid: child.pid,
    home,
    log: () => log,
    async stop() {
      process.removeListener('exit', onExit);
      kill('SIGTERM');
      for (let i = 0; i < 40 && child.exitCode === null && child.signalCode === null; i++) await sleep(100);
      kill('SIGKILL');
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}
