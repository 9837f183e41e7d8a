import { describe, expect, it } from 'vitest';
import { IDENTITY_QUAT, quatFromAxisAngle, type Pose, type Quat, type Vec3 } from '../core/geometry.ts';
import { judgeGoals, readGoal } from './goals.ts';
import type { Motion, Thing } from './scene/thing.ts';
import type { SceneReading } from './tasks/task.ts';

const FREE: Motion = { kind: 'free' };
const HINGE: Motion = { kind: 'hinge', axis: [0, 0, 1], lower: 0, upper: 1.5, damping: 0, friction: 0 };
const SLIDE: Motion = { kind: 'slide', axis: [1, 0, 0], lower: -0.01, upper: 0.19, damping: 0, friction: 0 };

const at = (position: Vec3, orientation: Quat = IDENTITY_QUAT): Pose => ({ position, orientation });

function thing(id: string, shape: string, size: Vec3, motion: Motion = FREE, start: Vec3 = [0, 0, 0]): Thing {
  const label = { id, label: id, shape, pose: at([0, 0, 0]), size };
  return { id, solids: [], mass: 1, motion, pose: at(start), labels: [label] };
}

interface Now {
  readonly poses: Readonly<Record<string, Pose>>;
  readonly onTable?: readonly string[];
  readonly touching?: readonly (readonly [string, string])[];
  readonly travel?: number;
  readonly held?: boolean;
  readonly speed?: number;
}

/** A moment of the physics, written down. */
function reading({
  poses,
  onTable = [],
  touching = [],
  travel = 0,
  held = false,
  speed = 0,
}: Now): SceneReading {
  return {
    time: 1,
    pose: (t) => poses[t.id] ?? t.pose,
    speed: () => speed,
    spin: () => 0,
    travel: () => travel,
    touching: (a, b) => touching.some((pair) => pair.includes(a.id) && pair.includes(b.id)),
    touchedByRobot: () => held,
    heldByGripper: () => held,
    touchesTable: (t) => onTable.includes(t.id),
    toolPose: () => at([0, 0, 1]),
    gripperOpening: () => 1,
  };
}

const holds = (goal: string, things: readonly Thing[], now: Now): boolean =>
  judgeGoals([readGoal(goal)], things)(reading(now)).conditions.every((c) => c.holds);

describe('goals over a moment that is written down', () => {
  const ring = thing('ring', 'ring', [0.08, 0.08, 0.026]);
  const post = thing('post', 'post', [0.022, 0.022, 0.075]);
  const poses = (ringAt: Vec3): Now['poses'] => ({ ring: at(ringAt), post: at([0.5, 0, 0.0375]) });

  it('a ring is on a post when the post is in it and it has gone down', () => {
    expect(holds('on:ring:post', [ring, post], { poses: poses([0.51, 0, 0.013]) })).toBe(true);
    expect(holds('on:ring:post', [ring, post], { poses: poses([0.5, 0, 0.088]) })).toBe(false);
    expect(holds('on:ring:post', [ring, post], { poses: poses([0.54, 0, 0.013]) })).toBe(false);
  });

  it('a ball has the same box however it has rolled, a cube has not', () => {
    const table = thing('plate', 'plate', [0.18, 0.18, 0.01]);
    const rolled = quatFromAxisAngle([1, 0, 0], Math.PI / 4);
    const onPlate = (shape: string, turn: Quat) =>
      holds('next-to:it:plate', [thing('it', shape, [0.04, 0.04, 0.04]), table], {
        poses: { it: at([0.5, 0.185, 0.02], turn), plate: at([0.5, 0, 0.005]) },
      });
    expect(onPlate('ball', rolled)).toBe(onPlate('ball', IDENTITY_QUAT));
    const ball = thing('it', 'ball', [0.04, 0.04, 0.04]);
    const cube = thing('it', 'cube', [0.04, 0.04, 0.04]);
    const edge = {
      poses: { it: at([0.5, 0, 0.036], rolled), base: at([0.5, 0, 0.005]) },
      touching: [['it', 'base']] as const,
    };
    const base = thing('base', 'block', [0.1, 0.1, 0.02]);
    // its lowest point: 16 mm up as a ball, under the top of what it should rest on as a cube on its edge
    expect(holds('on:it:base', [ball, base], edge)).toBe(true);
    expect(
      holds('on:it:base', [cube, base], {
        ...edge,
        poses: { ...edge.poses, it: at([0.5, 0, 0.024], rolled) },
      }),
    ).toBe(false);
  });

  it('what is in a hole stands on the table; what is in a bowl does not', () => {
    const peg = thing('peg', 'peg', [0.024, 0.024, 0.085]);
    const now = {
      poses: { peg: at([0.5, 0, 0.0425]), hole: at([0.5, 0, 0.014]), bowl: at([0.5, 0, 0.025]) },
    };
    const hole = thing('hole', 'hole', [0.027, 0.027, 0.028], { kind: 'fixed' });
    const bowl = thing('bowl', 'bowl', [0.15, 0.15, 0.05]);
    expect(holds('in:peg:hole', [peg, hole], { ...now, onTable: ['peg'] })).toBe(true);
    expect(holds('in:peg:bowl', [peg, bowl], { ...now, onTable: ['peg'] })).toBe(false);
    expect(holds('in:peg:bowl', [peg, bowl], now)).toBe(true);
    const above = { poses: { ...now.poses, peg: at([0.5, 0, 0.09]) } };
    expect(holds('in:peg:hole', [peg, hole], above)).toBe(false);
  });

  it.each([
    ['open', HINGE, 1, true],
    ['open', HINGE, 0.8, false],
    ['closed', HINGE, 0.1, true],
    ['closed', HINGE, 0.2, false],
    ['open', SLIDE, 0.12, true],
    ['open', SLIDE, 0.1, false],
    ['pressed', SLIDE, 0.12, true],
    ['turned', HINGE, 0.5, false],
  ] as const)('%s: a share of the range (%#)', (relation, motion, travel, expected) => {
    expect(
      holds(`${relation}:it`, [thing('it', 'door', [0.1, 0.1, 0.1], motion)], { poses: {}, travel }),
    ).toBe(expected);
  });

  it('nothing is done while the robot holds it or it moves, but for holding it', () => {
    const cube = thing('cube', 'cube', [0.04, 0.04, 0.04]);
    const there = { poses: { cube: at([0.5, 0.2, 0.02]) }, onTable: ['cube'] };
    expect(holds('at-left:cube', [cube], there)).toBe(true);
    expect(holds('at-left:cube', [cube], { ...there, held: true })).toBe(false);
    expect(holds('at-left:cube', [cube], { ...there, speed: 0.05 })).toBe(false);
    expect(holds('held:cube', [cube], { poses: { cube: at([0.5, 0.2, 0.2]) }, held: true })).toBe(true);
    expect(holds('held:cube', [cube], { poses: { cube: at([0.5, 0.2, 0.04]) }, held: true })).toBe(false);
  });

  it('on a flat marking is on the table over it', () => {
    const block = thing('block', 'block', [0.06, 0.06, 0.05]);
    const target = thing('target', 'region', [0.09, 0.09, 0.001], { kind: 'fixed' });
    const now = { poses: { block: at([0.52, 0, 0.025]), target: at([0.5, 0, 0.0005]) }, onTable: ['block'] };
    expect(holds('on:block:target', [block, target], now)).toBe(true);
    expect(holds('on:block:target', [block, target], { ...now, onTable: [] })).toBe(false);
    expect(
      holds('on:block:target', [block, target], {
        ...now,
        poses: { ...now.poses, block: at([0.56, 0, 0.025]) },
      }),
    ).toBe(false);
  });
});
