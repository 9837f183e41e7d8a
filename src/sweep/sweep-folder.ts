import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hostname } from 'node:os';
import { WaybookError } from '../core/errors.ts';
import { isObject } from '../core/is-object.ts';
import { writeAtomically } from '../records/run-folder.ts';
import type { SweepDescription } from './description.ts';
import type { SweepSummary } from './tally.ts';

export const DESCRIPTION_FILE = 'sweep.json';
export const JOURNAL_FILE = 'journal.jsonl';
export const RESULTS_FILE = 'results.parquet';
export const SUMMARY_FILE = 'summary.json';
export const REPORT_FILE = 'report.html';
export const RECORDS_FOLDER = 'records';
/** The built viewer, which every page in `records/` loads from beside it. */
export const PAGE_SCRIPT = 'page.js';
const SCRATCH_PREFIX = '.scratch-';
const LOCK_FILE = '.lock';

/** `summary.json`: what the side bar shows of a sweep without reading its results. */
export interface StoredSummary extends SweepSummary {
  readonly version: 1;
  readonly title: string;
  /** ISO 8601, UTC */
  readonly updated: string;
  readonly state: 'running' | 'stopped' | 'finished';
  /** some failures, in the order of the sweep, with the stems of their records */
  readonly failures: readonly {
    readonly index: number;
    readonly label: string;
    readonly reason: string;
    readonly record?: string;
  }[];
}

/** The files of one sweep. Whoever opened it for writing must dispose it. */
export class SweepFolder implements Disposable {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  /**
   * Takes the folder for one driver. A lock of a driver that is gone is taken over. Throws `input/usage` where another
   * one works in it.
   */
  static open(path: string): SweepFolder {
    mkdirSync(join(path, RECORDS_FOLDER), { recursive: true });
    const lock = join(path, LOCK_FILE);
    const holder = readLock(lock);
    if (holder && holder.host === hostname() && holder.pid !== process.pid && isAlive(holder.pid)) {
      throw new WaybookError('input/usage', `Another sweep (process ${holder.pid}) is at work in ${path}.`, {
        hint: 'Wait for it, stop it, or give another --out.',
      });
    }
    writeFileSync(lock, JSON.stringify({ pid: process.pid, host: hostname() }));
    const folder = new SweepFolder(path);
    folder.removeScratch();
    return folder;
  }

  file(name: string): string {
    return join(this.path, name);
  }

  get records(): string {
    return join(this.path, RECORDS_FOLDER);
  }

  /** A folder for one worker's unfinished records, on the same file system as the kept ones. */
  scratch(worker: string): string {
    return join(this.path, `${SCRATCH_PREFIX}${worker}`);
  }

  /** What workers that were killed have left. */
  removeScratch(): void {
    for (const name of readdirSync(this.path))
      if (name.startsWith(SCRATCH_PREFIX)) rmSync(join(this.path, name), { recursive: true, force: true });
  }

  writeDescription(description: SweepDescription): void {
    writeAtomically(this.file(DESCRIPTION_FILE), `${JSON.stringify(description, null, 1)}\n`);
  }

  writeSummary(summary: StoredSummary): void {
    writeAtomically(this.file(SUMMARY_FILE), `${JSON.stringify(summary, null, 1)}\n`);
  }

  [Symbol.dispose](): void {
    this.removeScratch();
    rmSync(this.file(LOCK_FILE), { force: true });
  }
}

/** A folder's sweep; undefined where it holds none. Throws `input/format` where `sweep.json` is damaged. */
export function readDescription(folder: string): SweepDescription | undefined {
  const file = join(folder, DESCRIPTION_FILE);
  if (!existsSync(file)) return undefined;
  const value: unknown = parse(readFileSync(file, 'utf8'));
  if (isObject(value) && value['waybookSweep'] === 1 && isSound(value))
    return value as unknown as SweepDescription;
  throw new WaybookError('input/format', `${file} is not a sweep that this Waybook reads.`, {
    hint: 'Give another --out, or remove the folder.',
  });
}

/** `summary.json` of a sweep, or undefined where it is missing or not one. */
export function readSummary(folder: string): StoredSummary | undefined {
  try {
    const value: unknown = parse(readFileSync(join(folder, SUMMARY_FILE), 'utf8'));
    if (!isObject(value) || value['version'] !== 1 || typeof value['title'] !== 'string') return undefined;
    const sound =
      isRate(value['overall']) && Array.isArray(value['byFactor']) && Array.isArray(value['failures']);
    return sound ? (value as unknown as StoredSummary) : undefined;
  } catch {
    return undefined;
  }
}

function isSound({ notebooks, factors, list, keep, programs, title }: Record<string, unknown>): boolean {
  return (
    typeof title === 'string' &&
    typeof programs === 'string' &&
    (typeof keep === 'number' || keep === 'all') &&
    (list === undefined || (Array.isArray(list) && list.every(Array.isArray))) &&
    Array.isArray(factors) &&
    factors.every((f) => isObject(f) && typeof f['name'] === 'string' && Array.isArray(f['values'])) &&
    Array.isArray(notebooks) &&
    notebooks.every(
      (n) =>
        isObject(n) &&
        typeof n['name'] === 'string' &&
        typeof n['text'] === 'string' &&
        Array.isArray(n['files']),
    )
  );
}

const isRate = (value: unknown): boolean =>
  isObject(value) && isObject(value['rate']) && typeof value['rate']['total'] === 'number';

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readLock(file: string): { pid: number; host: string } | undefined {
  const value = existsSync(file) ? parse(readFileSync(file, 'utf8')) : undefined;
  if (!isObject(value) || typeof value['pid'] !== 'number' || typeof value['host'] !== 'string')
    return undefined;
  return { pid: value['pid'], host: value['host'] };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: there is one, and it is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
