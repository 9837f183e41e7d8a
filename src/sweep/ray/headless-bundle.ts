import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { WaybookError } from '../../core/errors.ts';
import { hashPrograms, installationRoot, PROGRAM_FILES } from '../programs.ts';

/** Name of the Python package that holds the programs. */
export const HEADLESS_MODULE = 'waybook_headless';
const ONNX = ['onnxruntime-node', 'onnxruntime-common'] as const;
/** Graphics drivers that nothing of ours loads. */
const NOT_NEEDED = /\.(map|ts|md)$|providers_(cuda|tensorrt)|DirectML/;

/** Versions whose bundles stay in the cache in any case. */
const KEPT_BUNDLES = 2;
const DAY_MS = 86_400_000;

export interface BundleOptions {
  /** `linux-x64`, …: whose onnxruntime goes along; default this machine's */
  readonly platform?: string;
  readonly withNode?: boolean;
  /** only the Python package: the programs are on every node already */
  readonly withoutPrograms?: boolean;
  readonly root?: string;
  /** where bundles are kept between sweeps */
  readonly cache?: string;
}

export interface HeadlessBundle {
  /** folder that holds the package {@link HEADLESS_MODULE} */
  readonly folder: string;
  /** of everything in it */
  readonly hash: string;
}

/**
 * The headless bundle as a folder that Python can import and that Node can run from: made once for each version. Throws
 * `input/file` where something that belongs in it is missing.
 */
export function headlessBundle(options: BundleOptions = {}): HeadlessBundle {
  const root = options.root ?? installationRoot();
  const platform = options.platform ?? `${process.platform}-${process.arch}`;
  const python = join(root, 'ray', HEADLESS_MODULE);
  if (!existsSync(join(python, 'driver.py'))) {
    throw new WaybookError(
      'input/file',
      `The driver for Ray is missing: there is no ${relative(root, python)}.`,
      {
        hint: 'Install Waybook again.',
      },
    );
  }
  const scripts = readdirSync(python).filter((name) => name.endsWith('.py'));
  const hash = createHash('sha256');
  hash.update(JSON.stringify([platform, options.withNode === true, options.withoutPrograms === true]));
  for (const name of scripts.sort()) hash.update(name).update(readFileSync(join(python, name)));
  hash.update(options.withoutPrograms === true ? '' : hashPrograms(root));
  if (options.withNode === true) hash.update(process.version);
  const digest = hash.digest('hex').slice(0, 20);
  const cache = options.cache ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'waybook');
  const folder = join(cache, `headless-${digest}`);
  if (!existsSync(folder)) {
    mkdirSync(cache, { recursive: true });
    // Made aside and renamed, so that a bundle is whole or is not there.
    const making = mkdtempSync(join(cache, '.making-'));
    const module = join(making, HEADLESS_MODULE);
    mkdirSync(module);
    for (const name of scripts) copyFileSync(join(python, name), join(module, name));
    if (options.withoutPrograms !== true) copyPrograms(root, module, platform);
    if (options.withNode === true) copyNode(module, platform);
    try {
      renameSync(making, folder);
    } catch (error) {
      rmSync(making, { recursive: true, force: true });
      if (!existsSync(folder)) throw error;
    }
  }
  const now = new Date();
  utimesSync(folder, now, now);
  pruneBundles(cache, now);
  return { folder, hash: digest };
}

/** Every version makes a bundle of its own: beside the newest, those that nothing has used for a day go. */
function pruneBundles(cache: string, now: Date): void {
  const bundles = readdirSync(cache)
    .filter((name) => /^headless-[0-9a-f]{20}$/.test(name))
    .map((name) => ({ path: join(cache, name), used: statSync(join(cache, name)).mtimeMs }))
    .sort((a, b) => b.used - a.used);
  for (const { path, used } of bundles.slice(KEPT_BUNDLES)) {
    if (now.getTime() - used < DAY_MS) continue;
    rmSync(path, { recursive: true, force: true });
    rmSync(`${path}.zip`, { force: true });
  }
}

function copyPrograms(root: string, module: string, platform: string): void {
  const copy = (path: string): void => {
    mkdirSync(dirname(join(module, path)), { recursive: true });
    copyFileSync(join(root, path), join(module, path));
  };
  for (const path of PROGRAM_FILES) if (existsSync(join(root, path))) copy(path);
  const [os = '', arch = ''] = platform.split('-');
  const binaries = join('bin', 'napi-v6', os, arch);
  if (!existsSync(join(root, 'node_modules', ONNX[0], binaries))) {
    throw new WaybookError('input/usage', `There is no onnxruntime for nodes of the kind ${platform} here.`, {
      hint: 'See docs/sweeps.md for the platforms.',
    });
  }
  for (const name of ONNX) {
    const from = join(root, 'node_modules', name);
    cpSync(from, join(module, 'node_modules', name), {
      recursive: true,
      dereference: true,
      filter: (source) => {
        const path = relative(from, source);
        if (NOT_NEEDED.test(path) || /(^|\/)(lib|script|test|esm)(\/|$)/.test(path.split(sep).join('/'))) {
          // The runtime's own dist/ holds what is loaded; sources and installers stay behind.
          return path.startsWith('dist') && !NOT_NEEDED.test(path) && !path.includes('esm');
        }
        return !path.startsWith('bin') || binaries.startsWith(path) || path.startsWith(binaries);
      },
    });
  }
}

function copyNode(module: string, platform: string): void {
  if (platform !== `${process.platform}-${process.arch}`) {
    throw new WaybookError('input/usage', `The Node of this machine does not run on ${platform}.`, {
      hint: 'Leave --with-node away and install Node there.',
    });
  }
  const target = join(module, 'node', 'bin', 'node');
  mkdirSync(dirname(target), { recursive: true });
  copyFileSync(process.execPath, target);
  chmodSync(target, 0o755);
}

/** A folder as a ZIP file beside it, made once: what Ray's job API takes. */
export function zipOfBundle({ folder, hash }: HeadlessBundle): Uint8Array {
  const file = `${folder}.zip`;
  if (existsSync(file)) return readFileSync(file);
  const entries: Zippable = {};
  const add = (path: string): void => {
    const full = join(folder, path);
    if (statSync(full).isDirectory())
      for (const name of readdirSync(full)) add(path === '' ? name : `${path}/${name}`);
    else if (!/__pycache__/.test(path)) entries[path] = readFileSync(full);
  };
  add('');
  // A fixed time, so that the same files give the same bytes.
  const bytes = zipSync(entries, { level: 6, mtime: '2020-01-01T00:00:00Z' });
  const making = `${file}.${hash}.${process.pid}.tmp`;
  writeFileSync(making, bytes);
  renameSync(making, file);
  return bytes;
}
