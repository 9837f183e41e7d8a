import { unzlibSync, zlibSync } from 'fflate';

/** Pixels in memory: RGB, row by row. */
export interface Raster {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}

const SIGNATURE = [137, 80, 78, 71, 13, 10, 26, 10];
/** A picture larger than this is not decoded [pixels]. */
const MAX_PIXELS = 16_000_000;

/**
 * Decodes 8-bit grey, RGB and RGBA PNGs without interlacing (W3C PNG, third edition), which robots' image topics carry;
 * undefined for everything else: the caller then sends the picture as it is.
 */
export function decodePng(bytes: Uint8Array): Raster | undefined {
  if (!SIGNATURE.every((b, i) => bytes[i] === b)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const parts: Uint8Array[] = [];
  let width = 0;
  let height = 0;
  let channels = 0;
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = view.getUint32(at);
    const type = String.fromCharCode(...bytes.subarray(at + 4, at + 8));
    const body = at + 8;
    if (body + length + 4 > bytes.length) return undefined;
    if (type === 'IHDR') {
      width = view.getUint32(body);
      height = view.getUint32(body + 4);
      channels = { 0: 1, 2: 3, 6: 4 }[bytes[body + 9] as number] ?? 0;
      const plain = bytes[body + 8] === 8 && bytes[body + 12] === 0;
      if (!plain || channels === 0 || width === 0 || height === 0 || width * height > MAX_PIXELS)
        return undefined;
    } else if (type === 'IDAT') parts.push(bytes.subarray(body, body + length));
    else if (type === 'IEND') break;
    at = body + length + 4;
  }
  if (channels === 0) return undefined;
  const packed = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let offset = 0;
  for (const part of parts) {
    packed.set(part, offset);
    offset += part.length;
  }
  let raw: Uint8Array;
  try {
    raw = unzlibSync(packed, { out: new Uint8Array(height * (1 + width * channels)) });
  } catch {
    return undefined;
  }
  const lines = unfilter(raw, width, height, channels);
  if (lines === undefined) return undefined;
  const rgb = new Uint8Array(3 * width * height);
  for (let i = 0; i < width * height; i++) {
    for (let k = 0; k < 3; k++) rgb[3 * i + k] = lines[i * channels + (channels === 1 ? 0 : k)] as number;
  }
  return { width, height, rgb };
}

/** Undoes the per-line prediction (section 9 of the PNG specification). */
function unfilter(raw: Uint8Array, width: number, height: number, channels: number): Uint8Array | undefined {
  const stride = width * channels;
  const out = new Uint8Array(height * stride);
  for (let y = 0; y < height; y++) {
    const filter = raw[y * (stride + 1)] as number;
    for (let x = 0; x < stride; x++) {
      const value = raw[y * (stride + 1) + 1 + x] as number;
      const left = x >= channels ? (out[y * stride + x - channels] as number) : 0;
      const up = y > 0 ? (out[(y - 1) * stride + x] as number) : 0;
      const corner = y > 0 && x >= channels ? (out[(y - 1) * stride + x - channels] as number) : 0;
      let predicted: number;
      if (filter === 0) predicted = 0;
      else if (filter === 1) predicted = left;
      else if (filter === 2) predicted = up;
      else if (filter === 3) predicted = (left + up) >> 1;
      else if (filter === 4) predicted = paeth(left, up, corner);
      else return undefined;
      out[y * stride + x] = value + predicted;
    }
  }
  return out;
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const pa = Math.abs(p - a);
  const pb = Math.abs(p - b);
  const pc = Math.abs(p - c);
  if (pa <= pb && pa <= pc) return a;
  return pb <= pc ? b : c;
}

/** Encodes RGB without prediction. */
export function encodePng({ width, height, rgb }: Raster): Uint8Array {
  const raw = new Uint8Array(height * (1 + 3 * width));
  for (let y = 0; y < height; y++)
    raw.set(rgb.subarray(3 * width * y, 3 * width * (y + 1)), y * (1 + 3 * width) + 1);
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const chunks = [
    chunk('IHDR', header),
    chunk('IDAT', zlibSync(raw, { level: 6 })),
    chunk('IEND', new Uint8Array(0)),
  ];
  const bytes = new Uint8Array(8 + chunks.reduce((n, c) => n + c.length, 0));
  bytes.set(SIGNATURE);
  let at = 8;
  for (const c of chunks) {
    bytes.set(c, at);
    at += c.length;
  }
  return bytes;
}

function chunk(type: string, body: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(body.length + 12);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, body.length);
  for (let i = 0; i < 4; i++) bytes[4 + i] = type.charCodeAt(i);
  bytes.set(body, 8);
  view.setUint32(8 + body.length, crc32(bytes.subarray(4, 8 + body.length)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, n) => {
  let c = n;
  for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
  return c;
});

function crc32(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (let i = 0; i < bytes.length; i++) {
    crc = (crc >>> 8) ^ (CRC_TABLE[(crc ^ (bytes[i] as number)) & 255] as number);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
