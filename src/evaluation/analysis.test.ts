import { describe, expect, it } from 'vitest';
import { comparePaired, fractionRatio, pairs, recoveredFraction, type Finished } from './analysis.ts';
import type { Outcome } from './episode.ts';

const record = (method: string, seed: number, outcome: Outcome, condition = 'shared=20'): Finished => ({
  key: `${method} ${seed} ${condition}`,
  task: seed % 2 === 0 ? 'stack' : 'put-in-bowl',
  seed,
  condition,
  method,
  result: { outcome, reason: '', ms: 0 },
});
const series = (method: string, count: number, successes: number, condition?: string): Finished[] =>
  Array.from({ length: count }, (_, seed) =>
    record(method, seed, seed < successes ? 'success' : 'abstained', condition),
  );

describe('pairs', () => {
  it('pairs episodes by task, seed and condition; across conditions when asked', () => {
    const a = series('expert', 10, 5);
    const b = series('snap', 8, 5).reverse();
    expect(pairs(a, b)).toHaveLength(8);
    expect(pairs(a, b).every(([x, y]) => x.seed === y.seed)).toBe(true);
    const other = series('expert', 10, 5, 'exact');
    expect(pairs(a, other)).toHaveLength(0);
    expect(pairs(a, other, true)).toHaveLength(10);
  });

  it('counts an abstention as a failure', () => {
    const d = comparePaired(pairs(series('expert', 10, 7), series('spline', 10, 4)));
    expect(d).toMatchObject({ both: 4, onlyFirst: 3, onlySecond: 0, neither: 3, total: 10 });
    expect(d.difference).toBeCloseTo(0.3, 12);
  });
});

describe('recoveredFraction', () => {
  it('is the share of the oracle’s gain, with an interval round it', () => {
    const found = recoveredFraction(
      series('spline', 100, 40),
      series('expert', 100, 70),
      series('oracle', 100, 90),
    )!;
    expect(found.value).toBeCloseTo(30 / 50, 12);
    expect(found.room).toBeCloseTo(0.5, 12);
    expect(found.low).toBeLessThan(0.6);
    expect(found.high).toBeGreaterThan(0.6);
  });

  it('is not taken where there is less than 20 points of room', () => {
    expect(
      recoveredFraction(series('spline', 100, 75), series('expert', 100, 80), series('oracle', 100, 90)),
    ).toBeUndefined();
    expect(recoveredFraction([], [], [])).toBeUndefined();
  });

  it('compares two fractions of different episodes', () => {
    const held = [series('spline', 60, 20), series('expert', 60, 35), series('oracle', 60, 50)];
    const trained = [series('spline', 80, 20), series('expert', 80, 56), series('oracle', 80, 80)];
    const ratio = fractionRatio(held, trained)!;
    expect(ratio.value).toBeCloseTo(15 / 30 / (36 / 60), 12);
    expect(ratio.low).toBeLessThan(ratio.value);
    expect(fractionRatio([[], [], []], trained)).toBeUndefined();
  });
});
