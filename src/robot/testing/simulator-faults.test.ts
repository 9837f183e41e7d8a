import { once } from 'node:events';
import { connect as connectTcp, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { SimulatorServer } from '../../simulator/server/simulator-server.ts';
import { startSimulatorServer } from '../../simulator/server/simulator-server.ts';
import { fakeWorld } from '../../simulator/server/testing/fake-world.ts';
import type { FakeWorld } from '../../simulator/server/testing/fake-world.ts';
import { connectRobot } from '../link/connect-robot.ts';
import type { RobotConnection } from '../link/robot-connection.ts';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import type { MoveGoal } from '../robot-link.ts';
import { OwnStall } from './own-stall.ts';

/*
 * The faults that can be made between the link and the simulator's own server, which runs by its own clock here as a robot
 * does. What a real bridge would swallow in silence, the simulator refuses with a reason; it brakes by itself on a loss.
 */

const signal = new AbortController().signal;
const cleanup: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).reverse()) await clean();
});

let newest: FakeWorld | undefined;

/** The world without physics has three joints. */
const JOINTS = ['joint1', 'joint2', 'joint3'];
const profile: RobotProfile = {
  ...simulatorProfile,
  joints: JOINTS,
  home: [0, 0, 0],
  accelerationLimits: [10, 10, 10],
};

async function serve(more: { port?: number; token?: string } = {}): Promise<SimulatorServer> {
  const server = await startSimulatorServer({
    scene: 'fake',
    seed: 1,
    lockStep: false,
    createWorld: async (options) => (newest = fakeWorld(options)),
    ...more,
  });
  cleanup.push(() => server.close());
  return server;
}

async function connect(
  server: SimulatorServer,
  session: string,
  reconnect = false,
): Promise<RobotConnection> {
  const options = { url: server.url, session, clock: 'wall', reconnect, random: () => 0 } as const;
  const link = await connectRobot(profile, options, signal);
  cleanup.push(() => link[Symbol.asyncDispose]());
  return link;
}

function goal(angle: number, seconds: number, from = 0): MoveGoal {
  return {
    jointNames: JOINTS,
    times: Float64Array.of(0, seconds),
    joints: Float64Array.of(from, 0, 0, from + angle, 0, 0),
    velocities: new Float64Array(6),
  };
}

/** What lies between the link and the server, and may swallow everything without closing anything. */
async function proxyTo(port: number): Promise<{ readonly port: number; swallow(): void }> {
  let silent = false;
  const sockets: Socket[] = [];
  const proxy = createServer((near) => {
    const far = connectTcp(port, '127.0.0.1');
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.push(from);
      from.on('data', (bytes) => void (silent || to.write(bytes)));
      from.on('error', () => undefined);
      from.on('close', () => void (silent || to.destroy()));
    }
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  cleanup.push(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });
  return { port: (proxy.address() as AddressInfo).port, swallow: () => void (silent = true) };
}

const until = (holds: () => boolean): Promise<void> => expect.poll(holds, { timeout: 20_000 }).toBe(true);
const failure = (promise: Promise<unknown>): Promise<WaybookError> =>
  promise.then(
    (value) => {
      throw new Error(`it ended with ${JSON.stringify(value)}`);
    },
    (error: unknown) => error as WaybookError,
  );

describe('faults between the link and the simulator', () => {
  it('1: a server that goes away while the arm moves is a fault, and nothing is left pending', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    const moving = failure(link.move(goal(1, 6), { deadline: 10, signal }));
    await until(() => Math.abs(link.robotState().velocities[0] ?? 0) > 0.05);
    await server.close();
    expect((await moving).code).toBe('link/lost');
    expect(link.state).toBe('fault');
    expect(link.session.control.pending).toBe(0);
  });

  it('2: a half-open connection is a fault within 3 s, and the arm is at rest by the simulator’s own doing', async () => {
    const server = await serve();
    const proxy = await proxyTo(server.port);
    const url = server.url.replace(`:${server.port}/`, `:${proxy.port}/`);
    const link = await connectRobot(profile, { url, session: 'a', clock: 'wall' }, signal);
    cleanup.push(() => link[Symbol.asyncDispose]());
    const watcher = await connect(server, 'b');
    const moving = failure(link.move(goal(1, 6), { deadline: 10, signal }));
    await until(() => Math.abs(watcher.robotState().velocities[0] ?? 0) > 0.05);
    const stall = new OwnStall();
    const [begun, lost] = [performance.now(), stall.lost];
    proxy.swallow();
    const error = await moving;
    // What this process waited for a processor is not counted.
    expect(performance.now() - begun - (stall.lost - lost)).toBeLessThan(3000);
    stall.stop();
    expect(['link/lost', 'link/timeout', 'link/fault']).toContain(error.code);
    expect(link.state).toBe('fault');
    await until(() => watcher.robotState().velocities.every((v) => Math.abs(v) < 1e-6));
    expect(watcher.robotState().joints[0]).toBeLessThan(0.9);
  });

  it('3: after a restart it comes back, and no goal is sent again', async () => {
    const server = await serve();
    const link = await connect(server, 'a', true);
    await link.move(goal(0.2, 0.5), { deadline: 10, signal });
    const { port, token } = server;
    await server.close();
    await until(() => link.state === 'disconnected');
    await failure(link.move(goal(0.2, 0.5), { deadline: 10, signal }));
    const again = await serve({ port, token });
    await until(() => link.session.isOpen && link.state === 'armed');
    expect(link.robotState().joints[0]).toBeCloseTo(0, 3);
    expect(again.world.time).toBeGreaterThan(0);
  });

  it('4: physics that fail behind a living server are seen by the age of the states; what follows is refused', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    const moving = failure(link.move(goal(1, 6), { deadline: 10, signal }));
    await until(() => Math.abs(link.robotState().velocities[0] ?? 0) > 0.05);
    const stall = new OwnStall();
    const [begun, lost] = [performance.now(), stall.lost];
    (newest as FakeWorld).broken = true;
    expect((await moving).message).toMatch(/no joint state|silent/);
    expect(performance.now() - begun - (stall.lost - lost)).toBeLessThan(2000);
    stall.stop();
    expect(link.state).toBe('fault');
    expect(link.session.isOpen).toBe(true);
    await expect(link.move(goal(0.1, 1), { deadline: 3, signal })).rejects.toThrow(/fault/);
  });

  it('9: a compressed frame is not inflated: its socket closes, others live on', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    const bomber = new WebSocket(server.url, { perMessageDeflate: true });
    await once(bomber, 'open');
    expect(bomber.extensions).toBe('');
    // FIN and RSV1 set, masked by zeros: a compressed text of one byte.
    (bomber as unknown as { _socket: Socket })._socket.write(Buffer.from([0xc1, 0x81, 0, 0, 0, 0, 0]));
    const [code] = (await once(bomber, 'close')) as [number];
    expect(code).toBe(1002);
    await link.session.control.roundTrip();
  });

  it('14: a camera that the simulator has not is silent, and says why that may be', async () => {
    const server = await serve();
    const problems: string[] = [];
    const options = { url: server.url, session: 'a', clock: 'wall' } as const;
    const topics = { ...profile.topics, cameras: { nowhere: { points: '/nowhere/points' } } };
    const link = await connectRobot(
      { ...profile, topics },
      { ...options, onProblem: (error) => problems.push(error.message) },
      signal,
    );
    cleanup.push(() => link[Symbol.asyncDispose]());
    const error = await failure(link.observe('nowhere', signal));
    expect(error.message).toMatch(/No data for 3 s from camera "nowhere" \(\/nowhere\/points\)/);
    expect(error.details.hint).toMatch(/nothing publishes there/);
    expect(problems.join()).toMatch(/There is no topic \/nowhere\/points/);
  });

  it('15: simulated time, from zero and set back by a reset, is the clock that ages are told by', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    await until(() => link.clock.now() > 4);
    expect(Math.abs(link.clock.now() - server.world.time)).toBeLessThan(0.5);
    await link.session.control.call('/simulator/reset', {});
    // Clocks are compared every second; states of the new time count at once.
    await until(() => link.clock.now() < 3 && (link.session.joints.latest?.stamp ?? 4) < 3);
    expect(Math.abs(link.robotState().stamp - server.world.time)).toBeLessThan(0.5);
  });

  it('16, 20: no token, or a page’s origin, is told apart, and shows no secret', async () => {
    const server = await serve();
    const refused = async (url: string, headers: Record<string, string> = {}): Promise<string> =>
      (await failure(connectRobot(profile, { url, session: 'a', clock: 'wall', headers }, signal))).explain();
    const wrong = server.url.replace(server.token, 'guessed-secret');
    expect(await refused(wrong)).toMatch(/wants credentials \(401\)/);
    expect(await refused(wrong)).not.toMatch(/guessed-secret/);
    expect(await refused(server.url, { Origin: 'https://evil.example' })).toMatch(
      /does not allow this connection \(403\)/,
    );
    expect(server.connectionCount).toBe(0);
  });

  it('17: a motion that is not over by its deadline is stopped, and is a fault', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    const error = await failure(link.move(goal(1, 6), { deadline: 0.5, signal }));
    expect(error.message).toMatch(/deadline of 0.5 s/);
    expect(link.state).toBe('fault');
    await until(() => link.robotState().velocities.every((v) => Math.abs(v) < 1e-6));
    expect(link.robotState().joints[0]).toBeLessThan(0.9);
  });

  it('19: after a stall of our own process nothing is in a fault: the motion ended, or the simulator braked', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    const moving = link.move(goal(0.3, 1.5), { deadline: 10, signal });
    await until(() => Math.abs(link.robotState().velocities[0] ?? 0) > 0.05);
    const end = performance.now() + 1200;
    while (performance.now() < end);
    expect(['succeeded', 'cancelled']).toContain(await moving);
    expect(link.state).toBe('armed');
  });

  it('10: a second commander is refused in words, and may stop the first', async () => {
    const server = await serve();
    const [first, second] = [await connect(server, 'a'), await connect(server, 'b')];
    const moving = first.move(goal(1, 6), { deadline: 12, signal });
    await until(() => Math.abs(first.robotState().velocities[0] ?? 0) > 0.05);
    const here = second.robotState().joints[0] ?? 0;
    const refused = await failure(second.move(goal(0.1, 1, here), { deadline: 3, signal }));
    expect(refused.message).toMatch(/refused the goal/);
    await second.stop('whoever may');
    expect(await moving).toBe('cancelled');
  });

  it('13: what is not finite, or names other joints, never leaves', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    const nan = goal(Number.NaN, 1);
    await expect(link.begin(nan, { deadline: 3, signal })).rejects.toThrow(/not finite/);
    await expect(
      link.begin({ ...goal(0.1, 1), jointNames: ['a', 'b', 'c'] }, { deadline: 3, signal }),
    ).rejects.toThrow(/moves the joints a, b, c/);
    expect(link.state).toBe('armed');
  });

  it('18: stopping while it moves, twice at once, and when it rests', async () => {
    const server = await serve();
    const link = await connect(server, 'a');
    const moving = link.move(goal(1, 6), { deadline: 12, signal });
    await until(() => Math.abs(link.robotState().velocities[0] ?? 0) > 0.05);
    const [one, two] = await Promise.all([link.stop('now'), link.stop('now, I said')]);
    expect(one).toMatchObject({ atRest: true });
    expect(two).toEqual(one);
    expect(one.acknowledgedMs).toBeDefined();
    expect(await moving).toBe('cancelled');
    expect(await link.stop('at rest')).toMatchObject({ atRest: true });
  });

  it('the simulator brakes by itself, on its own clock, when its commander’s link is gone', async () => {
    const server = await serve();
    const [commander, watcher] = [await connect(server, 'a'), await connect(server, 'b')];
    const moving = failure(commander.move(goal(1, 6), { deadline: 12, signal }));
    await until(() => Math.abs(watcher.robotState().velocities[0] ?? 0) > 0.05);
    const states: { stamp: number; speed: number }[] = [];
    watcher.onState(({ stamp, velocities }) => states.push({ stamp, speed: Math.abs(velocities[0] ?? 0) }));
    await until(() => states.length > 0);
    commander.session.close(new WaybookError('link/lost', 'pulled'));
    await moving;
    const cutAt = states.at(-1)?.stamp ?? 0;
    await until(() => (states.at(-1)?.speed ?? 1) < 1e-6);
    const lastMotion = states.findLast(({ speed }) => speed > 1e-6)?.stamp ?? 0;
    // 200 ms without a sign of life at most, the braking of 0.3 rad/s at 10 rad/s², and the clock's slices.
    expect(lastMotion - cutAt).toBeLessThan(0.4);
    expect(watcher.robotState().joints[0]).toBeLessThan(0.9);
  });
});
