/** A proportion with its 95 % interval. */
export interface Proportion {
  readonly successes: number;
  readonly total: number;
  readonly rate: number;
  readonly low: number;
  readonly high: number;
}

const Z95 = 1.959963984540054;

/** Wilson score interval (E. B. Wilson, 1927): honest for small counts and near 0 or 1, unlike the normal one. */
export function wilson(successes: number, total: number, z = Z95): Proportion {
  if (total === 0) return { successes, total, rate: Number.NaN, low: 0, high: 1 };
  const p = successes / total;
  const z2 = z * z;
  const centre = (p + z2 / (2 * total)) / (1 + z2 / total);
  const half = (z / (1 + z2 / total)) * Math.sqrt((p * (1 - p)) / total + z2 / (4 * total * total));
  // Rounding would otherwise leave the bound a hair inside 0 or 1 when every trial agrees.
  const low = successes === 0 ? 0 : Math.max(0, centre - half);
  const high = successes === total ? 1 : Math.min(1, centre + half);
  return { successes, total, rate: p, low, high };
}
