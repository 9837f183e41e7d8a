import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const INSTALL_MS = 150_000;

/**
 * A Python interpreter that has `packages` (each `name==version`), in a virtual environment in the user's cache, made when it
 * is first wanted. Undefined, with one line on stderr, where there is no Python or no package index.
 */
export async function pythonWith(
  packages: readonly string[],
  timeout = INSTALL_MS,
): Promise<string | undefined> {
  const folder = folderOf(packages);
  const python = join(folder, 'bin', 'python');
  if (existsSync(python)) return python;
  const building = `${folder}.${process.pid}`;
  try {
    await mkdir(dirname(folder), { recursive: true });
    await run('python3', ['-m', 'venv', building], { timeout });
    await run(join(building, 'bin', 'python'), ['-m', 'pip', 'install', '--quiet', ...packages], {
      timeout,
    });
    // Only a finished environment gets the name that is looked for; its interpreter does not mind the move.
    await rename(building, folder);
    return python;
  } catch {
    await rm(building, { recursive: true, force: true });
    // Another process may have been quicker.
    if (existsSync(python)) return python;
    process.stderr.write(`skipped: no Python with ${packages.join(', ')} here\n`);
    return undefined;
  }
}

/** Whether {@link pythonWith} has made this environment before, so that it costs nothing to ask for it. */
export const hasPythonWith = (packages: readonly string[]): boolean =>
  existsSync(join(folderOf(packages), 'bin', 'python'));

function folderOf(packages: readonly string[]): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  return join(cache, 'waybook', `python-${packages.join('-').replace(/[^\w.-]/g, '')}`);
}
