/*
 * LZF, as PCD's binary_compressed has it. Format: oldhome.schmorp.de/marc/liblzf.html: a control byte below 32 is
 * followed by that many literals plus one; else its top three bits are a length and the rest the high part of an offset.
 */

/** The most that one byte can expand to: a match of three bytes gives 264. */
export const LZF_MAX_RATIO = 88;

/** Exactly `size` bytes from `data`. Throws a RangeError on anything that does not fit. */
export function decompressLzf(data: Uint8Array, size: number): Uint8Array {
  if (size > LZF_MAX_RATIO * data.length) throw new RangeError('the compressed data cannot expand that much');
  const out = new Uint8Array(size);
  let at = 0;
  let to = 0;
  while (at < data.length) {
    const control = data[at++] as number;
    if (control < 32) {
      const run = control + 1;
      if (at + run > data.length || to + run > size) throw new RangeError('literals out of bounds');
      for (let i = 0; i < run; i++) out[to++] = data[at++] as number;
      continue;
    }
    let length = control >>> 5;
    if (length === 7) length += at < data.length ? (data[at++] as number) : fail();
    const from = to - (((control & 31) << 8) | (at < data.length ? (data[at++] as number) : fail())) - 1;
    if (from < 0 || to + length + 2 > size) throw new RangeError('a match is out of bounds');
    for (let i = 0; i < length + 2; i++) out[to + i] = out[from + i] as number;
    to += length + 2;
  }
  if (to !== size) throw new RangeError(`${to} bytes where ${size} were announced`);
  return out;
}

function fail(): never {
  throw new RangeError('the compressed data ends early');
}

const MAX_OFFSET = 8192;
const MAX_MATCH = 264;
const HASH_BITS = 14;

/** LZF of `data`; never longer than 33/32 of it and one byte. */
export function compressLzf(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(data.length + Math.ceil(data.length / 32) + 1);
  const table = new Int32Array(1 << HASH_BITS).fill(-1);
  let to = 0;
  let anchor = 0;
  const literals = (end: number): void => {
    while (anchor < end) {
      const run = Math.min(32, end - anchor);
      out[to++] = run - 1;
      out.set(data.subarray(anchor, anchor + run), to);
      to += run;
      anchor += run;
    }
  };
  let at = 0;
  while (at + 2 < data.length) {
    const key = ((data[at] as number) << 16) | ((data[at + 1] as number) << 8) | (data[at + 2] as number);
    const slot = Math.imul(key, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = table[slot] as number;
    table[slot] = at;
    const offset = at - candidate - 1;
    if (
      candidate < 0 ||
      offset >= MAX_OFFSET ||
      data[candidate] !== data[at] ||
      data[candidate + 1] !== data[at + 1] ||
      data[candidate + 2] !== data[at + 2]
    ) {
      at++;
      continue;
    }
    let length = 3;
    while (length < MAX_MATCH && at + length < data.length && data[candidate + length] === data[at + length])
      length++;
    literals(at);
    const code = length - 2;
    if (code < 7) out[to++] = (code << 5) | (offset >>> 8);
    else {
      out[to++] = (7 << 5) | (offset >>> 8);
      out[to++] = code - 7;
    }
    out[to++] = offset & 255;
    at += length;
    anchor = at;
  }
  literals(data.length);
  return out.slice(0, to);
}
