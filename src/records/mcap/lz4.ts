/*
 * LZ4 frames, both ways: the compression that every MCAP reader knows. The packages at hand only decompress, or load
 * WebAssembly from a path that a bundle does not have. Format: github.com/lz4/lz4, doc/lz4_Frame_format.md (1.6.2) and
 * doc/lz4_Block_format.md.
 */

const MAGIC = 0x184d2204;
/** version 1, independent blocks, no checksums or sizes; blocks of up to 4 MB; the checksum byte of those two */
const DESCRIPTOR = [0x60, 0x70, 0x73] as const;
const BLOCK_BYTES = 4 * 1024 * 1024;
const STORED = 0x80000000;

const MIN_MATCH = 4;
/** The last five bytes are literals, and the last match starts at least twelve bytes before the end. */
const LAST_LITERALS = 5;
const MATCH_LIMIT = 12;
const MAX_OFFSET = 65535;
const HASH_BITS = 14;

/** One LZ4 frame. Greedy matching: fast, and enough for JSON. */
export function compressLz4(data: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [new Uint8Array([...littleEndian(MAGIC), ...DESCRIPTOR])];
  const scratch = new Uint8Array(Math.min(data.length, BLOCK_BYTES));
  for (let at = 0; at < data.length; at += BLOCK_BYTES) {
    const block = data.subarray(at, at + BLOCK_BYTES);
    const size = compressBlock(block, scratch);
    const stored = size === 0;
    parts.push(new Uint8Array(littleEndian(stored ? (block.length | STORED) >>> 0 : size)));
    parts.push(stored ? block : scratch.slice(0, size));
  }
  parts.push(new Uint8Array(4));
  return join(parts);
}

/** Bytes written to `out`, or 0 where the block does not get smaller. */
function compressBlock(src: Uint8Array, out: Uint8Array): number {
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  const lastMatch = src.length - MATCH_LIMIT;
  const lastByte = src.length - LAST_LITERALS;
  let anchor = 0;
  let at = 0;
  let to = 0;
  let misses = 0;
  while (at <= lastMatch) {
    const word = read32(src, at);
    const slot = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = table[slot] as number;
    table[slot] = at;
    if (candidate < 0 || at - candidate > MAX_OFFSET || read32(src, candidate) !== word) {
      // Steps widen over data without repeats, so that incompressible clouds cost little.
      at += 1 + (misses++ >> 6);
      continue;
    }
    misses = 0;
    let length = MIN_MATCH;
    while (at + length < lastByte && src[candidate + length] === src[at + length]) length++;
    const literals = at - anchor;
    const worst = 1 + Math.ceil((literals + 1) / 255) + literals + 2 + Math.ceil((length + 1) / 255);
    if (to + worst >= src.length) return 0;
    to = writeSequence(out, to, src, anchor, literals, length - MIN_MATCH);
    out[to++] = (at - candidate) & 255;
    out[to++] = (at - candidate) >>> 8;
    to = writeLength(out, to, length - MIN_MATCH);
    at += length;
    anchor = at;
  }
  const literals = src.length - anchor;
  if (to + 1 + Math.ceil((literals + 1) / 255) + literals >= src.length) return 0;
  return writeSequence(out, to, src, anchor, literals, 0);
}

function writeSequence(
  out: Uint8Array,
  to: number,
  src: Uint8Array,
  from: number,
  literals: number,
  match: number,
): number {
  out[to++] = (Math.min(literals, 15) << 4) | Math.min(match, 15);
  to = writeLength(out, to, literals);
  out.set(src.subarray(from, from + literals), to);
  return to + literals;
}

/** What of a length is beyond the 15 that the token holds. */
function writeLength(out: Uint8Array, to: number, length: number): number {
  if (length < 15) return to;
  let rest = length - 15;
  for (; rest >= 255; rest -= 255) out[to++] = 255;
  out[to++] = rest;
  return to;
}

/** Decompresses one frame to exactly `size` bytes. Throws a RangeError on anything that does not fit. */
export function decompressLz4(data: Uint8Array, size: number): Uint8Array {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  if (data.length < 11 || view.getUint32(0, true) !== MAGIC) throw new RangeError('lz4: not an LZ4 frame');
  const flags = data[4] as number;
  if (flags >>> 6 !== 1) throw new RangeError('lz4: unknown version');
  if (flags & 1) throw new RangeError('lz4: dictionaries are not supported');
  // An expansion beyond what the format can do (255 to 1) is a made-up size: refuse it before allocating.
  if (size > 255 * data.length + 64) throw new RangeError('lz4: the size cannot be right');
  const blockChecksum = (flags & 16) !== 0;
  let at = 7 + (flags & 8 ? 8 : 0);
  const out = new Uint8Array(size);
  let to = 0;
  for (;;) {
    if (at + 4 > data.length) throw new RangeError('lz4: the frame ends early');
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) break;
    const length = (head & ~STORED) >>> 0;
    if (at + length > data.length) throw new RangeError('lz4: a block ends early');
    const block = data.subarray(at, at + length);
    if (head >= STORED) {
      if (to + length > size) throw new RangeError('lz4: more data than announced');
      out.set(block, to);
      to += length;
    } else to = decompressBlock(block, out, to);
    at += length + (blockChecksum ? 4 : 0);
  }
  if (to !== size) throw new RangeError(`lz4: ${to} bytes where ${size} were announced`);
  return out;
}

function decompressBlock(src: Uint8Array, out: Uint8Array, to: number): number {
  let at = 0;
  const length = (start: number): number => {
    let total = start;
    if (start < 15) return total;
    for (;;) {
      if (at >= src.length) throw new RangeError('lz4: a length ends early');
      const more = src[at++] as number;
      total += more;
      if (more < 255) return total;
    }
  };
  while (at < src.length) {
    const token = src[at++] as number;
    const literals = length(token >>> 4);
    if (at + literals > src.length || to + literals > out.length)
      throw new RangeError('lz4: literals out of bounds');
    out.set(src.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === src.length) return to;
    if (at + 2 > src.length) throw new RangeError('lz4: an offset ends early');
    const offset = (src[at] as number) | ((src[at + 1] as number) << 8);
    at += 2;
    const match = length(token & 15) + MIN_MATCH;
    if (offset === 0 || offset > to || to + match > out.length)
      throw new RangeError('lz4: match out of bounds');
    // Byte by byte: a match may overlap what it writes.
    for (let i = 0; i < match; i++) out[to + i] = out[to + i - offset] as number;
    to += match;
  }
  return to;
}

const read32 = (a: Uint8Array, i: number): number =>
  (a[i] as number) |
  ((a[i + 1] as number) << 8) |
  ((a[i + 2] as number) << 16) |
  ((a[i + 3] as number) << 24);

const littleEndian = (n: number): number[] => [n & 255, (n >>> 8) & 255, (n >>> 16) & 255, n >>> 24];

function join(parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, part) => n + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
