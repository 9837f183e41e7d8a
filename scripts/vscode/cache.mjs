// Where the test VS Code lives: outside the repository, shared between checkouts, one folder per version.
import { homedir } from 'node:os';
import { join } from 'node:path';

export const CODE_SERVER_VERSION = '4.139.1';
export const NODE_VERSION = '24.21.0';

const base = process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
export const cacheFolder = join(base, 'waybook', `code-server-${CODE_SERVER_VERSION}`);
export const nodeHome = join(cacheFolder, 'node', 'node_modules', `node-linux-${process.arch}`);
export const nodeBinary = join(nodeHome, 'bin', 'node');
export const codeServerFolder = join(cacheFolder, 'server');
export const codeServerEntry = join(
  codeServerFolder,
  'node_modules',
  'code-server',
  'out',
  'node',
  'entry.js',
);

/** Chromium as distributions name it; an environment variable wins. */
export const chromiumNames = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
