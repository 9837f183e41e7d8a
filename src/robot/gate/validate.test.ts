import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Capture } from '../../core/capture.ts';
import type { Pose, Vec3 } from '../../core/geometry.ts';
import { TOOL_DOWN } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { loadRobotModel } from '../../kinematics/load-robot-model.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { timeParametrise } from '../../kinematics/time-parametrise.ts';
import { splineRefiner } from '../../refinement/spline.ts';
import { armUrdf } from '../../simulator/arm/arm-urdf.ts';
import { pandaClass } from '../../simulator/arm/panda-class.ts';
import { simulatorProfile as profile } from '../profiles/simulator-profile.ts';
import { DistanceField } from './distance-field.ts';
import { SelfCollision } from './self-collision.ts';
import { isValidated, validate } from './validate.ts';
import type { ValidationContext } from './validate.ts';

let model: RobotModel;
let self: SelfCollision;
let start: Pose;

beforeAll(async () => {
  model = await loadRobotModel({
    urdf: armUrdf(pandaClass, []),
    joints: profile.joints,
    toolFrame: profile.frames.tool,
    baseFrame: profile.frames.base,
    accelerationLimits: profile.accelerationLimits,
    gripper: profile.gripper,
  });
  self = await SelfCollision.load(model);
  start = model.forward(profile.home);
});

const state = { stamp: 1, joints: [...profile.home], velocities: new Array<number>(7).fill(0), gripper: 1 };
const cube: SceneObject = {
  id: 'cube',
  label: 'red cube',
  shape: 'cube',
  pose: { position: [0.5, 0.1, 0.02], orientation: [0, 0, 0, 1] },
  size: [0.04, 0.04, 0.04],
  score: 1,
  source: 'detections',
};

/** A table at z = 0 and the surface of things, 8 mm apart. */
function seen(
  objects: readonly SceneObject[],
  obstacle?: { center: Vec3; size: Vec3 },
): Pick<Capture, 'cloud' | 'objects'> {
  const points: number[] = [];
  for (let x = 0.25; x < 0.8; x += 0.008) for (let y = -0.5; y < 0.5; y += 0.008) points.push(x, y, 0);
  const solids = objects.map(({ pose, size }) => ({ center: pose.position, size }));
  for (const { center, size } of obstacle ? [...solids, obstacle] : solids) {
    for (let x = -0.5; x <= 0.5; x += 0.125) {
      for (let y = -0.5; y <= 0.5; y += 0.125) {
        for (let z = -0.5; z <= 0.5; z += 0.125) {
          if (Math.max(Math.abs(x), Math.abs(y), Math.abs(z)) < 0.5) continue;
          points.push(center[0] + x * size[0], center[1] + y * size[1], center[2] + z * size[2]);
        }
      }
    }
  }
  const positions = Float32Array.from(points);
  return { cloud: { frame: 'base', stamp: 1, count: positions.length / 3, positions }, objects };
}

const waypoint = (label: string, position: Vec3, gripper: number): Waypoint => ({
  label,
  position,
  orientation: TOOL_DOWN,
  gripper,
  radius: 0.02,
});
const pick = [
  waypoint('above', [0.5, 0.1, 0.2], 1),
  waypoint('grasp', [0.5, 0.1, 0.02], 0),
  waypoint('lift', [0.5, 0.1, 0.25], 0),
  waypoint('over', [0.45, -0.2, 0.25], 0),
  waypoint('place', [0.45, -0.2, 0.03], 1),
  waypoint('leave', [0.45, -0.2, 0.2], 1),
];

async function path(waypoints: readonly Waypoint[], speed = 0.5): Promise<Trajectory> {
  const refined = await splineRefiner.refine(
    { waypoints, start: { pose: start, gripper: 1 } },
    new AbortController().signal,
  );
  if (refined.kind !== 'refined') throw new Error('the spline abstained');
  return timeParametrise(model, refined.path, state, { speed, toolSpeedLimit: profile.toolSpeedLimit });
}

const context = (more: Partial<ValidationContext> = {}): ValidationContext => ({
  profile,
  model,
  state,
  now: 1.05,
  selfCollision: self,
  ...more,
});

describe('validate', () => {
  it('lets a pick and place through, knows what it grasps, and nothing else makes the brand', async () => {
    const verdict = validate(await path(pick), context({ capture: seen([cube]) }));
    expect(verdict.refusal?.explain()).toBeUndefined();
    expect(verdict.validated?.grasps.map((grasp) => grasp.label)).toEqual(['red cube']);
    expect(verdict.validated?.toolSpeed).toBeLessThanOrEqual(profile.toolSpeedLimit);
    expect(verdict.leastClearance).toBeGreaterThan(profile.minClearance ?? 0);
    expect(verdict.clearance).toHaveLength(verdict.validated?.trajectory.times.length ?? -1);
    if (!verdict.validated) throw new Error('not validated');
    expect(isValidated(verdict.validated)).toBe(true);
    expect(isValidated({ ...verdict.validated })).toBe(false);
  });

  it('refuses a way through an obstacle, and says which sample, how near, and what to do', async () => {
    const obstacle = { center: [0.48, -0.05, 0.2] as Vec3, size: [0.1, 0.06, 0.4] as Vec3 };
    const verdict = validate(await path(pick), context({ capture: seen([cube], obstacle) }));
    expect(verdict.validated).toBeUndefined();
    expect(verdict.refusal).toMatchObject({ code: 'input/collision' });
    expect(verdict.refusal?.message).toMatch(
      /Sample \d+ of \d+ \([\d.]+ of [\d.]+ s\): clearance of .* is -?[\d.]+ mm, [\d.]+ mm past its limit of 10 mm/,
    );
    expect(verdict.refusal?.details.hint).toMatch(/Raise or move the waypoint/);
    expect(verdict.refused.length).toBeGreaterThan(3);
  });

  it('refuses a held object that would be led through something the arm itself clears', async () => {
    const tall: SceneObject = {
      ...cube,
      size: [0.04, 0.04, 0.16],
      pose: { ...cube.pose, position: [0.5, 0.1, 0.08] },
    };
    const high = pick.map((w) => (w.label === 'grasp' ? { ...w, position: [0.5, 0.1, 0.14] as Vec3 } : w));
    const hurdle = { center: [0.475, -0.05, 0.07] as Vec3, size: [0.2, 0.02, 0.14] as Vec3 };
    const verdict = validate(await path(high), context({ capture: seen([tall], hurdle) }));
    expect(verdict.refusal?.message).toMatch(/the held red cube/);
  });

  it('refuses to press into the table beside the target', async () => {
    const deep = pick.map((w) =>
      w.label === 'place' ? { ...w, position: [0.45, -0.2, -0.001] as Vec3 } : w,
    );
    const verdict = validate(await path(deep), context({ capture: seen([cube]) }));
    expect(verdict.refusal?.details.limit?.name).toMatch(/clearance/);
  });

  it('refuses what leaves the workspace, starts elsewhere, is stale, or is another robot’s', async () => {
    const t = await path(pick);
    const small = { ...profile, workspace: { min: profile.workspace.min, max: [0.9, 0.75, 0.4] as Vec3 } };
    expect(validate(t, context({ profile: small })).refusal?.message).toMatch(
      /tool z is .* past its limit of 0.4 m/,
    );
    const elsewhere = { ...state, joints: state.joints.map((q) => q + 0.1) };
    expect(validate(t, context({ state: elsewhere })).refusal?.message).toMatch(
      /distance of joint1 from where the arm is/,
    );
    expect(validate(t, context({ now: 2 })).refusal?.message).toMatch(/age of the robot’s state is 1 s/);
    const other = { ...profile, joints: profile.joints.map((name) => `x_${name}`) };
    expect(validate(t, context({ profile: other })).refusal).toMatchObject({ code: 'input/reference' });
  });

  it('refuses faster than the cell’s speed, and a tool faster than its limit', async () => {
    const t = await path(pick, 1);
    expect(validate(t, context({ limits: { speed: 0.3 } })).refusal?.details.hint).toMatch(/Lower the speed/);
    const slow = { ...profile, toolSpeedLimit: 0.1 };
    expect(validate(t, context({ profile: slow })).refusal?.message).toMatch(/tool speed/);
  });

  it('finds every kind of damage to a sound trajectory', async () => {
    const t = await path(pick);
    const n = t.times.length;
    const damaged = (
      change: (copy: { -readonly [K in keyof Trajectory]: Trajectory[K] }) => void,
    ): Trajectory => {
      const copy = {
        ...t,
        times: t.times.slice(),
        joints: t.joints.slice(),
        velocities: t.velocities.slice(),
        tool: t.tool.slice(),
        gripper: t.gripper.slice(),
      };
      change(copy);
      return copy;
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: n - 2 }),
        fc.integer({ min: 0, max: 6 }),
        fc.constantFrom('nan', 'infinite', 'jump', 'time', 'shown', 'short'),
        (i, j, kind) => {
          const bad = damaged((copy) => {
            if (kind === 'nan') copy.joints[i * 7 + j] = Number.NaN;
            if (kind === 'infinite') copy.velocities[i * 7 + j] = Number.POSITIVE_INFINITY;
            if (kind === 'jump') copy.joints[i * 7 + j] = (copy.joints[i * 7 + j] as number) + 0.2;
            if (kind === 'time') copy.times[i] = copy.times[i - 1] as number;
            if (kind === 'shown') copy.tool[i * 7] = (copy.tool[i * 7] as number) + 0.02;
            if (kind === 'short') copy.gripper = copy.gripper.slice(1);
          });
          const verdict = validate(bad, context());
          expect(verdict.validated).toBeUndefined();
          expect(verdict.refusal?.message).toMatch(/refused, nothing moved/);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('refuses an arm that folds into itself', () => {
    const folded = [-1.46, -1.61, 2.8, -2.88, -2.37, 1.63, -0.15];
    const n = 300;
    const joints = new Float64Array(7 * n);
    const velocities = new Float64Array(7 * n);
    const T = (n - 1) * 0.02;
    for (let i = 0; i < n; i++) {
      const s = i / (n - 1);
      for (let q = 0; q < 7; q++) {
        const by = (folded[q] as number) - (profile.home[q] as number);
        joints[7 * i + q] = (profile.home[q] as number) + by * s * s * (3 - 2 * s);
        velocities[7 * i + q] = (by * 6 * s * (1 - s)) / T;
      }
    }
    const tool = new Float64Array(7 * n);
    for (let i = 0; i < n; i++) model.forwardInto(joints.subarray(7 * i, 7 * i + 7), tool, 7 * i);
    const t: Trajectory = {
      jointNames: profile.joints,
      times: Float64Array.from({ length: n }, (_, i) => i * 0.02),
      joints,
      velocities,
      tool,
      gripper: new Float64Array(n).fill(1),
      segments: [{ kind: 'move', first: 0, last: n - 1, toWaypoint: 0 }],
      waypointSamples: [n - 1],
    };
    const verdict = validate(
      t,
      context({ profile: { ...profile, workspace: { min: [-2, -2, -2], max: [2, 2, 2] } } }),
    );
    expect(verdict.refused.map((r) => r.limitName).join()).toMatch(/distance between link0 and link6/);
  });
});

describe('DistanceField', () => {
  it('agrees with brute force within a voxel', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 0.4, noNaN: true }),
            fc.double({ min: 0, max: 0.3, noNaN: true }),
            fc.double({ min: 0, max: 0.2, noNaN: true }),
          ),
          { minLength: 1, maxLength: 60 },
        ),
        fc.array(
          fc.tuple(
            fc.double({ min: 0, max: 0.4, noNaN: true }),
            fc.double({ min: 0, max: 0.3, noNaN: true }),
            fc.double({ min: 0, max: 0.2, noNaN: true }),
          ),
          { minLength: 1, maxLength: 20 },
        ),
        (points, queries) => {
          const field = new DistanceField(Float32Array.from(points.flat()), {
            min: [0, 0, 0],
            max: [0.4, 0.3, 0.2],
          });
          for (const [x, y, z] of queries) {
            const exact = Math.min(...points.map((p) => Math.hypot(p[0] - x, p[1] - y, p[2] - z)));
            const found = field.distance(x, y, z);
            expect(found).toBeGreaterThanOrEqual(exact - 1e-6);
            expect(found).toBeLessThanOrEqual(exact + 2 * Math.sqrt(3) * field.voxel);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is infinite where nothing was seen', () => {
    const field = new DistanceField(new Float32Array(0), { min: [0, 0, 0], max: [1, 1, 1] });
    expect(field.distance(0.5, 0.5, 0.5)).toBe(Number.POSITIVE_INFINITY);
  });
});
