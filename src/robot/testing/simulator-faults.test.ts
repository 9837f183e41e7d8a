import { connect as connectTcp, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { SimulatorServer } from '../../simulator/server/simulator-server.ts';
import { startSimulatorServer } from '../../simulator/server/simulator-server.ts';
import { fakeWorld } from '../../simulator/server/testing/fake-world.ts';
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
    createWorld: async (options) => fakeWorld(options),
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
