import { readFileSync } from 'node:fs';
import loadWabt from 'wabt';
import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { encodePointCloud2 } from './encode-point-cloud2.ts';
import { decodePointCloud2 } from './cloud-decoder.ts';
import { FLOAT32 } from './point-cloud2.ts';
import { SPLIT_POINTS_WASM } from './split-points-wasm.ts';
import { joinPoints, splitPoints } from './split-points.ts';
import type { SplitTarget } from './split-points.ts';

/** more than two chunks, and no multiple of four */
const COUNT = 20_003;

/** Points `step` bytes apart in memory that begins at an odd byte; every seventh has a coordinate that is not finite. */
function pointsOf(step: number, xyz: number) {
  const random = new Random('split', step);
  const memory = new Uint8Array(COUNT * step + 1);
  for (let i = 0; i < memory.length; i++) memory[i] = random.below(256);
  const data = memory.subarray(1);
  const view = new DataView(data.buffer, data.byteOffset);
  for (let i = 0; i < COUNT; i++) {
    const bad = i % 7 === 3 ? [Number.NaN, Infinity, -Infinity][i % 3] : undefined;
    for (let k = 0; k < 3; k++) {
      const value = bad !== undefined && k === i % 3 ? bad : random.uniform(-5, 5);
      view.setFloat32(i * step + xyz + 4 * k, value, true);
    }
  }
  return { data, view };
}

describe('points taken apart', () => {
  it('the module is what its source assembles to', async () => {
    const wabt = await loadWabt();
    const source = readFileSync(new URL('split-points.wat', import.meta.url), 'utf8');
    const { buffer } = wabt.parseWat('split-points.wat', source, { simd: true }).toBinary({});
    expect(Buffer.from(buffer).toString('base64')).toBe(SPLIT_POINTS_WASM);
  });

  it.each([
    { step: 16, xyz: 0, at: 12, kind: 'colour' },
    { step: 16, xyz: 0, at: 12, kind: 'value' },
    { step: 22, xyz: 6, at: 1, kind: 'colour' },
    { step: 48, xyz: 20, at: 36, kind: 'value' },
    { step: 12, xyz: 0, at: 8, kind: 'value' },
  ] as const)('as one by one: $step bytes, $kind at $at', ({ step, xyz, at, kind }) => {
    const { data, view } = pointsOf(step, xyz);
    const target: SplitTarget = {
      positions: new Float32Array(3 * COUNT),
      ...(kind === 'colour' ? { colors: new Uint8Array(3 * COUNT) } : { values: new Float32Array(COUNT) }),
    };
    const kept = splitPoints(data, 0, COUNT, { step, xyz, fourth: { offset: at, kind } }, target, 0);
    const [positions, fourth]: [number[], number[]] = [[], []];
    for (let i = 0; i < COUNT; i++) {
      const point = [0, 4, 8].map((k) => view.getFloat32(i * step + xyz + k, true));
      if (!point.every(Number.isFinite)) continue;
      positions.push(...point);
      const [b, g, r] = [0, 1, 2].map((k) => view.getUint8(i * step + at + k)) as [number, number, number];
      if (kind === 'colour') fourth.push(r, g, b);
      else fourth.push(view.getFloat32(i * step + at, true));
    }
    expect(kept).toBe(positions.length / 3);
    expect(target.positions.subarray(0, positions.length)).toEqual(Float32Array.from(positions));
    const got = target.colors ?? target.values;
    expect(got?.subarray(0, fourth.length)).toEqual(
      kind === 'colour' ? Uint8Array.from(fourth) : Float32Array.from(fourth),
    );
  });

  it('leaves layouts that it does not know to the general way', () => {
    const target = { positions: new Float32Array(3) };
    expect(splitPoints(new Uint8Array(1 << 20), 0, 1, { step: 1 << 20, xyz: 0 }, target, 0)).toBeUndefined();
    expect(splitPoints(new Uint8Array(12), 0, 1, { step: 12, xyz: 4 }, target, 0)).toBeUndefined();
  });

  it('rows with padding between them are read as rows, with one further float32 field beside', () => {
    const data = new Uint8Array(2 * 40);
    const view = new DataView(data.buffer);
    for (let i = 0; i < 4; i++) {
      for (let k = 0; k < 4; k++) view.setFloat32((i >> 1) * 40 + (i & 1) * 16 + 4 * k, 10 * i + k, true);
    }
    const field = (name: string, k: number) => ({ name, offset: 4 * k, datatype: FLOAT32, count: 1 });
    const cloud = decodePointCloud2({
      header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'c' },
      height: 2,
      width: 2,
      fields: [field('x', 0), field('y', 1), field('z', 2), field('intensity', 3)],
      is_bigendian: false,
      point_step: 16,
      row_step: 40,
      data,
      is_dense: true,
    });
    expect([...cloud.positions]).toEqual([0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]);
    expect([...(cloud.fields?.['intensity'] ?? [])]).toEqual([3, 13, 23, 33]);
  });
});

describe('points put together', () => {
  it('come apart again as they were, and say whether all are finite', () => {
    const random = new Random('join');
    const positions = Float32Array.from({ length: 3 * COUNT }, () => random.uniform(-5, 5));
    const colors = Uint8Array.from({ length: 3 * COUNT }, () => random.below(256));
    const cloud = { frame: 'c', stamp: 0, width: COUNT, height: 1, positions, colors };
    const bad = positions.slice();
    bad[3 * COUNT - 1] = Number.NaN;
    expect(encodePointCloud2({ ...cloud, positions: bad }).is_dense).toBe(false);
    // What the last chunk left behind must not count.
    const message = encodePointCloud2(cloud);
    expect(message.is_dense).toBe(true);
    const apart = decodePointCloud2(message);
    expect(apart.positions).toEqual(positions);
    expect(apart.colors).toEqual(colors);
    const one = new Uint8Array(16);
    expect(joinPoints(Float32Array.of(1, 2, 3), Uint8Array.of(1, 2, 3), 1, one)).toBe(true);
    expect([...one.subarray(12)]).toEqual([3, 2, 1, 0]);
  });
});
