import { add, TOOL_DOWN, withYaw, type Vec3 } from '../../core/geometry.ts';
import type { Random } from '../../core/random.ts';
import type { PlanStart } from '../expert/guidance.ts';
import type { TruePlan, TrueWaypoint } from './true-plan.ts';

/** Motions without a scene, for action pre-training: what all tasks are made of, and what none is. */
export const MOTIONS = ['reach', 'random-spline', 'grasp-and-place'] as const;
export type Motion = (typeof MOTIONS)[number];

/** Where the Panda-class arm reaches with the tool down [m]. */
const PLACE = { x: [0.34, 0.64], y: [-0.3, 0.3], high: [0.12, 0.4], low: [0.012, 0.12] } as const;

/** Tool poses over the table, as a robot waits there. */
export function somewhere(random: Random): PlanStart {
  const position: Vec3 = [random.uniform(0.32, 0.56), random.uniform(-0.22, 0.22), random.uniform(0.25, 0.5)];
  return {
    pose: { position, orientation: withYaw(TOOL_DOWN, random.uniform(-0.5, 0.5)) },
    gripper: random.next() < 0.85 ? 1 : 0,
  };
}

export function randomMotion(motion: Motion, start: PlanStart, random: Random): TruePlan {
  switch (motion) {
    case 'reach':
      return { start, waypoints: [point(spot(random), 0, random, start.gripper, 0)] };
    case 'random-spline': {
      const count = 2 + random.below(7);
      const waypoints = Array.from({ length: count }, (_, i) =>
        point(spot(random, PLACE.high), heading(random), random, start.gripper, i),
      );
      return { start, waypoints };
    }
    case 'grasp-and-place': {
      const from = spot(random, PLACE.low);
      const to = spot(random, PLACE.low);
      const yaw = heading(random);
      const open = random.next() < 0.6 ? 1 : random.uniform(0.4, 1);
      const above = (at: Vec3): Vec3 => add(at, [0, 0, random.uniform(0.06, 0.15)]);
      const down = (at: Vec3, gripper: number, group: number, contact = false): TrueWaypoint => ({
        pose: { position: at, orientation: withYaw(TOOL_DOWN, yaw) },
        gripper,
        contact,
        hold: { kind: 'seen' },
        group,
      });
      const pick = [down(above(from), open, 0), down(from, 0, 0, true), down(above(from), 0, 0)];
      const place = [down(above(to), 0, 1), down(to, open, 1, true), down(above(to), open, 1)];
      return { start, waypoints: random.next() < 0.3 ? pick : [...pick, ...place] };
    }
  }
}

const heading = (random: Random): number => random.uniform(-1.2, 1.2);

const spot = (random: Random, z: readonly [number, number] = [0.03, 0.4]): Vec3 => [
  random.uniform(...PLACE.x),
  random.uniform(...PLACE.y),
  random.uniform(...z),
];

const point = (
  position: Vec3,
  yaw: number,
  random: Random,
  gripper: number,
  group: number,
): TrueWaypoint => ({
  pose: { position, orientation: withYaw(TOOL_DOWN, yaw === 0 ? heading(random) : yaw) },
  gripper,
  contact: random.next() < 0.3,
  hold: { kind: 'seen' },
  group,
});
