import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { Random } from '../../core/random.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import { simulatorProfile } from '../profiles/simulator-profile.ts';
import { encodeCbor } from '../protocol/cbor.ts';
import { encodeJson } from '../protocol/encode-json.ts';
import { encodePointCloud2 } from '../protocol/encode-point-cloud2.ts';
import { rawPointCloud2Size, writeRawPointCloud2 } from '../protocol/raw-point-cloud2.ts';
import { CloudDecoder } from '../protocol/cloud-decoder.ts';
import { mutatedFrame } from '../protocol/testing/mutated-frame.ts';
import { FAKE_HOME, FAKE_JOINTS, FakeBridge } from '../testing/fake-bridge.ts';
import { connectRobot } from './connect-robot.ts';
import { receivedCloud } from './observe-camera.ts';
import type { RobotConnection } from './robot-connection.ts';

/** `WAYBOOK_FUZZ_FRAMES=200000 npx vitest run src/robot/link/fuzz.test.ts` for the whole of it. */
const FRAMES = Number(process.env['WAYBOOK_FUZZ_FRAMES'] ?? 8000);
const SEED = Number(process.env['WAYBOOK_FUZZ_SEED'] ?? 1);
const CHUNK = 500;
const GROWTH = 64 * 1024 * 1024;
const signal = new AbortController().signal;

type Json = Record<string, unknown>;
const VALID: Json[] = [
  {
    op: 'publish',
    topic: '/joint_states',
    msg: {
      header: { stamp: { sec: 1, nanosec: 2 }, frame_id: '' },
      name: FAKE_JOINTS,
      position: FAKE_HOME,
      velocity: FAKE_HOME.map(() => 0),
      effort: [],
    },
  },
  {
    op: 'publish',
    topic: '/tf_static',
    msg: {
      transforms: [
        {
          header: { stamp: { sec: 0, nanosec: 0 }, frame_id: 'base' },
          child_frame_id: 'camera',
          transform: { translation: { x: 0, y: 0, z: 1 }, rotation: { x: 0, y: 0, z: 0, w: 1 } },
        },
      ],
    },
  },
  { op: 'publish', topic: '/front/points', msg: { secs: 0, nsecs: 0, bytes: rawCloud() } },
  {
    op: 'service_response',
    id: 'call:1',
    service: '/rosapi/topics',
    values: { topics: [], types: [] },
    result: true,
  },
  { op: 'action_feedback', id: 'goal:1', action: '/arm_controller/follow_joint_trajectory', values: {} },
  {
    op: 'action_result',
    id: 'goal:1',
    action: '/arm_controller/follow_joint_trajectory',
    values: { error_code: 0 },
    status: 4,
    result: true,
  },
  { op: 'fragment', id: 0, data: '{"op":"publish",', num: 0, total: 2.5 },
  { op: 'status', level: 'error', msg: 'something' },
];

/** A few points, as a bridge sends them. */
function rawCloud(): Uint8Array {
  const positions = Float32Array.from({ length: 30 }, (_, i) => i / 10);
  const cloud = { frame: 'f', stamp: 1, width: 10, height: 1, positions, colors: new Uint8Array(30) };
  const message = encodePointCloud2(cloud);
  const bytes = new Uint8Array(rawPointCloud2Size(message));
  writeRawPointCloud2(message, bytes, 0);
  return bytes;
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

function memoryInUse(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

it(
  `survives ${FRAMES} broken frames from a bridge: no exception escapes, nothing stays pending, memory does not grow`,
  async () => {
    const bridge = await FakeBridge.start();
    const random = new Random('fuzz client', SEED);
    let problems = 0;
    let reconnects = 0;
    const connect = async (): Promise<RobotConnection> => {
      const options = {
        url: bridge.url,
        session: `fuzz-${reconnects}`,
        clock: 'wall',
        onProblem: () => problems++,
      } as const;
      const made = await connectRobot(profile, options, signal);
      made.session.data.subscribe('/front/points', { compression: 'cbor-raw' }, (msg) => {
        new CloudDecoder(receivedCloud(msg, 'ros2')).finish();
      });
      return made;
    };
    let link = await connect();
    let before: number | undefined;
    for (let sent = 0; sent < FRAMES; sent++) {
      const binary = random.next() < 0.3;
      const frame = mutatedFrame(random, VALID, (value) =>
        binary ? encodeCbor(value) : Buffer.from(encodeJson(value)),
      );
      const pieces = binary && random.next() < 0.5 ? 1 + random.below(5) : 1;
      bridge.inject(binary ? frame : Buffer.from(frame).toString('utf8'), pieces);
      // A peer that sends nothing but nonsense is left: every tenth frame is whole.
      if (sent % 10 === 9) bridge.inject('{"op":"status","level":"info","msg":""}');
      if ((sent + 1) % CHUNK !== 0) continue;
      const answered = link.session.control.roundTrip().then(
        () => true,
        () => false,
      );
      if (!(await answered) || !link.session.isOpen) {
        await link[Symbol.asyncDispose]();
        expect(link.session.control.pending).toBe(0);
        reconnects++;
        link = await connect();
      }
      bridge.received.length = 0;
      before ??= memoryInUse();
      if ((sent + 1) % (8 * CHUNK) === 0) expect(memoryInUse() - before).toBeLessThan(GROWTH);
    }
    expect(problems).toBeGreaterThan(FRAMES / 10);
    expect(memoryInUse() - (before ?? 0)).toBeLessThan(GROWTH);
    await link[Symbol.asyncDispose]();
    expect(link.session.control.pending).toBe(0);
    await bridge.close();
  },
  120_000 + FRAMES * 5,
);
