import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  compose,
  distance,
  quatFromAxisAngle,
  TOOL_DOWN,
  transformPoint,
  withYaw,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { POINTS, POSE_WIDTH, POSES, WAYPOINT_WIDTH, WAYPOINTS } from './contract.ts';
import { guidanceOf, readPose } from './guidance.ts';
import { pointGroups, standingPoints } from './point-groups.ts';

const start = { pose: { position: [0.35, 0, 0.45] as Vec3, orientation: TOOL_DOWN }, gripper: 1 };
const within = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const plans = fc.array(
  fc
    .tuple(within(0.3, 0.7), within(-0.3, 0.3), within(0, 0.4), fc.constantFrom(0, 1), within(-1, 1))
    .map(([x, y, z, gripper, yaw]): Waypoint => ({
      label: 'w',
      position: [x, y, z],
      orientation: withYaw(TOOL_DOWN, yaw),
      gripper,
      radius: 0.03,
    })),
  { minLength: 1, maxLength: WAYPOINTS },
);

describe('guidanceOf', () => {
  it('has every waypoint among its poses, the start first, and blends that add up', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        const g = guidanceOf(plan, start);
        expect(g.anchors).toHaveLength(POSES);
        const first = compose(g.frame, readPose(g.guidance, 0));
        expect(distance(first.position, start.pose.position)).toBeLessThan(1e-6);
        plan.forEach((waypoint, k) => {
          const at = g.anchors.findIndex((a) => a.segment === k && a.u === 1);
          const pose = compose(g.frame, readPose(g.guidance, at * POSE_WIDTH));
          expect(distance(pose.position, waypoint.position)).toBeLessThan(1e-6);
          expect(g.guidance[at * POSE_WIDTH + 9]).toBe(waypoint.gripper);
          expect(g.blend[at * WAYPOINTS + k]).toBe(1);
        });
        const sums = g.anchors.map((_, i) =>
          g.blend.subarray(i * WAYPOINTS, (i + 1) * WAYPOINTS).reduce((a, b) => a + b, 0),
        );
        sums.forEach((sum, i) =>
          expect(sum).toBeCloseTo(g.anchors[i]!.segment === 0 ? g.anchors[i]!.u : 1, 5),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('does not change when plan and start are turned and moved over the table together', () => {
    fc.assert(
      fc.property(plans, within(-3, 3), (plan, yaw) => {
        // Where a plan is just as long as decides which way the frame looks, rounding decides.
        const first = plan[0]!.position;
        const away = (p: Vec3): number => Math.hypot(p[0] - first[0], p[1] - first[1]);
        const lengths = [away(start.pose.position), ...plan.map((w) => away(w.position))];
        fc.pre(lengths.every((l) => Math.abs(l - 0.01) > 1e-6 && Math.abs(l - 0.06) > 1e-6));
        const move: Pose = { position: [0.2, -0.1, 0], orientation: quatFromAxisAngle([0, 0, 1], yaw) };
        const moved = plan.map((w) => ({ ...w, ...compose(move, w) }));
        const a = guidanceOf(plan, start);
        const b = guidanceOf(moved, { ...start, pose: compose(move, start.pose) });
        // Position, rotation and openings of every waypoint. The spline's axes do turn, its waypoints do not.
        let worst = 0;
        for (let i = 0; i < WAYPOINTS * WAYPOINT_WIDTH; i++)
          worst = Math.max(worst, Math.abs(a.waypoints[i]! - b.waypoints[i]!));
        expect(worst).toBeLessThan(1e-5);
      }),
      { numRuns: 50 },
    );
  });

  it('counts heights from the table that was seen, tilted as it is', () => {
    const plan: Waypoint[] = [
      { label: '', position: [0.5, 0, 0.3], orientation: TOOL_DOWN, gripper: 1, radius: 0.02 },
    ];
    const level = guidanceOf(plan, start, { normal: [0, 0, 1], offset: 0.1, inliers: 0 });
    expect(level.waypoints[2]).toBeCloseTo(0.2, 6);
    const tilted = guidanceOf(plan, start, { normal: [0.6, 0, 0.8], offset: 0, inliers: 0 });
    expect(tilted.frame.position[2]).toBeCloseTo(-0.375, 6);
    expect(guidanceOf(plan, start).waypoints[2]).toBeCloseTo(0, 6);
  });

  it('refuses more waypoints than a network sees at once', () => {
    const w: Waypoint = {
      label: '',
      position: [0.5, 0, 0.1],
      orientation: TOOL_DOWN,
      gripper: 1,
      radius: 0.02,
    };
    expect(() => guidanceOf(new Array<Waypoint>(9).fill(w), start)).toThrow(RangeError);
  });
});

describe('pointGroups', () => {
  const random = new Random('groups');
  const table = Array.from({ length: 4000 }, () => [random.uniform(0.3, 0.7), random.uniform(-0.3, 0.3), 0]);
  const box = Array.from({ length: 300 }, () => [
    random.uniform(0.48, 0.52),
    random.uniform(0.08, 0.12),
    0.04,
  ]);
  const positions = Float32Array.from([...table, ...box].flat());
  const cloud = { frame: 'base', stamp: 0, count: positions.length / 3, positions };
  const grasp: Waypoint = {
    label: '',
    position: [0.51, 0.1, 0.02],
    orientation: withYaw(TOOL_DOWN, 0.4),
    gripper: 0,
    radius: 0.02,
  };

  const seen = standingPoints(cloud);

  it('shows the thing and not the table, in the tool frame of the waypoint, the same every time', () => {
    const groups = pointGroups(seen, [grasp]);
    const pose = { position: grasp.position, orientation: grasp.orientation };
    for (let i = 0; i < POINTS; i++) {
      expect(groups.points_mask[i]).toBe(1);
      const at = transformPoint(pose, groups.points.subarray(3 * i, 3 * i + 3) as unknown as Vec3);
      expect(at[2]).toBeCloseTo(0.04, 6);
      expect(at[0] > 0.479 && at[0] < 0.521 && at[1] > 0.079 && at[1] < 0.121).toBe(true);
    }
    expect(groups.nearest[0]).toBeLessThan(0.01);
    expect(pointGroups(standingPoints({ ...cloud }), [grasp])).toEqual(groups);
  });

  it('spreads few points over all that is there', () => {
    const { points } = pointGroups(seen, [grasp]);
    const xs = Array.from({ length: 8 }, (_, i) => points[3 * i]!);
    expect(Math.max(...xs) - Math.min(...xs)).toBeGreaterThan(0.03);
  });

  it('leaves places for what stands round the thing', () => {
    const wall = Array.from({ length: 300 }, () => [
      0.43,
      random.uniform(0.05, 0.15),
      random.uniform(0.01, 0.1),
    ]);
    const both = Float32Array.from([...table, ...box, ...wall].flat());
    const around = standingPoints({ frame: 'base', stamp: 0, count: both.length / 3, positions: both });
    const { points } = pointGroups(around, [grasp]);
    let far = 0;
    for (let i = 0; i < POINTS; i++) if (Math.hypot(points[3 * i]!, points[3 * i + 1]!) > 0.06) far++;
    expect(far).toBe(20);
  });

  it('takes a stray point or two for noise', () => {
    const stray = Float32Array.from([...table, [0.5, -0.2, 0.05], [0.51, -0.2, 0.06]].flat());
    const noisy = standingPoints({ frame: 'base', stamp: 0, count: stray.length / 3, positions: stray });
    const over = { ...grasp, position: [0.5, -0.2, 0.02] as Vec3 };
    expect(pointGroups(noisy, [over]).nearest[0]).toBe(Infinity);
  });

  it('sees nothing over an empty spot, and nothing without a cloud', () => {
    const away = { ...grasp, position: [0.5, -0.2, 0.02] as Vec3 };
    expect(pointGroups(seen, [away]).nearest[0]).toBe(Infinity);
    const none = pointGroups(undefined, [grasp]);
    expect(none.points_mask.every((m) => m === 0)).toBe(true);
  });
});
