import { Random } from '../../core/random.ts';

export interface Interval {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2000;

/**
 * Percentile bootstrap over clusters: `statistic` of the units as they are, and the 2.5th and 97.5th percentile of it over
 * resamples of whole units, drawn with replacement within each stratum. Not-a-number resamples are left out. The same units
 * in the same order give the same interval.
 */
export function bootstrap<T>(
  strata: readonly (readonly T[])[],
  statistic: (units: readonly T[]) => number,
  resamples = RESAMPLES,
): Interval {
  const random = new Random('bootstrap');
  const values: number[] = [];
  const drawn: T[] = [];
  for (let r = 0; r < resamples; r++) {
    drawn.length = 0;
    for (const units of strata)
      for (let i = 0; i < units.length; i++) drawn.push(units[random.below(units.length)]!);
    const value = statistic(drawn);
    if (Number.isFinite(value)) values.push(value);
  }
  values.sort((a, b) => a - b);
  return {
    value: statistic(strata.flat()),
    low: quantile(values, 0.025),
    high: quantile(values, 0.975),
  };
}

/** By linear interpolation between order statistics; `sorted` ascending, NaN where it is empty. */
export function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const at = share * (sorted.length - 1);
  const low = Math.floor(at);
  const high = Math.min(sorted.length - 1, low + 1);
  return sorted[low]! + (at - low) * (sorted[high]! - sorted[low]!);
}
