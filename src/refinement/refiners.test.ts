import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  angleBetween,
  distance,
  quatFromAxisAngle,
  TOOL_DOWN,
  withYaw,
  type Pose,
  type Vec3,
} from '../core/geometry.ts';
import type { SceneObject } from '../core/scene-object.ts';
import { gripperEvents, type Waypoint } from '../core/waypoint.ts';
import { windowsOf } from './expert/windows.ts';
import { refinerFor } from './refiner-for.ts';
import { snapWaypoints } from './snap-waypoints.ts';
import { splinePath } from './spline-path.ts';

const start = { pose: { position: [0.35, 0, 0.45], orientation: TOOL_DOWN } as Pose, gripper: 1 };
const point = (position: Vec3, gripper: number, yaw = 0, radius = 0.03): Waypoint => ({
  label: 'w',
  position,
  orientation: withYaw(TOOL_DOWN, yaw),
  gripper,
  radius,
});
const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const anyWaypoint = fc
  .tuple(within(0.3, 0.7), within(-0.3, 0.3), within(0, 0.4), fc.constantFrom(0, 1), within(-1, 1))
  .map(([x, y, z, gripper, yaw]) => point([x, y, z], gripper, yaw));

describe('splinePath', () => {
  it('reaches every waypoint, densely, without overshooting any axis', () => {
    fc.assert(
      fc.property(fc.array(anyWaypoint, { minLength: 1, maxLength: 8 }), (waypoints) => {
        const { poses, waypointIndices } = splinePath(waypoints, start);
        expect(poses[0]).toBe(start.pose);
        expect(waypointIndices.at(-1)).toBe(poses.length - 1);
        let from = 0;
        const worst = { step: 0, turn: 0, overshoot: 0 };
        waypointIndices.forEach((to, k) => {
          expect(poses[to]!.position).toEqual(waypoints[k]!.position);
          for (let i = from + 1; i <= to; i++) {
            worst.step = Math.max(worst.step, distance(poses[i]!.position, poses[i - 1]!.position));
            worst.turn = Math.max(worst.turn, angleBetween(poses[i]!.orientation, poses[i - 1]!.orientation));
            for (let axis = 0; axis < 3; axis++) {
              const at = poses[i]!.position[axis]!;
              const [a, b] = [poses[from]!.position[axis]!, poses[to]!.position[axis]!];
              worst.overshoot = Math.max(worst.overshoot, at - Math.max(a, b), Math.min(a, b) - at);
            }
          }
          from = to;
        });
        expect(worst.step).toBeLessThan(0.0076);
        expect(worst.turn).toBeLessThan(0.06);
        expect(worst.overshoot).toBeLessThan(1e-9);
      }),
    );
  });

  it('goes straight into and out of a grasp, whatever the way there', () => {
    const [ux, uy] = [Math.cos(0.7), Math.sin(0.7)];
    const plan = [
      point([0.5, 0.1, 0.15], 1),
      point([0.5 + 0.1 * ux, 0.1 + 0.1 * uy, 0.05], 0),
      point([0.5, 0.25, 0.3], 0),
    ];
    const { poses, waypointIndices } = splinePath(plan, start);
    const [a, b, c] = [waypointIndices[0]!, waypointIndices[1]!, waypointIndices[2]!];
    for (const [from, to] of [
      [a, b],
      [b, c],
    ] as const) {
      const whole = distance(poses[from]!.position, poses[to]!.position);
      for (let i = from; i <= to; i++) {
        const detour =
          distance(poses[from]!.position, poses[i]!.position) +
          distance(poses[i]!.position, poses[to]!.position);
        expect(detour).toBeLessThan(whole + 1e-9);
      }
    }
  });
});

const thing = (position: Vec3, size: Vec3, yaw = 0, shape = 'block'): SceneObject => ({
  id: 'thing',
  label: 'red block',
  shape,
  pose: { position, orientation: quatFromAxisAngle([0, 0, 1], yaw) },
  size,
  score: 1,
  source: 'segmentation',
});

describe('snapWaypoints', () => {
  const plan = [
    point([0.5, 0.1, 0.15], 1),
    point([0.5, 0.1, 0.02], 0),
    point([0.5, 0.1, 0.2], 0),
    point([0.5, -0.2, 0.2], 0),
    point([0.5, -0.2, 0.1], 1),
  ];

  it('moves a grasp and what belongs to it onto the nearest thing, heights kept', () => {
    const { waypoints, notes } = snapWaypoints(plan, [thing([0.515, 0.09, 0.02], [0.04, 0.04, 0.04])], 1);
    for (const k of [0, 1, 2]) {
      expect(waypoints[k]!.position[0]).toBeCloseTo(0.515, 9);
      expect(waypoints[k]!.position[1]).toBeCloseTo(0.09, 9);
      expect(waypoints[k]!.position[2]).toBe(plan[k]!.position[2]);
    }
    expect(waypoints.slice(3)).toEqual(plan.slice(3));
    expect(notes[0]).toMatch(/moved 18 mm to the red block/);
  });

  it('moves nothing further than the radius', () => {
    const { waypoints, notes } = snapWaypoints(plan, [thing([0.54, 0.1, 0.02], [0.04, 0.04, 0.04])], 1);
    expect(waypoints).toEqual(plan);
    expect(notes[0]).toMatch(/Nothing within 30 mm/);
  });

  it('lays the fingers across a long thing, and leaves round ones alone', () => {
    const long = snapWaypoints(plan, [thing([0.5, 0.1, 0.02], [0.1, 0.04, 0.04], 0.3)], 1).waypoints[1]!;
    expect(angleBetween(long.orientation, withYaw(TOOL_DOWN, 0.3))).toBeLessThan(1e-6);
    const round = snapWaypoints(plan, [thing([0.5, 0.1, 0.02], [0.05, 0.04, 0.04], 0.3, 'cylinder')], 1)
      .waypoints[1]!;
    expect(round.orientation).toEqual(plan[1]!.orientation);
  });
});

describe('windowsOf', () => {
  it('covers every waypoint once, in stretches of at most eight', () => {
    fc.assert(
      fc.property(fc.array(anyWaypoint, { minLength: 1, maxLength: 40 }), (waypoints) => {
        const windows = windowsOf(waypoints, 1);
        expect(windows.flatMap(([a, b]) => Array.from({ length: b - a + 1 }, (_, i) => a + i))).toEqual(
          waypoints.map((_, i) => i),
        );
        for (const [a, b] of windows) expect(b - a).toBeLessThan(8);
      }),
    );
  });

  it('cuts between two things rather than through one', () => {
    const one = [0, 1].flatMap(() => [
      point([0.5, 0, 0.2], 1),
      point([0.5, 0, 0], 0),
      point([0.5, 0, 0.2], 0),
      point([0.5, 0.2, 0.2], 0),
      point([0.5, 0.2, 0], 1),
      point([0.5, 0.2, 0.2], 1),
    ]);
    expect(gripperEvents(one, 1)).toHaveLength(4);
    const [first] = windowsOf(one, 1);
    expect(first![1]).toBeGreaterThanOrEqual(4);
    expect(first![1]).toBeLessThanOrEqual(6);
  });
});

describe('refinerFor', () => {
  it('names what is missing', async () => {
    expect(refinerFor('spline').id).toBe('spline');
    await expect(
      refinerFor('snap').refine(
        { waypoints: [point([0.5, 0, 0.1], 1)], start },
        new AbortController().signal,
      ),
    ).rejects.toThrow(/needs a capture/);
  });
});
