/*
 * The ONNX runtime of a VSIX: one native binary, or WebAssembly where onnxruntime has none (Intel Macs since its 1.24). Staged
 * as src/refinement/expert/onnx-runtime.ts looks for them.
 */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fail, root } from '../bootstrap.mjs';

export const WASM_TARGETS = ['darwin-x64'];
export const TARGETS = [
  'linux-x64',
  'linux-arm64',
  'darwin-arm64',
  'win32-x64',
  'win32-arm64',
  ...WASM_TARGETS,
];

const modules = (...path) => join('node_modules', ...path);

/** Copies the runtime for a target into `staging/node_modules`; returns the manifest's dependencies. */
export function stageRuntime(target, staging) {
  const copy = (path, filter = () => true) => {
    if (!existsSync(join(root, path))) fail(`${path} is missing: run "npm ci" first.`);
    mkdirSync(dirname(join(staging, path)), { recursive: true });
    cpSync(join(root, path), join(staging, path), {
      recursive: true,
      filter: (source) => filter(relative(root, source)),
    });
  };
  const { dependencies } = readJson(join(root, 'package.json'));
  if (WASM_TARGETS.includes(target)) {
    copy(
      modules('onnxruntime-common'),
      (path) => !/\.(map|ts|md)$|\/(lib|test)(\/|$)|\/dist\/cjs/.test(path),
    );
    for (const file of [
      'package.json',
      'dist/ort.node.min.mjs',
      'dist/ort-wasm-simd-threaded.mjs',
      'dist/ort-wasm-simd-threaded.wasm',
    ])
      copy(modules('onnxruntime-web', file));
    onlyNeeds(staging, 'onnxruntime-web', ['onnxruntime-common']);
    return { 'onnxruntime-web': dependencies['onnxruntime-web'] };
  }
  const [platform, arch] = target.split('-');
  copy(modules('onnxruntime-common'), (path) => !/\.(map|ts|md)$|\/(lib|test)(\/|$)|\/dist\/esm/.test(path));
  copy(modules('onnxruntime-node'), (path) => !/\.(map|ts|md)$|\/(lib|script|bin)(\/|$)/.test(path));
  copy(modules('onnxruntime-node/bin/napi-v6', platform, arch));
  onlyNeeds(staging, 'onnxruntime-node', ['onnxruntime-common']);
  return { 'onnxruntime-node': dependencies['onnxruntime-node'] };
}

/** Installers, downloaders and other builds do not come along, so neither do their dependencies. */
function onlyNeeds(staging, name, needed) {
  const file = join(staging, modules(name, 'package.json'));
  const { dependencies, scripts: _scripts, devDependencies: _dev, ...rest } = readJson(file);
  const kept = Object.fromEntries(needed.map((need) => [need, dependencies[need]]));
  writeFileSync(file, `${JSON.stringify({ ...rest, dependencies: kept }, null, 2)}\n`);
}

const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));
