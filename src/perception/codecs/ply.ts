import { BYTES, codecError, type FieldType, gather, type PointTable, scatter } from './point-table.ts';
import { latin1, readRows, textSafe, TokenReader, writeRows } from './text-numbers.ts';

export type PlyEncoding = 'ascii' | 'binary_little_endian' | 'binary_big_endian';

const HEADER_LIMIT = 64 * 1024;
const MAX_PROPERTIES = 256;

interface Property {
  readonly name: string;
  readonly type: FieldType;
  /** type of the length, for lists */
  readonly list?: FieldType;
}

interface Element {
  readonly name: string;
  readonly count: number;
  readonly properties: Property[];
}

const TYPES: Readonly<Record<string, FieldType | undefined>> = {
  char: 'i8',
  int8: 'i8',
  uchar: 'u8',
  uint8: 'u8',
  short: 'i16',
  int16: 'i16',
  ushort: 'u16',
  uint16: 'u16',
  int: 'i32',
  int32: 'i32',
  uint: 'u32',
  uint32: 'u32',
  float: 'f32',
  float32: 'f32',
  double: 'f64',
  float64: 'f64',
};

const NAMES: Readonly<Partial<Record<FieldType, string>>> = {
  i8: 'char',
  u8: 'uchar',
  i16: 'short',
  u16: 'ushort',
  i32: 'int',
  u32: 'uint',
  f32: 'float',
  f64: 'double',
};

/**
 * Reads the vertices of a PLY file (ascii, binary of both endians), every scalar property in its own type; faces and
 * other elements are passed over. Throws a WaybookError `input/format`.
 * Format: Turk, "The PLY Polygon File Format" (1994), paulbourke.net/dataformats/ply
 */
export function readPly(bytes: Uint8Array): PointTable {
  const { elements, encoding, end } = readHeader(bytes);
  const index = elements.findIndex((element) => element.name === 'vertex');
  const vertex = elements[index];
  if (!vertex) throw codecError('PLY', 'it has no vertices');
  if (vertex.properties.some((p) => p.list)) throw codecError('PLY', 'its vertices hold lists');
  if (vertex.properties.length === 0) throw codecError('PLY', 'its vertices have no properties');
  const fields = vertex.properties.map(({ name, type }) => ({ name, type, count: 1 }));
  const before = elements.slice(0, index);
  if (encoding === 'ascii') {
    const reader = new TokenReader(bytes, end);
    reader.skipLines(before.reduce((n, element) => n + element.count, 0));
    return { count: vertex.count, fields: readRows('PLY', bytes, end, reader, fields, vertex.count) };
  }
  const littleEndian = encoding === 'binary_little_endian';
  const start = before.reduce((at, element) => skipElement(bytes, at, element, littleEndian), end);
  const stride = fields.reduce((n, f) => n + BYTES[f.type], 0);
  if (vertex.count * stride > bytes.length - start) {
    throw codecError(
      'PLY',
      `it has room for ${Math.floor((bytes.length - start) / stride)} of ${vertex.count} vertices`,
    );
  }
  const aligned = (bytes.byteOffset + start) % 4 === 0;
  const data = aligned ? bytes.subarray(start) : bytes.slice(start, start + vertex.count * stride);
  let offset = 0;
  return {
    count: vertex.count,
    fields: fields.map((field) => {
      const values = gather(data, { offset, stride, littleEndian }, field.type, 1, vertex.count);
      offset += BYTES[field.type];
      return { ...field, values };
    }),
  };
}

/** Offset behind an element. Lists have to be walked; what is fixed in size is one step. */
function skipElement(bytes: Uint8Array, start: number, element: Element, littleEndian: boolean): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const early = (): Error => codecError('PLY', `it ends inside the element "${element.name}"`);
  if (!element.properties.some((p) => p.list)) {
    const at = start + element.count * element.properties.reduce((n, p) => n + BYTES[p.type], 0);
    if (at > bytes.length) throw early();
    return at;
  }
  let at = start;
  for (let i = 0; i < element.count; i++) {
    for (const { type, list } of element.properties) {
      if (!list) at += BYTES[type];
      else {
        if (at + BYTES[list] > bytes.length) throw early();
        const length = readLength(view, at, list, littleEndian);
        if (length < 0) throw codecError('PLY', 'a list has a negative length');
        at += BYTES[list] + length * BYTES[type];
      }
      if (at > bytes.length) throw early();
    }
  }
  return at;
}

function readLength(view: DataView, at: number, type: FieldType, littleEndian: boolean): number {
  switch (type) {
    case 'i8':
      return view.getInt8(at);
    case 'u8':
      return view.getUint8(at);
    case 'i16':
      return view.getInt16(at, littleEndian);
    case 'u16':
      return view.getUint16(at, littleEndian);
    case 'i32':
      return view.getInt32(at, littleEndian);
    case 'u32':
      return view.getUint32(at, littleEndian);
    default:
      throw codecError('PLY', 'the length of a list must be a whole number');
  }
}

function readHeader(bytes: Uint8Array): { elements: Element[]; encoding: PlyEncoding; end: number } {
  const elements: Element[] = [];
  let encoding: PlyEncoding | undefined;
  let at = 0;
  let properties = 0;
  for (let line = 0; ; line++) {
    const newline = bytes.indexOf(10, at);
    if (newline < 0 || newline > HEADER_LIMIT) throw codecError('PLY', 'its header has no end');
    const words = latin1(bytes, at, newline).trim().split(/\s+/);
    at = newline + 1;
    if (line === 0) {
      if (words[0] !== 'ply') throw codecError('PLY', 'it does not start with "ply"');
      continue;
    }
    switch (words[0]) {
      case 'format':
        if (words[1] !== 'ascii' && words[1] !== 'binary_little_endian' && words[1] !== 'binary_big_endian') {
          throw codecError('PLY', `the format "${words[1] ?? ''}" is unknown`);
        }
        encoding = words[1];
        break;
      case 'element':
        if (!/^\d{1,12}$/.test(words[2] ?? ''))
          throw codecError('PLY', 'the size of an element must be a whole number');
        elements.push({ name: words[1] ?? '', count: Number(words[2]), properties: [] });
        break;
      case 'property':
        if (++properties > MAX_PROPERTIES)
          throw codecError('PLY', `it has more than ${MAX_PROPERTIES} properties`);
        elements.at(-1)?.properties.push(readProperty(words));
        break;
      case 'end_header':
        if (!encoding) throw codecError('PLY', 'its header does not say which format it has');
        return { elements, encoding, end: at };
      case 'comment':
      case 'obj_info':
      case '':
        break;
      default:
        throw codecError('PLY', `"${(words[0] ?? '').slice(0, 20)}" is no header line`);
    }
  }
}

function readProperty(words: readonly string[]): Property {
  const list = words[1] === 'list';
  const type = TYPES[words[list ? 3 : 1] ?? ''];
  const name = words[list ? 4 : 2];
  const length = list ? TYPES[words[2] ?? ''] : undefined;
  if (!type || name === undefined || (list && !length))
    throw codecError('PLY', `the property "${words.slice(1, 5).join(' ').slice(0, 40)}" is unknown`);
  return { name, type, ...(length ? { list: length } : {}) };
}

/**
 * Writes vertices. A field with several values a point becomes as many properties, `name_0` and on. Throws
 * `input/format` for 64-bit integers, which PLY does not have.
 */
export function writePly(table: PointTable, encoding: PlyEncoding): Uint8Array {
  const single = table.fields.flatMap((field) => {
    if (field.count === 1) return [field];
    const at = { stride: BYTES[field.type] * field.count, littleEndian: true };
    const bytes = new Uint8Array(field.values.buffer, field.values.byteOffset, field.values.byteLength);
    return Array.from({ length: field.count }, (_, k) => ({
      name: `${field.name}_${k}`,
      type: field.type,
      count: 1,
      values: gather(bytes, { ...at, offset: k * BYTES[field.type] }, field.type, 1, table.count),
    }));
  });
  const fields = encoding === 'ascii' ? single.map(textSafe) : single;
  const properties = fields.map(({ name, type }) => {
    const word = NAMES[type];
    if (word === undefined || !/^\S+$/.test(name))
      throw codecError('PLY', `a field "${name}" of type ${type} cannot be written`);
    return `property ${word} ${name}`;
  });
  const header = [
    'ply',
    `format ${encoding} 1.0`,
    `element vertex ${table.count}`,
    ...properties,
    'end_header',
    '',
  ].join('\n');
  const head = new TextEncoder().encode(header);
  if (encoding === 'ascii') {
    const rows = new TextEncoder().encode(writeRows(fields, table.count));
    const out = new Uint8Array(head.length + rows.length);
    out.set(head);
    out.set(rows, head.length);
    return out;
  }
  const stride = fields.reduce((n, f) => n + BYTES[f.type], 0);
  const out = new Uint8Array(head.length + stride * table.count);
  out.set(head);
  let offset = head.length;
  for (const field of fields) {
    scatter(field, out, { offset, stride, littleEndian: encoding === 'binary_little_endian' }, table.count);
    offset += BYTES[field.type];
  }
  return out;
}
