import { describe, expect, it } from 'vitest';
import { bootstrap, quantile } from './bootstrap.ts';
import { exactMcNemar, holm, pairedDifference } from './mcnemar.ts';

describe('pairedDifference', () => {
  it('gives Newcombe’s published interval', () => {
    // Newcombe 1998, Statistics in Medicine 17, table II, method 10: (36, 12, 2, 0).
    const first = pairedDifference({ both: 36, onlyFirst: 12, onlySecond: 2, neither: 0 });
    expect(first.difference).toBeCloseTo(0.2, 6);
    expect(first.low).toBeCloseTo(0.0569, 3);
    expect(first.high).toBeCloseTo(0.3404, 3);
    // No correlation can be told from an empty margin: the intervals are then added as if independent.
    const second = pairedDifference({ both: 53, onlyFirst: 0, onlySecond: 1, neither: 0 });
    expect(second.low).toBeLessThan(-1 / 54);
    expect(second.high).toBeGreaterThan(-1 / 54);
    expect(second.high - second.low).toBeLessThan(0.2);
  });

  it('changes sign with the order of the methods', () => {
    const a = pairedDifference({ both: 50, onlyFirst: 20, onlySecond: 7, neither: 23 });
    const b = pairedDifference({ both: 50, onlyFirst: 7, onlySecond: 20, neither: 23 });
    expect(b.difference).toBeCloseTo(-a.difference, 12);
    expect(b.low).toBeCloseTo(-a.high, 12);
    expect(b.p).toBe(a.p);
  });
});

describe('exactMcNemar', () => {
  it('is the two-sided binomial', () => {
    expect(exactMcNemar(0, 0)).toBe(1);
    expect(exactMcNemar(0, 5)).toBeCloseTo(2 / 32, 12);
    expect(exactMcNemar(1, 9)).toBeCloseTo((2 * 11) / 1024, 12);
    // scipy.stats.binomtest(7, 27).pvalue
    expect(exactMcNemar(7, 20)).toBeCloseTo(0.0191572904586792, 9);
    expect(exactMcNemar(500, 510)).toBeGreaterThan(0.7);
    expect(exactMcNemar(2000, 2600)).toBeLessThan(1e-12);
  });
});

describe('holm', () => {
  it('steps down and stays in order', () => {
    // R: p.adjust(c(0.01, 0.04, 0.03, 0.005), "holm")
    const adjusted = holm([0.01, 0.04, 0.03, 0.005]);
    [0.03, 0.06, 0.06, 0.02].forEach((p, i) => expect(adjusted[i]).toBeCloseTo(p, 12));
    expect(holm([0.5, 0.9])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });
});

describe('bootstrap', () => {
  const mean = (units: readonly number[]): number => units.reduce((a, b) => a + b, 0) / units.length;

  it('has about the width that theory gives for a mean', () => {
    const units = Array.from({ length: 400 }, (_, i) => i % 2);
    const { value, low, high } = bootstrap([units], mean);
    expect(value).toBe(0.5);
    // 1.96 · sqrt(0.25 / 400) = 0.049
    expect(value - low).toBeGreaterThan(0.043);
    expect(value - low).toBeLessThan(0.055);
    expect(high - value).toBeGreaterThan(0.043);
    expect(high - value).toBeLessThan(0.055);
    expect(bootstrap([units], mean)).toEqual({ value, low, high });
  });

  it('keeps every stratum at its size: constant strata leave nothing to vary', () => {
    expect(bootstrap([[0, 0, 0], [1]], mean)).toEqual({ value: 0.25, low: 0.25, high: 0.25 });
  });

  it('interpolates quantiles', () => {
    expect(quantile([1, 2, 3, 4], 0.5)).toBe(2.5);
    expect(quantile([7], 0.975)).toBe(7);
    expect(quantile([], 0.5)).toBeNaN();
  });
});
