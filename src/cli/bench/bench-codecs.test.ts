import { describe, expect, it } from 'vitest';
import { benchCodecs } from './bench-codecs.ts';
import { readWithThree } from './three-pcd-reader.ts';

describe('bench codecs', () => {
  it('times both readers of PCD on the same file, and PLY', () => {
    const { timings, binaryPcdRatio } = benchCodecs(200, 2, readWithThree);
    expect(timings.filter(({ file }) => file === 'PCD binary').map(({ reader }) => reader)).toEqual([
      'waybook',
      'three',
    ]);
    expect(timings).toHaveLength(8);
    const [ours, threes] = timings.filter(({ file }) => file === 'PCD binary').map(({ ms }) => ms);
    expect(binaryPcdRatio).toBe(ours! / threes!);
  });
});
