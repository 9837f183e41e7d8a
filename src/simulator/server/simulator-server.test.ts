import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { asRawMessage } from '../../robot/protocol/cbor.ts';
import type { RawMessage } from '../../robot/protocol/cbor.ts';
import { parseServerOp } from '../../robot/protocol/parse-ops.ts';
import { joined } from '../../robot/protocol/byte-parts.ts';
import { decodePointCloud2 } from '../../robot/protocol/cloud-decoder.ts';
import { parsePointCloud2 } from '../../robot/protocol/point-cloud2.ts';
import { readRawPointCloud2 } from '../../robot/protocol/raw-point-cloud2.ts';
import { FLOOD_TOPIC, benchTopics } from '../bench/flood-topic.ts';
import { startSimulatorServer } from './simulator-server.ts';
import type { SimulatorServer, SimulatorServerOptions } from './simulator-server.ts';
import { fakeWorld } from './testing/fake-world.ts';
import type { FakeOptions, FakeWorld } from './testing/fake-world.ts';
import { RosbridgeClient, gripperGoalOp, trajectoryGoalOp } from './testing/rosbridge-client.ts';
import type { Json } from './testing/rosbridge-client.ts';

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

interface Rig {
  server: SimulatorServer;
  worlds: FakeWorld[];
  log: string[];
  connect(query?: string): Promise<RosbridgeClient>;
}

async function rig(options: Partial<SimulatorServerOptions> = {}, fake: FakeOptions = {}): Promise<Rig> {
  const worlds: FakeWorld[] = [];
  const log: string[] = [];
  const server = await startSimulatorServer({
    scene: 'fake',
    seed: 1,
    lockStep: true,
    log: (line) => log.push(line),
    createWorld: async (o) => {
      if (o.scene === 'unknown') throw new RangeError('no such scene');
      const world = fakeWorld(o, fake);
      worlds.push(world);
      return world;
    },
    ...options,
  });
  open.push(() => server.close());
  const connect = async (query = '') => {
    const client = await RosbridgeClient.connect(server.url + query);
    open.push(async () => client.socket.terminate());
    return client;
  };
  return { server, worlds, log, connect };
}

const JOINTS = ['joint1', 'joint2', 'joint3'];
/** joint1 to 1 rad in 2 s */
const slow = (id: string): Json =>
  trajectoryGoalOp(id, JOINTS, [
    { t: 0, p: [0, 0, 0] },
    { t: 2, p: [1, 0, 0] },
  ]);

describe('a transcript', () => {
  it('is the same frames every time, in order, up to the time that was asked for', async () => {
    const { connect } = await rig();
    const client = await connect();
    client.subscribe('/robot_description', { type: 'std_msgs/String' });
    client.subscribe('/joint_states', { type: 'sensor_msgs/msg/JointState', throttle_rate: 20, id: 'js' });
    client.subscribe('/clock');
    client.send({ op: 'call_service', id: 'v', service: '/rosapi/get_ros_version', args: {} });
    client.send(gripperGoalOp('grip', 0.0399));
    client.send({ op: 'call_service', id: 's', service: '/simulator/step', args: { until: 0.02 } });
    await client.next((frame) => frame['id'] === 's');
    const state = (nanosec: number, finger: number, speed: number) => ({
      op: 'publish',
      topic: '/joint_states',
      msg: {
        header: { stamp: { sec: 0, nanosec }, frame_id: 'base' },
        name: [...JOINTS, 'finger_joint'],
        position: [0, 0, 0, finger],
        velocity: [0, 0, 0, speed],
        effort: [0, 0, 0, 0],
      },
    });
    const clock = (nanosec: number) => ({
      op: 'publish',
      topic: '/clock',
      msg: { clock: { sec: 0, nanosec } },
    });
    const grip = (reached_goal: boolean) => ({ position: 0.0399, effort: 0, stalled: false, reached_goal });
    expect(client.frames).toEqual([
      { op: 'publish', topic: '/robot_description', msg: { data: '<robot name="fake"/>' } },
      {
        op: 'service_response',
        id: 'v',
        service: '/rosapi/get_ros_version',
        values: { version: 2, distro: 'jazzy' },
        result: true,
      },
      {
        op: 'action_feedback',
        id: 'grip',
        action: '/gripper_controller/gripper_cmd',
        values: { ...grip(true), position: expect.closeTo(0.0399, 9) },
      },
      {
        op: 'action_result',
        id: 'grip',
        action: '/gripper_controller/gripper_cmd',
        values: { ...grip(true), position: expect.closeTo(0.0399, 9) },
        status: 4,
        result: true,
      },
      state(10_000_000, 0.0399, 0),
      clock(10_000_000),
      clock(20_000_000),
      {
        op: 'service_response',
        id: 's',
        service: '/simulator/step',
        values: { success: true, message: '', time: 0.02 },
        result: true,
      },
    ]);
  });

  it('of a trajectory has feedback, then one result with its status', async () => {
    const { connect } = await rig();
    const client = await connect();
    client.send(slow('g'));
    await client.step(3);
    const news = client.frames.filter((frame) => frame['id'] === 'g');
    expect(news.length).toBeGreaterThan(90);
    expect(news.slice(0, -1).every((frame) => frame['op'] === 'action_feedback')).toBe(true);
    expect(news.at(-1)).toEqual({
      op: 'action_result',
      id: 'g',
      action: '/arm_controller/follow_joint_trajectory',
      values: { error_code: 0, error_string: 'Goal successfully reached!' },
      status: 4,
      result: true,
    });
  });
});

describe('lock-step', () => {
  it('lets no time pass by itself: a goal only registers', async () => {
    const { connect, server } = await rig();
    const client = await connect();
    client.send(slow('g'));
    await client.call('/rosapi/get_time');
    expect(server.world.time).toBe(0);
    expect(client.frames.some((frame) => frame['op'] === 'action_feedback')).toBe(false);
  });

  it('answers a step after every message stamped up to then, on every socket', async () => {
    const { connect } = await rig({}, { cloud: { width: 200, height: 200 } });
    const control = await connect('&session=s&role=control');
    const data = await connect('&session=s&role=data');
    data.subscribe('/front/points', { compression: 'cbor-raw' });
    data.subscribe('/joint_states');
    await data.call('/rosapi/get_time');
    for (let i = 1; i <= 20; i++) {
      await control.step(i * 0.1);
      // What is with the kernel by then is read before any answer to a later question.
      await data.call('/rosapi/get_time');
      expect(data.messages('/joint_states').length).toBe(10 * i);
      expect(data.frames.filter((frame) => frame['binary'] !== undefined).length).toBe(i);
    }
  });

  it('runs steps one after the other, though they were asked for at once', async () => {
    const { connect, server } = await rig();
    const client = await connect();
    const times = await Promise.all(
      [0.5, 0.2, 0.7].map((until) => client.call('/simulator/step', { until })),
    );
    expect(times.map((reply) => reply['time'])).toEqual([0.5, 0.5, 0.7]);
    expect(server.world.time).toBeCloseTo(0.7, 9);
  });

  it('waits for a client that does not read, and drops nothing', async () => {
    // 19 MB a frame: more than the kernel takes, so that it must wait in the server.
    const { connect, server } = await rig({}, { cloud: { width: 1200, height: 1000 } });
    const slowOne = await connect('&session=slow&role=data');
    slowOne.subscribe('/front/points', { compression: 'cbor-raw' });
    slowOne.subscribe('/clock');
    await slowOne.call('/rosapi/get_time');
    slowOne.socket.pause();
    const fast = await connect('&session=fast');
    const before = process.memoryUsage().arrayBuffers;
    const stepping = fast.step(3);
    await expect.poll(() => server.world.time).toBeGreaterThan(0.09);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
    slowOne.socket.resume();
    await stepping;
    // Nothing was dropped in lock-step: the step waited.
    await slowOne.call('/rosapi/get_time');
    expect(slowOne.messages('/clock')).toHaveLength(300);
  });

  it.each([[null], ['x'], [1e9], [undefined]])('refuses to step until %s', async (until) => {
    const { connect } = await rig();
    const client = await connect();
    expect(await client.call('/simulator/step', { until })).toMatchObject({ success: false, time: 0 });
  });

  it('stops the clock when the one who steps is gone, and brakes its arm', async () => {
    const { connect, server, log } = await rig();
    const runner = await connect('&session=r');
    runner.send(slow('g'));
    await runner.step(1);
    runner.send({ op: 'call_service', id: 'x', service: '/simulator/step', args: { until: 50 } });
    runner.socket.terminate();
    const other = await connect();
    await expect.poll(() => log).toContain('commander lost: the control socket closed');
    const { time } = await other.call('/simulator/snapshot');
    expect(time).toBeLessThan(50);
    await other.step((time as number) + 0.2);
    const velocity = new Float64Array(3);
    server.world.armState(new Float64Array(3), velocity, new Float64Array(3));
    expect([...velocity]).toEqual([0, 0, 0]);
  });

  it('gives the same state for the same goals, through a snapshot too', async () => {
    const { connect } = await rig();
    const client = await connect();
    client.send(slow('a'));
    await client.step(0.5);
    const before = await client.call('/simulator/snapshot');
    const ends: unknown[] = [];
    for (const id of ['b', 'c']) {
      expect(await client.call('/simulator/restore', { id: before['id'] })).toMatchObject({
        success: true,
        time: 0.5,
      });
      await client.step(1);
      client.send(trajectoryGoalOp(id, JOINTS, [{ t: 1, p: [0, 0.5, 0] }]));
      await client.step(3);
      ends.push((await client.call('/simulator/snapshot'))['hash']);
    }
    expect(ends[0]).toBe(ends[1]);
    expect((await client.result('a'))['status']).toBe(5);
    expect(await client.call('/simulator/restore', { id: 'nope' })).toMatchObject({ success: false });
  });
});

describe('a reset', () => {
  it('makes a new world at time 0, ends goals, and sends latched topics again', async () => {
    const { connect, worlds } = await rig();
    const client = await connect();
    client.subscribe('/robot_description');
    client.send(slow('g'));
    await client.step(1);
    expect(await client.call('/simulator/reset', { scene: 'other', seed: 5 })).toMatchObject({
      success: true,
      epoch: 2,
    });
    expect(await client.result('g')).toMatchObject({ status: 5 });
    expect(client.messages('/robot_description')).toHaveLength(2);
    expect(worlds).toMatchObject([{ disposed: true }, { disposed: false, scene: 'other', seed: 5 }]);
    expect((await client.call('/simulator/snapshot'))['time']).toBe(0);
  });

  it('that cannot be done leaves the world as it is', async () => {
    const { connect, worlds, log } = await rig();
    const client = await connect();
    await client.step(0.5);
    await expect(client.call('/simulator/reset', { scene: 'unknown' })).rejects.toThrow(/no such scene/);
    expect(await client.call('/simulator/reset', { seed: 'x' })).toMatchObject({
      success: false,
      message: expect.stringMatching(/reset.seed/),
    });
    expect(worlds).toMatchObject([{ disposed: false }]);
    expect((await client.call('/simulator/snapshot'))['time']).toBe(0.5);
    expect(log.join()).toMatch(/no such scene/);
  });

  it('heals a world whose physics failed', async () => {
    const { connect, worlds } = await rig();
    const client = await connect();
    (worlds[0] as FakeWorld).broken = true;
    await expect(client.call('/simulator/step', { until: 0.1 })).rejects.toThrow(/diverged/);
    client.send(slow('g'));
    expect(await client.result('g')).toMatchObject({
      result: false,
      values: expect.stringMatching(/physics failed/),
    });
    await client.call('/simulator/reset', {});
    await client.step(0.1);
  });
});

describe('commanding', () => {
  it('is for one session: goals, steps and resets of another are refused, stopping never is', async () => {
    const { connect } = await rig();
    const first = await connect('&session=a');
    const second = await connect('&session=b');
    first.send(slow('g'));
    await first.step(1);
    second.send(slow('h'));
    expect(await second.result('h')).toMatchObject({
      result: false,
      values: 'The goal was rejected: another session commands this robot.',
    });
    expect(await second.call('/simulator/step', { until: 9 })).toMatchObject({
      success: false,
      message: expect.stringMatching(/Another session/),
    });
    expect(await second.call('/simulator/reset', {})).toMatchObject({ success: false });
    expect(await second.call('/arm_controller/stop')).toMatchObject({ success: true });
    await first.step(1.5);
    expect(await first.result('g')).toMatchObject({
      status: 5,
      values: { error_string: 'stopped by /arm_controller/stop' },
    });
  });

  it('passes on when the first is gone', async () => {
    const { connect, log } = await rig();
    const first = await connect('&session=a');
    first.send(slow('g'));
    await first.step(0.1);
    await first.close();
    await expect.poll(() => log.length).toBe(1);
    const second = await connect('&session=b');
    await second.step(0.5);
    second.send(gripperGoalOp('h', 0.02));
    await second.step(1.5);
    expect(await second.result('h')).toMatchObject({ status: 4 });
  });

  it('survives the loss of the data socket, not of the control socket', async () => {
    const { connect, log } = await rig();
    const control = await connect('&session=a&role=control');
    const data = await connect('&session=a&role=data');
    control.send(slow('g'));
    await control.step(0.5);
    await data.close();
    await control.step(1);
    expect(log).toEqual([]);
    await control.close();
    await expect.poll(() => log).toEqual(['commander lost: the control socket closed']);
  });

  it('by op and by service cancels; a cancel of an unknown id is answered so', async () => {
    const { connect } = await rig();
    const client = await connect();
    client.send(slow('g'));
    await client.step(0.5);
    const unknown = { goal_info: { goal_id: { uuid: Array.from({ length: 16 }, () => 7) } } };
    const cancel = '/arm_controller/follow_joint_trajectory/_action/cancel_goal';
    expect(await client.call(cancel, unknown)).toEqual({ return_code: 2, goals_canceling: [] });
    const reply = await client.call(cancel, {});
    expect(reply).toMatchObject({ return_code: 0, goals_canceling: [{ goal_id: {} }] });
    client.send({ op: 'cancel_action_goal', id: 'g', action: '/arm_controller/follow_joint_trajectory' });
    await client.step(1);
    expect(client.frames.filter((frame) => frame['op'] === 'action_result')).toHaveLength(1);
    client.send(trajectoryGoalOp('h', JOINTS, [{ t: 1, p: [0, 0, 0] }]));
    await client.step(1.2);
    client.send({ op: 'cancel_action_goal', id: 'h', action: '/arm_controller/follow_joint_trajectory' });
    await client.step(2);
    expect(await client.result('h')).toMatchObject({ status: 5 });
  });

  it('twice with one id is one goal with one result', async () => {
    const { connect } = await rig();
    const client = await connect();
    client.send(slow('g'));
    client.send(slow('g'));
    await client.step(3);
    expect(client.frames.filter((frame) => frame['op'] === 'action_result')).toHaveLength(1);
  });

  it.each([
    ['an action that is not there', { ...slow('g'), action: '/nope' }, /no action server \/nope/],
    [
      'another type',
      { ...slow('g'), action_type: 'control_msgs/action/GripperCommand' },
      /has type control_msgs\/action\/FollowJointTrajectory/,
    ],
    ['arguments of another shape', { ...slow('g'), args: 7 }, /goal: expected an object, found 7/],
    ['a joint that is not there', trajectoryGoalOp('g', ['x'], [{ t: 1, p: [0] }]), /joint_names must be/],
  ])('with %s is refused in words', async (_what, op, message) => {
    const { connect } = await rig();
    const client = await connect();
    client.send(op);
    expect(await client.result('g')).toMatchObject({
      result: false,
      status: 0,
      values: expect.stringMatching(message),
    });
  });
});

describe('in real time', () => {
  it('time passes by itself, and cannot be stepped', async () => {
    const { connect, server } = await rig({ lockStep: false });
    const client = await connect();
    client.subscribe('/clock');
    await client.next((frame) => frame['topic'] === '/clock');
    expect(server.world.time).toBeGreaterThan(0);
    expect(await client.call('/simulator/step', { until: 1 })).toMatchObject({
      success: false,
      message: expect.stringMatching(/real time/),
    });
  });

  it('an arm whose commander stops its heartbeat is at rest 200 ms and its braking time later', async () => {
    const { connect, server, log } = await rig({ lockStep: false });
    const client = await connect('&session=a');
    client.subscribe('/joint_states');
    client.send(slow('g'));
    const moving = (frame: Json) =>
      ((frame['msg'] as { velocity?: number[] } | undefined)?.velocity?.[0] ?? 0) > 0.3;
    client.send({ op: 'publish', topic: '/waybook/heartbeat', msg: {} });
    const beat = setInterval(() => client.send({ op: 'publish', topic: '/waybook/heartbeat', msg: {} }), 50);
    await client.next(moving);
    clearInterval(beat);
    await client.call('/rosapi/get_time');
    const lastBeat = server.world.time;
    expect(await client.result('g')).toMatchObject({
      status: 5,
      values: { error_string: 'no heartbeat for 200 ms' },
    });
    expect(log).toEqual(['commander lost: no heartbeat for 200 ms']);
    // The fastest of `slow` is 0.75 rad/s, which 10 rad/s² end in 75 ms; the clock's slice is 40 ms.
    const stamps = client
      .messages('/joint_states')
      .map((m) => m as { header: { stamp: { sec: number; nanosec: number } }; velocity: number[] });
    const lastMotion = stamps.filter((m) => m.velocity[0] !== 0).at(-1)?.header.stamp ?? {
      sec: 0,
      nanosec: 0,
    };
    expect(lastMotion.sec + lastMotion.nanosec * 1e-9 - lastBeat).toBeLessThanOrEqual(0.2 + 0.075 + 0.01);
  });

  it('one who commands without heartbeats is given up after two missed pings, one who only watches is not', async () => {
    const { server } = await rig({ lockStep: false });
    const open = async (session: string): Promise<WebSocket> => {
      const socket = new WebSocket(`${server.url}&session=${session}`, { autoPong: false });
      await once(socket, 'open');
      return socket;
    };
    const [watcher, commander] = [await open('watcher'), await open('commander')];
    commander.send(JSON.stringify(slow('g')));
    const [code] = (await once(commander, 'close')) as [number];
    expect(code).toBe(1006);
    expect(watcher.readyState).toBe(watcher.OPEN);
    watcher.terminate();
  });

  it('a client that does not read gets the newest of each topic later, and memory stays bounded', async () => {
    const { connect, server } = await rig({ lockStep: false }, { cloud: { width: 600, height: 500 } });
    const client = await connect();
    client.subscribe('/front/points', { compression: 'cbor-raw', id: 'points' });
    client.subscribe('/clock');
    await client.next((frame) => frame['topic'] === '/clock');
    client.socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    const start = server.world.time;
    await expect.poll(() => server.world.time, { timeout: 20_000 }).toBeGreaterThan(start + 2);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100e6);
    const resumed = server.world.time;
    client.socket.resume();
    const stamp = (frame: Json) => {
      const { sec, nanosec } = (frame['msg'] as { clock: { sec: number; nanosec: number } }).clock;
      return sec + nanosec * 1e-9;
    };
    await client.next((frame) => frame['topic'] === '/clock' && stamp(frame) > resumed);
    const stamps = client.frames.filter((frame) => frame['topic'] === '/clock').map(stamp);
    const missed = stamps.filter((t) => t > start && t < resumed).length;
    expect(missed).toBeLessThan(150);
    expect(stamps).toEqual([...stamps].sort((a, b) => a - b));
  });
});

describe('what is wrong', () => {
  it.each<[string, string | Buffer, RegExp]>([
    ['no JSON', '{"op":', /not valid JSON/],
    ['an unknown operation', '{"op":"dance"}', /Unknown operation "dance"/],
    ['an unknown topic', '{"op":"subscribe","topic":"/nope"}', /There is no topic \/nope/],
    [
      'a topic of another type',
      '{"op":"subscribe","topic":"/clock","type":"std_msgs/String"}',
      /has type rosgraph_msgs\/msg\/Clock/,
    ],
    [
      'a publication nobody reads',
      '{"op":"publish","topic":"/cmd_vel","msg":{}}',
      /Nothing listens to \/cmd_vel/,
    ],
    ['bytes that are no CBOR', Buffer.from([0xff, 0x00, 0x1c]), /not valid CBOR|expected an object/],
  ])('%s is told, and the connection goes on', async (_what, frame, message) => {
    const { connect } = await rig();
    const client = await connect();
    client.socket.send(frame);
    expect(await client.next((f) => f['op'] === 'status')).toMatchObject({
      level: 'error',
      msg: expect.stringMatching(message),
    });
    await client.call('/rosapi/get_time');
  });

  it('a service that is not there is answered as bridges do', async () => {
    const { connect } = await rig();
    const client = await connect();
    await expect(client.call('/nope')).rejects.toThrow('Service /nope does not exist');
  });

  it('a client without the token, or a page of another origin, gets no socket', async () => {
    const { server } = await rig();
    await expect(RosbridgeClient.connect(`ws://127.0.0.1:${server.port}/`)).rejects.toThrow('HTTP 401');
    await expect(
      RosbridgeClient.connect(server.url, { headers: { Origin: 'https://evil.example' } }),
    ).rejects.toThrow('HTTP 403');
    await expect(RosbridgeClient.connect(server.url, { headers: { Host: 'evil.example' } })).rejects.toThrow(
      'HTTP 403',
    );
    const page = await fetch(`http://127.0.0.1:${server.port}/`);
    expect(page.status).toBe(426);
    expect(server.connectionCount).toBe(0);
  });

  it('other machines cannot reach it unless it was told to listen for them', async () => {
    const outside = Object.values(networkInterfaces())
      .flatMap((list) => list ?? [])
      .filter((address) => !address.internal && address.family === 'IPv4')
      .map((address) => address.address);
    const { server } = await rig();
    for (const address of outside) {
      await expect(
        RosbridgeClient.connect(`ws://${address}:${server.port}/?token=${server.token}`),
      ).rejects.toThrow();
    }
    const { server: told } = await rig({ host: '0.0.0.0' });
    for (const address of ['127.0.0.1', ...outside]) {
      const client = await RosbridgeClient.connect(`ws://${address}:${told.port}/?token=${told.token}`);
      await client.call('/rosapi/get_time');
      await client.close();
    }
  });

  it('a frame above the limit closes the connection with 1009, others live on', async () => {
    const { connect } = await rig();
    const [client, other] = [await connect(), await connect()];
    client.socket.send(Buffer.alloc(17 * 1024 * 1024));
    expect(await client.closed).toBe(1009);
    await other.call('/rosapi/get_time');
  });

  it('a port in use is an error in words', async () => {
    const { server } = await rig();
    await expect(rig({ port: server.port })).rejects.toThrow(`Cannot listen on 127.0.0.1:${server.port}`);
  });
});

describe('encodings', () => {
  it('of a cloud agree: JSON, CBOR and raw hold the same points', async () => {
    const { connect } = await rig();
    const clouds = [];
    for (const compression of ['none', 'cbor', 'cbor-raw']) {
      const client = await connect();
      client.subscribe('/front/points', { compression });
      await client.step(
        Number((((await client.call('/simulator/snapshot'))['time'] as number) + 0.1).toFixed(3)),
      );
      const frame = await client.next((f) => f['binary'] !== undefined || f['topic'] === '/front/points');
      const op = parseServerOp('binary' in frame ? (frame['binary'] as Buffer) : JSON.stringify(frame));
      const msg = op.op === 'publish' ? op.msg : undefined;
      const raw = asRawMessage(msg);
      clouds.push({
        ...decodePointCloud2(raw ? readRawPointCloud2(raw.bytes, 'ros2') : parsePointCloud2(msg)),
        stamp: 0,
      });
    }
    expect(clouds[0]?.count).toBe(12);
    expect(clouds[1]).toEqual(clouds[0]);
    expect(clouds[2]).toEqual(clouds[0]);
  });
});

describe('a flooding topic', () => {
  it('sends whole clouds one after the other while it is listened to', async () => {
    const { connect } = await rig({ lockStep: false, extraTopics: benchTopics(1000) });
    const client = await connect();
    client.subscribe(FLOOD_TOPIC, { compression: 'cbor-raw' });
    await expect.poll(() => client.frames.length).toBeGreaterThan(20);
    client.send({ op: 'unsubscribe', topic: FLOOD_TOPIC });
    await client.call('/rosapi/get_time');
    await client.call('/rosapi/get_time');
    const seen = client.frames.length;
    await client.call('/rosapi/get_time');
    expect(client.frames.length).toBe(seen + 1);
    for (const { binary } of client.frames.filter((frame) => frame['binary'] !== undefined).slice(0, 20)) {
      const op = parseServerOp(binary as Buffer);
      const raw = op.op === 'publish' ? asRawMessage(op.msg) : undefined;
      const message = readRawPointCloud2((raw as RawMessage).bytes, 'ros2');
      // Readers lay typed arrays over it: no copy where the frame's memory starts at a multiple of 4, as here.
      expect(joined(message.data).byteOffset % 4).toBe((binary as Buffer).byteOffset % 4);
      expect(decodePointCloud2(message)).toMatchObject({ count: 1000, frame: 'bench_optical_frame' });
    }
  });
});
