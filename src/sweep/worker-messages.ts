import type { RunRow } from './run-row.ts';
import type { WorkDescription, WorkOrder } from './work.ts';

/** What a worker is started with. */
export interface WorkerOptions {
  /** JSON lines on the standard streams instead of Node's channel */
  readonly stdio?: boolean;
  /** false: no run is recorded, and none is kept */
  readonly record?: boolean;
  /** where kept records go; absent: they are sent along */
  readonly records?: string;
  /** for unfinished records, on the same file system; absent: the machine's temporary folder */
  readonly scratch?: string;
  /** what the programs beside the worker must hash to */
  readonly programs?: string;
  /** folder of the files of each notebook that has some */
  readonly folders?: Readonly<Record<string, string>>;
}

export interface WorkerRequest {
  readonly id: string;
  readonly payload: WorkOrder;
}

/** A line on a worker's standard input: the work, once, then pieces of it. */
export type StreamRequest =
  { readonly description: WorkDescription } | { readonly id: string; readonly index: number };

/** What one run was on this worker. */
export interface WorkerResult {
  readonly row: RunRow;
  /** s */
  readonly seconds: number;
  /** the kept files as a base64 ZIP, where they were not put in place already */
  readonly zip?: string;
}

export type WorkerReply =
  | { readonly id: string; readonly value: WorkerResult }
  | { readonly id: string; readonly error: string; readonly again: boolean };
