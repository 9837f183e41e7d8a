import { describe, expect, it } from 'vitest';
import { parseSeeds } from './seeds.ts';

describe('parseSeeds', () => {
  it('reads ranges, single seeds and lists of both', () => {
    expect(parseSeeds('3')).toEqual([3]);
    expect(parseSeeds('0..3')).toEqual([0, 1, 2, 3]);
    expect(parseSeeds('0..1, 7,9..9')).toEqual([0, 1, 7, 9]);
  });

  it.each(['', 'a', '3..1', '-1', '1.5', '0..999999999'])('refuses %s', (text) => {
    expect(() => parseSeeds(text)).toThrow(/cannot be read/);
  });
});
