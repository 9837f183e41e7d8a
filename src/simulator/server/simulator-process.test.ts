import { spawn } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RosbridgeClient, gripperGoalOp, trajectoryGoalOp } from './testing/rosbridge-client.ts';
import { buildSimulator } from './testing/simulator-process.ts';
import type { SimulatorProgram } from './testing/simulator-process.ts';

let program: SimulatorProgram;
beforeAll(async () => {
  program = await buildSimulator();
});
afterAll(async () => {
  await program[Symbol.asyncDispose]();
});

interface State {
  header: { stamp: { sec: number; nanosec: number } };
  name: string[];
  position: number[];
  velocity: number[];
}

/** Reaches down over the table, closes the gripper, takes a cloud, comes back: what a run does, and its hashes. */
async function run(url: string): Promise<{ hash: unknown; clouds: string[]; states: string }> {
  const client = await RosbridgeClient.connect(`${url}&session=run`);
  client.subscribe('/joint_states');
  client.subscribe('/front/points', { compression: 'cbor-raw', throttle_rate: 500 });
  client.subscribe('/wrist/points', { compression: 'cbor-raw', throttle_rate: 500 });
  await client.step(0.02);
  const first = client.messages('/joint_states')[0] as unknown as State;
  const joints = first.name.slice(0, 7);
  const home = first.position.slice(0, 7);
  const down = home.map((q, j) => q + [0.2, 0.35, -0.1, -0.2, 0.1, 0.3, 0.4][j]!);
  const pump = async (until: number) => {
    const { time } = await client.call('/simulator/snapshot');
    for (let t = time as number; t < until; t += 0.02) await client.step(Number((t + 0.02).toFixed(3)));
  };
  client.send(trajectoryGoalOp('down', joints, [{ t: 1.2, p: down, v: down.map(() => 0) }]));
  await pump(1.6);
  client.send(gripperGoalOp('grip', 0.005, 20));
  await pump(2.2);
  client.send(trajectoryGoalOp('up', joints, [{ t: 0.9, p: home, v: home.map(() => 0) }]));
  await pump(3.4);
  const { hash } = await client.call('/simulator/snapshot');
  const { hashBytes, hashJson } = await import('../../core/hash.ts');
  const clouds = client.frames
    .filter((f) => f['binary'] !== undefined)
    .map((f) => hashBytes(f['binary'] as Buffer));
  expect(await client.result('down')).toMatchObject({ status: 4 });
  expect(await client.result('up')).toMatchObject({ status: 4 });
  const states = hashJson(client.messages('/joint_states'));
  await client.close();
  return { hash, clouds, states };
}

describe('two processes', () => {
  it('give the same bytes for the same goals, under load from a third too', async () => {
    const args = ['--lock-step', '--scene', 'put-in-bowl', '--seed', '7'];
    const first = await program.start(args);
    const quiet = await run(first.url);
    const again = await RosbridgeClient.connect(first.url);
    expect(await again.call('/simulator/reset', { seed: 7 })).toMatchObject({ success: true });
    await again.close();
    // A reset forgets everything, so that it is as good as a process of its own.
    expect(await run(first.url)).toEqual(quiet);
    const load = spawn(process.execPath, ['-e', 'for (;;) Math.random();'], { stdio: 'ignore' });
    try {
      const second = await program.start(args);
      const busy = await run(second.url);
      expect(busy).toEqual(quiet);
      expect(quiet.clouds.length).toBeGreaterThanOrEqual(12);
    } finally {
      load.kill('SIGKILL');
    }
    const other = await program.start(['--lock-step', '--scene', 'put-in-bowl', '--seed', '8']);
    expect((await run(other.url)).hash).not.toBe(quiet.hash);
  });
});

describe('ending', () => {
  it.each([['SIGTERM'], ['SIGINT']] as const)('by %s closes its sockets and exits with 0', async (signal) => {
    const simulator = await program.start(['--seed', '1']);
    const client = await RosbridgeClient.connect(simulator.url);
    simulator.child.kill(signal);
    expect(await simulator.exited).toBe(0);
    await client.closed;
  });

  it('follows when the process that started it is gone', async () => {
    const simulator = await program.start(['--lock-step']);
    simulator.child.disconnect();
    expect(await simulator.exited).toBe(0);
  });

  it('by SIGKILL in the middle of a trajectory is a closed socket for its client, at once', async () => {
    const simulator = await program.start([]);
    const client = await RosbridgeClient.connect(`${simulator.url}&session=a`);
    client.subscribe('/joint_states');
    const frame = await client.next((f) => f['topic'] === '/joint_states');
    const { name, position } = frame['msg'] as State;
    client.send(
      trajectoryGoalOp('g', name.slice(0, 7), [
        { t: 5, p: position.slice(0, 7).map((q, j) => (j === 0 ? q + 0.5 : q)) },
      ]),
    );
    await client.next((f) => f['op'] === 'action_feedback');
    simulator.child.kill('SIGKILL');
    expect(await client.closed).toBe(1006);
    expect(await simulator.exited).toBe('SIGKILL');
  });

  it('of its client in real time: the arm is at rest within 200 ms and its braking time', async () => {
    const simulator = await program.start([]);
    const watcher = await RosbridgeClient.connect(`${simulator.url}&session=watcher`);
    watcher.subscribe('/joint_states');
    const frame = await watcher.next((f) => f['topic'] === '/joint_states');
    const { name, position } = frame['msg'] as State;
    const runner = await RosbridgeClient.connect(`${simulator.url}&session=runner`);
    const target = position.slice(0, 7).map((q, j) => (j === 0 ? q + 1.5 : q));
    runner.send(trajectoryGoalOp('g', name.slice(0, 7), [{ t: 3, p: target }]));
    const speed = (f: Record<string, unknown>) =>
      Math.abs((f['msg'] as State | undefined)?.velocity?.[0] ?? 0);
    await watcher.next((f) => f['topic'] === '/joint_states' && speed(f) > 0.6);
    runner.socket.terminate();
    const killedAt = stampOf(watcher.frames.at(-1)?.['msg'] as State);
    const still = await watcher.next(
      (f) => f['topic'] === '/joint_states' && stampOf(f['msg'] as State) > killedAt && speed(f) < 0.01,
    );
    // 0.75 rad/s at 15 rad/s² take 50 ms; the rest of the allowance is for the socket and one 10 ms period.
    expect(stampOf(still['msg'] as State) - killedAt).toBeLessThan(0.2 + 0.05 + 0.05);
    const at = (still['msg'] as State).position[0] as number;
    expect(at).toBeLessThan((target[0] as number) - 0.2);
    const later = stampOf(still['msg'] as State) + 0.5;
    const end = await watcher.next(
      (f) => f['topic'] === '/joint_states' && stampOf(f['msg'] as State) > later,
    );
    expect((end['msg'] as State).position[0]).toBeCloseTo(at, 2);
    await watcher.close();
  });
});

const stampOf = ({ header }: State): number => header.stamp.sec + header.stamp.nanosec * 1e-9;

describe('arguments', () => {
  it.each([
    [['--seed', 'x'], /ended: 2/],
    [['--scene', 'nowhere'], /ended: 2/],
    [['--lock-step', '--real-time'], /ended: 2/],
    [['--bogus'], /ended: 2/],
  ])('%s are refused with exit code 2', async (args, message) => {
    await expect(program.start(args)).rejects.toThrow(message);
  });
});
