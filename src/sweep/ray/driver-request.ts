import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ATTEMPTS } from '../engine.ts';
import type { WorkDescription } from '../work.ts';

/** What the Python driver is asked: the sweep, and which of its runs. */
export interface DriverRequest {
  readonly description: WorkDescription;
  /** base64 content by path, by notebook */
  readonly files: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly indices: readonly number[];
  readonly attempts: number;
  /** s */
  readonly timeout: number;
  /** most runs at a time; absent: as many as the cluster has processors */
  readonly workers?: number;
}

export interface RayOptions {
  readonly description: WorkDescription;
  /** folder of the files of each notebook that has some */
  readonly folders: Readonly<Record<string, string>>;
  /** where kept records are unpacked */
  readonly records: string;
  /** s */
  readonly timeout: number;
  readonly workers?: number;
  /** folder of the bundle on every node; absent: it is sent along */
  readonly bundle?: string;
  /** whether this machine's Node is sent along */
  readonly withNode: boolean;
  /** the installation, where it is not around the running bundle */
  readonly root?: string;
}

export function driverRequest(options: RayOptions, indices: readonly number[]): DriverRequest {
  const { description, folders, timeout, workers } = options;
  const notebooks = 'notebooks' in description ? description.notebooks : [];
  const files = notebooks.flatMap(({ name, files: own }) => {
    const folder = folders[name];
    if (own.length === 0 || folder === undefined) return [];
    const contents = own.map(
      ({ path }) => [path, readFileSync(join(folder, path)).toString('base64')] as const,
    );
    return [[name, Object.fromEntries(contents)] as const];
  });
  return {
    description,
    files: Object.fromEntries(files),
    indices,
    attempts: ATTEMPTS,
    timeout,
    ...(workers === undefined ? {} : { workers }),
  };
}
