import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';

/** Number types of point files. */
export type FieldType = 'i8' | 'u8' | 'i16' | 'u16' | 'i32' | 'u32' | 'i64' | 'u64' | 'f32' | 'f64';
export type FieldArray =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

export interface PointField {
  readonly name: string;
  readonly type: FieldType;
  /** values per point */
  readonly count: number;
  /** length count · points */
  readonly values: FieldArray;
}

/** Points as a file holds them: every field, in its own type, bit for bit. Names may repeat. */
export interface PointTable {
  readonly count: number;
  readonly fields: readonly PointField[];
  /** rows and columns of an organised cloud */
  readonly width?: number;
  readonly height?: number;
  /** pose of the sensor as the file has it: x y z, then w x y z of the quaternion */
  readonly viewpoint?: readonly number[];
}

export const BYTES: Record<FieldType, number> = {
  i8: 1,
  u8: 1,
  i16: 2,
  u16: 2,
  i32: 4,
  u32: 4,
  i64: 8,
  u64: 8,
  f32: 4,
  f64: 8,
};

/** A typed array over the whole of `buffer`, whose length must be a multiple of the type's size. */
export function arrayOf(type: FieldType, buffer: ArrayBuffer): FieldArray {
  switch (type) {
    case 'i8':
      return new Int8Array(buffer);
    case 'u8':
      return new Uint8Array(buffer);
    case 'i16':
      return new Int16Array(buffer);
    case 'u16':
      return new Uint16Array(buffer);
    case 'i32':
      return new Int32Array(buffer);
    case 'u32':
      return new Uint32Array(buffer);
    case 'i64':
      return new BigInt64Array(buffer);
    case 'u64':
      return new BigUint64Array(buffer);
    case 'f32':
      return new Float32Array(buffer);
    case 'f64':
      return new Float64Array(buffer);
  }
}

/** Where one field's values lie in interleaved records. */
export interface Interleaved {
  /** offset of the first value */
  readonly offset: number;
  /** bytes from one point to the next */
  readonly stride: number;
  readonly littleEndian: boolean;
}

/**
 * Takes one field out of interleaved bytes. Values travel as integers: a float read and written again may lose the
 * bits of a NaN. The caller has checked that everything is inside `bytes`.
 */
export function gather(
  bytes: Uint8Array,
  at: Interleaved,
  type: FieldType,
  count: number,
  points: number,
): FieldArray {
  const size = BYTES[type];
  const target = new ArrayBuffer(size * count * points);
  const { offset, stride, littleEndian } = at;
  const start = bytes.byteOffset + offset;
  if (points === 0) return arrayOf(type, target);
  if (littleEndian && size === 4 && start % 4 === 0 && stride % 4 === 0) {
    const from = new Uint32Array(bytes.buffer, start, ((points - 1) * stride) / 4 + count);
    const to = new Uint32Array(target);
    const step = stride / 4;
    if (count === 1) for (let i = 0, j = 0; i < points; i++, j += step) to[i] = from[j] as number;
    else
      for (let i = 0; i < points; i++)
        for (let k = 0; k < count; k++) to[i * count + k] = from[i * step + k] as number;
    return arrayOf(type, target);
  }
  const to = new Uint8Array(target);
  for (let i = 0, d = 0; i < points; i++) {
    let from = offset + i * stride;
    for (let k = 0; k < count; k++, from += size) {
      for (let b = 0; b < size; b++) to[d++] = bytes[from + (littleEndian ? b : size - 1 - b)] as number;
    }
  }
  return arrayOf(type, target);
}

/** The inverse of {@link gather}. */
export function scatter(field: PointField, bytes: Uint8Array, at: Interleaved, points: number): void {
  const size = BYTES[field.type];
  const from = new Uint8Array(field.values.buffer, field.values.byteOffset, field.values.byteLength);
  for (let i = 0, s = 0; i < points; i++) {
    let to = at.offset + i * at.stride;
    for (let k = 0; k < field.count; k++, to += size) {
      for (let b = 0; b < size; b++) bytes[to + (at.littleEndian ? b : size - 1 - b)] = from[s++] as number;
    }
  }
}

const POSITION = ['x', 'y', 'z'];
const COLOR_NAMES = [
  ['red', 'green', 'blue'],
  ['r', 'g', 'b'],
  ['diffuse_red', 'diffuse_green', 'diffuse_blue'],
];

/**
 * The cloud that Waybook works with: positions, colours where the file has them (packed `rgb`, or three channels), and
 * every other single-valued field as float32. Throws `input/format` where x, y or z is missing.
 */
export function toPointCloud(table: PointTable, frame = 'base', stamp = 0): PointCloud {
  const { count } = table;
  const named = (name: string): PointField | undefined =>
    table.fields.find((f) => f.count === 1 && f.name === name);
  const [x, y, z] = POSITION.map((name) => {
    const field = named(name) ?? named(name.toUpperCase());
    if (!field)
      throw new WaybookError('input/format', `The cloud has no field "${name}".`, {
        data: { fields: table.fields.map((f) => f.name) },
      });
    return field;
  }) as [PointField, PointField, PointField];
  const positions = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    positions[3 * i] = Number(x.values[i]);
    positions[3 * i + 1] = Number(y.values[i]);
    positions[3 * i + 2] = Number(z.values[i]);
  }
  const used = new Set<PointField>([x, y, z]);
  const colors = colorsOf(table, named, used);
  const rest = table.fields.filter((f) => f.count === 1 && f.name !== '_' && !used.has(f));
  const fields = Object.fromEntries(
    rest.map((f) => [f.name, Float32Array.from({ length: count }, (_, i) => Number(f.values[i]))]),
  );
  return {
    frame,
    stamp,
    count,
    positions,
    ...(colors ? { colors } : {}),
    ...(rest.length > 0 ? { fields } : {}),
  };
}

function colorsOf(
  { count }: PointTable,
  named: (name: string) => PointField | undefined,
  used: Set<PointField>,
): Uint8Array | undefined {
  const packed = named('rgb') ?? named('rgba');
  if (packed && BYTES[packed.type] === 4) {
    used.add(packed);
    const bits = new Uint32Array(packed.values.buffer, packed.values.byteOffset, count);
    const colors = new Uint8Array(3 * count);
    for (let i = 0; i < count; i++) {
      const c = bits[i] as number;
      colors[3 * i] = (c >>> 16) & 255;
      colors[3 * i + 1] = (c >>> 8) & 255;
      colors[3 * i + 2] = c & 255;
    }
    return colors;
  }
  for (const names of COLOR_NAMES) {
    const channels = names.map(named);
    if (!channels.every((c) => c !== undefined)) continue;
    // Bytes as they are; wider integers by their high byte; floats as fractions of one.
    const colors = new Uint8Array(3 * count);
    channels.forEach((channel, k) => {
      used.add(channel);
      const scale =
        channel.type === 'u16' ? 1 / 257 : channel.type === 'f32' || channel.type === 'f64' ? 255 : 1;
      for (let i = 0; i < count; i++) {
        colors[3 * i + k] = Math.max(0, Math.min(255, Math.round(Number(channel.values[i]) * scale)));
      }
    });
    return colors;
  }
  return undefined;
}

/** A cloud as a table: x, y, z; colours as one packed float `rgb` (PCD) or three bytes (PLY); then the other fields. */
export function fromPointCloud(cloud: PointCloud, colors: 'packed' | 'channels'): PointTable {
  const { count, positions } = cloud;
  const column = (from: ArrayLike<number>, k: number): Float32Array =>
    Float32Array.from({ length: count }, (_, i) => from[3 * i + k] as number);
  const fields: PointField[] = POSITION.map((name, k) => ({
    name,
    type: 'f32',
    count: 1,
    values: column(positions, k),
  }));
  const rgb = cloud.colors;
  if (rgb && colors === 'packed') {
    const bits = Uint32Array.from(
      { length: count },
      (_, i) =>
        ((rgb[3 * i] as number) << 16) | ((rgb[3 * i + 1] as number) << 8) | (rgb[3 * i + 2] as number),
    );
    fields.push({ name: 'rgb', type: 'f32', count: 1, values: new Float32Array(bits.buffer) });
  } else if (rgb) {
    ['red', 'green', 'blue'].forEach((name, k) => {
      fields.push({
        name,
        type: 'u8',
        count: 1,
        values: Uint8Array.from({ length: count }, (_, i) => rgb[3 * i + k] as number),
      });
    });
  }
  for (const [name, values] of Object.entries(cloud.fields ?? {}))
    fields.push({ name, type: 'f32', count: 1, values });
  return { count, fields };
}

/** Bad input, in one place so that every codec words it alike. */
export const codecError = (format: string, message: string): WaybookError =>
  new WaybookError('input/format', `This is no ${format} file that can be read: ${message}.`);
