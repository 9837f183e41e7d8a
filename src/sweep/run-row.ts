import type { Scalar } from './factor.ts';
import { isObject } from '../core/is-object.ts';

/**
 * What one run came to: only what its inputs decide, so that the same sweep gives the same rows on any number of workers
 * and on any engine.
 */
export interface RunRow {
  /** place in the sweep, from 0 */
  readonly index: number;
  /** hash of everything that decides the run */
  readonly key: string;
  readonly notebook: string;
  readonly values: Readonly<Record<string, Scalar>>;
  readonly success: boolean;
  /** `crashed`: its process died every time it was tried, so nothing is known of the task */
  readonly outcome: 'succeeded' | 'failed' | 'crashed';
  /** as of `waybook run` */
  readonly exitCode: number;
  /** verdict, or what went wrong before there was one */
  readonly reason: string;
  /** code of the failure, where the run failed before the task could */
  readonly code?: string;
  readonly trajectoryHash?: string;
  readonly finalStateHash?: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** stem of the kept record's files in `records/`; absent where none was kept */
  readonly record?: string;
}

/** A row as it came: what only this execution decided stands beside it. */
export interface Delivery {
  readonly row: RunRow;
  readonly attempts: number;
  /** s, of the run itself on its worker */
  readonly seconds: number;
  /** which worker or node ran it */
  readonly where: string;
}

/** A line of the journal or of a worker's answer; undefined where it is none. */
export function parseDelivery(value: unknown): Delivery | undefined {
  if (!isObject(value) || !isObject(value['row'])) return undefined;
  const { row } = value;
  const sound =
    Number.isSafeInteger(row['index']) &&
    typeof row['key'] === 'string' &&
    typeof row['notebook'] === 'string' &&
    typeof row['success'] === 'boolean' &&
    ['succeeded', 'failed', 'crashed'].includes(String(row['outcome'])) &&
    typeof row['exitCode'] === 'number' &&
    typeof row['reason'] === 'string' &&
    isObject(row['values']) &&
    isObject(row['metrics']) &&
    (row['record'] === undefined || isStem(row['record'])) &&
    typeof value['attempts'] === 'number' &&
    typeof value['seconds'] === 'number' &&
    typeof value['where'] === 'string';
  return sound ? (value as unknown as Delivery) : undefined;
}

/** A file name that cannot leave its folder. */
const isStem = (value: unknown): boolean => typeof value === 'string' && /^[\w-]+$/.test(value);
