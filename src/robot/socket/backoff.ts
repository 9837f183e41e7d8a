const FIRST_MS = 500;
const MOST_MS = 10_000;

/**
 * How long to wait before the n-th attempt to reconnect (n from 0) [ms]: doubling from 0.5 s to 10 s, with half of it
 * random so that several clients do not return in step. `random` is uniform in [0, 1).
 */
export function backoffMs(attempt: number, random: number): number {
  const full = Math.min(MOST_MS, FIRST_MS * 2 ** Math.min(attempt, 30));
  return full / 2 + (full / 2) * random;
}
