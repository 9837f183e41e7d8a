import { compressLzf, decompressLzf } from './lzf.ts';
import {
  BYTES,
  codecError,
  type FieldType,
  gather,
  type PointField,
  type PointTable,
  arrayOf,
  scatter,
} from './point-table.ts';
import { latin1, readRows, textSafe, TokenReader, writeRows } from './text-numbers.ts';

export type PcdEncoding = 'ascii' | 'binary' | 'binary_compressed';

const HEADER_LIMIT = 64 * 1024;
const MAX_FIELDS = 256;
const MAX_COUNT = 65_536;

interface Header {
  readonly fields: readonly { readonly name: string; readonly type: FieldType; readonly count: number }[];
  readonly points: number;
  readonly width: number;
  readonly height: number;
  readonly viewpoint: readonly number[] | undefined;
  readonly data: string;
  /** offset of the first byte behind the header */
  readonly end: number;
  /** bytes of one point */
  readonly stride: number;
}

/**
 * Reads a PCD file (versions .5 to .7; ascii, binary, binary_compressed) with every field in its own type. Throws a
 * WaybookError `input/format`; allocates nothing that the file's size does not justify.
 * Format: pointclouds.org/documentation/tutorials/pcd_file_format.html
 */
export function readPcd(bytes: Uint8Array): PointTable {
  const header = readHeader(bytes);
  const { points, width, height, viewpoint } = header;
  const shape = { count: points, width, height, ...(viewpoint ? { viewpoint } : {}) };
  switch (header.data) {
    case 'ascii':
      return {
        ...shape,
        fields: readRows('PCD', bytes, header.end, new TokenReader(bytes, header.end), header.fields, points),
      };
    case 'binary':
      return { ...shape, fields: readBinary(bytes, header) };
    case 'binary_compressed':
      return { ...shape, fields: readCompressed(bytes, header) };
    default:
      throw codecError('PCD', `data of kind "${header.data.slice(0, 20)}" is unknown`);
  }
}

function readBinary(bytes: Uint8Array, { fields, points, stride, end }: Header): PointField[] {
  if (points * stride > bytes.length - end) {
    throw codecError(
      'PCD',
      `it has room for ${Math.floor((bytes.length - end) / stride)} of ${points} points`,
    );
  }
  // Words can only be copied from an aligned start; one copy is cheaper than bytes one by one.
  const data =
    (bytes.byteOffset + end) % 4 === 0 ? bytes.subarray(end) : bytes.slice(end, end + points * stride);
  let offset = 0;
  return fields.map((field) => {
    const values = gather(data, { offset, stride, littleEndian: true }, field.type, field.count, points);
    offset += BYTES[field.type] * field.count;
    return { ...field, values };
  });
}

/** All values of the first field, then all of the second, and so on; compressed as one. */
function readCompressed(bytes: Uint8Array, { fields, points, stride, end }: Header): PointField[] {
  if (end + 8 > bytes.length) throw codecError('PCD', 'the compressed data is missing');
  const view = new DataView(bytes.buffer, bytes.byteOffset + end, 8);
  const packed = view.getUint32(0, true);
  const size = view.getUint32(4, true);
  if (size !== points * stride)
    throw codecError('PCD', `${points} points take ${points * stride} bytes, not ${size}`);
  if (end + 8 + packed > bytes.length) throw codecError('PCD', 'the compressed data ends early');
  let data: Uint8Array;
  try {
    data = decompressLzf(bytes.subarray(end + 8, end + 8 + packed), size);
  } catch (error) {
    throw codecError('PCD', error instanceof RangeError ? error.message : 'the compressed data is damaged');
  }
  let offset = 0;
  return fields.map((field) => {
    const length = BYTES[field.type] * field.count * points;
    const values = arrayOf(field.type, data.buffer.slice(offset, offset + length) as ArrayBuffer);
    offset += length;
    return { ...field, values };
  });
}

function readHeader(bytes: Uint8Array): Header {
  const entries = new Map<string, string[]>();
  let at = 0;
  for (;;) {
    const newline = bytes.indexOf(10, at);
    if (newline < 0 || newline > HEADER_LIMIT) throw codecError('PCD', 'its header has no DATA line');
    const line = latin1(bytes, at, newline).trim();
    at = newline + 1;
    if (line === '' || line.startsWith('#')) continue;
    const [key, ...values] = line.split(/\s+/);
    if (!/^[A-Z]+$/.test(key ?? '')) throw codecError('PCD', `"${line.slice(0, 20)}" is no header line`);
    entries.set(key as string, values);
    if (key === 'DATA') break;
  }
  const names = entries.get('FIELDS') ?? entries.get('COLUMNS');
  const sizes = entries.get('SIZE');
  const types = entries.get('TYPE');
  if (!names || names.length === 0 || !sizes || !types)
    throw codecError('PCD', 'FIELDS, SIZE or TYPE is missing');
  if (names.length > MAX_FIELDS) throw codecError('PCD', `it has more than ${MAX_FIELDS} fields`);
  const counts = entries.get('COUNT') ?? names.map(() => '1');
  if (sizes.length !== names.length || types.length !== names.length || counts.length !== names.length) {
    throw codecError('PCD', 'FIELDS, SIZE, TYPE and COUNT do not have the same number of entries');
  }
  const fields = names.map((name, i) => {
    const count = integer(counts[i], 'COUNT');
    if (count < 1 || count > MAX_COUNT) throw codecError('PCD', `a COUNT of ${count}`);
    return { name, type: typeOf(types[i], sizes[i]), count };
  });
  const stride = fields.reduce((n, f) => n + BYTES[f.type] * f.count, 0);
  const width = integer(entries.get('WIDTH')?.[0] ?? entries.get('POINTS')?.[0], 'WIDTH');
  const height = integer(entries.get('HEIGHT')?.[0] ?? '1', 'HEIGHT');
  const points = integer(entries.get('POINTS')?.[0] ?? String(width * height), 'POINTS');
  if (points !== width * height) throw codecError('PCD', `${points} points are not ${width} x ${height}`);
  if (points * stride > Number.MAX_SAFE_INTEGER)
    throw codecError('PCD', 'it announces more points than can exist');
  const viewpoint = entries.get('VIEWPOINT')?.map(Number);
  const usable = viewpoint?.length === 7 && viewpoint.every(Number.isFinite) ? viewpoint : undefined;
  return {
    fields,
    points,
    width,
    height,
    viewpoint: usable,
    data: entries.get('DATA')?.[0]?.toLowerCase() ?? '',
    end: at,
    stride,
  };
}

function integer(text: string | undefined, key: string): number {
  if (text === undefined || !/^\d{1,12}$/.test(text))
    throw codecError('PCD', `${key} must be a whole number`);
  return Number(text);
}

function typeOf(type: string | undefined, size: string | undefined): FieldType {
  const key = `${type}${size}`;
  const known = TYPES[key];
  if (!known) throw codecError('PCD', `a field of type ${type} and size ${size} is unknown`);
  return known;
}

const TYPES: Readonly<Record<string, FieldType | undefined>> = {
  I1: 'i8',
  U1: 'u8',
  I2: 'i16',
  U2: 'u16',
  I4: 'i32',
  U4: 'u32',
  I8: 'i64',
  U8: 'u64',
  F4: 'f32',
  F8: 'f64',
};

/** Writes version .7. Throws `input/format` for names that the header cannot hold. */
export function writePcd(table: PointTable, encoding: PcdEncoding): Uint8Array {
  const fields = encoding === 'ascii' ? table.fields.map(textSafe) : table.fields;
  for (const { name } of fields) {
    if (!/^\S+$/.test(name)) throw codecError('PCD', `"${name}" cannot be a field's name`);
  }
  const width = table.width ?? table.count;
  const height = table.height ?? 1;
  const header = [
    '# .PCD v0.7 - Point Cloud Data file format',
    'VERSION 0.7',
    `FIELDS ${fields.map((f) => f.name).join(' ')}`,
    `SIZE ${fields.map((f) => BYTES[f.type]).join(' ')}`,
    `TYPE ${fields.map((f) => f.type.charAt(0).toUpperCase()).join(' ')}`,
    `COUNT ${fields.map((f) => f.count).join(' ')}`,
    `WIDTH ${width}`,
    `HEIGHT ${height}`,
    `VIEWPOINT ${(table.viewpoint ?? [0, 0, 0, 1, 0, 0, 0]).join(' ')}`,
    `POINTS ${table.count}`,
    `DATA ${encoding}`,
    '',
  ].join('\n');
  const head = new TextEncoder().encode(header);
  switch (encoding) {
    case 'ascii':
      return joined(head, new TextEncoder().encode(writeRows(fields, table.count)));
    case 'binary': {
      const stride = fields.reduce((n, f) => n + BYTES[f.type] * f.count, 0);
      const data = new Uint8Array(stride * table.count);
      let offset = 0;
      for (const field of fields) {
        scatter(field, data, { offset, stride, littleEndian: true }, table.count);
        offset += BYTES[field.type] * field.count;
      }
      return joined(head, data);
    }
    case 'binary_compressed': {
      const columns = joined(
        ...fields.map((f) => new Uint8Array(f.values.buffer, f.values.byteOffset, f.values.byteLength)),
      );
      const packed = compressLzf(columns);
      const sizes = new Uint8Array(8);
      new DataView(sizes.buffer).setUint32(0, packed.length, true);
      new DataView(sizes.buffer).setUint32(4, columns.length, true);
      return joined(head, sizes, packed);
    }
  }
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
