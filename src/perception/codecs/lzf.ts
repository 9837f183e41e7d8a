/*
 * LZF, as PCD's binary_compressed has it. Format: oldhome.schmorp.de/marc/liblzf.html: a control byte below 32 is
 * followed by that many literals plus one; else its top three bits are a length and the rest the high part of an offset.
 */

/**
 * Exactly `size` bytes from `data`. Throws a RangeError on anything that does not fit, before it allocates: what is
 * announced is compared with what the control bytes add up to.
 */
export function decompressLzf(data: Uint8Array, size: number): Uint8Array {
  const length = expandedLength(data, size);
  if (length !== size) throw new RangeError(`${length} bytes where ${size} were announced`);
  const out = new Uint8Array(size);
  let at = 0;
  let to = 0;
  while (at < data.length) {
    const control = data[at++] as number;
    if (control < 32) {
      for (let i = 0; i <= control; i++) out[to++] = data[at++] as number;
      continue;
    }
    let match = (control >>> 5) + 2;
    if (match === 9) match += data[at++] as number;
    const from = to - (((control & 31) << 8) | (data[at++] as number)) - 1;
    if (from < 0) throw new RangeError('a match is out of bounds');
    for (let i = 0; i < match; i++) out[to + i] = out[from + i] as number;
    to += match;
  }
  return out;
}

/** Bytes that `data` expands to, counted no further than `limit`. */
function expandedLength(data: Uint8Array, limit: number): number {
  let at = 0;
  let total = 0;
  while (at < data.length && total <= limit) {
    const control = data[at++] as number;
    if (control < 32) {
      at += control + 1;
      total += control + 1;
    } else {
      let match = (control >>> 5) + 2;
      if (match === 9) match += data[at++] ?? 0;
      at++;
      total += match;
    }
    if (at > data.length) throw new RangeError('the compressed data ends early');
  }
  return total;
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
