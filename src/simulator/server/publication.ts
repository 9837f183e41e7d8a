import { cborRawHead, encodeCbor } from '../../robot/protocol/cbor.ts';
import { encodeJson } from '../../robot/protocol/encode-json.ts';
import type { Compression } from '../../robot/protocol/ops.ts';
import { encodePointCloud2 } from '../../robot/protocol/encode-point-cloud2.ts';
import type { CloudToEncode } from '../../robot/protocol/encode-point-cloud2.ts';
import type { PointCloud2Message } from '../../robot/protocol/point-cloud2.ts';
import { writeRawMessage } from '../../robot/protocol/raw-messages.ts';
import { rosTime } from '../../robot/protocol/ros-time.ts';
import { CloudFrame } from './cloud-frame.ts';
import type { Frame } from './outbox.ts';

/** One message of one topic; each encoding is made when the first subscriber wants it, and shared by the others. */
export interface Publication {
  readonly topic: string;
  /** s of simulated time */
  readonly stamp: number;
  frame(compression: Compression): Frame;
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

/** A cloud, whose raw frame is written as it is sent: clouds are most of what is sent. */
export function cloudPublication(topic: string, cloud: CloudToEncode): Publication {
  let message: PointCloud2Message | undefined;
  const made = () => (message ??= encodePointCloud2(cloud));
  return cached(topic, cloud.stamp, {
    json: () => encodeJson({ op: 'publish', topic, msg: made() }),
    cbor: () => encodeCbor({ op: 'publish', topic, msg: made() }),
    raw: () => new CloudFrame(topic, cloud),
  });
}

function cached(
  topic: string,
  stamp: number,
  make: { json: () => string; cbor: () => Uint8Array; raw: () => Uint8Array | CloudFrame },
): Publication {
  let json: string | undefined;
  let cbor: Uint8Array | undefined;
  let raw: Uint8Array | CloudFrame | undefined;
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
