import { WaybookError } from '../../core/errors.ts';
import type { PointCloud } from '../../core/point-cloud.ts';
import {
  asBytes,
  asFields,
  asInteger,
  asList,
  asOptionalBoolean,
  asOptionalInteger,
  asString,
} from './fields.ts';
import { parseHeader } from './geometry-messages.ts';
import type { HeaderMessage } from './geometry-messages.ts';
import { secondsOf } from './ros-time.ts';
import { splitPoints } from './split-points.ts';
import type { PointLayout, SplitTarget } from './split-points.ts';

export const POINT_CLOUD2 = 'sensor_msgs/msg/PointCloud2';

/** `sensor_msgs/msg/PointField`; datatypes 1..8 are int8, uint8, int16, uint16, int32, uint32, float32, float64. */
export interface PointFieldMessage {
  readonly name: string;
  readonly offset: number;
  readonly datatype: number;
  readonly count: number;
}
/** `sensor_msgs/msg/PointCloud2` */
export interface PointCloud2Message {
  readonly header: HeaderMessage;
  readonly height: number;
  readonly width: number;
  readonly fields: readonly PointFieldMessage[];
  readonly is_bigendian: boolean;
  readonly point_step: number;
  readonly row_step: number;
  /** may be a view into the frame it came in */
  readonly data: Uint8Array;
  readonly is_dense: boolean;
}

export const FLOAT32 = 7;
const UINT32 = 6;
const SIZE_OF_TYPE = [0, 1, 1, 2, 2, 4, 4, 4, 8];
export const LITTLE_ENDIAN_HOST = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** A message from JSON (base64 data) or CBOR (bytes). */
export function parsePointCloud2(value: unknown): PointCloud2Message {
  const fields = asFields(value, 'cloud');
  return {
    header: parseHeader(fields['header'], 'cloud.header'),
    height: asInteger(fields['height'], 'cloud.height'),
    width: asInteger(fields['width'], 'cloud.width'),
    fields: asList(fields['fields'], 'cloud.fields').map((item, i) => {
      const field = asFields(item, `cloud.fields[${i}]`);
      return {
        name: asString(field['name'], `cloud.fields[${i}].name`),
        offset: asInteger(field['offset'], `cloud.fields[${i}].offset`),
        datatype: asInteger(field['datatype'], `cloud.fields[${i}].datatype`),
        count: asOptionalInteger(field['count'], `cloud.fields[${i}].count`, 1),
      };
    }),
    is_bigendian: asOptionalBoolean(fields['is_bigendian'], 'cloud.is_bigendian', false),
    point_step: asInteger(fields['point_step'], 'cloud.point_step'),
    row_step: asInteger(fields['row_step'], 'cloud.row_step'),
    data: asBytes(fields['data'], 'cloud.data'),
    is_dense: asOptionalBoolean(fields['is_dense'], 'cloud.is_dense', false),
  };
}

/**
 * Points of a message, in its frame [m], into arrays of their own (nothing of the frame's memory is kept).
 * Any layout: fields in any order, of any type, padded, either endianness. Points whose x, y or z is not finite are
 * left out. Colour comes from packed `rgb` or `rgba` (0xAARRGGBB as float32 or uint32) or from uint8 `r`, `g`, `b`; other
 * fields of count 1 become float32 fields. Throws `link/protocol` where the layout does not fit the data.
 */
export function decodePointCloud2(message: PointCloud2Message): PointCloud {
  checkLayout(message);
  const find = (name: string) => message.fields.find((field) => field.name === name);
  const x = find('x');
  const y = find('y');
  const z = find('z');
  if (!x || !y || !z) throw cloudError('has no fields x, y and z');
  const packed = [find('rgb'), find('rgba')].find(
    (f) => f && (f.datatype === FLOAT32 || f.datatype === UINT32),
  );
  const channels = packed ? [] : ['r', 'g', 'b'].map(find).filter((f) => f?.datatype === 2);
  const used = new Set([x, y, z, packed, ...(channels.length === 3 ? channels : [])]);
  const others = message.fields.filter(
    (f) => !used.has(f) && f.count === 1 && f.name !== '' && !/^(rgba?|_)$/.test(f.name),
  );

  const total = message.width * message.height;
  const positions = new Float32Array(unfilled(12 * total));
  const coloured = packed !== undefined || channels.length === 3;
  const colors = coloured ? new Uint8Array(unfilled(3 * total)) : undefined;
  const extra = others.map(() => new Float32Array(unfilled(4 * total)));
  const axes = [x, y, z] as const;
  const count =
    (channels.length === 3
      ? undefined
      : readSplit(message, axes, packed, others, { positions, colors, values: extra[0] })) ??
    (channels.length === 3 || others.length > 0
      ? undefined
      : readWords(message, axes, packed, positions, colors)) ??
    readAny(message, axes, packed, channels as PointFieldMessage[], others, positions, colors, extra);

  const trim = <T extends Float32Array | Uint8Array>(array: T, length: number): T =>
    (array.length === length ? array : array.slice(0, length)) as T;
  return {
    frame: message.header.frame_id.replace(/^\//, ''),
    stamp: secondsOf(message.header.stamp),
    count,
    positions: trim(positions, 3 * count),
    ...(colors ? { colors: trim(colors, 3 * count) } : {}),
    ...(others.length > 0
      ? { fields: Object.fromEntries(others.map((f, i) => [f.name, trim(extra[i] as Float32Array, count)])) }
      : {}),
  };
}

/** Memory that is written before it is read: zeros would cost a third of the decoding, on arrays of megabytes. */
const unfilled = (bytes: number): ArrayBuffer => Buffer.allocUnsafeSlow(bytes).buffer;

function cloudError(what: string): WaybookError {
  return new WaybookError('link/protocol', `A PointCloud2 message ${what}.`, {
    hint: 'Map another topic, or look at what publishes this one.',
  });
}

function checkLayout({ width, height, point_step, row_step, data, fields }: PointCloud2Message): void {
  if (width < 0 || height < 0 || point_step < 0 || row_step < 0) throw cloudError('has a negative size');
  const points = width * height;
  if (points > 0 && point_step === 0) throw cloudError('has a point_step of 0');
  if (height > 1 && row_step < width * point_step) throw cloudError('has rows shorter than their points');
  const needed = points === 0 ? 0 : (height - 1) * row_step + width * point_step;
  if (needed > data.length) throw cloudError(`needs ${needed} bytes, but holds ${data.length}`);
  for (const { name, offset, datatype, count } of fields) {
    const size = SIZE_OF_TYPE[datatype];
    if (size === undefined || datatype < 1)
      throw cloudError(`has a field "${name}" of unknown type ${datatype}`);
    if (offset < 0 || count < 0 || offset + size * Math.max(1, count) > point_step) {
      throw cloudError(`has a field "${name}" that reaches outside its point`);
    }
  }
}

/** Strides and offsets in 4-byte words, where every value of interest is an aligned little-endian word. */
interface WordLayout {
  readonly step: number;
  readonly row: number;
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly rgb: number;
}

function wordLayout(
  m: PointCloud2Message,
  [x, y, z]: Axes,
  packed: PointFieldMessage | undefined,
): WordLayout | undefined {
  const words = [
    m.point_step,
    m.height > 1 ? m.row_step : 0,
    x.offset,
    y.offset,
    z.offset,
    packed?.offset ?? 0,
  ];
  const plain = [x, y, z].every((field) => field.datatype === FLOAT32);
  if (!LITTLE_ENDIAN_HOST || m.is_bigendian || !plain || words.some((n) => n % 4 !== 0)) return undefined;
  const [step = 0, row = 0, wx = 0, wy = 0, wz = 0, rgb = 0] = words.map((n) => n / 4);
  return { step, row, x: wx, y: wy, z: wz, rgb };
}

type Axes = readonly [PointFieldMessage, PointFieldMessage, PointFieldMessage];

/**
 * x y z side by side as float32, with a packed colour, one float32 field, or neither: what nearly every driver sends.
 * Returns how many points are finite, or undefined where the layout is another.
 */
function readSplit(
  m: PointCloud2Message,
  [x, y, z]: Axes,
  packed: PointFieldMessage | undefined,
  others: readonly PointFieldMessage[],
  target: SplitTarget,
): number | undefined {
  const [value, ...more] = others;
  const sideBySide = y.offset === x.offset + 4 && z.offset === x.offset + 8;
  const floats = [x, y, z, ...(value ? [value] : [])].every((field) => field.datatype === FLOAT32);
  if (!LITTLE_ENDIAN_HOST || m.is_bigendian || !sideBySide || !floats) return undefined;
  if (more.length > 0 || (packed && value)) return undefined;
  const fourth: PointLayout['fourth'] = packed
    ? { offset: packed.offset, kind: 'colour' }
    : value && { offset: value.offset, kind: 'value' };
  const layout: PointLayout = { step: m.point_step, xyz: x.offset, ...(fourth ? { fourth } : {}) };
  if (m.height === 1 || m.row_step === m.width * m.point_step) {
    return splitPoints(m.data, 0, m.width * m.height, layout, target, 0);
  }
  let out: number | undefined = 0;
  for (let j = 0; j < m.height && out !== undefined; j++) {
    out = splitPoints(m.data, j * m.row_step, m.width, layout, target, out);
  }
  return out;
}

/**
 * One pass over aligned words, in any order; undefined where they are not. With and without colour are loops of their own:
 * a test inside would double their time.
 */
function readWords(
  m: PointCloud2Message,
  axes: Axes,
  packed: PointFieldMessage | undefined,
  positions: Float32Array,
  colors: Uint8Array | undefined,
): number | undefined {
  const layout = wordLayout(m, axes, packed);
  if (!layout) return undefined;
  // cbor-raw bodies may start at any byte: a typed array wants multiples of 4, and one copy is cheaper than a DataView.
  const data = m.data.byteOffset % 4 === 0 ? m.data : Uint8Array.prototype.slice.call(m.data);
  const floats = new Float32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  const bits = new Uint32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  let out = 0;
  for (let j = 0; j < m.height; j++) {
    out = colors
      ? readColouredRow(floats, bits, layout, j * layout.row, m.width, positions, colors, out)
      : readPlainRow(floats, layout, j * layout.row, m.width, positions, out);
  }
  return out / 3;
}

function readColouredRow(
  floats: Float32Array,
  bits: Uint32Array,
  { step, x, y, z, rgb }: WordLayout,
  start: number,
  width: number,
  positions: Float32Array,
  colors: Uint8Array,
  out: number,
): number {
  for (let i = 0, at = start; i < width; i++, at += step) {
    const px = floats[at + x] as number;
    const py = floats[at + y] as number;
    const pz = floats[at + z] as number;
    if ((px + py + pz) * 0 !== 0 && !allFinite(px, py, pz)) continue;
    const color = bits[at + rgb] as number;
    positions[out] = px;
    positions[out + 1] = py;
    positions[out + 2] = pz;
    // Stored modulo 256.
    colors[out] = color >>> 16;
    colors[out + 1] = color >>> 8;
    colors[out + 2] = color;
    out += 3;
  }
  return out;
}

function readPlainRow(
  floats: Float32Array,
  { step, x, y, z }: WordLayout,
  start: number,
  width: number,
  positions: Float32Array,
  out: number,
): number {
  for (let i = 0, at = start; i < width; i++, at += step) {
    const px = floats[at + x] as number;
    const py = floats[at + y] as number;
    const pz = floats[at + z] as number;
    if ((px + py + pz) * 0 !== 0 && !allFinite(px, py, pz)) continue;
    positions[out] = px;
    positions[out + 1] = py;
    positions[out + 2] = pz;
    out += 3;
  }
  return out;
}

/** The sum of three finite numbers may overflow: asked only where it did, or where one is not finite. */
const allFinite = (x: number, y: number, z: number): boolean =>
  Number.isFinite(x) && Number.isFinite(y) && Number.isFinite(z);

function readAny(
  m: PointCloud2Message,
  axes: Axes,
  packed: PointFieldMessage | undefined,
  channels: readonly PointFieldMessage[],
  others: readonly PointFieldMessage[],
  positions: Float32Array,
  colors: Uint8Array | undefined,
  extra: readonly Float32Array[],
): number {
  const view = new DataView(m.data.buffer, m.data.byteOffset, m.data.byteLength);
  const little = !m.is_bigendian;
  const [readX, readY, readZ] = axes.map((field) => reader(field, view, little)) as [Read, Read, Read];
  const readOthers = others.map((field) => reader(field, view, little));
  let out = 0;
  for (let j = 0; j < m.height; j++) {
    for (let i = 0; i < m.width; i++) {
      const at = j * m.row_step + i * m.point_step;
      const px = readX(at);
      const py = readY(at);
      const pz = readZ(at);
      if (!Number.isFinite(px) || !Number.isFinite(py) || !Number.isFinite(pz)) continue;
      positions[3 * out] = px;
      positions[3 * out + 1] = py;
      positions[3 * out + 2] = pz;
      if (colors && packed) {
        const color = view.getUint32(at + packed.offset, little);
        colors[3 * out] = (color >>> 16) & 255;
        colors[3 * out + 1] = (color >>> 8) & 255;
        colors[3 * out + 2] = color & 255;
      } else if (colors) {
        for (let c = 0; c < 3; c++) colors[3 * out + c] = view.getUint8(at + (channels[c]?.offset ?? 0));
      }
      for (let k = 0; k < extra.length; k++) (extra[k] as Float32Array)[out] = (readOthers[k] as Read)(at);
      out++;
    }
  }
  return out;
}

type Read = (at: number) => number;

function reader({ datatype, offset }: PointFieldMessage, view: DataView, little: boolean): Read {
  switch (datatype) {
    case 1:
      return (at) => view.getInt8(at + offset);
    case 2:
      return (at) => view.getUint8(at + offset);
    case 3:
      return (at) => view.getInt16(at + offset, little);
    case 4:
      return (at) => view.getUint16(at + offset, little);
    case 5:
      return (at) => view.getInt32(at + offset, little);
    case 6:
      return (at) => view.getUint32(at + offset, little);
    case 7:
      return (at) => view.getFloat32(at + offset, little);
    default:
      return (at) => view.getFloat64(at + offset, little);
  }
}
