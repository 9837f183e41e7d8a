import type { ReportColumn } from '../../src/core/sweep-report.ts';

/** Where a column's values stand along an axis from 0 to 1, with what is written below. */
export interface Axis {
  readonly name: string;
  /** NaN where the run has no word */
  readonly at: (run: number) => number;
  readonly text: (run: number) => string;
  readonly ticks: readonly { readonly at: number; readonly label: string }[];
}

const TICKS = 5;
/** Share of an axis of numbers for runs that have none: a run that failed early was never measured, and is not hidden. */
const WITHOUT = 0.12;

/** `spread` moves runs with the same word, or without a number, apart, always in the same way: 0 to 1 for each run. */
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
  const from = of.some((value) => value === null) ? WITHOUT : 0;
  const place = (value: number): number => from + (1 - from) * (0.03 + (0.94 * (value - low)) / range);
  const numbers = Number.isFinite(low)
    ? roundValues(low, low + range).map((value) => ({ at: place(value), label: String(value) }))
    : [];
  const ticks = from > 0 ? [{ at: from / 2, label: 'none' }, ...numbers] : numbers;
  return {
    name: column.name,
    at: (run) => {
      const value = of[run];
      if (value === undefined) return Number.NaN;
      return value === null ? from * (0.5 + 0.6 * (spread(run) - 0.5)) : place(value);
    },
    text: (run) => (of[run] === null || of[run] === undefined ? '–' : String(of[run])),
    ticks,
  };
}

/** Multiples of 1, 2, 2.5 or 5 times a power of ten, about {@link TICKS} of them. */
function roundValues(low: number, high: number): number[] {
  const rough = (high - low) / (TICKS - 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= rough * 0.999) ?? 10) * power;
  const values: number[] = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++)
    values.push(Number((i * step).toPrecision(6)));
  return values;
}

/** A fixed number from 0 to 1 for a run, unrelated to its neighbours' (Knuth's multiplicative hash). */
export const scatterOf = (index: number, salt: number): number =>
  (Math.imul(index + 1, 2654435761 + 2 * salt) >>> 0) / 0x1_0000_0000;
