import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateDemos, writeScene } from './generate.ts';
import { readSample } from './fixtures/read-sample.ts';
import { CLOUD_RECORD, lengthOf, MOTION_RECORD } from './sample-record.ts';
import { TRAINED_TASKS } from './task-split.ts';

const never = new AbortController().signal;
const options = { firstSeed: 0, scenes: 4, draws: 2, clouds: true, tasks: TRAINED_TASKS, scenesPerShard: 2 };
let folder = '';
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'waybook-demos-'))));
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('generateDemos', () => {
  it('writes the same bytes again, stopped half-way or shared by two processes', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(folder, name)) as [string, string, string];
    expect(await generateDemos({ ...options, out: a }, () => undefined, never)).toBe(true);
    const stop = new AbortController();
    await expect(generateDemos({ ...options, out: b }, () => stop.abort(), stop.signal)).rejects.toThrow();
    await generateDemos({ ...options, out: b }, () => undefined, never);
    const half = (index: number) =>
      generateDemos({ ...options, out: c, part: { index, of: 2 } }, () => undefined, never);
    expect(await half(1)).toBe(false);
    expect(await half(0)).toBe(true);
    const index = await readFile(join(a, 'index.json'), 'utf8');
    for (const other of [b, c]) {
      expect(await readFile(join(other, 'index.json'), 'utf8')).toBe(index);
      const shard = await readFile(join(other, 'shard-00001.bin'));
      expect(shard.equals(await readFile(join(a, 'shard-00001.bin')))).toBe(true);
      expect(shard.length).toBe(2 * 2 * 2 * lengthOf(CLOUD_RECORD));
    }
  });
});

describe('samples', () => {
  it.each([true, false])('fit their plan, clouds %s', (clouds) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999 }), (seed) => {
        const data = new Int16Array(lengthOf(clouds ? CLOUD_RECORD : MOTION_RECORD));
        writeScene({ draws: 1, clouds, tasks: TRAINED_TASKS }, seed, data);
        const sample = readSample(data, clouds);
        const used = sample.waypoint_mask.reduce((a, b) => a + b, 0);
        expect(used).toBeGreaterThan(0);
        for (let k = 0; k < 8; k++) {
          expect(sample.weight[k]! > 0).toBe(k < used);
          if (k >= used) continue;
          // Plans are wrong by centimetres, never by the size of the table.
          const off = [0, 1, 2].map(
            (i) => sample.waypoints[12 * k + i]! - sample.truth_waypoints[9 * k + i]!,
          );
          expect(Math.hypot(...off)).toBeLessThan(0.2);
        }
        // The truth starts where the robot is, too.
        for (let i = 0; i < 3; i++) expect(sample.truth_path[i]).toBeCloseTo(sample.guidance[i]!, 3);
      }),
      { numRuns: clouds ? 12 : 40 },
    );
  });
});
