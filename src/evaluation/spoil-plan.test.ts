import { describe, expect, it } from 'vitest';
import { angleBetween, distance, subtract, TOOL_DOWN, type Vec3 } from '../core/geometry.ts';
import { Random } from '../core/random.ts';
import type { Waypoint } from '../core/waypoint.ts';
import { EXACT, type Condition } from './condition.ts';
import { spoilPlan, thingOf } from './spoil-plan.ts';

const at = (position: Vec3, gripper: number): Waypoint => ({
  label: 'w',
  position,
  orientation: TOOL_DOWN,
  gripper,
  radius: 0.02,
});
/** Pick at one place, put at another. */
const plan = [
  at([0.4, 0.1, 0.2], 1),
  at([0.4, 0.1, 0.02], 0),
  at([0.4, 0.1, 0.2], 0),
  at([0.6, -0.1, 0.2], 0),
  at([0.6, -0.1, 0.05], 1),
  at([0.6, -0.1, 0.2], 1),
];
const CAMERA: Vec3 = [1.1, 0, 0.6];
const things = thingOf(plan, false);
const spoil = (condition: Partial<Condition>, seed = 0) =>
  spoilPlan(plan, things, { ...EXACT, ...condition }, CAMERA, 1, new Random('test', seed));
const shifts = (condition: Partial<Condition>, seed = 0): Vec3[] =>
  spoil(condition, seed).waypoints.map((w, i) => subtract(w.position, plan[i]!.position));
const norm = (v: Vec3): number => Math.hypot(...v);

describe('spoilPlan', () => {
  it('leaves an exact plan where it is, free to be corrected by 5 cm', () => {
    const { waypoints, meant } = spoil({});
    waypoints.forEach((w, i) => expect(distance(w.position, plan[i]!.position)).toBeLessThan(1e-12));
    expect(waypoints.every((w) => w.radius === 0.05)).toBe(true);
    expect(meant).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('shares an error among the waypoints of one thing, and only among them', () => {
    expect(things).toEqual([0, 0, 0, 1, 1, 1]);
    const s = shifts({ shared: 0.02 });
    for (const [a, b] of [
      [0, 1],
      [1, 2],
      [3, 5],
    ] as const)
      expect(distance(s[a]!, s[b]!)).toBeLessThan(1e-12);
    expect(distance(s[0]!, s[3]!)).toBeGreaterThan(1e-3);
    expect(thingOf(plan, true)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('has the standard deviation that was asked for, per axis', () => {
    for (const kind of ['shared', 'iid'] as const) {
      const all = Array.from({ length: 400 }, (_, seed) => shifts({ [kind]: 0.02 }, seed)[1]!);
      for (const axis of [0, 1, 2] as const) {
        const deviation = Math.sqrt(all.reduce((sum, v) => sum + v[axis] ** 2, 0) / all.length);
        expect(deviation).toBeGreaterThan(0.018);
        expect(deviation).toBeLessThan(0.022);
      }
    }
  });

  it('grows errors without turning them: more noise is the same noise, larger', () => {
    const [small, large] = [shifts({ shared: 0.01, iid: 0.002 }), shifts({ shared: 0.02, iid: 0.004 })];
    small.forEach((v, i) => v.forEach((x, k) => expect(large[i]![k]).toBeCloseTo(2 * x, 12)));
  });

  it('puts a depth error along the camera’s ray', () => {
    for (const v of shifts({ ray: 0.05 }).slice(0, 3)) {
      const away = subtract(plan[1]!.position, CAMERA);
      const cosine = (v[0] * away[0] + v[1] * away[1] + v[2] * away[2]) / (norm(v) * norm(away));
      expect(Math.abs(cosine)).toBeCloseTo(1, 9);
    }
  });

  it('turns all of one thing alike, about the vertical through where the gripper acts', () => {
    const { waypoints } = spoil({ yaw: 0.3 });
    const turns = waypoints.map((w, i) => angleBetween(w.orientation, plan[i]!.orientation));
    expect(turns[0]).toBeCloseTo(turns[1]!, 9);
    expect(turns[0]).toBeGreaterThan(0.01);
    waypoints.forEach((w, i) => expect(distance(w.position, plan[i]!.position)).toBeLessThan(1e-9));
  });

  it('drops what is in free space, never where the gripper acts nor the end', () => {
    const { waypoints, meant } = spoil({ drop: 1 });
    expect(meant).toEqual([1, 4, 5]);
    expect(waypoints).toHaveLength(3);
  });

  it('lets every method correct as far as the noise may reach', () => {
    expect(spoil({ shared: 0.04 }).waypoints[0]!.radius).toBeCloseTo(0.1, 9);
    expect(spoil({ ray: 0.5 }).waypoints[0]!.radius).toBe(0.25);
  });
});
