import type { EpisodeRecord } from '../../evaluation/record.ts';
import type { Cell } from '../../evaluation/suites.ts';

/** Writes the figures that the records suffice for; returns their paths. */
export async function writeFigures(
  _folder: string,
  _cells: readonly Cell[],
  _records: readonly EpisodeRecord[],
): Promise<string[]> {
  return [];
}
