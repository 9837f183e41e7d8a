import { WaybookError } from '../core/errors.ts';
import { hashJson } from '../core/hash.ts';
import type { EpisodeResult } from './episode.ts';
import type { ModelRef } from './methods.ts';

/** Raised whenever episodes come out otherwise than before, so that old records are not taken for new ones. */
export const PROTOCOL = 1;

/** One episode asked for: everything that decides its outcome. */
export interface EpisodeRequest {
  readonly task: string;
  readonly seed: number;
  /** as {@link conditionName} writes it */
  readonly condition: string;
  /** as {@link parseMethod} reads it; of its model only the content counts */
  readonly method: string;
  readonly model?: ModelRef;
}

/** One line of a records file. */
export interface EpisodeRecord {
  readonly key: string;
  readonly task: string;
  readonly seed: number;
  readonly condition: string;
  readonly method: string;
  /** SHA-256 of the network, where there is one */
  readonly sha256?: string;
  /** none: the condition cannot be had in this scene, for any method */
  readonly result?: EpisodeResult;
  /** why there is no result */
  readonly skipped?: string;
}

/** Hash of everything that decides an episode: the model by its content, whatever it is called. */
export const keyOf = ({ task, seed, condition, method, model }: EpisodeRequest): string =>
  hashJson({
    PROTOCOL,
    task,
    seed,
    condition,
    method: method.split('@')[0] ?? '',
    model: model?.sha256 ?? '',
  });

/** Reads a line of a records file. Throws `input/format` where it is none. */
export function parseRecord(line: string): EpisodeRecord {
  const value: unknown = JSON.parse(line);
  if (
    typeof value === 'object' &&
    value !== null &&
    'key' in value &&
    typeof value.key === 'string' &&
    'task' in value &&
    typeof value.task === 'string' &&
    'seed' in value &&
    typeof value.seed === 'number' &&
    'condition' in value &&
    typeof value.condition === 'string' &&
    'method' in value &&
    typeof value.method === 'string' &&
    ('result' in value || 'skipped' in value)
  ) {
    return value as EpisodeRecord;
  }
  throw new WaybookError('input/format', 'This line is no record of an episode.');
}
