import { Decoder, Encoder, setSizeLimits } from 'cbor-x';
import { WaybookError } from '../../core/errors.ts';
import { ByteParts } from './byte-parts.ts';
import type { Bytes } from './byte-parts.ts';

// Bounds what a few hostile bytes can make the decoder allocate; typed arrays travel as byte strings and are not meant.
setSizeLimits({ maxArraySize: 4_000_000, maxMapSize: 100_000, maxObjectSize: 100_000 });

const encoder = new Encoder({
  useRecords: false,
  mapsAsObjects: true,
  variableMapSize: true,
  // Bridges send uint8[] as a plain byte string, other typed arrays under the tags of RFC 8746.
  tagUint8Array: false,
});
const decoder = new Decoder({ useRecords: false, mapsAsObjects: true });

/**
 * CBOR of a message as bridges send it: uint8[] as a byte string, other typed arrays under tags 69-86 (RFC 8746).
 * The result is the caller's own.
 */
export const encodeCbor = (value: unknown): Uint8Array => encoder.encode(value);

/** A value from CBOR; typed arrays may be views into `bytes`. Throws `link/protocol` on malformed input. */
export function decodeCbor(bytes: Uint8Array): unknown {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new WaybookError('link/protocol', 'A binary frame is not valid CBOR.', { cause });
  }
}

/** What a `cbor-raw` subscription delivers as `msg`: the bridge's time of receipt and the serialised message. */
export interface RawMessage {
  readonly secs: number;
  readonly nsecs: number;
  /** CDR with its encapsulation header (ROS 2), or ROS 1 serialisation */
  readonly bytes: Bytes;
}

/** The `msg` of a `cbor-raw` publish, or undefined where it has another shape. */
export function asRawMessage(msg: unknown): RawMessage | undefined {
  if (typeof msg !== 'object' || msg === null) return undefined;
  const { secs, nsecs, bytes } = msg as Record<string, unknown>;
  if (!(bytes instanceof Uint8Array || bytes instanceof ByteParts)) return undefined;
  return { secs: Number(secs ?? 0), nsecs: Number(nsecs ?? 0), bytes };
}

const text = new TextEncoder();

/**
 * The head of a `cbor-raw` publish frame; `byteLength` bytes of the serialised message follow it. What lies `aligned`
 * bytes into that message lands on a multiple of 4 of the frame, so that a reader can lay typed arrays over it without
 * a copy (lengths of CBOR texts may be written longer than they need be).
 */
export function cborRawHead(
  topic: string,
  secs: number,
  nsecs: number,
  byteLength: number,
  aligned = 0,
): Uint8Array {
  const name = text.encode(topic);
  const head = new Uint8Array(64 + name.length);
  let at = 0;
  const put = (...bytes: number[]) => {
    for (const byte of bytes) head[at++] = byte;
  };
  const word = (value: number) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
  const short = (string: string) => put(0x60 + string.length, ...text.encode(string));
  const fixed = FIXED_HEAD + name.length;
  const padding = (4 - ((fixed + aligned) % 4)) % 4;
  put(0xa3);
  short('op');
  // One byte more for the length of "publish", two more for the topic's.
  if (padding % 2 === 1) put(0x78, 7, ...text.encode('publish'));
  else short('publish');
  short('topic');
  if (padding >= 2) put(0x7a, ...word(name.length));
  else put(0x79, name.length >> 8, name.length & 255);
  head.set(name, at);
  at += name.length;
  short('msg');
  put(0xa3);
  short('secs');
  put(0x1a, ...word(secs));
  short('nsecs');
  put(0x1a, ...word(nsecs));
  short('bytes');
  put(0x5a, ...word(byteLength));
  return head.subarray(0, at);
}

/** Bytes of the head beside the topic's name, with every length written as short as it comes. */
const FIXED_HEAD = 1 + 3 + 8 + 6 + 3 + 4 + 1 + 5 + 5 + 6 + 5 + 6 + 5;
