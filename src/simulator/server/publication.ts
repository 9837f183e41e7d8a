import { cborRawHead, encodeCbor } from '../../robot/protocol/cbor.ts';
import { encodeJson } from '../../robot/protocol/encode-json.ts';
import type { Compression } from '../../robot/protocol/ops.ts';
import {
  encodePointCloud2,
  writePoints,
  XYZ_FIELDS,
  XYZRGB_FIELDS,
} from '../../robot/protocol/point-cloud2.ts';
import type { CloudToEncode, PointCloud2Message } from '../../robot/protocol/point-cloud2.ts';
import { rawPointCloud2Size, writeRawPointCloud2 } from '../../robot/protocol/raw-point-cloud2.ts';
import { writeRawMessage } from '../../robot/protocol/raw-messages.ts';
import { rosTime } from '../../robot/protocol/ros-time.ts';

/** One message of one topic; each encoding is made when the first subscriber wants it, and shared by the others. */
export interface Publication {
  readonly topic: string;
  /** s of simulated time */
  readonly stamp: number;
  frame(compression: Compression): string | Uint8Array;
}

export function publicationOf(
  topic: string,
  type: string,
  stamp: number,
  makeMessage: () => unknown,
): Publication {
  let message: unknown;
  const made = () => (message ??= makeMessage());
  return cached(topic, stamp, {
    json: () => encodeJson({ op: 'publish', topic, msg: made() }),
    cbor: () => encodeCbor({ op: 'publish', topic, msg: made() }),
    raw: () => rawFrame(topic, stamp, writeRawMessage(type, made())),
  });
}

/** A cloud, whose raw frame is written in one pass over its points: clouds are most of what is sent. */
export function cloudPublication(topic: string, cloud: CloudToEncode): Publication {
  let message: PointCloud2Message | undefined;
  const made = () => (message ??= encodePointCloud2(cloud));
  return cached(topic, cloud.stamp, {
    json: () => encodeJson({ op: 'publish', topic, msg: made() }),
    cbor: () => encodeCbor({ op: 'publish', topic, msg: made() }),
    raw: () => rawCloudFrame(topic, cloud),
  });
}

function cached(
  topic: string,
  stamp: number,
  make: { json: () => string; cbor: () => Uint8Array; raw: () => Uint8Array },
): Publication {
  let json: string | undefined;
  let cbor: Uint8Array | undefined;
  let raw: Uint8Array | undefined;
  return {
    topic,
    stamp,
    frame(compression) {
      switch (compression) {
        case 'none':
        // A PNG of JSON text is larger and a hundred times slower; plain JSON is what such a client falls back to.
        case 'png':
          return (json ??= make.json());
        case 'cbor':
          return (cbor ??= make.cbor());
        case 'cbor-raw':
          return (raw ??= make.raw());
      }
    },
  };
}

function rawFrame(topic: string, stamp: number, body: Uint8Array): Uint8Array {
  const { sec, nanosec } = rosTime(stamp);
  return Buffer.concat([cborRawHead(topic, sec, nanosec, body.length), body]);
}

function rawCloudFrame(topic: string, cloud: CloudToEncode): Uint8Array {
  const step = cloud.colors ? 16 : 12;
  const { sec, nanosec } = rosTime(cloud.stamp);
  const message = {
    header: { stamp: { sec, nanosec }, frame_id: cloud.frame },
    height: cloud.height,
    width: cloud.width,
    fields: cloud.colors ? XYZRGB_FIELDS : XYZ_FIELDS,
    is_bigendian: false,
    point_step: step,
    row_step: step * cloud.width,
    data: { length: step * cloud.width * cloud.height },
    is_dense: true,
  };
  const size = rawPointCloud2Size(message);
  const head = cborRawHead(topic, sec, nanosec, size);
  const tail = 1;
  const dataAt = head.length + size - tail - message.data.length;
  // The points are written as 32-bit words: shift the frame in its memory so that they start at a multiple of four.
  const shift = (4 - (dataAt % 4)) % 4;
  const frame = new Uint8Array(new ArrayBuffer(shift + head.length + size), shift);
  const start = shift + dataAt;
  const dense = writePoints(cloud, new Uint8Array(frame.buffer, start, message.data.length));
  frame.set(head);
  writeRawPointCloud2({ ...message, is_dense: dense }, frame, head.length);
  return frame;
}
