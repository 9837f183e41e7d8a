import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import type { Pose, Vec3 } from '../../core/geometry.ts';
import { distance, TOOL_DOWN } from '../../core/geometry.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { loadRobotModel } from '../../kinematics/load-robot-model.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { timeParametrise } from '../../kinematics/time-parametrise.ts';
import { splineRefiner } from '../../refinement/spline.ts';
import { startSimulatorServer } from '../../simulator/server/simulator-server.ts';
import { connectRobot } from '../link/connect-robot.ts';
import type { RobotConnection } from '../link/robot-connection.ts';
import { LockStepClock } from '../link/lock-step-clock.ts';
import { simulatorProfile as profile } from '../profiles/simulator-profile.ts';
import { simulatorControl } from '../simulator/simulator-control.ts';
import { SetPoints } from '../../simulator/server/testing/set-points.ts';
import { executeTrajectory } from './execute-trajectory.ts';
import type { Steering } from './steer-move.ts';
import { validate } from './validate.ts';
import type { ValidatedTrajectory } from './validate.ts';

const signal = new AbortController().signal;
const setPoints = new SetPoints();
let server: Awaited<ReturnType<typeof startSimulatorServer>>;
let link: RobotConnection;
let model: RobotModel;

beforeAll(async () => {
  server = await startSimulatorServer({
    scene: 'tabletop',
    seed: 3,
    lockStep: true,
    createWorld: setPoints.createWorld,
  });
  link = await connectRobot(profile, { url: server.url, session: 'test', clock: 'lock-step' }, signal);
  model = await loadRobotModel({
    urdf: link.info.urdf,
    joints: profile.joints,
    toolFrame: profile.frames.tool,
    baseFrame: profile.frames.base,
    accelerationLimits: profile.accelerationLimits,
    gripper: profile.gripper,
  });
});
afterAll(async () => {
  await link[Symbol.asyncDispose]();
  await server.close();
});
beforeEach(async () => {
  await simulatorControl(link).reset('tabletop', 3);
});

async function plan(points: readonly (readonly [Vec3, number])[]): Promise<Trajectory> {
  const state = link.robotState();
  const waypoints = points.map(([position, gripper], i) => ({
    label: `w${i}`,
    position,
    orientation: TOOL_DOWN,
    gripper,
    radius: 0.02,
  }));
  const start = { pose: model.forward(state.joints), gripper: state.gripper };
  const refined = await splineRefiner.refine({ waypoints, start }, signal);
  if (refined.kind !== 'refined') throw new Error('the spline abstained');
  return timeParametrise(model, refined.path, state, { speed: 0.5, toolSpeedLimit: 1 });
}

function checked(t: Trajectory): ValidatedTrajectory {
  const state = link.robotState();
  const { validated, refusal } = validate(t, { profile, model, state, now: link.clock.now() });
  if (!validated) throw refusal ?? new Error('refused without a reason');
  return validated;
}

/** Empty space above the table. */
const there: Vec3 = [0.5, 0.1, 0.3];
const move = (): Promise<Trajectory> =>
  plan([
    [[0.45, 0, 0.4], 1],
    [there, 1],
  ]);
const toolNow = (): Pose => model.forward(link.robotState().joints);

/** The greatest jump of a joint's measured velocity between two states, as a share of what its acceleration allows. */
describe('executeTrajectory', () => {
  it('moves, grips, and records what was asked for, sent and done', async () => {
    const t = await plan([
      [there, 1],
      [there, 0.5],
      [[0.45, -0.1, 0.35], 0.5],
    ]);
    const fractions: number[] = [];
    const result = await executeTrajectory(link, checked(t), {
      signal,
      onProgress: (p) => fractions.push(p.fraction),
    });
    expect(result.outcome).toBe('succeeded');
    expect(distance(toolNow().position, [0.45, -0.1, 0.35])).toBeLessThan(2e-3);
    expect(result.grips).toHaveLength(1);
    expect(result.grips[0]?.opening).toBeCloseTo(0.5, 1);
    expect(result.requested.times).toBe(t.times);
    expect(result.clamped.times.length).toBeGreaterThan(10);
    expect(result.executed.joints.length).toBe(7 * result.executed.times.length);
    expect(fractions.at(-1)).toBe(1);
    expect([...fractions].sort((a, b) => a - b)).toEqual(fractions);
  });

  it('refuses what was changed after it was validated', async () => {
    const validated = checked(await move());
    validated.trajectory.joints[30] = 0.5;
    await expect(executeTrajectory(link, validated, { signal })).rejects.toThrow(
      /not validated, or changed since/,
    );
    const copy = { ...checked(await move()) } as ValidatedTrajectory;
    await expect(executeTrajectory(link, copy, { signal })).rejects.toThrow(/not validated/);
    expect(link.state).toBe('armed');
  });

  it('pauses before a waypoint without time passing, and stops at rest when cancelled', async () => {
    const abort = new AbortController();
    const paused: [number, number][] = [];
    const t = await move();
    const result = await executeTrajectory(link, checked(t), {
      signal: abort.signal,
      pauseAt: async (waypoint) => {
        const before = link.clock.now();
        await new Promise((resolve) => setTimeout(resolve, 20));
        paused.push([waypoint, link.clock.now() - before]);
        if (waypoint === 1) abort.abort();
      },
    });
    expect(paused).toEqual([
      [0, 0],
      [1, 0],
    ]);
    expect(result.outcome).toBe('cancelled');
    expect(link.robotState().velocities.every((v) => Math.abs(v) < 0.02)).toBe(true);
    expect(link.state).toBe('armed');
  });

  it('goes on while the clock is held and released, and gives the same states both times', async () => {
    const run = async (hold: boolean): Promise<string> => {
      await simulatorControl(link).reset('tabletop', 3);
      const validated = checked(await move());
      if (hold && link.clock instanceof LockStepClock) {
        const { clock } = link;
        clock.pause();
        setTimeout(() => clock.resume(), 50);
      }
      const result = await executeTrajectory(link, validated, { signal });
      return `${(await simulatorControl(link).snapshot()).hash} ${result.executed.times.length}`;
    };
    expect(await run(true)).toBe(await run(false));
  });
});

describe('closed loop', () => {
  const steering = (look: Steering['look'], more: Partial<Steering> = {}): Steering => ({
    model,
    rateHz: 5,
    latency: 0.08,
    tube: 0.1,
    look,
    judge: (t, startVelocities) => {
      const state = { ...link.robotState(), joints: [...t.joints.subarray(0, 7)] };
      return validate(t, { profile, model, state, now: link.clock.now(), limits: { startVelocities } });
    },
    rest: async () => ({}),
    ...more,
  });
  const end = (by: Vec3): Pose => ({
    position: [there[0] + by[0], there[1] + by[1], there[2] + by[2]],
    orientation: TOOL_DOWN,
  });

  it('follows a target that moved, without jumps, to rest on it', async () => {
    const validated = checked(await move());
    let looks = 0;
    setPoints.reset();
    const result = await executeTrajectory(link, validated, {
      signal,
      steering: steering(async () => (++looks < 2 ? end([0, 0, 0]) : end([0.03, -0.03, 0.01]))),
    });
    expect(result.outcome).toBe('succeeded');
    expect(result.replaced).toBeGreaterThan(0);
    expect(distance(toolNow().position, [0.53, 0.07, 0.31])).toBeLessThan(2e-3);
    expect(setPoints.worstJump).toBeGreaterThan(0.05);
    expect(setPoints.worstJump).toBeLessThanOrEqual(1);
  });

  it('says why the rest could not be planned again, and stays at rest', async () => {
    const validated = checked(
      await plan([
        [there, 1],
        [[0.45, 0, 0.35], 0.5],
      ]),
    );
    const refusal = new WaybookError('input/limit', 'joint4 would leave its limits by 0.1 rad.');
    const result = await executeTrajectory(link, validated, {
      signal,
      steering: steering(async () => end([0.02, 0, 0]), { stopAndGo: true, rest: async () => ({ refusal }) }),
    });
    expect(result.outcome).toBe('aborted');
    expect(result.note).toMatch(/could not be planned again\. joint4 would leave its limits/);
    expect(link.robotState().velocities.every((v) => Math.abs(v) < 0.02)).toBe(true);
  });

  it('ends at rest on the last target when no look comes any more', async () => {
    const validated = checked(await move());
    let looks = 0;
    const result = await executeTrajectory(link, validated, {
      signal,
      steering: steering(
        async () => {
          looks++;
          return looks === 1 ? end([0.02, 0, 0]) : undefined;
        },
        { latency: 0.5 },
      ),
    });
    expect(result.outcome).toBe('succeeded');
    expect(link.robotState().velocities.every((v) => Math.abs(v) < 0.02)).toBe(true);
    expect(distance(toolNow().position, [0.52, 0.1, 0.3])).toBeLessThan(2e-3);
  });

  it('holds and asks when the target leaves the tube', async () => {
    const validated = checked(await move());
    const result = await executeTrajectory(link, validated, {
      signal,
      steering: steering(async () => end([0.06, 0, 0]), { tube: 0.02 }),
    });
    expect(result.outcome).toBe('cancelled');
    expect(result.note).toMatch(/The target moved [\d.]+ mm .* tube of 20 mm.*approve again/);
    expect(link.robotState().velocities.every((v) => Math.abs(v) < 0.02)).toBe(true);
    expect(distance(toolNow().position, [0.56, 0.1, 0.3])).toBeGreaterThan(0.01);
  });

  it('keeps the running motion when a replacement is refused', async () => {
    const validated = checked(await move());
    const result = await executeTrajectory(link, validated, {
      signal,
      steering: steering(async () => end([0.03, 0, 0]), {
        judge: () => ({ refused: [], clearanceLimit: 0 }),
      }),
    });
    expect(result).toMatchObject({ outcome: 'succeeded', replaced: 0 });
    expect(result.refused).toBeGreaterThan(0);
    expect(distance(toolNow().position, there)).toBeLessThan(2e-3);
  });
});
