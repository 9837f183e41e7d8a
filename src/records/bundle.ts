import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { zipSync, type Zippable } from 'fflate';
import { WaybookError } from '../core/errors.ts';
import { hashBytes } from '../core/hash.ts';
import { isRunFile, readIndex } from './run-folder.ts';

export interface BundleInput {
  /** base name and text of the notebook */
  readonly notebook: { readonly name: string; readonly text: string };
  /** captures that the notebook reads, by their path relative to it */
  readonly captures: readonly { readonly path: string; readonly bytes: Uint8Array }[];
  /** folders of runs, newest first */
  readonly runFolders: readonly string[];
  /** SHA-256 of the action expert, where one was used */
  readonly modelHash?: string;
  readonly version: string;
}

/** A larger bundle does not fit one buffer. */
const LIMIT_BYTES = 1024 * 1024 * 1024;
/** Already compressed: packing again only costs time. */
const STORED = /\.(mcap|png|jpe?g|zip)$/;

/**
 * A `.zip` with a notebook, its captures and its runs, laid out as on disk, and a `bundle.json` with the SHA-256 of
 * every file. The same input gives the same bytes: entries carry no dates. Throws `input/limit` where it is too large.
 */
export function makeBundle(input: BundleInput): Uint8Array {
  const { notebook, captures, runFolders, modelHash, version } = input;
  const files = new Map<string, Uint8Array>();
  let total = 0;
  const add = (path: string, bytes: Uint8Array): void => {
    if (path.split('/').some((part) => part === '' || part === '..') || /^[a-zA-Z]:|\\/.test(path)) {
      throw new WaybookError('input/usage', `"${path}" is no path inside a bundle.`);
    }
    total += bytes.length;
    if (total > LIMIT_BYTES) {
      throw new WaybookError('input/limit', `The bundle would be larger than ${LIMIT_BYTES / 1048576} MB.`, {
        hint: 'Leave older runs out.',
      });
    }
    files.set(path, bytes);
  };
  add(notebook.name, new TextEncoder().encode(notebook.text));
  for (const { path, bytes } of captures) add(path, bytes);
  const runs = `${notebook.name.replace(/\.md$/i, '')}.runs`;
  for (const folder of runFolders) {
    const name = readIndex(folder)?.run;
    if (name === undefined) continue;
    for (const file of readdirSync(folder).sort()) {
      const path = join(folder, file);
      if (isRunFile(file) && !file.endsWith('.tmp') && statSync(path).isFile())
        add(`${runs}/${name}/${file}`, readFileSync(path));
    }
  }
  const manifest = {
    version: 1,
    waybook: version,
    notebook: notebook.name,
    ...(modelHash === undefined ? {} : { modelHash }),
    files: Object.fromEntries([...files].map(([path, bytes]) => [path, hashBytes(bytes)])),
  };
  add('bundle.json', new TextEncoder().encode(`${JSON.stringify(manifest, null, 2)}\n`));
  // 1980 is the earliest date that a zip can hold; a real one would make every bundle another file.
  const mtime = new Date(1980, 0, 1, 12);
  const zippable: Zippable = Object.fromEntries(
    [...files].map(([path, bytes]) => [path, [bytes, { level: STORED.test(path) ? 0 : 6, mtime }]]),
  );
  return zipSync(zippable);
}
