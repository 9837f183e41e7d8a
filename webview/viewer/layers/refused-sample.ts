import type { RefusedSample } from '../../../src/core/scene.ts';
import { twoDigits } from '../path-values.ts';

/** The sample that breaks its limit most, relative to the limit; first of equals. */
export function worstRefused(refused: readonly RefusedSample[]): RefusedSample | undefined {
  const excess = (r: RefusedSample): number =>
    Math.abs(r.value - r.limit) / Math.max(1e-9, Math.abs(r.limit));
  return refused.reduce<RefusedSample | undefined>(
    (worst, r) => (worst && excess(worst) >= excess(r) ? worst : r),
    undefined,
  );
}

/** "10 mm, needs 20", "velocity of joint4: 2.4 rad/s, at most 2.1": lengths in mm; the reason where the unit is not it. */
export function refusedText(sample: RefusedSample): string {
  const inMillimetres = sample.unit === 'm';
  const value = twoDigits(sample.value * (inMillimetres ? 1000 : 1));
  const limit = twoDigits(sample.limit * (inMillimetres ? 1000 : 1));
  const unit = inMillimetres ? 'mm' : sample.unit;
  const text =
    sample.value < sample.limit ? `${value} ${unit}, needs ${limit}` : `${value} ${unit}, at most ${limit}`;
  return sample.limitName === 'clearance' ? text : `${sample.limitName}: ${text}`;
}
