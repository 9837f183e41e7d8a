import { WaybookError } from '../../core/errors.ts';

/**
 * Readers of hostile values. Each takes the value and the path it was found at, and either returns the wanted type or
 * throws a `link/protocol` error that names the path.
 */
export type Fields = Readonly<Record<string, unknown>>;

export function protocolError(path: string, wanted: string, found: unknown): WaybookError {
  return new WaybookError('link/protocol', `${path}: expected ${wanted}, found ${describe(found)}.`);
}

function describe(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'nothing';
  if (typeof value === 'string') return `"${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value)) return 'an array';
  return `a value of type ${typeof value}`;
}

export function asFields(value: unknown, path: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || ArrayBuffer.isView(value)) {
    throw protocolError(path, 'an object', value);
  }
  return value as Fields;
}

/** Like {@link asFields}, but absent counts as empty: ROS fills what a message leaves out with zeros. */
export const asOptionalFields = (value: unknown, path: string): Fields =>
  value === undefined || value === null ? {} : asFields(value, path);

export function asString(value: unknown, path: string): string {
  if (typeof value !== 'string') throw protocolError(path, 'text', value);
  return value;
}

export const asOptionalString = (value: unknown, path: string): string | undefined =>
  value === undefined || value === null ? undefined : asString(value, path);

/** A number; `null`, which bridges send for NaN and infinities, is NaN; 64-bit integers of CBOR are rounded. */
export function asNumber(value: unknown, path: string): number {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (value === null) return Number.NaN;
  throw protocolError(path, 'a number', value);
}

export function asFinite(value: unknown, path: string): number {
  const number = asNumber(value, path);
  if (!Number.isFinite(number)) throw protocolError(path, 'a finite number', value);
  return number;
}

export const asOptionalFinite = (value: unknown, path: string, fallback: number): number =>
  value === undefined || value === null ? fallback : asFinite(value, path);

export function asInteger(value: unknown, path: string): number {
  const number = asNumber(value, path);
  if (!Number.isSafeInteger(number)) throw protocolError(path, 'an integer', value);
  return number;
}

export const asOptionalInteger = (value: unknown, path: string, fallback: number): number =>
  value === undefined ? fallback : asInteger(value, path);

export function asBoolean(value: unknown, path: string): boolean {
  if (typeof value === 'boolean') return value;
  // CDR and some bridges carry bool as 0 and 1.
  if (value === 0 || value === 1) return value === 1;
  throw protocolError(path, 'true or false', value);
}

export const asOptionalBoolean = (value: unknown, path: string, fallback: boolean): boolean =>
  value === undefined || value === null ? fallback : asBoolean(value, path);

export function asList(value: unknown, path: string): readonly unknown[] {
  if (!Array.isArray(value)) throw protocolError(path, 'a list', value);
  return value;
}

export const asOptionalList = (value: unknown, path: string): readonly unknown[] =>
  value === undefined || value === null ? [] : asList(value, path);

export const asStrings = (value: unknown, path: string): string[] =>
  asOptionalList(value, path).map((item, i) => asString(item, `${path}[${i}]`));

/** Numbers from a JSON list (null means NaN) or from any typed array of CBOR; absent is empty. Always a copy. */
export function asNumbers(value: unknown, path: string): Float64Array {
  if (value === undefined || value === null) return new Float64Array(0);
  if (value instanceof BigInt64Array || value instanceof BigUint64Array)
    return Float64Array.from(value, Number);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Float64Array.from(value as unknown as ArrayLike<number>);
  }
  const list = asList(value, path);
  const numbers = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const item = list[i];
    numbers[i] = typeof item === 'number' ? item : asNumber(item, `${path}[${i}]`);
  }
  return numbers;
}

/** Bytes from base64 (JSON), a byte string or typed array (CBOR), or a list of numbers. A view where possible. */
export function asBytes(value: unknown, path: string): Uint8Array {
  if (value === undefined || value === null) return new Uint8Array(0);
  if (typeof value === 'string') return Buffer.from(value, 'base64');
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  const list = asList(value, path);
  return Uint8Array.from(list, (item, i) => asInteger(item, `${path}[${i}]`));
}
