// How much of our code VS Code loads: by activation, and by what the first notebook that is opened asks for.
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

export const LOAD_BUDGET = 350_000;
/** Loaded on demand, and demanded by every notebook that opens: the check that feeds the Problems view. */
const FIRST_OPEN = /(^|\/)check-notebook-[\w]+\.mjs$/;

/**
 * Bytes of the files that `dist/extension.mjs` of a minified build imports statically, and of those that opening a
 * notebook imports later. `dist` is the folder that ships.
 */
export function loadedBytes(dist) {
  const seen = new Map();
  const later = [];
  const visit = (file) => {
    if (seen.has(file)) return;
    const text = readFileSync(file, 'utf8');
    seen.set(file, Buffer.byteLength(text));
    const resolve = (name) => join(dirname(file), name);
    for (const [, name] of text.matchAll(/(?:from|import)\s*["'](\.{1,2}\/[^"']+\.mjs)["']/g))
      visit(resolve(name));
    for (const [, name] of text.matchAll(/import\(\s*["'](\.{1,2}\/[^"']+\.mjs)["']\s*\)/g))
      later.push(resolve(name));
  };
  const total = () => [...seen.values()].reduce((sum, bytes) => sum + bytes, 0);
  visit(join(dist, 'extension.mjs'));
  const activation = total();
  const opening = later.filter((file) => FIRST_OPEN.test(file));
  if (opening.length === 0) throw new Error('The chunk that opening a notebook loads was not found.');
  opening.forEach(visit);
  return { activation, firstOpen: total() - activation, total: total(), files: seen.size };
}
