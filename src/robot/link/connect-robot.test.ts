import { afterEach, describe, expect, it } from 'vitest';
import type { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import type { MoveGoal } from '../robot-link.ts';
import { FAKE_HOME, FAKE_JOINTS, FakeBridge } from '../testing/fake-bridge.ts';
import { connectRobot } from './connect-robot.ts';
import type { ConnectionOptions, RobotConnection } from './robot-connection.ts';

const signal = new AbortController().signal;
const cleanup: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

async function bridge(options: Parameters<typeof FakeBridge.start>[0] = {}): Promise<FakeBridge> {
  const fake = await FakeBridge.start(options);
  cleanup.push(() => fake.close());
  return fake;
}

const profile: RobotProfile = {
  ...simulatorProfile,
  name: 'fake',
  kind: 'robot',
  flavour: 'auto',
  topics: {
    jointStates: '/joint_states',
    robotDescription: '/robot_description',
    cameras: { front: { points: '/front/points' } },
  },
};

async function connect(
  fake: FakeBridge,
  options: Partial<ConnectionOptions> = {},
  using: RobotProfile = profile,
): Promise<RobotConnection> {
  const link = await connectRobot(
    using,
    { url: fake.url, session: 'test', clock: 'wall', ...options },
    signal,
  );
  cleanup.push(() => link[Symbol.asyncDispose]());
  return link;
}

/** joint1 by `angle` in `seconds`. */
function goal(angle: number, seconds: number, from: readonly number[] = FAKE_HOME): MoveGoal {
  const n = 11;
  const joints = new Float64Array(n * 7);
  for (let i = 0; i < n; i++)
    joints.set([(from[0] as number) + (angle * i) / (n - 1), ...from.slice(1)], i * 7);
  return {
    jointNames: FAKE_JOINTS,
    times: Float64Array.from({ length: n }, (_, i) => (seconds * i) / (n - 1)),
    joints,
    velocities: new Float64Array(n * 7),
  };
}

describe.each(['ros2', 'ros1'] as const)('connectRobot to %s', (flavour) => {
  it('finds the flavour, reads URDF and joints, and starts in monitor only', async () => {
    const fake = await bridge({ flavour });
    if (flavour === 'ros1') fake.services.set('/rosapi/get_param', () => ({ value: '"<robot/>"' }));
    const link = await connect(fake);
    expect(link.info.flavour).toBe(flavour);
    expect(link.info.urdf).toContain('<robot');
    expect(link.state).toBe('monitoring');
    expect(link.robotState().joints).toEqual(FAKE_HOME);
    expect(link.robotState().gripper).toBe(1);
    await expect(link.move(goal(0.2, 0.5), { deadline: 3, signal })).rejects.toThrow(/monitor only/);
    expect(fake.goals).toHaveLength(0);
  });

  it('arms by a cancelled goal that moves nothing, moves, grips, and hears the robot’s times', async () => {
    const fake = await bridge({ flavour });
    const link = await connect(fake);
    await link.arm(signal);
    expect(link.state).toBe('armed');
    expect([...fake.robot.positions]).toEqual(FAKE_HOME);
    const start = fake.robot.now();
    expect(await link.move(goal(0.3, 0.6), { deadline: 3, signal })).toBe('succeeded');
    expect(fake.robot.now() - start).toBeGreaterThan(0.5);
    expect(fake.robot.positions[0]).toBeCloseTo(0.3);
    expect(link.state).toBe('armed');
    const grip = await link.grip(0.25, signal);
    expect(grip).toMatchObject({ outcome: 'succeeded', reachedGoal: true });
    expect(grip.opening).toBeCloseTo(0.25);
  });

  it('cancels on abort and waits for rest', async () => {
    const fake = await bridge({ flavour });
    const link = await connect(fake);
    await link.arm(signal);
    const abort = new AbortController();
    const moving = link.move(goal(0.5, 5), { deadline: 8, signal: abort.signal });
    setTimeout(() => abort.abort(), 300);
    expect(await moving).toBe('cancelled');
    expect(fake.robot.moving).toBe(false);
    expect(fake.robot.positions[0]).toBeLessThan(0.4);
    expect(link.state).toBe('armed');
  });

  it('stops in parallel ways, measures rest, and disarms', async () => {
    const fake = await bridge({ flavour });
    const link = await connect(fake);
    await link.arm(signal);
    const moving = link.move(goal(0.5, 5), { deadline: 8, signal });
    const settled = moving.catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const [report, again] = await Promise.all([link.stop('test'), link.stop('twice')]);
    expect(report).toBe(again);
    expect(report.atRest).toBe(true);
    expect(report.acknowledgedMs).toBeLessThan(500);
    expect(link.state).toBe('monitoring');
    expect(['cancelled', 'aborted']).toContain(await settled);
    expect((await link.stop('already stopped')).atRest).toBe(true);
  });
});

describe('observe', () => {
  it('gives the first frame measured after the call, with pose and state', async () => {
    const fake = await bridge();
    const link = await connect(fake);
    const before = link.robotState().stamp;
    const frame = await link.observe('front', signal);
    expect(frame.cloud.count).toBe(1000);
    expect(frame.cloud.stamp).toBeGreaterThan(before);
    expect(frame.cameraPose.position).toEqual([0.5, 0, 1]);
    expect(frame.robot.stamp).toBeCloseTo(frame.cloud.stamp);
    expect(frame.robot.joints).toEqual(FAKE_HOME);
    await expect(link.observe('nope', signal)).rejects.toThrow(/There is no camera "nope"/);
  });

  it('says why nothing may have come, and asks for cbor the next time', async () => {
    const fake = await bridge();
    const link = await connect(fake);
    fake.maxMessageSize = 10_000;
    const error = await link.observe('front', signal).catch((reason: unknown) => reason as WaybookError);
    expect(error).toMatchObject({ code: 'link/timeout' });
    fake.maxMessageSize = Number.POSITIVE_INFINITY;
    expect((await link.observe('front', signal)).cloud.count).toBe(1000);
    const asked = fake.received.flatMap((op) =>
      op.op === 'subscribe' && op.topic === '/front/points' ? [op.compression] : [],
    );
    expect(asked).toEqual(['cbor-raw', 'cbor']);
  });
});

describe('what is refused before anything is sent', () => {
  it('an unknown or contradicted flavour', async () => {
    const fake = await bridge();
    fake.topics.set('/old', 'std_msgs/String');
    await expect(connect(fake)).rejects.toThrow(/Cannot tell whether fake runs ROS 1 or ROS 2/);
    fake.topics.delete('/old');
    await expect(connect(fake, {}, { ...profile, flavour: 'ros1' })).rejects.toThrow(
      /is set up as ROS 1, but the bridge speaks ROS 2/,
    );
    expect(fake.goals).toHaveLength(0);
    expect(fake.received.every((op) => op.op === 'call_service')).toBe(true);
  });

  it('joints that the robot does not report', async () => {
    const fake = await bridge();
    const wrong = { ...profile, joints: FAKE_JOINTS.map((name) => `panda_${name}`) };
    await expect(connect(fake, {}, wrong)).rejects.toThrow(/does not report the joints panda_joint1/);
  });

  it('an action, gripper joint or stop service that is not there keeps it from arming', async () => {
    const fake = await bridge();
    const link = await connect(
      fake,
      {},
      { ...profile, trajectoryAction: '/other/follow', stopService: '/halt' },
    );
    await expect(link.arm(signal)).rejects.toThrow(
      /no action server \/other\/follow.*no stop service \/halt/,
    );
    expect(link.state).toBe('monitoring');
    expect(fake.goals).toHaveLength(0);
  });

  it('arming while the camera was last found further off the arm than its limit; what was never checked is told', async () => {
    const fake = await bridge();
    const using = (handEye: RobotProfile['handEye']): RobotProfile => ({ ...profile, handEye });
    const off = await connect(fake, {}, using({ measured: 0.014, date: '2026-11-20' }));
    await expect(off.arm(signal)).rejects.toThrow(
      /The camera was 14 mm off the arm on 2026-11-20; the limit is 10 mm/,
    );
    expect(fake.goals).toHaveLength(0);
    const warned = await connect(fake, {}, using({ measured: 0.007 }));
    expect(warned.info.problems).toMatchObject([
      { blocks: 'sensing', message: expect.stringMatching(/7 mm off/) as string },
    ]);
    await warned.arm(signal);
    expect(warned.state).toBe('armed');
    const unchecked = await connect(fake, {}, using({ limit: 0.02 }));
    expect(unchecked.info.problems).toMatchObject([
      { blocks: 'sensing', message: expect.stringMatching(/never checked/) as string },
    ]);
    const loose = await connect(fake, {}, using({ measured: 0.014, limit: 0.03 }));
    expect(loose.info.problems).toEqual([]);
  });

  it('nothing where no dead-man listens, but it is told', async () => {
    const bridge = await FakeBridge.start();
    cleanup.push(() => bridge.close());
    let listeners: string[] = [];
    bridge.services.set('/rosapi/subscribers', () => ({ subscribers: listeners }));
    const link = await connect(bridge);
    expect(link.info.problems).toEqual([
      {
        blocks: 'nothing',
        message: expect.stringMatching(/Nobody listens to \/waybook\/heartbeat/) as string,
      },
    ]);
    await link.arm(signal);
    listeners = ['/waybook_dead_man'];
    expect((await connect(bridge)).info.problems).toEqual([]);
  });

  it('motion on a robot whose goals cannot be cancelled', async () => {
    const fake = await bridge();
    fake.cancelsByOp = false;
    const link = await connect(fake);
    await expect(link.arm(signal)).rejects.toThrow();
    expect(link.state).toBe('monitoring');
  });

  it('goals that are not finite, not at rest at their end, or elsewhere', async () => {
    const fake = await bridge();
    const link = await connect(fake);
    await link.arm(signal);
    const sent = fake.goals.length;
    const nan = goal(0.1, 1);
    nan.joints[20] = Number.NaN;
    await expect(link.move(nan, { deadline: 2, signal })).rejects.toThrow(/not finite at point 3/);
    await expect(
      link.move(
        goal(
          0.1,
          1,
          FAKE_HOME.map((q) => q + 0.2),
        ),
        { deadline: 2, signal },
      ),
    ).rejects.toThrow(/starts 0.200 rad from where joint1 is/);
    const moving = goal(0.1, 1);
    moving.velocities[moving.velocities.length - 1] = 0.1;
    await expect(link.move(moving, { deadline: 2, signal })).rejects.toThrow(/does not end at rest/);
    await expect(
      link.move({ ...goal(0.1, 1), jointNames: FAKE_JOINTS.slice(1) }, { deadline: 2, signal }),
    ).rejects.toThrow(/moves the joints/);
    expect(fake.goals).toHaveLength(sent);
    expect(link.state).toBe('armed');
  });

  it('follows a clock of the robot that is set back while connected', async () => {
    const fake = await bridge();
    const link = await connect(fake);
    const off = (): number => Math.abs(link.clock.now() - fake.robot.now());
    expect(off()).toBeLessThan(0.1);
    fake.robot.clockOffset -= 0.7;
    expect(off()).toBeGreaterThan(0.5);
    await expect.poll(off, { timeout: 10_000, interval: 100 }).toBeLessThan(0.1);
  });
});
