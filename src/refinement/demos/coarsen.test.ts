import { describe, expect, it } from 'vitest';
import { angleBetween, distance, IDENTITY_POSE } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import { coarsen, sampleCoarseness, type Coarseness } from './coarsen.ts';
import { layScene } from './demo-scene.ts';
import { HOME } from './demonstration.ts';
import { truePlan } from './true-plan.ts';

const exact: Coarseness = { spot: 0, height: 1, waypoint: 0, ray: 0, yaw: 0, tilt: 0, missing: 0, extra: 0 };
const planOf = (task: string, family?: string, seed = 7) =>
  truePlan(layScene({ task, seed, distractors: 0, obstacles: 0, ...(family ? { family } : {}) }), HOME);

describe('coarsen', () => {
  it('leaves plan and truth alone where nothing is wrong', () => {
    for (const task of ['put-in-bowl', 'insert-peg', 'open-drawer']) {
      const { waypoints } = planOf(task);
      const plan = coarsen(waypoints, IDENTITY_POSE, exact, new Random('x'));
      plan.waypoints.forEach((w, i) => {
        expect(distance(w.position, waypoints[i]!.pose.position)).toBeLessThan(1e-9);
        expect(distance(plan.truth[i]!.pose.position, waypoints[i]!.pose.position)).toBeLessThan(1e-9);
        expect(angleBetween(plan.truth[i]!.pose.orientation, waypoints[i]!.pose.orientation)).toBeLessThan(
          1e-6,
        );
      });
    }
  });

  it('shares the error of a spot between the waypoints over it, and none with another', () => {
    const plan = coarsen(planOf('stack').waypoints, IDENTITY_POSE, { ...exact, spot: 0.02 }, new Random('y'));
    const shift = (i: number) =>
      plan.waypoints[i]!.position.map((v, k) => v - plan.truth[i]!.pose.position[k]!);
    for (const i of [1, 2]) shift(i).forEach((v, k) => expect(v).toBeCloseTo(shift(0)[k]!, 9));
    expect(Math.hypot(...shift(0))).toBeGreaterThan(0.001);
    expect(shift(4)[0]).not.toBeCloseTo(shift(0)[0]!, 4);
  });

  it('asks for the thing’s own turn where it shows one, and for the planned one where it shows none', () => {
    const turned = { ...exact, yaw: 0.3 };
    const long = coarsen(planOf('pick-and-hold', 'rod').waypoints, IDENTITY_POSE, turned, new Random('z'));
    const round = coarsen(planOf('insert-peg').waypoints, IDENTITY_POSE, turned, new Random('z'));
    const off = (plan: typeof long, i: number) =>
      angleBetween(plan.truth[i]!.pose.orientation, plan.waypoints[i]!.orientation);
    expect(off(long, 1)).toBeGreaterThan(0.02);
    expect(off(round, 1)).toBeLessThan(1e-6);
  });

  it('takes a hollow thing where its rim is nearest to the plan, turned as the rim runs there', () => {
    const { waypoints } = planOf('pick-and-hold', 'bowl');
    const { hold, pose } = waypoints[1]!;
    if (hold.kind !== 'rim') throw new Error('a bowl is held by its rim');
    const plan = coarsen(waypoints, IDENTITY_POSE, { ...exact, spot: 0.02 }, new Random('rim'));
    const truth = plan.truth[1]!.pose;
    const radius = (p: readonly number[]) => Math.hypot(p[0]! - hold.centre[0], p[1]! - hold.centre[1]);
    expect(radius(truth.position)).toBeCloseTo(radius(pose.position), 6);
    expect(distance(truth.position, plan.waypoints[1]!.position)).toBeLessThanOrEqual(
      distance(pose.position, plan.waypoints[1]!.position) + 1e-9,
    );
    const turn = angleBetween(truth.orientation, pose.orientation);
    expect(2 * radius(pose.position) * Math.sin(turn / 2)).toBeCloseTo(
      distance(truth.position, pose.position),
      6,
    );
  });

  it('never moves a thing so far that another would be meant', () => {
    const { waypoints } = planOf('stack');
    for (let seed = 0; seed < 300; seed++) {
      const random = new Random('far', seed);
      const coarseness = { ...sampleCoarseness(random), waypoint: 0, missing: 0, extra: 0 };
      const plan = coarsen(waypoints, IDENTITY_POSE, coarseness, random);
      plan.waypoints.forEach((w, i) =>
        expect(distance(w.position, waypoints[i]!.pose.position)).toBeLessThanOrEqual(0.0801),
      );
    }
  });
});
