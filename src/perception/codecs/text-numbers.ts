import {
  BYTES,
  arrayOf,
  codecError,
  type FieldArray,
  type FieldType,
  type PointField,
} from './point-table.ts';

/** Cuts bytes into tokens at white space, without making a string of the whole file. */
export class TokenReader {
  private at: number;
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array, start: number) {
    this.bytes = bytes;
    this.at = start;
  }

  /** The next token, or an empty text at the end. */
  next(): string {
    const { bytes } = this;
    let at = this.at;
    while (at < bytes.length && (bytes[at] as number) <= 32) at++;
    const start = at;
    while (at < bytes.length && (bytes[at] as number) > 32) at++;
    this.at = at;
    // No number is longer: what is cannot be one, and fails as such.
    return latin1(bytes, start, Math.min(at, start + 64));
  }

  skipLines(count: number): void {
    for (let i = 0; i < count && this.at < this.bytes.length; i++) {
      const end = this.bytes.indexOf(10, this.at);
      this.at = end < 0 ? this.bytes.length : end + 1;
    }
  }
}

/** Text of single bytes; headers and numbers are ASCII. */
export function latin1(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let i = start; i < end; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

const RANGES: Record<'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32', readonly [number, number]> = {
  i8: [-128, 127],
  u8: [0, 255],
  i16: [-32768, 32767],
  u16: [0, 65535],
  i32: [-2147483648, 2147483647],
  u32: [0, 4294967295],
};

/**
 * Reads rows of numbers, point by point and field by field. Throws `input/format` on what is no number, does not fit
 * its type, or is missing; before it allocates anything for rows that the bytes cannot hold.
 */
export function readRows(
  format: string,
  bytes: Uint8Array,
  start: number,
  reader: TokenReader,
  fields: readonly { readonly name: string; readonly type: FieldType; readonly count: number }[],
  points: number,
): PointField[] {
  const perPoint = fields.reduce((n, f) => n + f.count, 0);
  // A value takes a digit and a separator; the last needs none.
  if (points * perPoint * 2 - 1 > bytes.length - start) {
    throw codecError(
      format,
      `${points} points of ${perPoint} values cannot be in ${bytes.length - start} bytes of text`,
    );
  }
  const columns = fields.map((f): FieldArray =>
    arrayOf(f.type, new ArrayBuffer(BYTES[f.type] * f.count * points)),
  );
  for (let i = 0; i < points; i++) {
    fields.forEach((field, k) => {
      const column = columns[k] as FieldArray;
      for (let c = 0; c < field.count; c++) {
        const token = reader.next();
        if (token === '') throw codecError(format, `it ends after ${i} of ${points} points`);
        store(format, column, i * field.count + c, field, token);
      }
    });
  }
  return fields.map((f, k) => ({ ...f, values: columns[k] as FieldArray }));
}

function store(
  format: string,
  column: FieldArray,
  index: number,
  field: { name: string; type: FieldType },
  token: string,
): void {
  const bad = (): Error => codecError(format, `"${token}" is no ${field.type} (field ${field.name})`);
  if (column instanceof BigInt64Array || column instanceof BigUint64Array) {
    if (!/^[+-]?\d{1,20}$/.test(token)) throw bad();
    const value = BigInt(token.replace('+', ''));
    const fits =
      column instanceof BigInt64Array
        ? BigInt.asIntN(64, value) === value
        : BigInt.asUintN(64, value) === value;
    if (!fits) throw bad();
    column[index] = value;
    return;
  }
  const value = parseNumber(token);
  if (value === undefined) throw bad();
  if (field.type !== 'f32' && field.type !== 'f64') {
    const [low, high] = RANGES[field.type as keyof typeof RANGES];
    if (!Number.isInteger(value) || value < low || value > high) throw bad();
  }
  column[index] = value;
}

function parseNumber(token: string): number | undefined {
  if (/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(token)) return Number(token);
  if (/^[+-]?nan(\([^)]*\))?$/i.test(token)) return NaN;
  if (/^[+-]?inf(inity)?$/i.test(token)) return token.startsWith('-') ? -Infinity : Infinity;
  return undefined;
}

/** The shortest text that gives the same float32 (or float64) back. */
function formatNumber(value: number | bigint, single: boolean): string {
  if (typeof value === 'bigint') return value.toString();
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value < 0 ? '-inf' : 'inf';
  if (Object.is(value, -0)) return '-0';
  if (!single || Number.isInteger(value)) return String(value);
  for (let digits = 6; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === value) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}

/** Rows of text, one point a line. */
export function writeRows(fields: readonly PointField[], points: number): string {
  const lines: string[] = [];
  for (let i = 0; i < points; i++) {
    const row: string[] = [];
    for (const { values, count, type } of fields) {
      for (let c = 0; c < count; c++)
        row.push(formatNumber(values[i * count + c] as number | bigint, type === 'f32'));
    }
    lines.push(row.join(' '));
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/**
 * Text knows one NaN: where a float field holds another (packed colours do), it is written as the integer with the
 * same bits.
 */
export function textSafe(field: PointField): PointField {
  const { values } = field;
  if (values instanceof Float32Array) {
    const bits = new Uint32Array(values.buffer, values.byteOffset, values.length);
    const odd = values.some((v, i) => Number.isNaN(v) && bits[i] !== 0x7fc00000);
    return odd ? { ...field, type: 'u32', values: bits } : field;
  }
  if (values instanceof Float64Array) {
    const bits = new BigUint64Array(values.buffer, values.byteOffset, values.length);
    const odd = values.some((v, i) => Number.isNaN(v) && bits[i] !== 0x7ff8000000000000n);
    return odd ? { ...field, type: 'u64', values: bits } : field;
  }
  return field;
}
