// Builds everything into dist/: the host bundles (Node), the child processes and the browser bundles.
import { copyFile, mkdir } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const watch = process.argv.includes('--watch');
const minify = process.argv.includes('--minify');
const at = (path) => join(root, path);

/** Bundles that need a `require` for CommonJS dependencies inside an ES module. */
const requireShim = {
  js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
};

const node = {
  platform: 'node',
  target: 'node20',
  format: 'esm',
  external: ['onnxruntime-node', 'onnxruntime-web', 'vscode', 'bufferutil', 'utf-8-validate'],
  banner: requireShim,
  // jsonc-parser's main is UMD, whose requires a bundler cannot follow.
  mainFields: ['module', 'main'],
  // The reader of LAS files could also fetch them, and would bring a fetch of its own.
  alias: { 'cross-fetch': at('scripts/no-fetch.mjs') },
};
const browser = {
  platform: 'browser',
  target: 'es2022',
  format: 'esm',
  loader: { '.css': 'text', '.svg': 'text', '.ttf': 'dataurl' },
};

/** name of the bundle -> entry and the build it belongs to; entries that do not exist yet are skipped */
const bundles = [
  { out: 'dist/cli.mjs', entry: 'src/cli/main.ts', ...node },
  { out: 'dist/three-pcd-reader.mjs', entry: 'src/cli/bench/three-pcd-reader.ts', ...node },
  { out: 'dist/simulator.mjs', entry: 'src/simulator/main.ts', ...node },
  { out: 'dist/expert.mjs', entry: 'src/refinement/expert-process.ts', ...node },
  { out: 'dist/evaluation.mjs', entry: 'src/evaluation/worker.ts', ...node },
  { out: 'dist/planning-episodes.mjs', entry: 'src/evaluation/planning/worker.ts', ...node },
  { out: 'dist/motion.mjs', entry: 'src/notebook/session/session-process.ts', ...node },
  { out: 'dist/sweep-worker.mjs', entry: 'src/sweep/worker-main.ts', ...node },
  // Split, so that activation and the first open load only what they need.
  {
    out: 'dist/extension.mjs',
    entry: 'src/extension/extension.ts',
    splitting: true,
    ...node,
    alias: {
      // the same parser as ES modules, of which a bundler leaves out what nothing uses
      yaml: at('node_modules/yaml/browser/index.js'),
      // markdown-it makes one, and CommonMark never asks it
      'linkify-it': at('scripts/no-linkify.mjs'),
      entities: at('scripts/few-entities.mjs'),
    },
  },
  { out: 'dist/renderer.mjs', entry: 'webview/renderer/main.ts', splitting: true, ...browser },
  { out: 'dist/inspector.mjs', entry: 'webview/inspector/main.ts', splitting: true, ...browser },
  { out: 'dist/sidebar.mjs', entry: 'webview/sidebar/main.ts', ...browser },
  { out: 'dist/approval.mjs', entry: 'webview/approval/main.ts', splitting: true, ...browser },
  { out: 'dist/live-scene.mjs', entry: 'webview/live-scene/main.ts', splitting: true, ...browser },
  // Always minified: every report and every exported page carries it.
  {
    out: 'dist/sweep-report.js',
    entry: 'webview/sweep-report/main.ts',
    ...browser,
    format: 'iife',
    minify: true,
    sourcemap: false,
  },
  {
    out: 'dist/page.js',
    entry: 'webview/page/main.ts',
    ...browser,
    format: 'iife',
    minify: true,
    sourcemap: false,
  },
];

function optionsOf({ out, entry, splitting, ...rest }) {
  const shared = {
    absWorkingDir: root,
    bundle: true,
    minify,
    sourcemap: !minify,
    logLevel: 'warning',
    metafile: true,
  };
  const name = out.slice('dist/'.length).replace(/\.[^.]+$/, '');
  const extension = out.slice(out.lastIndexOf('.'));
  return splitting
    ? {
        ...shared,
        ...rest,
        entryPoints: { [name]: entry },
        outdir: 'dist',
        splitting: true,
        outExtension: { '.js': extension },
        chunkNames: `chunks/[name]-[hash]`,
      }
    : { ...shared, ...rest, entryPoints: [entry], outfile: out };
}

await mkdir(at('dist'), { recursive: true });
// MuJoCo's module looks for its WebAssembly beside the bundle that holds it.
await copyFile(at('node_modules/@mujoco/mujoco/mujoco.wasm'), at('dist/mujoco.wasm'));
// The LAZ decoder is loaded when a LAZ file is read, and looks for its WebAssembly beside itself.
await copyFile(at('node_modules/laz-perf/lib/node/laz-perf.js'), at('dist/laz-perf.cjs'));
await copyFile(at('node_modules/laz-perf/lib/node/laz-perf.wasm'), at('dist/laz-perf.wasm'));
for (const bundle of bundles) {
  if (!existsSync(at(bundle.entry))) continue;
  if (watch) {
    const context = await esbuild.context(optionsOf(bundle));
    await context.watch();
  } else {
    await esbuild.build(optionsOf(bundle));
  }
}
