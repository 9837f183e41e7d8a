import { afterAll, afterEach, describe, expect, it } from 'vitest';
import type { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { connectRobot } from '../link/connect-robot.ts';
import type { ConnectionOptions, RobotConnection } from '../link/robot-connection.ts';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import type { MoveGoal } from '../robot-link.ts';
import { FAKE_HOME, FAKE_JOINTS, FakeBridge } from './fake-bridge.ts';
import { OwnStall } from './own-stall.ts';

/*
 * The faults that were measured on real bridges (each with its number in the research that this link was specified by),
 * with the outcome that must follow and its bound in time. Bounds are limits of the link, not of this machine: what this
 * process waited for a processor is not counted, and the rest is.
 */

const stall = new OwnStall();
afterAll(() => stall.stop());

/** ms since it was made, without our own stalls */
function stopwatch(): () => number {
  const [begun, lost] = [performance.now(), stall.lost];
  return () => performance.now() - begun - (stall.lost - lost);
}

const signal = new AbortController().signal;
const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

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

async function start(options: Parameters<typeof FakeBridge.start>[0] = {}): Promise<FakeBridge> {
  const bridge = await FakeBridge.start(options);
  cleanup.push(() => bridge.close());
  return bridge;
}

async function connect(
  bridge: FakeBridge,
  options: Partial<ConnectionOptions> = {},
): Promise<RobotConnection> {
  const link = await connectRobot(
    profile,
    { url: bridge.url, session: 'test', clock: 'wall', random: () => 0, ...options },
    signal,
  );
  cleanup.push(() => link[Symbol.asyncDispose]());
  return link;
}

async function armed(bridge: FakeBridge, options: Partial<ConnectionOptions> = {}): Promise<RobotConnection> {
  const link = await connect(bridge, options);
  await link.arm(signal);
  return link;
}

function goal(angle: number, seconds: number, from = 0): MoveGoal {
  const joints = Float64Array.from([from, ...FAKE_HOME.slice(1), from + angle, ...FAKE_HOME.slice(1)]);
  return {
    jointNames: FAKE_JOINTS,
    times: Float64Array.of(0, seconds),
    joints,
    velocities: new Float64Array(14),
  };
}

const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Fails unless `holds` within `bound` ms. */
async function within(bound: number, holds: () => boolean): Promise<void> {
  const elapsed = stopwatch();
  while (!holds()) {
    if (elapsed() > bound) throw new Error(`not within ${bound} ms: ${holds.toString()}`);
    await wait(5);
  }
}

const failure = (promise: Promise<unknown>): Promise<WaybookError> =>
  promise.then(
    (value) => {
      throw new Error(`it ended with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as WaybookError,
  );

describe('losing the bridge', () => {
  it('1: a disconnect while moving is a fault at once; after coming back it stops, and resumes nothing', async () => {
    const bridge = await start();
    const link = await armed(bridge, { reconnect: true });
    const moving = failure(link.move(goal(1, 6), { deadline: 10, signal }));
    await wait(500);
    const goals = bridge.goals.length;
    bridge.cut();
    const error = await moving;
    expect(error.code).toBe('link/lost');
    expect(link.state).toBe('fault');
    expect(link.stateReason).toMatch(/may still be moving/);
    // The robot does not care about the loss, until we are back.
    expect(bridge.robot.moving).toBe(true);
    await within(4000, () => !bridge.robot.moving);
    await within(2000, () => link.session.isOpen);
    expect(bridge.robot.positions[0]).toBeLessThan(0.95);
    expect(bridge.goals).toHaveLength(goals);
    expect(link.state).toBe('fault');
    await expect(link.move(goal(0.1, 1, bridge.robot.positions[0]), { deadline: 2, signal })).rejects.toThrow(
      /fault/,
    );
    link.recover();
    expect(link.state).toBe('monitoring');
  });

  it('2: a half-open connection is seen within 3 s', async () => {
    const bridge = await start();
    const link = await connect(bridge);
    bridge.freeze();
    await within(3000, () => link.state === 'disconnected');
    expect(() => link.robotState()).toThrow();
  });

  it('3: a bridge that restarts is found again; pending calls end, nothing is sent twice, states flow', async () => {
    const bridge = await start();
    const link = await armed(bridge, { reconnect: true });
    bridge.answersServices = false;
    const pending = failure(link.session.control.call('/rosapi/get_time', {}, { timeoutMs: 60_000 }));
    const { port, robot } = bridge;
    await bridge.close();
    expect((await pending).code).toBe('link/lost');
    expect(link.session.control.pending).toBe(0);
    const offline = await failure(link.move(goal(0.5, 1), { deadline: 3, signal }));
    expect(offline.code).toBe('link/lost');
    const again = await start({ port, robot });
    await within(15_000, () => link.state === 'monitoring');
    const stamp = link.robotState().stamp;
    await within(1000, () => link.robotState().stamp > stamp);
    expect(again.goals).toHaveLength(0);
    expect(robot.positions[0]).toBe(0);
  });

  it('4: a robot that dies behind a living bridge is seen by the age of its states', async () => {
    const bridge = await start();
    const link = await armed(bridge);
    const moving = failure(link.move(goal(1, 6), { deadline: 10, signal }));
    await wait(300);
    bridge.publishesStates = false;
    bridge.robot.silent = true;
    const elapsed = stopwatch();
    const error = await moving;
    expect(elapsed()).toBeLessThan(2000);
    expect(error.message).toMatch(/no joint state|silent/);
    expect(link.state).toBe('fault');
  });
});

describe('what comes over the wire', () => {
  it('5: frames that queued up for seconds are dropped unread', async () => {
    const bridge = await start();
    const link = await connect(bridge);
    bridge.cloudDelay = -8;
    const error = await failure(link.observe('front', signal));
    expect(error.message).toMatch(/\d+ older frames came: the link lags/);
    bridge.cloudDelay = 0;
  });

  it('raw clouds come from bridges of either flavour', async () => {
    for (const flavour of ['ros1', 'ros2'] as const) {
      const bridge = await start({ flavour });
      const link = await connect(bridge);
      const { cloud } = await link.observe('front', signal);
      expect(cloud.count, flavour).toBe(bridge.cloudPoints);
      expect([...cloud.positions.subarray(0, 3)]).toEqual([0, Math.fround(0.01), Math.fround(0.02)]);
      const asked = bridge.received.find((op) => op.op === 'subscribe' && op.topic === '/front/points');
      expect(asked).toMatchObject({ compression: 'cbor-raw' });
    }
  });

  it('6: garbage is told once per frame and hurts nothing', async () => {
    const bridge = await start();
    const problems: string[] = [];
    const link = await connect(bridge, { onProblem: (error) => problems.push(error.message) });
    const before = problems.length;
    const garbage = [
      '{"op":',
      '[{}{}{}',
      'null',
      '{"op":"nope"}',
      '{"op":"publish","topic":"/joint_states","msg":{"name":7}}',
      Uint8Array.of(0xff, 0x00, 0x9f),
      '{"op":"service_response","id":"x"}',
    ];
    for (const frame of garbage) bridge.inject(frame);
    await link.session.control.roundTrip();
    await link.session.data.roundTrip();
    expect(problems.length).toBeGreaterThan(before + 4);
    expect(link.state).toBe('monitoring');
    expect(link.robotState().joints).toEqual(FAKE_HOME);
  });

  it('7: fragments with id 0 and fractional totals are put together', async () => {
    const bridge = await start();
    bridge.maxMessageSize = 150;
    const link = await connect(bridge);
    expect(link.info.urdf).toContain('<robot');
    expect(link.robotState().joints).toEqual(FAKE_HOME);
  });

  it('is asked for as bridges can bear it: latest only, never in fragments, under ids that nobody else has', async () => {
    for (const flavour of ['ros1', 'ros2'] as const) {
      const bridge = await start({ flavour });
      const [one, two] = [await connect(bridge), await connect(bridge)];
      await one.observe('front', signal);
      await two.observe('front', signal);
      const asked = bridge.received.filter((op) => op.op === 'subscribe');
      expect(asked.length).toBeGreaterThan(6);
      for (const op of asked) expect(op).toMatchObject({ queue_length: 1 });
      expect(asked.filter((op) => 'fragment_size' in op)).toEqual([]);
      // JointState as CBOR never leaves a ROS 1 bridge.
      const states = asked.filter((op) => op.topic === '/joint_states');
      expect(new Set(states.map((op) => op.compression ?? 'none'))).toEqual(new Set(['none']));
      const ids = bridge.received.flatMap((op) =>
        (op.op === 'subscribe' || op.op === 'call_service') && op.id !== undefined ? [op.id] : [],
      );
      expect(new Set(ids).size).toBe(ids.length);
    }
  });

  it('8: a frame beyond the limit closes the link and is not kept', async () => {
    const bridge = await start();
    const link = await connect(bridge);
    bridge.inject(new Uint8Array(130 * 1024 * 1024));
    await within(5000, () => link.state === 'disconnected');
  });

  it('11: late and repeated results and feedback change nothing', async () => {
    const bridge = await start();
    const link = await armed(bridge);
    let states = 0;
    link.onLinkState(() => states++);
    expect(await link.move(goal(0.2, 0.4), { deadline: 3, signal })).toBe('succeeded');
    const sent = bridge.goals.at(-1);
    const id = sent?.op === 'send_action_goal' ? sent.id : '';
    const action = profile.trajectoryAction;
    bridge.inject(JSON.stringify({ op: 'action_feedback', id, action, values: {} }));
    bridge.inject(JSON.stringify({ op: 'action_result', id, action, values: {}, status: 6, result: true }));
    await link.session.control.roundTrip();
    expect(states).toBe(2);
    expect(link.state).toBe('armed');
  });

  it('15: clocks that differ by minutes are measured, and ages are told by the robot’s own', async () => {
    const bridge = await start();
    bridge.robot.clockOffset = 300;
    const link = await connect(bridge);
    expect(link.info.clockOffsetMs / 1000).toBeCloseTo(300, 0);
    expect(link.clock.now()).toBeCloseTo(bridge.robot.now(), 0);
    const frame = await link.observe('front', signal);
    expect(frame.cloud.stamp).toBeCloseTo(link.clock.now(), 0);
    expect(link.info.problems).toEqual([]);
    const skewed = await start();
    skewed.stateOffset = -10;
    expect((await connect(skewed)).info.problems[0]?.message).toMatch(/off the robot’s own clock/);
  });
});

describe('goals', () => {
  it('10: a second client’s goal ends the first once, as cancelled', async () => {
    const bridge = await start();
    const [first, second] = [await armed(bridge), await connect(bridge, { session: 'other' })];
    await second.arm(signal);
    const moving = first.move(goal(1, 5), { deadline: 8, signal });
    await wait(300);
    const here = bridge.robot.positions[0] ?? 0;
    const taking = second.move(goal(0.05, 0.5, here), { deadline: 3, signal });
    expect(await moving).toBe('cancelled');
    expect(await taking).toBe('succeeded');
  });

  it('12: times are sent in the robot’s own form', async () => {
    const times: string[] = [];
    for (const flavour of ['ros1', 'ros2'] as const) {
      const bridge = await start({ flavour });
      const link = await armed(bridge);
      await link.move(goal(0.1, 0.5), { deadline: 3, signal });
      const text = JSON.stringify(bridge.goals.at(-1));
      times.push(/"time_from_start":\{[^}]*\}\}\]/.exec(text)?.[0] ?? text);
      expect(bridge.robot.jumped).toBe(false);
    }
    expect(times).toEqual([
      '"time_from_start":{"secs":0,"nsecs":500000000}}]',
      '"time_from_start":{"sec":0,"nanosec":500000000}}]',
    ]);
  });

  it('wait on ROS 1 for the action server to have shown itself: sent before, they are lost without a word', async () => {
    const bridge = await start({ flavour: 'ros1' });
    const publish = bridge.publish.bind(bridge);
    bridge.publish = (topic, msg) => {
      if (!topic.endsWith('/status')) publish(topic, msg);
    };
    const link = await connect(bridge);
    await expect(link.arm(signal)).rejects.toThrow(/sends no status/);
    expect(bridge.goals).toEqual([]);
    expect(link.state).toBe('monitoring');
  });

  it('17: a goal that nobody takes up, and one whose result never comes, end in a stop and a fault', async () => {
    const bridge = await start();
    const link = await armed(bridge);
    bridge.acceptsGoals = false;
    const elapsed = stopwatch();
    const ignored = await failure(link.move(goal(0.2, 1), { deadline: 5, signal }));
    expect(ignored.message).toMatch(/did not take up the goal within 1 s/);
    expect(elapsed()).toBeLessThan(2500);
    expect(link.state).toBe('fault');
    await within(3000, () =>
      bridge.received.some((op) => op.op === 'call_service' && op.service === profile.stopService),
    );
    bridge.acceptsGoals = true;
    bridge.sendsResults = false;
    link.recover();
    const other = await start();
    other.sendsResults = true;
    const second = await armed(other);
    other.sendsResults = false;
    const endless = await failure(second.move(goal(0.2, 0.5), { deadline: 0.8, signal }));
    expect(endless.message).toMatch(/deadline of 0.8 s|silent/);
    expect(second.state).toBe('fault');
  });

  it('18: stopping is possible at any time, and answers within its bounds', async () => {
    const bridge = await start();
    const link = await armed(bridge);
    expect(await link.stop('already at rest')).toMatchObject({ atRest: true });
    await link.arm(signal);
    const moving = link.move(goal(1, 5), { deadline: 8, signal }).catch((error: unknown) => error);
    await wait(300);
    const lost = stall.lost;
    const report = await link.stop('now');
    expect((report.acknowledgedMs ?? Number.NaN) - (stall.lost - lost)).toBeLessThan(500);
    expect(report.atRest).toBe(true);
    expect(bridge.robot.moving).toBe(false);
    await moving;
    bridge.answersServices = false;
    bridge.cancelsByOp = false;
    const deaf = await link.stop('nobody listens');
    expect(deaf.acknowledgedMs).toBeUndefined();
    bridge.cut();
    await within(2000, () => link.state === 'disconnected');
    expect(await link.stop('while gone')).toEqual({ atRest: false });
  });

  it('the heartbeat is the commander’s while it is armed, says when it ends at rest, and stays out where it does not', async () => {
    const bridge = await start();
    const beats = (): string[] =>
      bridge.received.flatMap((op) =>
        op.op === 'publish' && op.topic === profile.heartbeat?.topic
          ? [(op.msg as { frame_id: string }).frame_id]
          : [],
      );
    const [link, watching] = [await connect(bridge), await connect(bridge, { session: 'watching' })];
    await wait(150);
    expect(beats(), 'whoever only watches must not keep a dead-man quiet').toEqual([]);
    await link.arm(signal);
    await link.move(goal(0.2, 1), { deadline: 10, signal });
    expect(beats().length).toBeGreaterThan(5);
    expect(new Set(beats())).toEqual(new Set(['waybook/test']));
    await link[Symbol.asyncDispose]();
    await within(1000, () => bridge.connections === 3);
    expect(beats().at(-1)).toBe('waybook/test/end');
    const after = beats().length;
    await wait(200);
    expect(beats()).toHaveLength(after);
    await watching.arm(signal);
    const moving = failure(watching.move(goal(0.5, 5, 0.2), { deadline: 10, signal }));
    await wait(200);
    bridge.publishesStates = false;
    await moving;
    expect(watching.state).toBe('fault');
    await wait(100);
    expect(beats().at(-1), 'a fault is no farewell: the dead-man stops the arm too').toBe('waybook/watching');
  });

  it('a robot that runs slower than asked has more time, and one that leaves its mode is stopped', async () => {
    const watched: RobotProfile = {
      ...profile,
      speedScaling: { topic: '/speed', full: 100 },
      robotModes: [{ topic: '/mode', type: 'test_msgs/msg/Mode', field: 'mode', allowed: [7] }],
    };
    const bridge = await start();
    bridge.topics.set('/speed', 'std_msgs/msg/Float64');
    bridge.topics.set('/mode', 'test_msgs/msg/Mode');
    const options = { url: bridge.url, session: 'test', clock: 'wall' } as const;
    const link = await connectRobot(watched, options, signal);
    cleanup.push(() => link[Symbol.asyncDispose]());
    await expect(link.arm(signal)).rejects.toThrow(/has not said its mode/);
    bridge.publish('/mode', { mode: 7 });
    bridge.publish('/speed', { data: 20 });
    await link.session.control.roundTrip();
    await link.arm(signal);
    // It takes 1.5 s where 0.8 s were planned: its slider stands at 20 %.
    expect(await link.move(goal(0.2, 1.5), { deadline: 0.8, signal })).toBe('succeeded');
    const moving = failure(link.move(goal(0.5, 5, 0.2), { deadline: 10, signal }));
    await wait(200);
    bridge.publish('/mode', { mode: 3 });
    expect((await moving).message).toMatch(/its mode \(\/mode\) is 3; motion needs 7/i);
    await within(1000, () => !bridge.robot.moving);
    expect(link.state).toBe('fault');
    await link.session.control.roundTrip();
    link.recover();
    await expect(link.arm(signal)).rejects.toThrow(/not ready to be moved/);
  });

  it('joints go by the messages’ names on the wire, and by the description’s here', async () => {
    const jointNames = Object.fromEntries(FAKE_JOINTS.map((name, j) => [`arm_${j}`, name]));
    const joints = Object.keys(jointNames);
    const bridge = await start();
    const options = { url: bridge.url, session: 'test', clock: 'wall' } as const;
    const link = await connectRobot({ ...profile, joints, jointNames }, options, signal);
    cleanup.push(() => link[Symbol.asyncDispose]());
    expect(link.robotState().joints).toEqual(FAKE_HOME);
    await link.arm(signal);
    expect(await link.move({ ...goal(0.1, 0.5), jointNames: joints }, { deadline: 5, signal })).toBe(
      'succeeded',
    );
    expect(JSON.stringify(bridge.goals.at(-1))).toContain(`"joint_names":${JSON.stringify(FAKE_JOINTS)}`);
    expect(bridge.robot.positions[0]).toBeCloseTo(0.1);
  });

  it('19: a stall of our own process is no fault of the robot’s', async () => {
    const bridge = await start();
    const link = await armed(bridge);
    const moving = link.move(goal(0.3, 1.5), { deadline: 10, signal });
    await wait(200);
    const until = performance.now() + 1200;
    while (performance.now() < until);
    expect(await moving).toBe('succeeded');
    expect(link.state).toBe('armed');
  });
});
