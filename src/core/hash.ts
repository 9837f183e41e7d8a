import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import canonicalize from 'canonicalize';

/** SHA-256 of raw bytes, lower-case hex. */
export const hashBytes = (bytes: Uint8Array): string => bytesToHex(sha256(bytes));

/** SHA-256 of UTF-8 text, lower-case hex. */
export const hashText = (text: string): string => hashBytes(new TextEncoder().encode(text));

/**
 * SHA-256 over canonical JSON (RFC 8785), so that key order and number spelling do not matter.
 * Throws a TypeError on NaN and infinities, which JSON cannot hold.
 */
export function hashJson(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('hashJson: the value has no JSON form');
  return hashText(text);
}

/** The bytes of a typed array, without a copy. Little-endian on every platform that we support. */
export const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer as ArrayBuffer, view.byteOffset, view.byteLength);
