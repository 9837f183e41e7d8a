import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Vec3 } from '../../../core/geometry.ts';
import { distance } from '../../../core/geometry.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import type { SceneObject } from '../../../core/scene-object.ts';
import { loadRobotModel } from '../../../kinematics/load-robot-model.ts';
import type { RobotModel } from '../../../kinematics/robot-model.ts';
import type { Refiner } from '../../../refinement/refiner.ts';
import { splinePath } from '../../../refinement/spline-path.ts';
import { connectRobot } from '../../../robot/link/connect-robot.ts';
import type { RobotConnection } from '../../../robot/link/robot-connection.ts';
import { simulatorProfile } from '../../../robot/profiles/simulator-profile.ts';
import { simulatorControl } from '../../../robot/simulator/simulator-control.ts';
import { SetPoints } from '../../../simulator/server/testing/set-points.ts';
import { startSimulatorServer } from '../../../simulator/server/simulator-server.ts';
import { defaultServices } from '../default-services.ts';
import { silentLog } from '../run-log.ts';
import type { World } from '../services.ts';
import type { RunSummary } from '../task-session.ts';
import { TaskSession } from '../task-session.ts';
import { keepWhereHidden } from './seen-whole.ts';

const signal = new AbortController().signal;
const setPoints = new SetPoints();
let server: Awaited<ReturnType<typeof startSimulatorServer>>;

beforeAll(async () => {
  server = await startSimulatorServer({
    scene: 'tabletop',
    seed: 3,
    lockStep: true,
    createWorld: setPoints.createWorld,
  });
});
afterAll(() => server.close());

/** Above the table, away from every thing. */
const END: Vec3 = [0.4, -0.28, 0.35];

const notebook = (execute: object): string =>
  [
    '```json capture {#scene}\n{ "camera": "front" }\n```',
    '```json waypoints {#path capture=scene}',
    JSON.stringify({ frame: 'base', waypoints: [{ position: [0.45, 0, 0.4] }, { position: END }] }),
    '```',
    '```json execute {#go trajectory=path}',
    JSON.stringify(execute),
    '```',
    '',
  ].join('\n');

/** Leads the last waypoint to where `target` says at each look; the first call is the plan's own refinement. */
function stub(target: (look: number) => Vec3 | Promise<Vec3>, id: Refiner['id'] = 'snap'): Refiner {
  let calls = 0;
  return {
    id,
    async refine({ waypoints, start }) {
      const look = calls++;
      const position = look === 0 ? END : await target(look);
      const moved = waypoints.map((w, i) => (i === waypoints.length - 1 ? { ...w, position } : w));
      return { kind: 'refined', path: splinePath(moved, start), notes: [] };
    },
  };
}

interface Outcome {
  readonly summary: RunSummary;
  readonly said: string;
  readonly tool: Vec3;
  readonly states: readonly RobotState[];
}

async function run(
  makeRefiner: (link: RobotConnection) => Refiner,
  execute: object,
  more: Partial<typeof simulatorProfile> = {},
): Promise<Outcome> {
  const profile = { ...simulatorProfile, ...more };
  const link = await connectRobot(profile, { url: server.url, session: 'test', clock: 'lock-step' }, signal);
  const model: RobotModel = await loadRobotModel({
    urdf: link.info.urdf,
    joints: profile.joints,
    toolFrame: profile.frames.tool,
    baseFrame: profile.frames.base,
    accelerationLimits: profile.accelerationLimits,
    gripper: profile.gripper,
  });
  await simulatorControl(link).reset('tabletop', 3);
  const world: World = {
    address: { kind: 'simulator', scene: 'tabletop', seed: 3, options: {} },
    link,
    model,
    endpoint: 'the built-in simulator',
    simulator: simulatorControl(link),
    async [Symbol.asyncDispose]() {
      model[Symbol.dispose]();
      await link[Symbol.asyncDispose]();
    },
  };
  const refiner = makeRefiner(link);
  let said = '';
  const states: RobotState[] = [];
  link.onState((state) => states.push(state));
  await using session = new TaskSession({
    services: { ...defaultServices(), openWorld: async () => world, refiner: () => refiner },
    emit: (event) => {
      if (event.kind === 'cell-ended' && event.cell === 'go') said = event.summary;
    },
    openLog: () => silentLog,
    id: 'test',
  });
  const summary = await session.run({
    runId: 'r',
    text: notebook({ speed: 0.5, closedLoop: true, tube: 0.05, ...execute }),
    name: 'closed.waybook.md',
    runsFolder: '',
    options: { robot: 'sim:tabletop?seed=3', robotFrom: 'option' },
  });
  return { summary, said, tool: model.forward(link.robotState().joints).position, states };
}

const atRest = ({ states }: Outcome): boolean =>
  states.at(-1)?.velocities.every((v) => Math.abs(v) < 0.02) === true;

describe('an execute cell in closed loop', () => {
  const aside: Vec3 = [END[0], END[1] + 0.03, END[2] + 0.01];

  it('looks at the rate that it states, and ends where the target is now', async () => {
    const outcome = await run(() => stub((look) => (look < 3 ? END : aside)), {});
    expect(outcome.summary.failure).toBeUndefined();
    expect(distance(outcome.tool, aside)).toBeLessThan(3e-3);
    expect(Number(/looks at ([\d.]+) Hz/.exec(outcome.said)?.[1])).toBeGreaterThanOrEqual(5);
    expect(outcome.said).toMatch(/[1-9]\d* corrections/);
  });

  it('changes no joint’s velocity faster than its acceleration limit allows', async () => {
    const outcome = await run(() => stub((look) => [END[0], END[1] + 0.01 * look, END[2]]), {});
    expect(outcome.said).toMatch(/[1-9]\d* corrections/);
    expect(setPoints.worstJump).toBeGreaterThan(0.05);
    expect(setPoints.worstJump).toBeLessThanOrEqual(1);
  });

  it('runs on to rest while the refiner stalls for 500 ms', async () => {
    const outcome = await run(
      (link) =>
        stub(async () => {
          await link.clock.advance(0.5, signal);
          return END;
        }),
      {},
    );
    expect(outcome.summary.failure).toBeUndefined();
    expect(atRest(outcome)).toBe(true);
    expect(distance(outcome.tool, END)).toBeLessThan(3e-3);
  });

  it('holds and asks where the target leaves the tube', async () => {
    const far: Vec3 = [END[0], END[1] + 0.09, END[2]];
    const outcome = await run(() => stub((look) => (look < 3 ? END : far)), {});
    expect(outcome.summary.exitCode).toBe(2);
    expect(outcome.summary.failure?.code).toBe('input/approval');
    expect(outcome.summary.failure?.message).toMatch(/more than the tube of 50 mm. The arm holds/);
    expect(atRest(outcome)).toBe(true);
    expect(distance(outcome.tool, far)).toBeGreaterThan(0.03);
  });

  it('stops and goes on where the robot cannot replace a goal, and says so', async () => {
    const outcome = await run(() => stub((look) => (look < 3 ? END : aside)), {}, { replacesGoals: false });
    expect(outcome.summary.failure).toBeUndefined();
    expect(outcome.said).toMatch(/by stopping and going on/);
    expect(distance(outcome.tool, aside)).toBeLessThan(3e-3);
  });

  it('refuses a refiner that does not look', async () => {
    const { summary } = await run(() => stub(() => END, 'spline'), {});
    expect(summary.failure?.message).toMatch(/needs a refiner that looks/);
    expect(summary.exitCode).toBe(2);
  });
});

describe('keepWhereHidden', () => {
  const waypoint = (x: number, gripper: number) => ({
    label: '',
    position: [x, 0, 0.02] as const,
    orientation: [1, 0, 0, 0] as const,
    gripper,
    radius: 0.02,
  });
  const thing = (x: number, width: number): SceneObject => ({
    id: 'a',
    label: 'a',
    pose: { position: [x, 0, 0.02], orientation: [0, 0, 0, 1] },
    size: [width, 0.04, 0.04],
    score: 1,
    source: 'segmentation',
  });
  const planned = [waypoint(0.4, 1), waypoint(0.4, 0), waypoint(0.4, 0)];
  const moved = planned.map((w) => ({ ...w, position: [0.43, 0, 0.02] as const }));
  const xs = (seen: SceneObject[]): number[] =>
    keepWhereHidden(planned, planned, moved, [thing(0.4, 0.04)], seen, 1).map((w) => w.position[0]);

  it('follows a thing that is seen as whole as before', () => {
    expect(xs([thing(0.43, 0.04)])).toEqual([0.43, 0.43, 0.43]);
  });

  it('stays where half of it is hidden, or where it is gone', () => {
    expect(xs([thing(0.43, 0.02)])).toEqual([0.4, 0.4, 0.4]);
    expect(xs([])).toEqual([0.4, 0.4, 0.4]);
    expect(xs([thing(0.43, 0.09)])).toEqual([0.4, 0.4, 0.4]);
  });
});
