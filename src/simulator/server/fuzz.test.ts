import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import { encodeCbor } from '../../robot/protocol/cbor.ts';
import { encodeJson } from '../../robot/protocol/encode-json.ts';
import { mutatedFrame } from '../../robot/protocol/testing/mutated-frame.ts';
import { startSimulatorServer } from './simulator-server.ts';
import { fakeWorld } from './testing/fake-world.ts';
import { RosbridgeClient, gripperGoalOp, trajectoryGoalOp } from './testing/rosbridge-client.ts';
import type { Json } from './testing/rosbridge-client.ts';

/** `WAYBOOK_FUZZ_FRAMES=200000 npx vitest run src/simulator/server/fuzz.test.ts` for the whole of it. */
const FRAMES = Number(process.env['WAYBOOK_FUZZ_FRAMES'] ?? 4000);
const SEED = Number(process.env['WAYBOOK_FUZZ_SEED'] ?? 1);
const CHUNK = 500;
const GROWTH = 64 * 1024 * 1024;

const JOINTS = ['joint1', 'joint2', 'joint3'];
const call = (service: string, args: Json = {}): Json => ({ op: 'call_service', id: 'c', service, args });
const VALID: Json[] = [
  {
    op: 'subscribe',
    id: 's',
    topic: '/joint_states',
    type: 'sensor_msgs/JointState',
    throttle_rate: 10,
    queue_length: 1,
    compression: 'cbor',
  },
  { op: 'subscribe', topic: '/front/points', compression: 'cbor-raw' },
  { op: 'unsubscribe', id: 's', topic: '/joint_states' },
  { op: 'advertise', topic: '/waybook/heartbeat', type: 'std_msgs/Header' },
  { op: 'publish', topic: '/waybook/heartbeat', msg: { stamp: { sec: 1, nanosec: 2 }, frame_id: '' } },
  { op: 'set_level', level: 'error' },
  trajectoryGoalOp('g', JOINTS, [
    { t: 0, p: [0, 0, 0], v: [0, 0, 0] },
    { t: 1, p: [0.3, 0, 0.1], v: [0, 0, 0] },
  ]),
  gripperGoalOp('h', 0.02, 20),
  { op: 'cancel_action_goal', id: 'g', action: '/arm_controller/follow_joint_trajectory' },
  call('/simulator/step', { until: 0.1 }),
  call('/simulator/reset', { scene: 'fake', seed: 3 }),
  call('/simulator/snapshot'),
  call('/simulator/restore', { id: 'snapshot-1' }),
  call('/arm_controller/stop'),
  call('/arm_controller/follow_joint_trajectory/_action/cancel_goal', {
    goal_info: { goal_id: { uuid: Array.from({ length: 16 }, () => 0) }, stamp: { sec: 0, nanosec: 0 } },
  }),
  call('/rosapi/topics'),
  call('/rosapi/message_details', { type: 'sensor_msgs/msg/JointState' }),
];

function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it(
  `survives ${FRAMES} broken frames: other clients are served, and memory does not grow`,
  async () => {
    await using server = await startSimulatorServer({
      scene: 'fake',
      seed: 1,
      lockStep: true,
      createWorld: async (options) => fakeWorld(options),
    });
    const random = new Random('fuzz', SEED);
    const healthy = await RosbridgeClient.connect(`${server.url}&session=healthy`);
    const attack = async () => {
      const client = await RosbridgeClient.connect(`${server.url}&session=fuzz`);
      client.socket.removeAllListeners('message');
      return client;
    };
    let fuzz = await attack();
    let closed = 0;
    let before: number | undefined;
    for (let sent = 0; sent < FRAMES; sent++) {
      if (fuzz.socket.readyState !== fuzz.socket.OPEN) {
        closed++;
        fuzz = await attack();
      }
      const binary = random.next() < 0.3;
      const frame = mutatedFrame(random, VALID, (value) =>
        binary ? encodeCbor(value) : Buffer.from(encodeJson(value)),
      );
      // Text that is no UTF-8 closes the socket: rarely, so that what follows is handled too.
      const repaired = !binary && random.next() < 0.98;
      fuzz.socket.send(repaired ? Buffer.from(frame).toString('utf8') : frame, { binary });
      if (sent % 10 === 0) await new Promise((resolve) => setImmediate(resolve));
      if ((sent + 1) % CHUNK !== 0) continue;
      // An answer through the same event loop: everything sent before has been handled, and nothing hangs.
      await healthy.call('/rosapi/get_time');
      healthy.frames.length = 0;
      before ??= memoryInUse();
      if ((sent + 1) % (8 * CHUNK) === 0) expect(memoryInUse() - before).toBeLessThan(GROWTH);
      // A fresh socket now and then: ids and subscriptions of the old one must go with it.
      if (random.next() < 0.2) {
        fuzz.socket.terminate();
        await fuzz.closed;
      }
    }
    fuzz.socket.terminate();
    await fuzz.closed;
    await expect.poll(() => server.connectionCount).toBe(1);
    const growth = memoryInUse() - (before ?? 0);
    expect(growth).toBeLessThan(GROWTH);
    // Both kinds of outcome were exercised: frames that close the socket (invalid UTF-8), and frames that do not.
    expect(closed).toBeGreaterThan(0);
    expect(closed).toBeLessThan(FRAMES / 4);
    // The world is still a world.
    expect(await healthy.call('/simulator/reset', { seed: 2 })).toMatchObject({ success: true });
    await healthy.step(0.1);
    await healthy.close();
  },
  60_000 + FRAMES * 5,
);
