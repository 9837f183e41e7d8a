// `npm start`: the main job, end to end, on the built-in simulator.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureBuilt, ensureInstalled, root } from './bootstrap.mjs';

ensureInstalled();
ensureBuilt();
const { status } = spawnSync(
  process.execPath,
  [
    join(root, 'dist/cli.mjs'),
    'run',
    'samples/pick-and-place.waybook.md',
    '--html',
    'out/pick-and-place.html',
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit' },
);
process.exit(status ?? 3);
