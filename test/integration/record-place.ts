import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** The only run in a runs folder. */
export function runLocationOf(runs: string): string {
  const [only, ...others] = readdirSync(runs);
  if (only === undefined || others.length > 0)
    throw new Error(`${runs} holds ${others.length + (only === undefined ? 0 : 1)} runs`);
  return join(runs, only);
}
