import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { WaybookError } from '../core/errors.ts';
import { TOOL_DOWN, withYaw, type Pose } from '../core/geometry.ts';
import { duration, sampleCount, type Trajectory } from '../core/trajectory.ts';
import type { Waypoint } from '../core/waypoint.ts';
import { splinePath } from '../refinement/spline-path.ts';
import { PANDA_ACCELERATION, PANDA_HOME, PANDA_JOINTS, pandaUrdf } from './fixtures/panda-urdf.ts';
import { SIX_AXIS_ACCELERATION, SIX_AXIS_HOME, sixAxisUrdf } from './fixtures/six-axis-urdf.ts';
import { loadRobotModel } from './load-robot-model.ts';
import type { RobotModel } from './robot-model.ts';
import { timeParametrise } from './time-parametrise.ts';

let model: RobotModel;
beforeAll(async () => {
  model = await loadRobotModel({
    urdf: pandaUrdf(),
    joints: PANDA_JOINTS,
    toolFrame: 'tool',
    accelerationLimits: PANDA_ACCELERATION,
  });
});

const waypoint = (x: number, y: number, z: number, yaw: number, gripper: number): Waypoint => ({
  label: 'w',
  position: [x, y, z],
  orientation: withYaw(TOOL_DOWN, yaw),
  gripper,
  radius: 0.02,
});

const anyWaypoint = fc
  .tuple(
    fc.double({ min: 0.35, max: 0.6, noNaN: true }),
    fc.double({ min: -0.3, max: 0.3, noNaN: true }),
    fc.double({ min: 0.05, max: 0.4, noNaN: true }),
    fc.double({ min: -0.7, max: 0.7, noNaN: true }),
    fc.constantFrom(0, 1, 1, 0.5),
  )
  .map((a) => waypoint(...a));

function times(waypoints: Waypoint[], speed: number, toolSpeedLimit: number): Trajectory {
  const start = { joints: PANDA_HOME, gripper: 1 };
  const pose: Pose = model.forward(PANDA_HOME);
  return timeParametrise(model, splinePath(waypoints, { pose, gripper: 1 }), start, {
    speed,
    toolSpeedLimit,
  });
}

/** Largest speed and acceleration per joint under cubic Hermite execution, by dense sampling. */
function extremes(t: Trajectory): { velocity: number[]; acceleration: number[] } {
  const d = t.jointNames.length;
  const velocity = new Array<number>(d).fill(0);
  const acceleration = new Array<number>(d).fill(0);
  for (let i = 1; i < sampleCount(t); i++) {
    const h = t.times[i]! - t.times[i - 1]!;
    for (let j = 0; j < d; j++) {
      const q0 = t.joints[(i - 1) * d + j]!;
      const q1 = t.joints[i * d + j]!;
      const v0 = t.velocities[(i - 1) * d + j]!;
      const v1 = t.velocities[i * d + j]!;
      for (let u = 0; u <= 1; u += 0.125) {
        const v =
          ((6 * u * u - 6 * u) * (q0 - q1)) / h + (3 * u * u - 4 * u + 1) * v0 + (3 * u * u - 2 * u) * v1;
        const a = ((12 * u - 6) * (q0 - q1)) / (h * h) + ((6 * u - 4) * v0 + (6 * u - 2) * v1) / h;
        velocity[j] = Math.max(velocity[j]!, Math.abs(v));
        acceleration[j] = Math.max(acceleration[j]!, Math.abs(a));
      }
    }
  }
  return { velocity, acceleration };
}

describe('timeParametrise', () => {
  it('keeps every limit, rests where it must and is consistent, for random plans', () => {
    fc.assert(
      fc.property(
        fc.array(anyWaypoint, { minLength: 1, maxLength: 6 }),
        fc.constantFrom(1, 0.5, 0.1),
        fc.constantFrom(0.25, 0.6, 1.5),
        (waypoints, speed, toolSpeedLimit) => {
          const t = times(waypoints, speed, toolSpeedLimit);
          const d = 7;
          const n = sampleCount(t);
          const { velocity, acceleration } = extremes(t);
          model.joints.forEach((limit, j) => {
            expect(velocity[j]).toBeLessThanOrEqual(limit.velocity * speed * 1.0001);
            expect(acceleration[j]).toBeLessThanOrEqual(limit.acceleration * speed * 1.0001);
            const reached = Array.from({ length: n }, (_, i) => t.joints[i * d + j]!);
            expect(Math.min(...reached)).toBeGreaterThanOrEqual(limit.lower);
            expect(Math.max(...reached)).toBeLessThanOrEqual(limit.upper);
          });
          let shortest = Infinity;
          let fastest = 0;
          for (let i = 1; i < n; i++) {
            const h = t.times[i]! - t.times[i - 1]!;
            const step = Math.hypot(...[0, 1, 2].map((k) => t.tool[7 * i + k]! - t.tool[7 * (i - 1) + k]!));
            shortest = Math.min(shortest, h);
            fastest = Math.max(fastest, step / h);
          }
          expect(shortest).toBeGreaterThan(0.0199);
          expect(fastest).toBeLessThanOrEqual(toolSpeedLimit * speed * 1.02);
          const atRest = (i: number): void => {
            for (let j = 0; j < d; j++) expect(t.velocities[i * d + j]).toBe(0);
          };
          atRest(0);
          atRest(n - 1);
          expect(Array.from(t.joints.subarray(0, d))).toEqual(PANDA_HOME);
          let at = 0;
          for (const s of t.segments) {
            if (s.kind === 'grip') {
              expect(s.at).toBe(at);
              atRest(s.at);
              atRest(s.at + 1);
              expect(t.joints.slice(s.at * d, s.at * d + d)).toEqual(
                t.joints.slice((s.at + 1) * d, (s.at + 2) * d),
              );
              expect([t.gripper[s.at], t.gripper[s.at + 1]]).toEqual([s.from, s.to]);
              at = s.at + 1;
            } else {
              expect(s.first).toBe(at);
              atRest(s.last);
              at = s.last;
            }
          }
          expect(at).toBe(n - 1);
          waypoints.forEach((w, k) => {
            const i = t.waypointSamples[k]!;
            const miss = Math.hypot(...[0, 1, 2].map((a) => t.tool[7 * i + a]! - w.position[a]!));
            // A waypoint that is passed without a stop lies between two samples.
            expect(miss).toBeLessThanOrEqual(0.51 * toolSpeedLimit * speed * 0.02 + 1e-4);
          });
        },
      ),
      { numRuns: 40 },
    );
  });

  it('times six-axis arms with continuous joints too', async () => {
    using arm = await loadRobotModel({
      urdf: sixAxisUrdf(),
      toolFrame: 'tool',
      accelerationLimits: SIX_AXIS_ACCELERATION,
    });
    expect(arm.joints.map((j) => j.name)).toEqual(['j1', 'j2', 'j3', 'j4', 'j5', 'j6']);
    expect(arm.joints[5]!.upper).toBe(Infinity);
    const pose = arm.forward(SIX_AXIS_HOME);
    const [x, y, z] = pose.position;
    const plan = [
      { ...waypoint(x - 0.05, y + 0.15, z, 0, 1), orientation: pose.orientation },
      { ...waypoint(x - 0.05, y + 0.15, z - 0.15, 0, 0), orientation: pose.orientation },
      { ...waypoint(x, y - 0.2, z, 0, 0), orientation: withYaw(pose.orientation, 0.8) },
    ];
    const path = splinePath(plan, { pose, gripper: 1 });
    const t = timeParametrise(arm, path, { joints: SIX_AXIS_HOME, gripper: 1 }, { toolSpeedLimit: 0.5 });
    const { velocity, acceleration } = extremes(t);
    arm.joints.forEach((limit, j) => {
      expect(velocity[j]).toBeLessThanOrEqual(limit.velocity * 1.0001);
      expect(acceleration[j]).toBeLessThanOrEqual(limit.acceleration * 1.0001);
    });
    path.waypointIndices.forEach((index, k) => {
      const i = t.waypointSamples[k]!;
      const miss = Math.hypot(...[0, 1, 2].map((a) => t.tool[7 * i + a]! - path.poses[index]!.position[a]!));
      expect(miss).toBeLessThan(0.006);
    });
  });

  it('is not much slower than the limits allow', () => {
    const t = times([waypoint(0.5, 0.25, 0.3, 0, 1)], 1, 10);
    const { velocity, acceleration } = extremes(t);
    const used = Math.max(
      ...model.joints.map((l, j) => Math.max(velocity[j]! / l.velocity, acceleration[j]! / l.acceleration)),
    );
    expect(used).toBeGreaterThan(0.8);
    expect(duration(t)).toBeLessThan(1.5);
  });

  it('says which waypoint is out of reach, and by how much', () => {
    try {
      times([waypoint(0.5, 0, 0.3, 0, 1), waypoint(1.4, 0, 0.3, 0, 1)], 1, 1);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(WaybookError);
      const { code, details, message } = error as WaybookError;
      expect(code).toBe('input/reach');
      expect(details.place).toEqual({ waypoint: 1 });
      expect(message).toMatch(
        /Waypoint 2 "w" at \(1\.400, 0\.000, 0\.300\) is out of reach: the tool ends \d+ mm short/,
      );
      expect(details.limit!.value).toBeGreaterThan(0.3);
      // What it names instead can be reached, and is on the way there.
      const nearest = details.data?.['nearest'] as [number, number, number];
      expect(nearest[0]).toBeGreaterThan(0.5);
      const there = { ...waypoint(1.4, 0, 0.3, 0, 1), position: nearest };
      expect(() => times([waypoint(0.5, 0, 0.3, 0, 1), there], 1, 1)).not.toThrow();
    }
  });

  it('refuses a path that does not start at the robot', () => {
    const pose = model.forward(PANDA_HOME.map((q) => q + 0.1));
    const path = splinePath([waypoint(0.5, 0, 0.3, 0, 1)], { pose, gripper: 1 });
    expect(() =>
      timeParametrise(model, path, { joints: PANDA_HOME, gripper: 1 }, { toolSpeedLimit: 1 }),
    ).toThrow(/starts \d+ mm/);
  });
});
