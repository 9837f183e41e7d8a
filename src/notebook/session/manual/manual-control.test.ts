import { afterEach, describe, expect, it } from 'vitest';
import { distance } from '../../../core/geometry.ts';
import type { WaybookError } from '../../../core/errors.ts';
import type { RobotProfile } from '../../../core/robot-profile.ts';
import { loadRobotModel } from '../../../kinematics/load-robot-model.ts';
import { SelfCollision } from '../../../robot/gate/self-collision.ts';
import { connectRobot } from '../../../robot/link/connect-robot.ts';
import { LockStepClock } from '../../../robot/link/lock-step-clock.ts';
import { simulatorProfile } from '../../../robot/profiles/simulator-profile.ts';
import { simulatorControl } from '../../../robot/simulator/simulator-control.ts';
import { startSimulatorServer } from '../../../simulator/server/simulator-server.ts';
import { defaultServices } from '../default-services.ts';
import { silentLog } from '../run-log.ts';
import type { World } from '../services.ts';
import type { ApprovalRequest, SessionEvent } from '../session-api.ts';
import { TaskSession } from '../task-session.ts';
import { judgeHandEye } from './hand-eye.ts';
import { JogEnvelope } from './jog-envelope.ts';
import type { ManualAction, ManualReport } from './manual-api.ts';

const signal = new AbortController().signal;

interface Arm {
  readonly session: TaskSession;
  readonly world: World;
  readonly asked: ApprovalRequest[];
  /** throws what failed */
  do(action: ManualAction, approve?: string): Promise<ManualReport>;
}

/**
 * A simulator in this process that counts as a robot (`real`), or as the simulator that we started. In lock-step, so that
 * a busy machine makes it slow and not wrong; as a robot no faster than real time, for what a person holds.
 */
async function open(real: boolean, grant: boolean, more: Partial<RobotProfile> = {}): Promise<Arm> {
  const server = await startSimulatorServer({ scene: 'tabletop', seed: 5, lockStep: true });
  cleanup.push(() => server.close());
  const profile: RobotProfile = {
    ...simulatorProfile,
    ...(real ? { kind: 'robot', name: 'arm' } : {}),
    ...more,
  };
  const link = await connectRobot(profile, { url: server.url, session: 'test', clock: 'lock-step' }, signal);
  if (real && link.clock instanceof LockStepClock) link.clock.setPace(1);
  const model = await loadRobotModel({
    urdf: link.info.urdf,
    joints: profile.joints,
    toolFrame: profile.frames.tool,
    baseFrame: profile.frames.base,
    accelerationLimits: profile.accelerationLimits,
    gripper: profile.gripper,
  });
  const world: World = {
    address: real
      ? { kind: 'profile', name: 'arm' }
      : { kind: 'simulator', scene: 'tabletop', seed: 5, options: {} },
    link,
    model,
    endpoint: 'test',
    selfCollision: await SelfCollision.load(model),
    ...(real ? {} : { simulator: simulatorControl(link) }),
    async [Symbol.asyncDispose]() {
      await link[Symbol.asyncDispose]();
    },
  };
  const asked: ApprovalRequest[] = [];
  const session: TaskSession = new TaskSession({
    services: { ...defaultServices(), openWorld: async () => world },
    emit: (event: SessionEvent) => {
      if (event.kind !== 'approval') return;
      asked.push(event.request);
      session.answerApproval(event.request.hash, grant);
    },
    openLog: () => silentLog,
    id: 'test',
  });
  cleanup.push(() => session[Symbol.asyncDispose]());
  const robot = real ? 'arm' : 'sim:tabletop?seed=5';
  return {
    session,
    world,
    asked,
    async do(action, approve) {
      const ended = await session.manual(1, robot, action, approve);
      if ('report' in ended) return ended.report;
      throw Object.assign(new Error(ended.failure.message), { failure: ended.failure });
    },
  };
}

const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

const armed = async (arm: Arm): Promise<void> => {
  await arm.do({ kind: 'look' });
  await arm.session.arm('arm', signal);
};

const toolOf = ({ world }: Arm) => world.model.forward(world.link.robotState().joints);

describe('manual control of the simulator', () => {
  it('records where the arm is, moves away, comes back to what was recorded, and goes home', async () => {
    const arm = await open(false, true);
    const recorded = await arm.do({ kind: 'record' });
    if (recorded.kind !== 'recorded') throw new Error('nothing was recorded');
    expect(recorded.joints).toHaveLength(7);
    const { position, orientation } = recorded.pose;
    const aside = [position[0], position[1] + 0.1, position[2] - 0.05] as const;
    await arm.do({ kind: 'move', to: { label: 'aside', position: aside, orientation, gripper: 1 } });
    expect(distance(toolOf(arm).position, aside)).toBeLessThan(3e-3);
    await arm.do({ kind: 'move', to: { label: 'back', ...recorded.pose, gripper: 1 }, speed: 0.5 });
    expect(distance(toolOf(arm).position, position)).toBeLessThan(3e-3);
    await arm.do({ kind: 'pose', joints: 'home', speed: 0.5 });
    arm.world.link.robotState().joints.forEach((q, j) => {
      expect(q).toBeCloseTo(simulatorProfile.home[j] ?? 0, 2);
    });
  });

  it('records in the frame of a thing, and finds the place again when the thing was moved', async () => {
    const arm = await open(false, true);
    const [thing] = (await arm.world.link.detect(signal)) ?? [];
    if (!thing) throw new Error('an empty scene');
    const frame = { object: thing.id };
    const recorded = await arm.do({ kind: 'record', frame });
    if (recorded.kind !== 'recorded') throw new Error('nothing was recorded');
    const before = toolOf(arm).position;
    const { position, orientation } = thing.pose;
    const moved = [position[0] + 0.04, position[1], position[2]] as const;
    await arm.world.simulator?.moveObject(thing.id, { position: moved, orientation });
    await arm.do({ kind: 'move', to: { label: 'again', ...recorded.pose, gripper: 1 }, frame, speed: 0.3 });
    const after = toolOf(arm).position;
    expect(after[0] - before[0]).toBeCloseTo(0.04, 2);
    expect(after[1] - before[1]).toBeCloseTo(0, 2);
  });

  it('opens and closes the gripper, and refuses what is no opening', async () => {
    const arm = await open(false, true);
    expect(await arm.do({ kind: 'grip', opening: 0.3 })).toMatchObject({ kind: 'gripped' });
    expect(arm.world.link.robotState().gripper).toBeCloseTo(0.3, 1);
    await expect(arm.do({ kind: 'grip', opening: 2 })).rejects.toThrow(/0 \(closed\) to 1/);
  });

  it('goes to a pose by its name in the profile', async () => {
    const folded = [0.3, -0.6, 0.1, -2.2, 0, 1.7, 0.8];
    const arm = await open(false, true, { poses: { folded } });
    await arm.do({ kind: 'pose', joints: 'folded', speed: 0.5 });
    arm.world.link.robotState().joints.forEach((q, j) => expect(q).toBeCloseTo(folded[j] ?? 0, 2));
    await expect(arm.do({ kind: 'pose', joints: 'other' })).rejects.toThrow(/no pose "other"/);
  });

  it('refuses a pose that would break a limit, and a name that there is none of', async () => {
    const arm = await open(false, true);
    await expect(arm.do({ kind: 'pose', joints: [0, 0, 0, 0, 0, 0, 0] })).rejects.toThrow(/joint4/);
    await expect(arm.do({ kind: 'pose', joints: 'nowhere' })).rejects.toThrow(/no pose "nowhere"/);
    const below = [0.45, 0, -0.2] as const;
    const to = { label: 'below', position: below, orientation: toolOf(arm).orientation, gripper: 1 };
    await expect(arm.do({ kind: 'move', to })).rejects.toThrow(/tool z is -0\.2 m/);
    expect(arm.world.link.state).toBe('armed');
  });
});

describe('manual control of a robot', () => {
  it('moves nothing while it is only monitored, nor without an approval', async () => {
    const arm = await open(true, false);
    const before = toolOf(arm).position;
    // Looking and recording need nobody's leave: a hand guides the arm meanwhile.
    expect(await arm.do({ kind: 'look' })).toMatchObject({ robot: { link: 'monitoring' } });
    expect(await arm.do({ kind: 'record' })).toMatchObject({ kind: 'recorded' });
    for (const action of [
      { kind: 'pose', joints: 'home' },
      { kind: 'grip', opening: 0.2 },
      { kind: 'jog', axis: 'z', sign: 1 },
    ] as const) {
      await expect(arm.do(action)).rejects.toThrow(/not approved/);
    }
    expect(arm.asked).toHaveLength(3);
    expect(arm.world.link.state).toBe('monitoring');
    expect(distance(toolOf(arm).position, before)).toBeLessThan(1e-3);
  });

  it('with an approval it still has to be armed', async () => {
    const arm = await open(true, true);
    await expect(arm.do({ kind: 'grip', opening: 0.2 })).rejects.toThrow(/monitor only/);
    await armed(arm);
    expect(await arm.do({ kind: 'grip', opening: 0.2 })).toMatchObject({ kind: 'gripped' });
  });

  it('a jog ends at rest when nobody holds it, and goes on to the end of its step while somebody does', async () => {
    const arm = await open(true, true);
    await armed(arm);
    // The first press asks, and moves nothing: whoever answers holds no key.
    await arm.do({ kind: 'jog', axis: 'z', sign: 1 });
    const start = toolOf(arm).position[2];
    await arm.do({ kind: 'jog', axis: 'z', sign: 1 });
    const released = toolOf(arm).position[2] - start;
    expect(released).toBeGreaterThan(0);
    expect(released).toBeLessThan(0.045);
    expect(arm.world.link.robotState().velocities.every((v) => Math.abs(v) < 0.02)).toBe(true);
    const holding = setInterval(() => arm.session.holdJog(), 50);
    try {
      await arm.do({ kind: 'jog', axis: 'z', sign: 1 });
    } finally {
      clearInterval(holding);
    }
    expect(toolOf(arm).position[2] - start - released).toBeCloseTo(0.05, 2);
    expect(arm.asked).toHaveLength(1);
    expect(arm.world.link.state).toBe('armed');
  });

  it('Stop Motion ends a motion that a person asked for', async () => {
    const arm = await open(true, true);
    await armed(arm);
    const { orientation, position } = toolOf(arm);
    const to = {
      label: 'far',
      position: [position[0], position[1] + 0.2, position[2]] as const,
      orientation,
      gripper: 1,
    };
    const moving = arm.do({ kind: 'move', to, speed: 0.1 });
    while (arm.world.link.state !== 'executing') await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await arm.session.stopMotion('test')).toMatchObject({ atRest: true });
    expect(await moving).toMatchObject({ kind: 'moved', text: /stopped/ });
    expect(distance(toolOf(arm).position, to.position)).toBeGreaterThan(0.05);
  });

  it('recovers a fault to monitor only', async () => {
    const arm = await open(true, true);
    await armed(arm);
    const { link } = arm.world;
    const here = link.robotState().joints;
    const slow = {
      jointNames: simulatorProfile.joints,
      times: Float64Array.of(0, 5),
      joints: Float64Array.of(...here, ...here.map((q, j) => (j === 0 ? q + 0.3 : q))),
      velocities: new Float64Array(14),
    };
    const error = await link.move(slow, { deadline: 0.1, signal }).catch((e: WaybookError) => e);
    expect(error).toMatchObject({ code: 'link/timeout' });
    expect(link.state).toBe('fault');
    await link.stop('so that it is at rest');
    expect(await arm.do({ kind: 'recover' })).toMatchObject({ robot: { link: 'monitoring' } });
  });

  it('an approval given beforehand arms and moves a headless command, and only for what it was given for', async () => {
    const arm = await open(true, false);
    const action: ManualAction = { kind: 'pose', joints: 'home' };
    await expect(arm.do(action)).rejects.toThrow(/not approved/);
    const hash = arm.asked[0]?.hash ?? '';
    await expect(
      arm.do({ kind: 'pose', joints: simulatorProfile.home.map((q) => q + 0.1) }, hash),
    ).rejects.toThrow(/not approved/);
    expect(await arm.do(action, hash)).toMatchObject({ kind: 'moved' });
  });
});

describe('a jog’s approval', () => {
  it('covers steps near by, as slow or slower, of the same robot, for a minute', () => {
    const envelope = new JogEnvelope([0.4, 0, 0.4], 'arm', 0.05, undefined, 1000);
    expect(envelope.covers([0.4, 0.1, 0.4], 'arm', 0.05, 2000)).toBe(true);
    expect(envelope.covers([0.4, 0.2, 0.4], 'arm', 0.05, 2000)).toBe(false);
    expect(envelope.covers([0.4, 0, 0.4], 'other', 0.05, 2000)).toBe(false);
    expect(envelope.covers([0.4, 0, 0.4], 'arm', 0.1, 2000)).toBe(false);
    expect(envelope.covers([0.4, 0, 0.4], 'arm', 0.05, 62_000)).toBe(false);
  });
});

describe('judgeHandEye', () => {
  const touched = [0.4, 0, 0.02] as const;
  const points = (dx: number, n: number) =>
    Array.from({ length: n }, (_, i) => ({ label: `${i}`, seen: [0.4 + dx, 0, 0.02] as const, touched }));

  it('judges by the greatest error, and tells what an offset would take away', () => {
    expect(judgeHandEye(points(0.002, 3)).verdict).toBe('good');
    expect(judgeHandEye(points(0.007, 3)).verdict).toBe('warn');
    const off = judgeHandEye(points(0.012, 4));
    expect(off).toMatchObject({ verdict: 'refuse' });
    expect(off.offset[0]).toBeCloseTo(0.012);
    expect(off.rest).toBeCloseTo(0);
    expect(off.text).toMatch(/12 mm at most.*limit is 10 mm/);
    expect(judgeHandEye(points(0.012, 4), 0.02).verdict).toBe('warn');
  });

  it('proves nothing with two points', () => {
    expect(judgeHandEye(points(0, 2)).verdict).toBe('few');
  });
});
