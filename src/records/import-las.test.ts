import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import type { PointTable } from '../perception/codecs/point-table.ts';
import { cloudFromLas, readLas } from './import-las.ts';

/** Written by testing/make_las.py. */
const file = (name: string): Uint8Array => readFileSync(join(import.meta.dirname, 'testing', name));
const index = Array.from({ length: 50 }, (_, i) => i);
const valuesOf = (table: PointTable, name: string): (number | bigint)[] => [
  ...(table.fields.find((f) => f.name === name)?.values ?? []),
];
const numbersOf = (table: PointTable, name: string): number[] => valuesOf(table, name).map(Number);

describe('LAS', () => {
  it.each(['points-1.2.las', 'points-1.4.las', 'points-1.2.laz', 'points-1.4.laz'])(
    '%s is read with every field',
    async (name) => {
      const table = await readLas(file(name));
      expect(table.count).toBe(50);
      const close = (field: string, of: (i: number) => number): void => {
        const worst = numbersOf(table, field).map((v, i) => Math.abs(v - of(i)));
        expect(Math.max(...worst), field).toBeLessThan(1e-8);
        expect(worst).toHaveLength(50);
      };
      close('x', (i) => 500000 + i * 0.001);
      close('y', (i) => 4000000 + i * 0.002);
      close('z', (i) => i * 0.25);
      expect(numbersOf(table, 'intensity')).toEqual(index.map((i) => 1000 + i));
      expect(numbersOf(table, 'return_number')).toEqual(index.map((i) => 1 + (i % 3)));
      expect(numbersOf(table, 'number_of_returns')).toEqual(index.map(() => 3));
      expect(numbersOf(table, 'classification')).toEqual(index.map((i) => i % 10));
      expect(numbersOf(table, 'user_data')).toEqual(index);
      expect(numbersOf(table, 'point_source_id')).toEqual(index.map((i) => 7 * i));
      expect(numbersOf(table, 'gps_time')).toEqual(index.map((i) => 3e8 + i / 8));
      expect(numbersOf(table, 'red')).toEqual(index.map((i) => 256 * i));
      expect(numbersOf(table, 'green')).toEqual(index.map(() => 300));
      expect(numbersOf(table, 'blue')).toEqual(index);
      if (name === 'points-1.2.las') return;
      close('range_m', (i) => 2 + i * 0.01);
      expect(valuesOf(table, 'stamp_ns')).toEqual(index.map((i) => 1700000000000000000n + BigInt(i)));
      expect(numbersOf(table, 'normal_z')).toEqual(index.map((i) => i / 64));
    },
  );

  it('becomes a cloud near the origin, in its own colours', async () => {
    const { cloud, origin } = await cloudFromLas(file('points-1.4.laz'));
    expect(origin).toEqual([500000, 4000000, 0]);
    expect(cloud.positions[3 * 49]).toBeCloseTo(0.049, 6);
    expect(cloud.positions[3 * 49 + 1]).toBeCloseTo(0.098, 6);
    expect([...(cloud.colors ?? [])].slice(-3)).toEqual([49, 1, 0]);
    expect(cloud.fields?.['intensity']?.[3]).toBe(1003);
  });

  it('leaves no handler behind that would end the process', async () => {
    const before = process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException');
    await readLas(file('points-1.4.laz'));
    expect(process.listenerCount('unhandledRejection') + process.listenerCount('uncaughtException')).toBe(
      before,
    );
  });

  it('of versions 1.0, 1.1 and 1.3 has the same fields', async () => {
    const bytes = file('points-1.2.las');
    const whole = await readLas(bytes);
    for (const minor of [0, 1, 3]) {
      const other = bytes.slice();
      other[25] = minor;
      expect(await readLas(other)).toEqual(whole);
    }
  });

  it(
    'that is damaged is refused with words, or is a cloud that the file can hold',
    { timeout: 60_000 },
    async () => {
      const random = new Random(5, 'las');
      let refused = 0;
      for (let k = 0; k < 300; k++) {
        const whole = file(random.pick(['points-1.2.las', 'points-1.4.las', 'points-1.4.laz']));
        const bad = whole.slice(0, random.below(4) === 0 ? random.below(whole.length) : whole.length);
        for (let n = random.below(6); n >= 0 && bad.length > 0; n--)
          bad[random.below(random.below(2) === 0 ? Math.min(375, bad.length) : bad.length)] =
            random.below(256);
        try {
          const { count } = await readLas(bad);
          expect(count).toBeLessThan(500 * bad.length);
        } catch (error) {
          if (!(error instanceof WaybookError)) throw error;
          expect(error.message).toMatch(/^This is no LA[SZ] file/);
          refused += 1;
        }
      }
      expect(refused).toBeGreaterThan(60);
    },
  );
});
