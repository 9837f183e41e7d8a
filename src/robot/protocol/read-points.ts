import { FLOAT32, LITTLE_ENDIAN_HOST } from './point-cloud2.ts';
import type { PointCloud2Message, PointFieldMessage } from './point-cloud2.ts';

/** the fields x, y and z */
export type Axes = readonly [PointFieldMessage, PointFieldMessage, PointFieldMessage];

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

/**
 * One pass over aligned words, in any order; undefined where they are not. With and without colour are loops of their own:
 * a test inside would double their time.
 */
export function readWords(
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

/** Whatever the layout is. Returns how many points are finite. */
export function readAny(
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
