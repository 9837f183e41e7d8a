import { dirname } from 'node:path';
import { RECORDS_FOLDER, readSummary, type StoredSummary } from '../../sweep/sweep-folder.ts';
import type { RateOf } from '../../sweep/tally.ts';

export interface FoundSweep {
  readonly folder: string;
  readonly summary: StoredSummary;
}

export type Failure = StoredSummary['failures'][number];

/** What the tree shows, without VS Code. */
export type SweepNode =
  | { readonly kind: 'sweep'; readonly sweep: FoundSweep }
  | {
      readonly kind: 'factor';
      readonly sweep: FoundSweep;
      readonly name: string;
      readonly rates: readonly RateOf[];
    }
  | { readonly kind: 'rate'; readonly rate: RateOf }
  | { readonly kind: 'failures'; readonly sweep: FoundSweep }
  | { readonly kind: 'failure'; readonly sweep: FoundSweep; readonly failure: Failure };

/** The sweeps whose summaries are among these files, newest first; files that are none are passed over. */
export function sweepsIn(summaryFiles: readonly string[]): FoundSweep[] {
  return summaryFiles
    .flatMap((file) => {
      const folder = dirname(file);
      const summary = readSummary(folder);
      return summary ? [{ folder, summary }] : [];
    })
    .sort((a, b) => (a.summary.updated < b.summary.updated ? 1 : -1));
}

export function childrenOf(node: SweepNode): SweepNode[] {
  switch (node.kind) {
    case 'sweep': {
      const { sweep } = node;
      const factors = sweep.summary.byFactor.map(({ factor, rates }): SweepNode => ({
        kind: 'factor',
        sweep,
        name: factor,
        rates,
      }));
      return sweep.summary.failures.length > 0 ? [...factors, { kind: 'failures', sweep }] : factors;
    }
    case 'factor':
      return node.rates.map((rate) => ({ kind: 'rate', rate }));
    case 'failures':
      return node.sweep.summary.failures.map((failure) => ({ kind: 'failure', sweep: node.sweep, failure }));
    case 'rate':
    case 'failure':
      return [];
  }
}

/** `75.0 % (30.1 to 95.4), 3 of 4` */
export function describeRate({ rate }: RateOf): string {
  if (rate.total === 0) return '–';
  const percent = (share: number): string => (100 * share).toFixed(1);
  return `${percent(rate.rate)} % (${percent(rate.low)} to ${percent(rate.high)}), ${rate.successes} of ${rate.total}`;
}

/** Where a failure's notebook is, relative to its sweep, where its record was kept. */
export const notebookOf = ({ record }: Failure): string | undefined =>
  record === undefined ? undefined : `${RECORDS_FOLDER}/${record}.waybook.md`;
