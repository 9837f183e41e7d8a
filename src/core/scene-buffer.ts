import { bytesOf, hashBytes } from './hash.ts';
import type { BufferType, SceneBuffer } from './scene.ts';

type TypedArray = Float32Array | Float64Array | Uint8Array | Uint16Array | Uint32Array | Int32Array;

/** Stores bytes under their hash and returns the path that finds them again. */
export type SidecarWriter = (sha256: string, bytes: Uint8Array) => string;

/** Encodes inline below `inlineLimit` bytes, else through `sidecar` where there is one. */
export function encodeBuffer(
  array: TypedArray,
  shape: readonly number[],
  options: { sidecar?: SidecarWriter; inlineLimit?: number } = {},
): SceneBuffer {
  const expected = shape.reduce((a, b) => a * b, 1);
  if (expected !== array.length) {
    throw new RangeError(
      `encodeBuffer: shape ${shape.join('x')} wants ${expected} values, found ${array.length}`,
    );
  }
  const bytes = bytesOf(array);
  const head = { dtype: dtypeOf(array), shape, sha256: hashBytes(bytes) };
  const { sidecar, inlineLimit = 16 * 1024 } = options;
  if (sidecar && bytes.length > inlineLimit) return { ...head, path: sidecar(head.sha256, bytes) };
  return { ...head, base64: toBase64(bytes) };
}

const BYTES_PER_VALUE: Record<BufferType, number> = { f32: 4, f64: 8, u8: 1, u16: 2, u32: 4, i32: 4 };

/**
 * A typed array of `bytes`: a copy, or with `share` a view of the same memory wherever its alignment allows, for
 * callers that hand the bytes over. Throws a RangeError where the length does not fit the shape.
 */
export function decodeBuffer(buffer: SceneBuffer, bytes: Uint8Array, share = false): TypedArray {
  const count = buffer.shape.reduce((a, b) => a * b, 1);
  const expected = count * BYTES_PER_VALUE[buffer.dtype];
  if (bytes.length !== expected) {
    throw new RangeError(
      `decodeBuffer: ${buffer.dtype} ${buffer.shape.join('x')} wants ${expected} bytes, found ${bytes.length}`,
    );
  }
  // A view into a larger buffer may be misaligned for 4- and 8-byte values.
  const fits = share && bytes.byteOffset % BYTES_PER_VALUE[buffer.dtype] === 0;
  const source = fits ? bytes : bytes.slice();
  const aligned = source.buffer as ArrayBuffer;
  const at = source.byteOffset;
  switch (buffer.dtype) {
    case 'f32':
      return new Float32Array(aligned, at, count);
    case 'f64':
      return new Float64Array(aligned, at, count);
    case 'u8':
      return new Uint8Array(aligned, at, count);
    case 'u16':
      return new Uint16Array(aligned, at, count);
    case 'u32':
      return new Uint32Array(aligned, at, count);
    case 'i32':
      return new Int32Array(aligned, at, count);
  }
}

function dtypeOf(array: TypedArray): BufferType {
  if (array instanceof Float32Array) return 'f32';
  if (array instanceof Float64Array) return 'f64';
  if (array instanceof Uint8Array) return 'u8';
  if (array instanceof Uint16Array) return 'u16';
  if (array instanceof Uint32Array) return 'u32';
  return 'i32';
}

/** Base64 of bytes in chunks, since String.fromCharCode has an argument limit. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let i = 0; i < bytes.length; i += 0x8000) {
    binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  }
  return btoa(binary);
}

export function fromBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  return bytes;
}
