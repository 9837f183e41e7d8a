/** Two methods over the same episodes. */
export interface PairedCounts {
  readonly both: number;
  readonly onlyFirst: number;
  readonly onlySecond: number;
  readonly neither: number;
}

export interface PairedDifference extends PairedCounts {
  readonly total: number;
  /** rate of the first minus rate of the second */
  readonly difference: number;
  /** 95 % interval of the difference */
  readonly low: number;
  readonly high: number;
  /** two-sided, exact */
  readonly p: number;
}

const Z95 = 1.959963984540054;

/**
 * Difference of two paired proportions: exact two-sided McNemar test (binomial on the discordant pairs) and Newcombe's
 * square-and-add interval with its correlation correction (method 10; Newcombe 1998, Statistics in Medicine 17, 2635).
 */
export function pairedDifference(counts: PairedCounts): PairedDifference {
  const { both: a, onlyFirst: b, onlySecond: c, neither: d } = counts;
  const n = a + b + c + d;
  if (n === 0) return { ...counts, total: 0, difference: Number.NaN, low: -1, high: 1, p: 1 };
  const p1 = (a + b) / n;
  const p2 = (a + c) / n;
  const [l1, u1] = wilsonBounds(a + b, n);
  const [l2, u2] = wilsonBounds(a + c, n);
  const phi = correlation(a, b, c, d, n);
  const spread = (x: number, y: number): number => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y));
  const difference = p1 - p2;
  return {
    ...counts,
    total: n,
    difference,
    low: difference - spread(p1 - l1, u2 - p2),
    high: difference + spread(u1 - p1, p2 - l2),
    p: exactMcNemar(b, c),
  };
}

/** Probability of a split of the discordant pairs at least as uneven, were both directions equally likely. */
export function exactMcNemar(b: number, c: number): number {
  const n = b + c;
  if (n === 0) return 1;
  const few = Math.min(b, c);
  // log C(n, k) - n log 2, summed from the tail.
  let logTerm = -n * Math.LN2;
  let tail = Math.exp(logTerm);
  for (let k = 1; k <= few; k++) {
    logTerm += Math.log((n - k + 1) / k);
    tail += Math.exp(logTerm);
  }
  return Math.min(1, 2 * tail);
}

/** Phi with Newcombe's correction: the product's excess is reduced by n/2, not below 0, where it is positive. */
function correlation(a: number, b: number, c: number, d: number, n: number): number {
  const product = (a + b) * (c + d) * (a + c) * (b + d);
  if (product === 0) return 0;
  const excess = a * d - b * c;
  const corrected = excess > n / 2 ? excess - n / 2 : excess >= 0 ? 0 : excess;
  return corrected / Math.sqrt(product);
}

function wilsonBounds(successes: number, n: number): [number, number] {
  const p = successes / n;
  const z2 = Z95 * Z95;
  const centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const half = (Z95 / (1 + z2 / n)) * Math.sqrt((p * (1 - p)) / n + z2 / (4 * n * n));
  return [Math.max(0, centre - half), Math.min(1, centre + half)];
}

/** Holm's step-down adjustment (1979): p values that may be compared with the level as they are, in the order given. */
export function holm(pValues: readonly number[]): number[] {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i]! - pValues[j]!);
  const adjusted = new Array<number>(pValues.length);
  let largest = 0;
  order.forEach((index, rank) => {
    largest = Math.max(largest, Math.min(1, (pValues.length - rank) * pValues[index]!));
    adjusted[index] = largest;
  });
  return adjusted;
}
