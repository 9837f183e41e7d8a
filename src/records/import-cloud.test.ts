import { McapWriter } from '@mcap/core';
import { ros2humble } from '@foxglove/rosmsg-msgs-common';
import { stringify } from '@foxglove/rosmsg';
import { MessageWriter } from '@foxglove/rosmsg2-serialization';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { WaybookError } from '../core/errors.ts';
import { Random } from '../core/random.ts';
import { cloudFromMcap } from './import-cloud.ts';
import { RunRecord } from './run-record.ts';
import { sampleCapture, sampleProvenance } from './testing/sample-run.ts';

const NAMES = [
  'sensor_msgs/PointCloud2',
  'std_msgs/Header',
  'builtin_interfaces/Time',
  'sensor_msgs/PointField',
] as const;

/** What rosbag2 writes: a CDR message with its definitions beside it. Two rows with padding, one field between others. */
async function bag(): Promise<Uint8Array> {
  const definitions = NAMES.map((name) => ros2humble[name]);
  const data = new Uint8Array(2 * 72);
  const view = new DataView(data.buffer);
  for (let i = 0; i < 4; i++) {
    const at = Math.floor(i / 2) * 72 + (i % 2) * 32;
    [i, 10 + i, 20 + i].forEach((v, k) => view.setFloat32(at + 4 * k, v, true));
    view.setUint32(at + 16, 0x00102030 + i, true);
    view.setUint16(at + 20, 100 + i, true);
  }
  const field = (name: string, offset: number, datatype: number): object => ({
    name,
    offset,
    datatype,
    count: 1,
  });
  const message = {
    header: { stamp: { sec: 12, nanosec: 500_000_000 }, frame_id: 'lidar' },
    height: 2,
    width: 2,
    fields: [field('x', 0, 7), field('y', 4, 7), field('z', 8, 7), field('rgb', 16, 7), field('ring', 20, 4)],
    is_bigendian: false,
    point_step: 32,
    row_step: 72,
    data,
    is_dense: true,
  };
  const parts: Uint8Array[] = [];
  let position = 0;
  const writer = new McapWriter({
    writable: {
      position: () => BigInt(position),
      write: async (bytes) => {
        parts.push(bytes.slice());
        position += bytes.length;
      },
    },
  });
  await writer.start();
  const text = new TextEncoder().encode(stringify(definitions));
  const schemaId = await writer.registerSchema({
    name: 'sensor_msgs/msg/PointCloud2',
    encoding: 'ros2msg',
    data: text,
  });
  const channelId = await writer.registerChannel({
    schemaId,
    topic: '/points',
    messageEncoding: 'cdr',
    metadata: new Map(),
  });
  const cdr = new MessageWriter(definitions).writeMessage(message);
  await writer.addMessage({ channelId, sequence: 0, logTime: 1n, publishTime: 1n, data: cdr });
  await writer.end();
  return new Uint8Array(Buffer.concat(parts));
}

describe('clouds from MCAP', () => {
  it('come out of a rosbag2 file whole', async () => {
    const cloud = cloudFromMcap(await bag(), 'a.mcap');
    expect(cloud).toMatchObject({ frame: 'lidar', stamp: 12.5, count: 4 });
    expect([...cloud.positions]).toEqual([0, 10, 20, 1, 11, 21, 2, 12, 22, 3, 13, 23]);
    expect([...(cloud.colors ?? [])].slice(0, 6)).toEqual([0x10, 0x20, 0x30, 0x10, 0x20, 0x31]);
    expect([...(cloud.fields?.['ring'] ?? [])]).toEqual([100, 101, 102, 103]);
  });

  it.each(['cloud-ros1.mcap', 'cloud-protobuf.mcap'])(
    'come out of %s, as other programs write it',
    (name) => {
      // Written by testing/make_clouds.py; in the second the cloud stands 0.5 m along x of its frame.
      const cloud = cloudFromMcap(readFileSync(join(import.meta.dirname, 'testing', name)), name);
      const shift = name === 'cloud-protobuf.mcap' ? 0.5 : 0;
      expect(cloud).toMatchObject({ frame: 'lidar', stamp: 12.5, count: 4 });
      expect([...cloud.positions]).toEqual([0, 1, 2, 3].flatMap((i) => [i + shift, 10 + i, 20 + i]));
      expect([...(cloud.fields?.['ring'] ?? [])]).toEqual([100, 101, 102, 103]);
      if (shift > 0) expect([...(cloud.colors ?? [])]).toEqual([0, 1, 2, 3].flatMap((i) => [1, 2, 3 + i]));
    },
  );

  it('come out of our own records as they were captured', () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybook-import-'));
    try {
      const record = new RunRecord({ runsFolder: folder, notebook: 'a.waybook.md', version: '0.1.0' });
      record.begin(sampleProvenance());
      record.capture('table', sampleCapture(1));
      record.end({ outcome: 'succeeded', exitCode: 0 });
      expect(cloudFromMcap(readFileSync(join(record.folder, 'run.mcap')), 'run.mcap')).toEqual(
        sampleCapture(1).cloud,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('are refused with words where the file is damaged, whatever was damaged', async () => {
    const testing = join(import.meta.dirname, 'testing');
    const files = [
      await bag(),
      ...['cloud-ros1.mcap', 'cloud-protobuf.mcap'].map((name) => readFileSync(join(testing, name))),
    ];
    const random = new Random(4, 'bag');
    let refused = 0;
    for (let i = 0; i < 900; i++) {
      const whole = random.pick(files);
      const bad = whole.slice(0, random.below(3) === 0 ? random.below(whole.length) : whole.length);
      for (let k = 0; k < 4 && bad.length > 0; k++) bad[random.below(bad.length)] = random.below(256);
      try {
        expect(cloudFromMcap(bad, 'a.mcap').count).toBeGreaterThanOrEqual(0);
      } catch (error) {
        if (!(error instanceof WaybookError)) throw error;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(200);
    expect(() => cloudFromMcap(new Uint8Array(0), 'a.mcap')).toThrow('no point cloud');
  });
});
