// Bundles a TypeScript entry of this folder for Node and runs it; packages stay outside the bundle.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const here = dirname(fileURLToPath(import.meta.url));

export async function runBundled(entry) {
  // Inside the checkout, so that packages resolve.
  const outfile = join(here, '../../out/browser', entry.replace(/\.ts$/, '.mjs'));
  await mkdir(dirname(outfile), { recursive: true });
  await esbuild.build({
    entryPoints: [join(here, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}
