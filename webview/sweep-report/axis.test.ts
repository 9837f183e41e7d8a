import { describe, expect, it } from 'vitest';
import { axisOf, scatterOf } from './axis.ts';

describe('axisOf', () => {
  it('keeps runs with the same word within its share of the axis', () => {
    const axis = axisOf(
      { name: 'noise', kind: 'words', words: ['0 mm', '10 mm'], of: [0, 1, -1] },
      (run) => run,
    );
    expect(axis.at(0)).toBeGreaterThan(0);
    expect(axis.at(0)).toBeLessThan(0.5);
    expect(axis.at(1)).toBeGreaterThan(0.5);
    expect(axis.at(1)).toBeLessThan(1);
    expect(axis.at(2)).toBeNaN();
    expect(axis.text(1)).toBe('10 mm');
  });

  it('spans numbers from least to greatest', () => {
    const axis = axisOf({ name: 'distance', kind: 'numbers', of: [5, 15, 10] }, () => 0);
    expect(axis.at(0)).toBeCloseTo(0.03);
    expect(axis.at(1)).toBeCloseTo(0.97);
    expect(axis.at(2)).toBeCloseTo(0.5);
    expect(axis.ticks.map((tick) => tick.label)).toEqual(['5', '7.5', '10', '12.5', '15']);
  });

  it('keeps runs without a number, below the others', () => {
    for (const spread of [0, 0.5, 1]) {
      const axis = axisOf({ name: 'distance', kind: 'numbers', of: [5, null, 15] }, () => spread);
      const [low = 0, none = 0, high = 0] = [0, 1, 2].map(axis.at);
      expect(none).toBeGreaterThan(0);
      expect(none).toBeLessThan(low);
      expect(low).toBeLessThan(high);
      expect(high).toBeLessThan(1);
      expect(axis.ticks[0]?.label).toBe('none');
      expect(axis.text(1)).toBe('–');
    }
  });

  it('stands numbers that are all the same somewhere', () => {
    expect(axisOf({ name: 'n', kind: 'numbers', of: [2, 2] }, () => 0).at(1)).toBeCloseTo(0.03);
  });

  it('scatters neighbours differently, and every time the same', () => {
    expect(scatterOf(3, 1)).toBe(scatterOf(3, 1));
    expect(scatterOf(3, 1)).not.toBeCloseTo(scatterOf(4, 1), 2);
  });
});
