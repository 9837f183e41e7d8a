#!/usr/bin/env node
// The `waybook` command. In a checkout it builds what is missing first; in a package, dist/ is there.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
if (existsSync(join(root, 'src')) && process.env.WAYBOOK_NO_BUILD !== '1') {
  const { ensureBuilt, ensureInstalled } = await import('../scripts/bootstrap.mjs');
  ensureInstalled({ onlyIfMissing: true });
  ensureBuilt();
}
await import(pathToFileURL(join(root, 'dist/cli.mjs')).href);
