// Bundles the tests that run inside the extension host into out/vscode/suite/.
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import { root } from '../bootstrap.mjs';

export async function buildSuites() {
  const from = join(root, 'test/vscode/suite');
  const outdir = join(root, 'out/vscode/suite');
  rmSync(outdir, { recursive: true, force: true });
  await esbuild.build({
    entryPoints: readdirSync(from)
      .filter((name) => name.endsWith('.test.ts'))
      .map((name) => join(from, name)),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['vscode', 'mocha'],
    sourcemap: 'inline',
    logLevel: 'warning',
  });
}
