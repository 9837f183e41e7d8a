/** Where a time falls between samples: value(t) = (1 - fraction)·value[index] + fraction·value[index + 1]. */
export interface SampleAt {
  readonly index: number;
  readonly fraction: number;
}

/** Position of `t` in ascending `times`; clamps outside the range. An empty array gives index -1. */
export function sampleAt(times: ArrayLike<number>, t: number): SampleAt {
  const n = times.length;
  if (n === 0) return { index: -1, fraction: 0 };
  if (n === 1 || t <= (times[0] as number)) return { index: 0, fraction: 0 };
  if (t >= (times[n - 1] as number)) return { index: n - 2, fraction: 1 };
  let low = 0;
  let high = n - 1;
  while (high - low > 1) {
    const mid = (low + high) >> 1;
    if ((times[mid] as number) <= t) low = mid;
    else high = mid;
  }
  const a = times[low] as number;
  const span = (times[high] as number) - a;
  return { index: low, fraction: span > 0 ? (t - a) / span : 0 };
}

/** Index of the sample nearest in time; -1 where there is none. */
export function nearestSample(times: ArrayLike<number>, t: number): number {
  const { index, fraction } = sampleAt(times, t);
  return index < 0 ? -1 : Math.min(times.length - 1, index + (fraction >= 0.5 ? 1 : 0));
}

/** Linear interpolation of column `k` of an [n, stride] array. */
export function interpolate(values: ArrayLike<number>, stride: number, k: number, at: SampleAt): number {
  const a = values[at.index * stride + k] as number;
  if (at.fraction === 0) return a;
  const b = values[(at.index + 1) * stride + k] as number;
  return a + (b - a) * at.fraction;
}
