import type { ReportColumn } from '../../src/core/sweep-report.ts';

/** Where a column's values stand along an axis from 0 to 1, with what is written below. */
export interface Axis {
  readonly name: string;
  /** NaN where the run has no value */
  readonly at: (run: number) => number;
  readonly text: (run: number) => string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

const TICKS = 5;

/** `spread` moves runs with the same word apart, always in the same way: 0 to 1 for each run. */
export function axisOf(column: ReportColumn, spread: (run: number) => number): Axis {
  if (column.kind === 'words') {
    const { words, of } = column;
    const n = Math.max(1, words.length);
    return {
      name: column.name,
      at: (run) => {
        const word = of[run] ?? -1;
        return word < 0 ? Number.NaN : (word + 0.5 + 0.7 * (spread(run) - 0.5)) / n;
      },
      text: (run) => words[of[run] ?? -1] ?? '–',
      ticks: words.map((label, i) => ({ at: (i + 0.5) / n, label })),
    };
  }
  const { of } = column;
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const value of of) {
    if (value === null) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  const range = high > low ? high - low : 1;
  const ticks = Number.isFinite(low)
    ? Array.from({ length: TICKS }, (_, i) => {
        const share = i / (TICKS - 1);
        return { at: 0.03 + 0.94 * share, label: String(Number((low + share * range).toPrecision(3))) };
      })
    : [];
  return {
    name: column.name,
    at: (run) => {
      const value = of[run];
      return value === null || value === undefined ? Number.NaN : 0.03 + (0.94 * (value - low)) / range;
    },
    text: (run) => (of[run] === null || of[run] === undefined ? '–' : String(of[run])),
    ticks,
  };
}

/** A fixed number from 0 to 1 for a run, unrelated to its neighbours' (Knuth's multiplicative hash). */
export const scatterOf = (index: number, salt: number): number =>
  (Math.imul(index + 1, 2654435761 + 2 * salt) >>> 0) / 0x1_0000_0000;
