import { cborRawHead } from '../../robot/protocol/cbor.ts';
import { XYZRGB_FIELDS, XYZ_FIELDS, writePoints } from '../../robot/protocol/encode-point-cloud2.ts';
import type { CloudToEncode } from '../../robot/protocol/encode-point-cloud2.ts';
import { rawPointCloud2Size, writeRawPointCloud2 } from '../../robot/protocol/raw-point-cloud2.ts';
import { rosTime } from '../../robot/protocol/ros-time.ts';

/**
 * A `cbor-raw` publish frame of a cloud that is written as it is sent. A large one is sent in slices, and written so too:
 * it would keep everybody else waiting, and megabytes of fresh memory cost more than what is written there. The cloud's
 * arrays must stay as they are until it is sent.
 */
export class CloudFrame {
  readonly length: number;
  readonly #cloud: CloudToEncode;
  /** bytes a point */
  readonly #step: number;
  /** everything before the points */
  readonly #head: Uint8Array;

  constructor(topic: string, cloud: CloudToEncode) {
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
    this.length = head.length + size;
    this.#cloud = cloud;
    this.#step = step;
    this.#head = new Uint8Array(head.length + bodyToData);
    this.#head.set(head);
    writeRawPointCloud2(message, this.#head, head.length);
  }

  /**
   * The frame in slices as large as `memory`, which begins at a multiple of 4 and has room for the head and a point; each
   * is a view of it and lasts until the next.
   */
  *slices(memory: Uint8Array): Generator<Uint8Array, void> {
    const total = this.#cloud.width * this.#cloud.height;
    const step = this.#step;
    let at = this.#head.length;
    let dense = true;
    memory.set(this.#head);
    for (let from = 0; from < total;) {
      const count = Math.min(total - from, Math.floor((memory.length - at) / step));
      const points = memory.subarray(at, at + count * step);
      dense = writePoints(this.#cloud, from, from + count, points) && dense;
      from += count;
      at += points.length;
      if (from === total && at < memory.length) break;
      yield memory.subarray(0, at);
      at = 0;
    }
    memory[at] = dense ? 1 : 0;
    yield memory.subarray(0, at + 1);
  }

  whole(): Uint8Array {
    const memory = new Uint8Array(this.length);
    const { value } = this.slices(memory).next();
    return value ?? memory;
  }
}
