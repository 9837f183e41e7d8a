import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { TOOL_DOWN, withYaw, type Vec3 } from '../../core/geometry.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import { Random } from '../../core/random.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { pointGroups, standingPoints } from './point-groups.ts';

/** A table with blocks on it, with noise. */
function randomCloud(random: Random): PointCloud {
  const count = 500 + random.below(20000);
  const positions = new Float32Array(3 * count);
  const blocks = Array.from({ length: 1 + random.below(5) }, () => ({
    at: [random.uniform(0.3, 0.7), random.uniform(-0.3, 0.3)] as const,
    height: random.uniform(0.02, 0.1),
    half: [random.uniform(0.02, 0.08), random.uniform(0.02, 0.08)] as const,
  }));
  for (let i = 0; i < count; i++) {
    const block = random.next() < 0.5 ? blocks[random.below(blocks.length)]! : undefined;
    const point: Vec3 = block
      ? [
          block.at[0] + random.uniform(-1, 1) * block.half[0],
          block.at[1] + random.uniform(-1, 1) * block.half[1],
          random.next() * block.height,
        ]
      : [random.uniform(0.2, 0.8), random.uniform(-0.4, 0.4), 0];
    for (const k of [0, 1, 2] as const) positions[3 * i + k] = point[k] + 0.0015 * random.normal();
  }
  return { frame: 'base', stamp: 0, count, positions };
}

const randomPlan = (random: Random): Waypoint[] =>
  Array.from({ length: 1 + random.below(8) }, () => ({
    label: 'w',
    position: [random.uniform(0.3, 0.7), random.uniform(-0.3, 0.3), random.uniform(0, 0.25)] as const,
    orientation: withYaw(TOOL_DOWN, random.uniform(-3, 3)),
    gripper: 0,
    radius: 0.05,
  }));

describe('pointGroups', () => {
  it('shows the network what it was trained and evaluated on, to the bit', () => {
    // The number was taken from the code that made the shipped model's data. Whatever changes it changes the tensors'
    // meaning: raise INTERFACE_VERSION, make the data again and train.
    const hash = createHash('sha256');
    for (let seed = 0; seed < 60; seed++) {
      const random = new Random('golden', seed);
      const seen = standingPoints(randomCloud(random));
      const { points, points_mask, nearest } = pointGroups(seen, randomPlan(random));
      hash.update(
        new Uint8Array(seen.positions.buffer, seen.positions.byteOffset, seen.positions.byteLength),
      );
      hash.update(JSON.stringify(seen.table));
      hash.update(new Uint8Array(points.buffer)).update(new Uint8Array(points_mask.buffer));
      hash.update(JSON.stringify(nearest));
    }
    expect(hash.digest('hex')).toBe('8281c0f77e041680bd1b75213b0e5c6f3d861108b9943bde5cf24cdf36226c38');
  });

  it('gives empty groups where nothing stands on the table', () => {
    const random = new Random('nothing');
    const { points, points_mask, nearest } = pointGroups(
      { positions: new Float32Array(0), count: 0, table: undefined },
      randomPlan(random),
    );
    expect(points.every((v) => v === 0) && points_mask.every((v) => v === 0)).toBe(true);
    expect(nearest.every((d) => d === Infinity)).toBe(true);
  });
});
