import { describe, expect, it } from 'vitest';
import { CloudDecoder } from '../../robot/protocol/cloud-decoder.ts';
import { parseServerOp } from '../../robot/protocol/parse-ops.ts';
import { readRawPointCloud2 } from '../../robot/protocol/raw-point-cloud2.ts';
import { CloudFrame } from './cloud-frame.ts';
import { Outbox } from './outbox.ts';

const COUNT = 100_000;
const cloudOf = (count: number) => ({
  frame: 'front_optical_frame',
  stamp: 1,
  width: count,
  height: 1,
  positions: Float32Array.from({ length: 3 * count }, (_, i) => i / 7),
  colors: Uint8Array.from({ length: 3 * count }, (_, i) => i % 256),
});

/** A socket whose kernel takes what it gets when the test says so. */
class FakeSocket {
  readonly OPEN = 1;
  readyState = 1;
  bufferedAmount = 0;
  /** what was sent, fragments put together */
  readonly messages: (string | Uint8Array)[] = [];
  fragments = 0;
  #parts: Uint8Array[] = [];
  readonly #callbacks: (() => void)[] = [];

  send(data: string | Uint8Array, second?: { fin?: boolean } | (() => void), third?: () => void): void {
    const sent = typeof second === 'function' ? second : third;
    const { fin = true } = typeof second === 'object' ? second : {};
    if (sent) this.#callbacks.push(sent);
    if (typeof data === 'string') {
      // The protocol allows no message between the fragments of another.
      expect(this.#parts).toEqual([]);
      this.messages.push(data);
      return;
    }
    this.fragments++;
    this.#parts.push(data.slice());
    if (fin) this.messages.push(Buffer.concat(this.#parts.splice(0)));
  }

  take(): void {
    for (const sent of this.#callbacks.splice(0)) sent();
  }
}

const streamOf = () => ({ cork: () => undefined, uncork: () => undefined });
const turn = () => new Promise((resolve) => setImmediate(resolve));
const make = () => {
  const socket = new FakeSocket();
  return { socket, outbox: new Outbox(socket as never, streamOf()) };
};

function cloudIn(frame: string | Uint8Array | undefined) {
  const op = parseServerOp(frame as Uint8Array);
  const bytes = (op as { msg: { bytes: Uint8Array } }).msg.bytes;
  return new CloudDecoder(readRawPointCloud2(bytes, 'ros2')).finish();
}

describe('a frame that is written as it is sent', () => {
  it.each([0, 1, 9, 16_380, COUNT])('is the same in slices of any size: %i points', (count) => {
    const frame = new CloudFrame('/front/points', cloudOf(count));
    const whole = frame.whole();
    expect(whole.length).toBe(frame.length);
    for (const size of [512, 1000, 65_536, frame.length, frame.length + 100]) {
      const slices: Uint8Array[] = [];
      for (const slice of frame.slices(new Uint8Array(size))) slices.push(slice.slice());
      expect(slices.length).toBeGreaterThanOrEqual(frame.length / size);
      expect(Buffer.concat(slices).equals(whole)).toBe(true);
    }
    expect(cloudIn(whole)).toMatchObject({ count, frame: 'front_optical_frame' });
  });

  it('says that it is dense only where every point is finite', () => {
    const bad = cloudOf(COUNT);
    bad.positions[3 * COUNT - 2] = Number.POSITIVE_INFINITY;
    const dense = (cloud: typeof bad) => new CloudFrame('/p', cloud).whole().at(-1);
    expect(dense(cloudOf(COUNT))).toBe(1);
    expect(dense(bad)).toBe(0);
  });
});

describe('an outbox', () => {
  it('sends a large cloud a slice at a time, other work between, and what comes later after it', async () => {
    const { socket, outbox } = make();
    const frame = new CloudFrame('/front/points', cloudOf(COUNT));
    let sent = 0;
    outbox.send(frame, () => sent++);
    outbox.send('answer', () => sent++);
    // Only the first slice so far: 1.6 MB do not keep the others waiting.
    expect(socket.fragments).toBe(8);
    expect(socket.messages).toEqual([]);
    let turns = 0;
    for (; outbox.idle === false && turns < 100; turns++) {
      socket.take();
      await turn();
    }
    expect(turns).toBeGreaterThanOrEqual(7);
    expect(sent).toBe(2);
    expect(socket.messages).toHaveLength(2);
    const got = Buffer.from(cloudIn(socket.messages[0]).positions.buffer);
    expect(got.equals(Buffer.from(cloudOf(COUNT).positions.buffer))).toBe(true);
    expect(socket.messages[1]).toBe('answer');
  });

  it('waits for the kernel between two slices, and counts what it holds back as congestion', async () => {
    const { socket, outbox } = make();
    for (let i = 0; i < 4; i++) outbox.send(new CloudFrame('/front/points', cloudOf(COUNT)));
    await turn();
    await turn();
    expect(socket.fragments).toBe(8);
    expect(outbox.congested).toBe(true);
    outbox.publish('/joint_states', 'old');
    outbox.publish('/joint_states', 'new');
    expect(outbox.dropped).toBe(1);
  });

  it('ends everything that waits when the socket goes in the middle of a cloud', async () => {
    const { socket, outbox } = make();
    let ended = 0;
    for (let i = 0; i < 3; i++) outbox.send(new CloudFrame('/p', cloudOf(COUNT)), () => ended++);
    const flushed = outbox.flushed();
    socket.readyState = 3;
    socket.take();
    await turn();
    await flushed;
    expect(ended).toBe(3);
    expect(outbox.idle).toBe(true);
    outbox.close();
    expect(socket.fragments).toBe(8);
  });
});
