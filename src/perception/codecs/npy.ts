import { BYTES, codecError, type FieldType, gather, type PointTable } from './point-table.ts';
import { latin1 } from './text-numbers.ts';

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const HEADER_LIMIT = 64 * 1024;
const MAX_COLUMNS = 256;

const TYPES: Readonly<Record<string, FieldType | undefined>> = {
  i1: 'i8',
  u1: 'u8',
  b1: 'u8',
  i2: 'i16',
  u2: 'u16',
  i4: 'i32',
  u4: 'u32',
  i8: 'i64',
  u8: 'u64',
  f4: 'f32',
  f8: 'f64',
};

/** Names of the columns of a plain array; three of them are a point, and more are kept. */
const COLUMNS = ['x', 'y', 'z'];

/**
 * Reads points from a NumPy file: an array of n rows and at least three columns, or a structured array with fields x,
 * y and z. Either byte order, C or Fortran order. Throws a WaybookError `input/format`.
 * Format: numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 */
export function readNpy(bytes: Uint8Array): PointTable {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte))
    throw codecError('NPY', 'it does not start as one');
  const long = (bytes[6] as number) >= 2;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const start = long ? 12 : 10;
  if (bytes.length < start) throw codecError('NPY', 'its header is missing');
  const length = long ? view.getUint32(8, true) : view.getUint16(8, true);
  if (length > HEADER_LIMIT || start + length > bytes.length)
    throw codecError('NPY', 'its header is too long');
  const header = new Literal(latin1(bytes, start, start + length)).value();
  if (!(header instanceof Map)) throw codecError('NPY', 'its header is no dictionary');
  const shape = header.get('shape');
  const descr = header.get('descr');
  if (!Array.isArray(shape) || !shape.every((n) => typeof n === 'number'))
    throw codecError('NPY', 'it has no shape');
  const fortran = header.get('fortran_order') === true;
  const data = bytes.slice(start + length);
  const fits = (count: number, stride: number): void => {
    if (!(count * stride <= data.length))
      throw codecError('NPY', `${count} rows of ${stride} bytes are not in ${data.length} bytes`);
  };
  if (typeof descr === 'string') {
    const [count, columns] = shape;
    if (
      shape.length !== 2 ||
      count === undefined ||
      columns === undefined ||
      columns < 3 ||
      columns > MAX_COLUMNS
    ) {
      throw codecError(
        'NPY',
        `an array of shape (${shape.join(', ')}) is no list of points: n rows and 3 columns or more`,
      );
    }
    const { type, littleEndian } = typeOf(descr);
    const size = BYTES[type];
    fits(count, columns * size);
    const stride = fortran ? size : columns * size;
    const step = fortran ? count * size : size;
    const fields = Array.from({ length: columns }, (_, k) => ({
      name: COLUMNS[k] ?? `field${k}`,
      type,
      count: 1,
      values: gather(data, { offset: k * step, stride, littleEndian }, type, 1, count),
    }));
    return { count, fields };
  }
  if (!Array.isArray(descr) || descr.length > MAX_COLUMNS) throw codecError('NPY', 'its type is unknown');
  const count = shape.reduce((a, b) => a * b, 1);
  const columns = descr.map((entry) => {
    if (!Array.isArray(entry) || typeof entry[0] !== 'string' || typeof entry[1] !== 'string')
      throw codecError('NPY', 'a field is nested');
    const sub = entry[2] === undefined ? [1] : Array.isArray(entry[2]) ? entry[2] : [entry[2]];
    const values = sub.reduce<number>((n, v) => (typeof v === 'number' ? n * v : NaN), 1);
    if (!Number.isInteger(values) || values < 1 || values > 65_536)
      throw codecError('NPY', 'a field has an odd shape');
    return { name: entry[0], ...typeOf(entry[1]), count: values };
  });
  const stride = columns.reduce((n, c) => n + BYTES[c.type] * c.count, 0);
  fits(count, stride);
  let offset = 0;
  return {
    count,
    fields: columns.map(({ name, type, littleEndian, count: values }) => {
      const field = {
        name,
        type,
        count: values,
        values: gather(data, { offset, stride, littleEndian }, type, values, count),
      };
      offset += BYTES[type] * values;
      return field;
    }),
  };
}

function typeOf(descr: string): { type: FieldType; littleEndian: boolean } {
  const type = /^[<>|=]?[a-z]\d$/.test(descr) ? TYPES[descr.slice(-2)] : undefined;
  if (!type) throw codecError('NPY', `the type "${descr.slice(0, 20)}" is unknown`);
  return { type, littleEndian: !descr.startsWith('>') };
}

type PythonValue = string | number | boolean | PythonValue[] | Map<PythonValue, PythonValue>;

/** The few Python literals that NumPy writes: a dictionary, tuples, lists, strings, whole numbers, True and False. */
class Literal {
  private at = 0;
  private depth = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  value(): PythonValue {
    const c = this.peek();
    if (c === '{') return this.nested(() => this.dictionary());
    if (c === '(' || c === '[') return this.nested(() => this.sequence(c === '(' ? ')' : ']'));
    if (c === "'" || c === '"') return this.quoted(c);
    const word = /^[\w+-]+/.exec(this.text.slice(this.at, this.at + 32))?.[0] ?? '';
    this.at += word.length;
    if (word === 'True' || word === 'False') return word === 'True';
    if (/^\d{1,15}L?$/.test(word)) return parseInt(word, 10);
    throw codecError('NPY', `"${word.slice(0, 20)}" in its header is not understood`);
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > 8) throw codecError('NPY', 'its header is nested too deeply');
    const value = read();
    this.depth--;
    return value;
  }

  private dictionary(): Map<PythonValue, PythonValue> {
    const map = new Map<PythonValue, PythonValue>();
    this.at++;
    while (this.peek() !== '}') {
      const key = this.value();
      this.expect(':');
      map.set(key, this.value());
      if (this.peek() === ',') this.at++;
      else if (this.peek() !== '}') this.expect(',');
    }
    this.at++;
    return map;
  }

  private sequence(close: string): PythonValue[] {
    const list: PythonValue[] = [];
    this.at++;
    while (this.peek() !== close) {
      list.push(this.value());
      if (this.peek() === ',') this.at++;
      else if (this.peek() !== close) this.expect(',');
    }
    this.at++;
    return list;
  }

  private quoted(quote: string): string {
    const end = this.text.indexOf(quote, this.at + 1);
    if (end < 0) throw codecError('NPY', 'a text in its header is not closed');
    const text = this.text.slice(this.at + 1, end);
    this.at = end + 1;
    return text;
  }

  private peek(): string {
    while (this.at < this.text.length && /\s/.test(this.text.charAt(this.at))) this.at++;
    if (this.at >= this.text.length) throw codecError('NPY', 'its header ends early');
    return this.text.charAt(this.at);
  }

  private expect(c: string): void {
    if (this.peek() !== c) throw codecError('NPY', `its header lacks "${c}"`);
    this.at++;
  }
}
