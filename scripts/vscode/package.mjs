#!/usr/bin/env node
/*
 * Makes the VSIX for one platform: bundles, models, samples and one onnxruntime, staged in out/package/ so that nothing
 * of the development tree comes along. `--target linux-x64|linux-arm64|darwin-arm64|darwin-x64|win32-x64|win32-arm64`,
 * where darwin-x64 gets WebAssembly; without it, this machine's. `--no-build` packs dist/ as it is.
 */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fail, root } from '../bootstrap.mjs';
import { LOAD_BUDGET, loadedBytes } from './load-budget.mjs';
import { stageRuntime, TARGETS } from './stage-runtime.mjs';

const at = (...path) => join(root, ...path);

/** Copies what an installed extension reads. Sources, tests, maps and run records stay behind. */
function stage(target) {
  const staging = at('out', 'package');
  rmSync(staging, { recursive: true, force: true });
  mkdirSync(staging, { recursive: true });
  const copy = (path, filter = () => true) => {
    if (!existsSync(at(path))) return;
    cpSync(at(path), join(staging, path), {
      recursive: true,
      filter: (source) => filter(relative(root, source)),
    });
  };
  const chunks = reachableChunks();
  copy(
    'dist',
    (path) =>
      !/\.map$|(^|\/)(cli\.mjs|sweep-worker\.mjs|three-pcd-reader\.mjs|sweep-report\.js|\.built)$/.test(
        path,
      ) &&
      (!/chunks\/./.test(path) || chunks.has(basename(path))),
  );
  for (const folder of ['media', 'syntaxes', 'snippets', 'l10n']) copy(folder);
  copy('samples', (path) => !/\.runs(\/|$)/.test(path));
  copy('models', (path) => !/training/.test(path));
  for (const file of ['LICENSE', 'README.md', 'CHANGELOG.md', 'SUPPORT.md', 'package.nls.json']) copy(file);

  const dependencies = stageRuntime(target, staging);
  const manifest = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  for (const key of ['scripts', 'devDependencies', 'bin', 'private']) delete manifest[key];
  manifest.dependencies = dependencies;
  writeJson(join(staging, 'package.json'), manifest);
  return staging;
}

/** Chunks that the entries of this build import: dist/ keeps those of earlier builds, whose names hold their hashes. */
function reachableChunks() {
  const found = new Set();
  const visit = (file) => {
    for (const [, name] of readFileSync(file, 'utf8').matchAll(
      /["'](?:\.\/chunks\/|\.\/)([\w.-]+\.mjs)["']/g,
    )) {
      const chunk = at('dist', 'chunks', name);
      if (found.has(name) || !existsSync(chunk)) continue;
      found.add(name);
      visit(chunk);
    }
  };
  for (const name of readdirSync(at('dist'))) if (name.endsWith('.mjs')) visit(at('dist', name));
  return found;
}

const writeJson = (file, value) => writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);

/** Packs and returns the path of the VSIX. */
export function packageExtension({ target = `${process.platform}-${process.arch}`, build = true } = {}) {
  if (!TARGETS.includes(target)) fail(`No such target: ${target}. There are: ${TARGETS.join(', ')}.`, 2);
  if (build) must([at('scripts/build.mjs'), '--minify']);
  for (const file of ['extension.mjs', 'renderer.mjs', 'motion.mjs', 'simulator.mjs', 'mujoco.wasm']) {
    if (!existsSync(at('dist', file))) fail(`dist/${file} is missing: run "npm run build" first.`);
  }
  const staging = stage(target);
  if (build) checkBudget(join(staging, 'dist'));
  const { name, version } = JSON.parse(readFileSync(at('package.json'), 'utf8'));
  const out = at('out', `${name}-${target}-${version}.vsix`);
  rmSync(out, { force: true });
  must(
    [
      at('node_modules/@vscode/vsce/vsce'),
      'package',
      '--target',
      target,
      '--allow-missing-repository',
      '--skip-license',
      '--no-rewrite-relative-links',
      '--out',
      out,
    ],
    staging,
  );
  const megabytes = (statSync(out).size / 1e6).toFixed(1);
  const parts = readdirSync(join(staging, 'dist')).length;
  process.stderr.write(`${relative(root, out)}: ${megabytes} MB, ${parts} files in dist\n`);
  return out;
}

/** What ships must stay small where it is loaded at once. */
function checkBudget(dist) {
  const { activation, firstOpen, total, files } = loadedBytes(dist);
  const kilobytes = (bytes) => `${(bytes / 1000).toFixed(0)} kB`;
  process.stderr.write(
    `loaded by activation ${kilobytes(activation)}, by the first open ${kilobytes(firstOpen)}: ${kilobytes(total)} in ${files} files, at most ${kilobytes(LOAD_BUDGET)}\n`,
  );
  if (total > LOAD_BUDGET) fail('The extension loads too much: load what is not needed at once when it is.');
}

function must(args, cwd = root) {
  const { status } = spawnSync(process.execPath, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) fail(`${relative(root, args[0])} ended with ${status}.`, status ?? 1);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const index = process.argv.indexOf('--target');
  packageExtension({
    target: index < 0 ? undefined : process.argv[index + 1],
    build: !process.argv.includes('--no-build'),
  });
}
