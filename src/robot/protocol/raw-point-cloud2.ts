import { WaybookError } from '../../core/errors.ts';
import { ByteParts } from './byte-parts.ts';
import type { Bytes } from './byte-parts.ts';
import type { PointCloud2Message, PointFieldMessage, ReceivedCloud } from './point-cloud2.ts';
import type { RosFlavour } from './ros-time.ts';

/**
 * Reads a serialised PointCloud2 as `cbor-raw` delivers it: CDR with its 4-byte encapsulation header (ROS 2; XCDR1 and
 * plain XCDR2, either endianness; source: DDS-XTypes 1.3, 7.4) or ROS 1 serialisation (no padding, texts without a
 * terminating zero, a `seq` in the header). `data` of the result is a view into `bytes`. Throws `link/protocol` where
 * the bytes end too early or are of another encoding.
 */
export function readRawPointCloud2(bytes: Bytes, flavour: RosFlavour): ReceivedCloud {
  const from = new RawReader(bytes, flavour);
  if (flavour === 'ros1') from.uint32();
  const sec = flavour === 'ros1' ? from.uint32() : from.int32();
  const stamp = { sec, nanosec: from.uint32() };
  const frame_id = from.text();
  const height = from.uint32();
  const width = from.uint32();
  const count = from.length(MIN_FIELD_BYTES);
  const fields: PointFieldMessage[] = [];
  for (let i = 0; i < count; i++) {
    fields.push({ name: from.text(), offset: from.uint32(), datatype: from.uint8(), count: from.uint32() });
  }
  const is_bigendian = from.uint8() !== 0;
  const point_step = from.uint32();
  const row_step = from.uint32();
  const data = from.bytes();
  const is_dense = from.last() !== 0;
  return {
    header: { stamp, frame_id },
    height,
    width,
    fields,
    is_bigendian,
    point_step,
    row_step,
    data,
    is_dense,
  };
}

/** name's length, offset, datatype and count: no field is smaller, which bounds what a hostile count can ask for */
const MIN_FIELD_BYTES = 13;

/** Of bytes in parts this much is put together: everything but the points is far smaller. */
const JOINED = 65_536;

class RawReader {
  readonly #source: Bytes;
  /** the beginning of the source, or all of it */
  #raw: Uint8Array;
  #view: DataView;
  readonly #padded: boolean;
  readonly #little: boolean;
  #at = 0;

  constructor(source: Bytes, flavour: RosFlavour) {
    const raw = source instanceof ByteParts ? source.join(0, JOINED) : source;
    this.#source = source;
    this.#raw = raw;
    this.#view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
    this.#padded = flavour === 'ros2';
    let little = true;
    if (this.#padded) {
      const kind = raw.length < 4 ? -1 : this.#view.getUint16(0);
      // 0 and 1: XCDR1 big and little endian; 6 and 7: the same of XCDR2, equal for types without 8-byte members.
      if (kind !== 0 && kind !== 1 && kind !== 6 && kind !== 7) {
        throw new WaybookError('link/protocol', 'A raw cloud does not start with a CDR header.', {
          hint: 'The bridge may be of the other ROS version.',
        });
      }
      little = (kind & 1) === 1;
      this.#at = 4;
    }
    this.#little = little;
  }

  /** Alignment of CDR counts from behind the 4-byte header, so absolute positions give the same result. */
  #take(size: number, alignment: number): number {
    const at = this.#skip(size, alignment);
    if (this.#at > this.#raw.length && this.#source instanceof ByteParts) {
      this.#raw = this.#source.join();
      this.#view = new DataView(this.#raw.buffer, this.#raw.byteOffset, this.#raw.byteLength);
    }
    return at;
  }

  #skip(size: number, alignment: number): number {
    const at = this.#padded ? Math.ceil(this.#at / alignment) * alignment : this.#at;
    if (at + size > this.#source.length) {
      throw new WaybookError(
        'link/protocol',
        `A raw cloud ends early: ${at + size} bytes wanted, ${this.#source.length} found.`,
      );
    }
    this.#at = at + size;
    return at;
  }

  uint8(): number {
    return this.#view.getUint8(this.#take(1, 1));
  }
  uint32(): number {
    return this.#view.getUint32(this.#take(4, 4), this.#little);
  }
  int32(): number {
    return this.#view.getInt32(this.#take(4, 4), this.#little);
  }
  /** The length of a sequence whose items take at least `itemBytes`. */
  length(itemBytes: number): number {
    const length = this.uint32();
    if (length * itemBytes > this.#source.length)
      throw new WaybookError('link/protocol', `A raw cloud has ${length} fields.`);
    return length;
  }
  text(): string {
    const length = this.uint32();
    const at = this.#take(length, 1);
    const end =
      this.#padded && length > 0 && this.#raw[at + length - 1] === 0 ? at + length - 1 : at + length;
    return Buffer.from(this.#raw.buffer, this.#raw.byteOffset + at, end - at).toString('utf8');
  }
  bytes(): Bytes {
    const length = this.uint32();
    const at = this.#skip(length, 1);
    return this.#source.subarray(at, at + length);
  }
  /** The one byte that follows the data: not worth joining for. */
  last(): number {
    const at = this.#skip(1, 1);
    const byte = this.#source instanceof ByteParts ? this.#source.join(at, at + 1)[0] : this.#source[at];
    return byte as number;
  }
}

/** A message to write; of data that is not there yet only the length is needed. */
export type RawCloudSource = Omit<PointCloud2Message, 'data'> & {
  readonly data: Uint8Array | { readonly length: number };
};

/** How many bytes {@link writeRawPointCloud2} writes. */
export function rawPointCloud2Size(message: RawCloudSource): number {
  return writeHead(message, undefined, 0) + message.data.length + 1;
}

/**
 * Writes a message as little-endian CDR (ROS 2) into `target` at `at`, encapsulation header included. Where `data` is
 * only a length, the bytes at its place are left as they are, and `target` may end before them.
 */
export function writeRawPointCloud2(message: RawCloudSource, target: Uint8Array, at: number): void {
  const start = at + writeHead(message, target, at);
  if (message.data instanceof Uint8Array) target.set(message.data, start);
  target[start + message.data.length] = message.is_dense ? 1 : 0;
}

/** Everything up to the data; counts only, where there is no target. Returns the number of bytes. */
function writeHead(message: RawCloudSource, target: Uint8Array | undefined, base: number): number {
  const view = target && new DataView(target.buffer, target.byteOffset, target.byteLength);
  let at = 0;
  const uint8 = (value: number) => {
    view?.setUint8(base + at, value);
    at += 1;
  };
  const uint32 = (value: number) => {
    for (; at % 4 !== 0; at++) view?.setUint8(base + at, 0);
    view?.setUint32(base + at, value >>> 0, true);
    at += 4;
  };
  const text = (value: string) => {
    const bytes = Buffer.from(value, 'utf8');
    uint32(bytes.length + 1);
    target?.set(bytes, base + at);
    at += bytes.length;
    uint8(0);
  };
  [0, 1, 0, 0].forEach(uint8);
  uint32(message.header.stamp.sec);
  uint32(message.header.stamp.nanosec);
  text(message.header.frame_id);
  uint32(message.height);
  uint32(message.width);
  uint32(message.fields.length);
  for (const field of message.fields) {
    text(field.name);
    uint32(field.offset);
    uint8(field.datatype);
    uint32(field.count);
  }
  uint8(message.is_bigendian ? 1 : 0);
  uint32(message.point_step);
  uint32(message.row_step);
  uint32(message.data.length);
  return at;
}
