import { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';
import { ros2humble } from '@foxglove/rosmsg-msgs-common';
import type { MessageDefinition } from '@foxglove/message-definition';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodePointCloud2 } from './encode-point-cloud2.ts';
import { decodePointCloud2 } from './cloud-decoder.ts';
import { parsePointCloud2 } from './point-cloud2.ts';
import type { PointCloud2Message } from './point-cloud2.ts';
import { rawPointCloud2Size, readRawPointCloud2, writeRawPointCloud2 } from './raw-point-cloud2.ts';
import { encodeJson } from './encode-json.ts';

const cloud = {
  frame: 'front_optical_frame',
  stamp: 12.25,
  width: 2,
  height: 2,
  positions: Float32Array.of(0.1, 0.2, 0.3, Number.NaN, Number.NaN, Number.NaN, -1, -2, -3, 4, 5, 6),
  colors: Uint8Array.of(255, 1, 2, 9, 9, 9, 3, 255, 4, 5, 6, 255),
};

/** Every definition that a message needs, its own first, as foxglove's reader wants them. */
function definitionsOf(name: keyof typeof ros2humble): MessageDefinition[] {
  const seen = new Map<string, MessageDefinition>();
  const visit = (type: string) => {
    const definition = ros2humble[type as keyof typeof ros2humble];
    if (seen.has(type)) return;
    seen.set(type, definition);
    for (const { isComplex, type: next } of definition.definitions) if (isComplex) visit(next);
  };
  visit(name);
  return [...seen.values()];
}

describe('PointCloud2', () => {
  it('comes back from the encoder without its invalid points', () => {
    const message = encodePointCloud2(cloud);
    expect(message).toMatchObject({ point_step: 16, row_step: 32, is_dense: false, is_bigendian: false });
    expect(message.header).toEqual({
      stamp: { sec: 12, nanosec: 250_000_000 },
      frame_id: 'front_optical_frame',
    });
    const decoded = decodePointCloud2(message);
    expect(decoded.count).toBe(3);
    expect([...decoded.positions]).toEqual([...Float32Array.of(0.1, 0.2, 0.3, -1, -2, -3, 4, 5, 6)]);
    expect([...(decoded.colors ?? [])]).toEqual([255, 1, 2, 3, 255, 4, 5, 6, 255]);
    expect(decoded.stamp).toBe(12.25);
  });

  it('survives JSON, where the data is base64', () => {
    const message = encodePointCloud2(cloud);
    expect(decodePointCloud2(parsePointCloud2(JSON.parse(encodeJson(message))))).toEqual(
      decodePointCloud2(message),
    );
  });

  it('is read in any layout as in the plain one', () => {
    const layout = fc.record({
      points: fc.array(
        fc.tuple(
          fc.float({ noNaN: true, min: -9, max: 9 }),
          fc.float({ noNaN: true, min: -9, max: 9 }),
          fc.float({ noNaN: true, min: -9, max: 9 }),
        ),
        { maxLength: 12 },
      ),
      little: fc.boolean(),
      type: fc.constantFrom(7, 8),
      gap: fc.integer({ min: 0, max: 5 }),
      rows: fc.integer({ min: 1, max: 3 }),
      pad: fc.integer({ min: 0, max: 7 }),
      shift: fc.integer({ min: 0, max: 7 }),
    });
    fc.assert(
      fc.property(layout, ({ points, little, type, gap, rows, pad, shift }) => {
        const size = type === 7 ? 4 : 8;
        const width = Math.floor(points.length / rows);
        const step = gap + 3 * size + 2;
        const row = width * step + pad;
        const memory = new Uint8Array(shift + rows * row);
        const data = memory.subarray(shift);
        const view = new DataView(data.buffer, shift, data.length);
        for (let i = 0; i < width * rows; i++) {
          const at = Math.floor(i / width) * row + (i % width) * step + gap;
          (points[i] as number[]).forEach((v, k) =>
            type === 7
              ? view.setFloat32(at + k * size, v, little)
              : view.setFloat64(at + k * size, v, little),
          );
          view.setUint16(at + 3 * size, i, little);
        }
        const message: PointCloud2Message = {
          header: { stamp: { sec: 0, nanosec: 0 }, frame_id: '/cam' },
          height: rows,
          width,
          fields: [
            ...['x', 'y', 'z'].map((name, k) => ({ name, offset: gap + k * size, datatype: type, count: 1 })),
            { name: 'ring', offset: gap + 3 * size, datatype: 4, count: 1 },
          ],
          is_bigendian: !little,
          point_step: step,
          row_step: row,
          data,
          is_dense: true,
        };
        const decoded = decodePointCloud2(message);
        const wanted = points.slice(0, width * rows);
        expect(decoded.frame).toBe('cam');
        expect([...decoded.positions]).toEqual(wanted.flat().map(Math.fround));
        expect([...(decoded.fields?.['ring'] ?? [])]).toEqual(wanted.map((_, i) => i));
      }),
      { numRuns: 200 },
    );
  });

  it('reads colour from packed rgb, rgba and single channels alike', () => {
    const base = encodePointCloud2(cloud);
    const expected = decodePointCloud2(base).colors;
    const rgba = {
      ...base,
      fields: base.fields.map((f) => (f.name === 'rgb' ? { ...f, name: 'rgba', datatype: 6 } : f)),
    };
    const single = {
      ...base,
      fields: [
        ...base.fields.slice(0, 3),
        ...['b', 'g', 'r'].map((name, i) => ({ name, offset: 12 + i, datatype: 2, count: 1 })),
      ],
    };
    expect(decodePointCloud2(rgba).colors).toEqual(expected);
    expect(decodePointCloud2(single).colors).toEqual(expected);
  });

  it('refuses layouts that do not fit the data', () => {
    const good = encodePointCloud2(cloud);
    const bad: [Partial<PointCloud2Message>, RegExp][] = [
      [{ width: 2000 }, /needs \d+ bytes|rows shorter/],
      [{ height: -1 }, /negative/],
      [{ point_step: 0 }, /point_step of 0/],
      [{ point_step: 14 }, /outside its point/],
      [{ fields: good.fields.slice(1) }, /no fields x, y and z/],
      [{ fields: [{ name: 'x', offset: 0, datatype: 99, count: 1 }] }, /unknown type 99/],
    ];
    for (const [change, message] of bad)
      expect(() => decodePointCloud2({ ...good, ...change })).toThrow(message);
  });
});

describe('raw PointCloud2', () => {
  const definitions = definitionsOf('sensor_msgs/PointCloud2');

  it('is written byte by byte as an independent CDR writer does, whatever the length of the frame name', () => {
    for (const frame of ['', 'a', 'ab', 'abc', 'abcd', 'front_optical_frame']) {
      const message = encodePointCloud2({ ...cloud, frame });
      const ours = new Uint8Array(rawPointCloud2Size(message));
      writeRawPointCloud2(message, ours, 0);
      expect(Buffer.from(ours).toString('hex')).toBe(
        Buffer.from(new MessageWriter(definitions).writeMessage(message)).toString('hex'),
      );
    }
  });

  it('is read as an independent CDR reader does, from any position in memory', () => {
    const message = encodePointCloud2(cloud);
    const written = new MessageWriter(definitions).writeMessage(message);
    for (let shift = 0; shift < 4; shift++) {
      const memory = new Uint8Array(written.length + shift);
      memory.set(written, shift);
      const ours = readRawPointCloud2(memory.subarray(shift), 'ros2');
      expect(decodePointCloud2(ours)).toEqual(decodePointCloud2(message));
      const theirs = new MessageReader(definitions).readMessage<{ width: number; point_step: number }>(
        written,
      );
      expect([ours.width, ours.point_step]).toEqual([theirs.width, theirs.point_step]);
    }
  });

  it('ends in a typed error wherever it is cut, and for the other ROS version', () => {
    const message = encodePointCloud2(cloud);
    const bytes = new Uint8Array(rawPointCloud2Size(message));
    writeRawPointCloud2(message, bytes, 0);
    for (let n = 0; n < bytes.length; n++) {
      expect(() => readRawPointCloud2(bytes.subarray(0, n), 'ros2')).toThrow(/raw cloud/);
    }
    expect(() => readRawPointCloud2(bytes.subarray(4), 'ros2')).toThrow(/CDR header/);
  });
});
