import { describe, expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { edgeIsFree, rrtConnect, type RrtProblem } from './rrt-connect.ts';

/** A square with a wall at x = 0.5 that is open above y = `gap`. */
const room = (gap: number): RrtProblem => ({
  start: [0.1, 0.1],
  goal: [0.9, 0.1],
  lower: [0, 0],
  upper: [1, 1],
  free: ([x, y]) => Math.abs(x! - 0.5) > 0.05 || y! > gap,
  step: 0.1,
  resolution: 0.01,
  iterations: 2000,
});

describe('rrtConnect', () => {
  it('finds its way round a wall, and every edge of it is free', () => {
    for (let seed = 0; seed < 20; seed++) {
      const problem = room(0.8);
      const path = rrtConnect(problem, new Random('rrt', seed))!;
      expect([...path[0]!]).toEqual([0.1, 0.1]);
      expect([...path.at(-1)!]).toEqual([0.9, 0.1]);
      for (let i = 1; i < path.length; i++) expect(edgeIsFree(problem, path[i - 1]!, path[i]!)).toBe(true);
      expect(Math.max(...path.map((q) => q[1]!))).toBeGreaterThan(0.8);
      const length = path
        .slice(1)
        .reduce((sum, q, i) => sum + Math.hypot(q[0]! - path[i]![0]!, q[1]! - path[i]![1]!), 0);
      // The shortest way is about 1.63: shortcuts keep it from wandering.
      expect(length).toBeLessThan(2.6);
    }
  });

  it('goes straight where nothing is in the way', () => {
    expect(rrtConnect({ ...room(0.8), free: () => true }, new Random('rrt'))!.length).toBeLessThanOrEqual(3);
  });

  it('gives up where there is no way, and is the same for the same stream', () => {
    expect(rrtConnect({ ...room(2), iterations: 200 }, new Random('rrt'))).toBeUndefined();
    const once = rrtConnect(room(0.6), new Random('rrt', 7));
    expect(rrtConnect(room(0.6), new Random('rrt', 7))).toEqual(once);
  });
});
