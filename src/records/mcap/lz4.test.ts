import decompress from '@foxglove/wasm-lz4';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { compressLz4, decompressLz4 } from './lz4.ts';

beforeAll(() => decompress.isLoaded);

const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 20 }), fc.nat(60)), { maxLength: 40 })
  .map((runs) =>
    Uint8Array.from(runs.flatMap(([bytes, n]) => Array.from({ length: n }, () => [...bytes]).flat())),
  );

describe('LZ4', () => {
  it('is read back by itself and by an independent library', () => {
    fc.assert(
      fc.property(fc.oneof(repetitive, fc.uint8Array({ maxLength: 4000 })), (data) => {
        const packed = compressLz4(data);
        expect(decompressLz4(packed, data.length)).toEqual(data);
        if (data.length > 0) expect(new Uint8Array(decompress(packed, data.length))).toEqual(data);
      }),
      { numRuns: 300, seed: 5 },
    );
  });

  it('packs JSON to less than half, over block borders', () => {
    const text = JSON.stringify(
      Array.from({ length: 200_000 }, (_, i) => ({ name: 'joint', position: i % 97 })),
    );
    const data = new TextEncoder().encode(text);
    expect(data.length).toBeGreaterThan(4 * 1024 * 1024);
    const packed = compressLz4(data);
    expect(packed.length).toBeLessThan(data.length / 2);
    // Compared as buffers: comparing millions of elements one by one takes the test runner a minute.
    expect(Buffer.compare(decompressLz4(packed, data.length), data)).toBe(0);
    expect(Buffer.compare(new Uint8Array(decompress(packed, data.length)), data)).toBe(0);
  });

  it('refuses damaged frames with an error, whatever was damaged', () => {
    const random = new Random(3, 'lz4');
    const data = new TextEncoder().encode(JSON.stringify(Array.from({ length: 300 }, (_, i) => ({ i }))));
    const packed = compressLz4(data);
    for (let round = 0; round < 3000; round++) {
      const bad = packed.slice(0, random.below(3) === 0 ? random.below(packed.length) : packed.length);
      for (let k = 0; k < 3 && bad.length > 0; k++) bad[random.below(bad.length)] = random.below(256);
      try {
        expect(decompressLz4(bad, data.length).length).toBe(data.length);
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError);
      }
    }
    expect(() => decompressLz4(packed, 2 ** 40)).toThrow(RangeError);
  });
});
