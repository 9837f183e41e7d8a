import type { ByteParts } from './byte-parts.ts';
import type { RawMessage } from './cbor.ts';

/** Every name, the topic's and a few lengths are shorter than this [bytes]. */
const HEAD = 4096;
const TEXT = 3;
const BYTES = 2;
const MAP = 5;
const UNSIGNED = 0;

/**
 * A `cbor-raw` publish frame whose message ends the frame, as bridges send them, without joining its parts: `msg.bytes`
 * is a view of them. Undefined where the frame is anything else; the general decoder says what (source: RFC 8949, 3).
 */
export function readRawPublish(frame: ByteParts): { topic: string; msg: RawMessage } | undefined {
  const from = new HeadReader(frame.join(0, HEAD));
  if (from.length(MAP) !== 3) return undefined;
  let topic: string | undefined;
  let op: string | undefined;
  for (let i = 0; i < 3; i++) {
    const key = from.text();
    if (key === 'op') op = from.text();
    else if (key === 'topic') topic = from.text();
    else if (key === 'msg' && i === 2) break;
    else return undefined;
  }
  if (op !== 'publish' || topic === undefined || from.length(MAP) !== 3) return undefined;
  let secs: number | undefined;
  let nsecs: number | undefined;
  for (let i = 0; i < 3; i++) {
    const key = from.text();
    if (key === 'secs') secs = from.length(UNSIGNED);
    else if (key === 'nsecs') nsecs = from.length(UNSIGNED);
    else if (key === 'bytes' && i === 2) break;
    else return undefined;
  }
  const length = from.length(BYTES);
  if (secs === undefined || nsecs === undefined || length === undefined) return undefined;
  if (from.at + length !== frame.length) return undefined;
  return { topic, msg: { secs, nsecs, bytes: frame.subarray(from.at, frame.length) } };
}

/** Reads heads of CBOR items; what does not fit is undefined, and so is everything after it. */
class HeadReader {
  at = 0;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The argument of an item of this major type. */
  length(major: number): number | undefined {
    const first = this.#bytes[this.at];
    if (first === undefined || first >> 5 !== major) return this.#end();
    const short = first & 31;
    this.at++;
    if (short < 24) return short;
    const size = short === 24 ? 1 : short === 25 ? 2 : short === 26 ? 4 : 0;
    if (size === 0 || this.at + size > this.#bytes.length) return this.#end();
    const at = this.at;
    this.at += size;
    if (size === 1) return this.#view.getUint8(at);
    return size === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  text(): string | undefined {
    const length = this.length(TEXT);
    if (length === undefined || this.at + length > this.#bytes.length) return this.#end();
    const start = this.at;
    this.at += length;
    return Buffer.from(this.#bytes.buffer, this.#bytes.byteOffset + start, length).toString('utf8');
  }

  #end(): undefined {
    this.at = this.#bytes.length;
    return undefined;
  }
}
