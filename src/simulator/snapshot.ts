import { WaybookError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';

/** Layout: SHA-256 of the world's identity (32 bytes), then the physics state and what the drive remembers, as float64. */
const HEADER_BYTES = 32;

export function packSnapshot(identity: string, state: Float64Array, memory: Float64Array): Uint8Array {
  const values = new Float64Array(state.length + memory.length);
  values.set(state);
  values.set(memory, state.length);
  const bytes = new Uint8Array(HEADER_BYTES + values.byteLength);
  bytes.set(Buffer.from(hashText(identity), 'hex'));
  bytes.set(new Uint8Array(values.buffer), HEADER_BYTES);
  return bytes;
}

/** Throws `input/format` where the bytes do not come from a world with this identity. */
export function unpackSnapshot(
  bytes: Uint8Array,
  identity: string,
  stateSize: number,
  memorySize: number,
): { state: Float64Array; memory: Float64Array } {
  const expected = HEADER_BYTES + 8 * (stateSize + memorySize);
  const header = Buffer.from(bytes.subarray(0, HEADER_BYTES)).toString('hex');
  if (bytes.length !== expected || header !== hashText(identity)) {
    throw new WaybookError('input/format', 'This snapshot was taken in another scene, seed or version.', {
      hint: 'Take a new snapshot after resetting the scene.',
    });
  }
  const values = new Float64Array(bytes.slice(HEADER_BYTES).buffer);
  if (!values.every(Number.isFinite)) {
    throw new WaybookError('input/format', 'This snapshot holds numbers that are not finite.');
  }
  return { state: values.subarray(0, stateSize), memory: values.subarray(stateSize) };
}
