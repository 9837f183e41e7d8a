import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { RunIndex } from './record-types.ts';
import { isObject } from '../core/is-object.ts';

export const INDEX_FILE = 'index.json';
export const RECORD_FILE = 'run.mcap';
const PREVIEW_SUFFIX = '.scene.json';

/** `20261122T113004Z-4f2a9c`: sorts by time, and says nothing of who ran it. */
const FOLDER_NAME = /^\d{8}T\d{6}Z-[0-9a-f]{6,}$/;
const SIDECAR_NAME = /^[0-9a-f]{64}\.bin$/;

/** Folder beside a notebook that its runs go to: `NAME.waybook.md` has `NAME.waybook.runs`. */
export const runsFolderName = (notebook: string): string => `${notebook.replace(/\.md$/i, '')}.runs`;

/** Makes the folder of a new run and returns its name. */
export function makeRunFolder(runsFolder: string, now: Date): string {
  const stamp = now.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
  mkdirSync(runsFolder, { recursive: true });
  for (;;) {
    const name = `${stamp}-${randomBytes(3).toString('hex')}`;
    if (existsSync(join(runsFolder, name))) continue;
    mkdirSync(join(runsFolder, name));
    return name;
  }
}

/** Names of run folders, oldest first. An absent folder has none; links are not followed. */
export function runFolderNames(runsFolder: string): string[] {
  if (!existsSync(runsFolder)) return [];
  return readdirSync(runsFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && FOLDER_NAME.test(entry.name))
    .map((entry) => entry.name)
    .sort();
}

/** Removes the oldest runs so that `keep` are left, `current` not counted and never removed. Returns what went. */
export function pruneRuns(runsFolder: string, keep: number, current?: string): string[] {
  const others = runFolderNames(runsFolder).filter((name) => name !== current);
  const removed: string[] = [];
  for (const name of others.slice(0, Math.max(0, others.length - Math.max(0, keep)))) {
    const folder = join(runsFolder, name);
    const holds = readdirSync(folder);
    // Only what a run has made goes: a folder with something else in it is somebody's.
    const ours = holds.every((file) => isRunFile(file) && lstatSync(join(folder, file)).isFile());
    if (!ours) continue;
    rmSync(folder, { recursive: true });
    removed.push(name);
  }
  return removed;
}

export const isRunFile = (name: string): boolean =>
  name === INDEX_FILE ||
  name === RECORD_FILE ||
  name.endsWith(PREVIEW_SUFFIX) ||
  name.endsWith('.tmp') ||
  SIDECAR_NAME.test(name);

/** Replaces a file in one step: readers see the old content or the new, never half of it. */
export function writeAtomically(file: string, content: string | Uint8Array): void {
  const temporary = `${file}.${randomBytes(4).toString('hex')}.tmp`;
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const handle = openSync(temporary, 'wx');
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(handle, bytes, at);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
  renameSync(temporary, file);
}

/** `index.json` of a run, or undefined where it is missing or not one. */
export function readIndex(folder: string): RunIndex | undefined {
  try {
    return parseIndex(JSON.parse(readFileSync(join(folder, INDEX_FILE), 'utf8')));
  } catch {
    return undefined;
  }
}

const OUTCOMES = ['running', 'succeeded', 'failed', 'cancelled'];

function parseIndex(value: unknown): RunIndex | undefined {
  if (!isObject(value) || value['version'] !== 1 || !isObject(value['cells'])) return undefined;
  const { run, notebook, started, state } = value;
  if (![run, notebook, started].every((v) => typeof v === 'string') || !OUTCOMES.includes(String(state)))
    return undefined;
  for (const cell of Object.values(value['cells'])) {
    if (!isObject(cell) || typeof cell['key'] !== 'string' || typeof cell['summary'] !== 'string')
      return undefined;
    if (!isPreviewName(cell['preview']) || !Array.isArray(cell['sidecars'])) return undefined;
    if (!cell['sidecars'].every((name) => typeof name === 'string' && SIDECAR_NAME.test(name)))
      return undefined;
  }
  return value as unknown as RunIndex;
}

/** A file name that cannot leave the folder. */
const isPreviewName = (value: unknown): boolean =>
  typeof value === 'string' && value.endsWith(PREVIEW_SUFFIX) && !/[/\\]|^\./.test(value);

/** File name for a cell's preview. Ids may hold characters that some file systems refuse. */
export const previewName = (cell: string): string =>
  `${cell.replace(/[^\p{L}\p{N}_.-]/gu, '-').replace(/^\.+/, '-')}${PREVIEW_SUFFIX}`;
