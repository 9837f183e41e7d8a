import type { WorldEpoch } from '../../core/provenance.ts';
import type { NotebookDocument } from '../file/document.ts';
import { type KeyEnvironment, outputKeys } from './output-key.ts';

/** An output as it was stored: its key, and the world epoch that it was made in. */
export interface StoredKey {
  readonly key: string;
  readonly epoch: WorldEpoch;
}

/**
 * `fresh`: may be used as it stands. `past`: same inputs, but the world has moved since. `stale`: made from other
 * inputs. `missing`: no output. Only fresh ones are ever executed.
 */
export type CellState = 'fresh' | 'past' | 'stale' | 'missing';

/** State of every runnable cell with an id. A cell is no better than the worst of the cells that it names. */
export function cellStates(
  document: NotebookDocument,
  stored: ReadonlyMap<string, StoredKey>,
  environment: KeyEnvironment,
  epoch: WorldEpoch,
): Map<string, CellState> {
  const keys = outputKeys(document, environment);
  const states = new Map<string, CellState>();
  for (const cell of document.cells) {
    if (cell.kind === 'markdown' || cell.id === undefined || states.has(cell.id)) continue;
    states.set(cell.id, stateOf(stored.get(cell.id), keys.get(cell.id), epoch));
  }
  return states;
}

function stateOf(entry: StoredKey | undefined, key: string | undefined, epoch: WorldEpoch): CellState {
  if (!entry) return 'missing';
  if (entry.key !== key) return 'stale';
  return entry.epoch.session === epoch.session && entry.epoch.counter === epoch.counter ? 'fresh' : 'past';
}
