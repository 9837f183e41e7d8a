import { cborRawHead, encodeCbor } from '../../robot/protocol/cbor.ts';
import { encodeJson } from '../../robot/protocol/encode-json.ts';
import type { Compression } from '../../robot/protocol/ops.ts';
import {
  XYZRGB_FIELDS,
  XYZ_FIELDS,
  encodePointCloud2,
  writePoints,
} from '../../robot/protocol/encode-point-cloud2.ts';
import type { CloudToEncode } from '../../robot/protocol/encode-point-cloud2.ts';
import type { PointCloud2Message } from '../../robot/protocol/point-cloud2.ts';
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

/**
 * `memory` is used for the frame where it has the right size. It must start at a multiple of 4, as new arrays do.
 */
export function rawCloudFrame(topic: string, cloud: CloudToEncode, memory?: Uint8Array): Uint8Array {
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
  const tail = 1;
  const bodyToData = size - tail - message.data.length;
  const head = cborRawHead(topic, sec, nanosec, size, bodyToData);
  const length = head.length + size;
  const frame = memory && memory.length === length ? memory : new Uint8Array(length);
  const start = head.length + bodyToData;
  const dense = writePoints(cloud, frame.subarray(start, start + message.data.length));
  frame.set(head);
  writeRawPointCloud2({ ...message, is_dense: dense }, frame, head.length);
  return frame;
}
