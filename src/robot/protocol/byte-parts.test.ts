import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PointCloud } from '../../core/point-cloud.ts';
import { ByteParts } from './byte-parts.ts';
import { cborRawHead, encodeCbor } from './cbor.ts';
import { CloudDecoder } from './cloud-decoder.ts';
import { encodePointCloud2 } from './encode-point-cloud2.ts';
import { parseServerOp } from './parse-ops.ts';
import { rawPointCloud2Size, readRawPointCloud2, writeRawPointCloud2 } from './raw-point-cloud2.ts';
import { readRawPublish } from './raw-publish.ts';

/** `bytes` cut at the given places. */
function cut(bytes: Uint8Array, places: readonly number[]): ByteParts {
  const ends = [...new Set(places.map((p) => p % (bytes.length + 1)))].sort((a, b) => a - b);
  return new ByteParts([0, ...ends].map((from, i) => bytes.slice(from, ends[i] ?? bytes.length)));
}
const places = fc.array(fc.nat({ max: 100_000 }), { maxLength: 12 });

describe('bytes in parts', () => {
  it('are the same bytes, however they are cut and asked for', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), places, fc.nat(250), fc.nat(250), (bytes, at, a, b) => {
        const parts = cut(bytes, at);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        expect(parts.length).toBe(bytes.length);
        expect(parts.join()).toEqual(bytes);
        expect(parts.join(from, to)).toEqual(bytes.slice(from, to));
        expect(parts.subarray(from, to).join()).toEqual(bytes.slice(from, to));
        const end = Math.min(to, bytes.length);
        if (from > end) return;
        const target = new Uint8Array(end - from + 3);
        parts.copyInto(target, 2, from, end - from);
        expect(target.slice(2, -1)).toEqual(bytes.slice(from, end));
      }),
    );
  });
});

const COUNT = 20_000;
const cloud = {
  frame: 'front_optical_frame',
  stamp: 12.5,
  width: COUNT,
  height: 1,
  positions: Float32Array.from({ length: 3 * COUNT }, (_, i) => (i % 999 === 7 ? Number.NaN : i / 1000)),
  colors: Uint8Array.from({ length: 3 * COUNT }, (_, i) => i % 251),
};

function rawFrame(): Uint8Array {
  const message = encodePointCloud2(cloud);
  const size = rawPointCloud2Size(message);
  const head = cborRawHead('/front/points', 3, 4, size);
  const frame = new Uint8Array(head.length + size);
  frame.set(head);
  writeRawPointCloud2(message, frame, head.length);
  return frame;
}

/** The cloud of a frame, in parts or not, read `turn` points at a time. */
function read(frame: Uint8Array | ByteParts, turn: number) {
  const op = parseServerOp(frame);
  if (op.op !== 'publish') throw new Error(op.op);
  const decoder = new CloudDecoder(readRawPointCloud2((op.msg as { bytes: Uint8Array }).bytes, 'ros2'));
  let turns = 1;
  while (!decoder.advance(turn)) turns++;
  return { topic: op.topic, turns, cloud: decoder.finish() };
}

/** One by one, an assertion on megabytes takes seconds. */
const bytesOf = ({ positions, colors = new Uint8Array(0) }: PointCloud): Buffer =>
  Buffer.concat([new Uint8Array(positions.buffer), colors]);

describe('a raw cloud in parts', () => {
  it('is read without being joined, and is the cloud that one piece gives', () => {
    const frame = rawFrame();
    const whole = read(frame, Number.POSITIVE_INFINITY);
    expect(whole).toMatchObject({ topic: '/front/points', turns: 1, cloud: { count: COUNT - 61 } });
    fc.assert(
      fc.property(places, fc.integer({ min: 1000, max: 30_000 }), (at, turn) => {
        const parts = cut(frame, at);
        expect(readRawPublish(parts)?.topic).toBe('/front/points');
        const inParts = read(parts, turn);
        expect(inParts.turns).toBe(Math.ceil(COUNT / turn));
        expect(inParts.cloud.count).toBe(whole.cloud.count);
        expect(bytesOf(inParts.cloud).equals(bytesOf(whole.cloud))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  it('whose head is cut off or lies leaves the judgement to the general decoder', () => {
    const frame = rawFrame();
    expect(readRawPublish(cut(frame.slice(0, -1), [40]))).toBeUndefined();
    expect(() => parseServerOp(cut(frame.slice(0, -1), [40]))).toThrow(/CBOR/);
    const other = encodeCbor({ op: 'publish', topic: '/joint_states', msg: { name: ['a'] } });
    expect(parseServerOp(cut(other, [5, 20]))).toEqual(parseServerOp(other));
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), places, (bytes, at) => {
        const outcome = (of: Uint8Array | ByteParts): unknown => {
          try {
            return parseServerOp(of);
          } catch (error) {
            return (error as Error).message;
          }
        };
        expect(outcome(cut(bytes, at))).toEqual(outcome(bytes));
      }),
    );
  });
});
