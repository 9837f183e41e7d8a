import { createRequire } from 'node:module';
import type { ExtraBytes } from 'copc/lib/las/extra-bytes.js';
import type { Header } from 'copc/lib/las/header.js';
import { messageOf, WaybookError } from '../core/errors.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import {
  BYTES,
  codecError,
  type FieldType,
  gather,
  type PointField,
  type PointTable,
  toPointCloud,
} from '../perception/codecs/point-table.ts';

/** Bytes of the largest header, of version 1.4; the library wants that many of any version. */
const HEADER_BYTES = 375;
const FORMAT_AT = 104;
/** This bit of the point format says that the points are packed (LAZ). */
const COMPRESSED = 0x80;
/** LAZ packs real points three to twenty to one; what announces more than this is made up. */
const MAX_RATIO = 500;
const MAX_POINT_BYTES = 4096;
/** bytes of an "extra bytes" record, and where in it things are */
const EXTRA = { record: 192, type: 2, options: 3, scale: 112, offset: 136 };

/** bytes of a point by its format, without extra ones */
const POINT_BYTES: Readonly<Record<number, number>> = { 0: 20, 1: 28, 2: 26, 3: 34, 6: 30, 7: 36, 8: 38 };
/** Types that standard dimensions have. */
const ARRAYS = {
  u8: Uint8Array,
  u16: Uint16Array,
  f32: Float32Array,
  f64: Float64Array,
} as const satisfies Partial<Record<FieldType, unknown>>;

/** Names of the dimensions as other formats call them; the rest become `snake_case`. */
const NAMES: Readonly<Record<string, string>> = { X: 'x', Y: 'y', Z: 'z', Infrared: 'nir' };

/**
 * Reads a LAS or LAZ file, versions 1.0 to 1.4, point formats 0 to 3 and 6 to 8, with every dimension and every extra
 * byte: coordinates scaled, in float64. Throws `input/format`. The decoders are loaded at the first call.
 * Format: American Society for Photogrammetry and Remote Sensing, "LAS Specification 1.4-R15".
 */
export async function readLas(bytes: Uint8Array): Promise<PointTable> {
  try {
    return await read(bytes);
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    throw codecError('LAS', messageOf(cause).replace(/\.$/, ''));
  }
}

/** A LAS file as the cloud that Waybook works with. */
export interface LasCloud {
  readonly cloud: PointCloud;
  /** whole metres that were taken off x, y and z; absent where the coordinates are small enough as they are */
  readonly origin?: readonly [number, number, number];
}

/** float32 is finer than 0.1 mm up to here [m] */
const NEAR = 1000;

/**
 * {@link readLas} as a cloud. Surveys have coordinates of millions of metres, which float32 rounds to decimetres: they
 * are given relative to their own corner. Colours of files that use only eight of sixteen bits are taken as such.
 */
export async function cloudFromLas(bytes: Uint8Array): Promise<LasCloud> {
  const table = await readLas(bytes);
  const origin: [number, number, number] = [0, 0, 0];
  const dim = table.fields
    .filter((field) => COLORS.includes(field.name))
    .every(({ values }) => values instanceof Uint16Array && values.every((v) => v <= 255));
  const fields = table.fields.map((field): PointField => {
    const axis = AXES.indexOf(field.name);
    if (axis >= 0 && field.values instanceof Float64Array) {
      const [low, high] = extent(field.values);
      if (Math.max(Math.abs(low), Math.abs(high)) <= NEAR) return field;
      const shift = Math.floor(low);
      origin[axis] = shift;
      return { ...field, values: field.values.map((v) => v - shift) };
    }
    return dim && field.values instanceof Uint16Array && COLORS.includes(field.name)
      ? { ...field, type: 'u8', values: Uint8Array.from(field.values) }
      : field;
  });
  const cloud = toPointCloud({ ...table, fields });
  return origin.some((v) => v !== 0) ? { cloud, origin } : { cloud };
}

const AXES = ['x', 'y', 'z'];
const COLORS = ['red', 'green', 'blue'];

function extent(values: Float64Array): [number, number] {
  let [low, high] = [0, 0];
  values.forEach((v, i) => {
    low = i === 0 ? v : Math.min(low, v);
    high = i === 0 ? v : Math.max(high, v);
  });
  return [low, high];
}

async function read(bytes: Uint8Array): Promise<PointTable> {
  const [las, view] = await Promise.all([import('copc/lib/las/header.js'), import('copc/lib/las/view.js')]);
  const head = new Uint8Array(HEADER_BYTES);
  head.set(bytes.subarray(0, HEADER_BYTES));
  // Versions 1.0, 1.1 and 1.3 have the header of 1.2, which is what the library knows.
  if (head[24] === 1 && [0, 1, 3].includes(head[25] as number)) head[25] = 2;
  const header = las.Header.parse(head);
  const size = checkedSize(bytes, header);
  const extra = await extraBytes(bytes, header);
  const packed = ((bytes[FORMAT_AT] as number) & COMPRESSED) !== 0;
  const points = packed
    ? await unpack(bytes, header, size)
    : bytes.subarray(header.pointDataOffset, header.pointDataOffset + size);
  const { pointCount: count, dimensions, getter } = view.View.create(points, header);
  const standard = Object.entries(dimensions).flatMap(([name, dimension]): PointField[] => {
    if (!dimension) return [];
    const type = typeOf(dimension.type, dimension.size);
    const get = getter(name);
    const values = new (type in ARRAYS ? ARRAYS[type as keyof typeof ARRAYS] : Float64Array)(count);
    for (let i = 0; i < count; i++) values[i] = get(i);
    return [{ name: NAMES[name] ?? snake(name), type, count: 1, values }];
  });
  return { count, fields: [...standard, ...extraFields(points, header, extra, count)] };
}

/** Fields behind the standard ones of each point; bytes that the file does not describe are passed over. */
function extraFields(
  points: Uint8Array,
  { pointDataRecordFormat: format, pointDataRecordLength: stride }: Header,
  extra: readonly ExtraBytes[],
  count: number,
): PointField[] {
  let offset = POINT_BYTES[format] ?? stride;
  return extra.flatMap(({ name, type: kind, length, scale, offset: shift }): PointField[] => {
    const at = { offset, stride, littleEndian: true };
    offset += length;
    if (kind === undefined) return [];
    if (offset > stride) throw codecError('LAS', `the field "${name}" lies outside its point`);
    const type = typeOf(kind, length);
    const values = gather(points, at, type, 1, count);
    if (scale === undefined && shift === undefined) return [{ name, type, count: 1, values }];
    const scaled = new Float64Array(count);
    for (let i = 0; i < count; i++) scaled[i] = Number(values[i]) * (scale ?? 1) + (shift ?? 0);
    return [{ name, type: 'f64', count: 1, values: scaled }];
  });
}

/** Bytes of all points, once it is certain that the file can hold them. */
function checkedSize(bytes: Uint8Array, header: Header): number {
  const { pointCount, pointDataRecordLength: length, pointDataOffset: start } = header;
  if (length === 0 || length > MAX_POINT_BYTES) throw codecError('LAS', `points of ${length} bytes`);
  const size = pointCount * length;
  const room = bytes.length - start;
  const packed = ((bytes[FORMAT_AT] as number) & COMPRESSED) !== 0;
  if (room < 0 || size > room * (packed ? MAX_RATIO : 1))
    throw codecError('LAS', `${pointCount} points of ${length} bytes are not in ${bytes.length} bytes`);
  return size;
}

/** What the file says of the bytes behind the standard ones of each point. */
async function extraBytes(bytes: Uint8Array, header: Header): Promise<ExtraBytes[]> {
  const [{ Vlr }, { ExtraBytes: parser }] = await Promise.all([
    import('copc/lib/las/vlr.js'),
    import('copc/lib/las/extra-bytes.js'),
  ]);
  const within = async (begin: number, end: number): Promise<Uint8Array> => bytes.subarray(begin, end);
  const found = Vlr.find(await Vlr.walk(within, header), 'LASF_Spec', 4);
  if (!found) return [];
  const { contentOffset: from, contentLength } = found;
  const content = bytes.slice(from, from + contentLength);
  // Least, greatest and missing values are of no use here, and the library fails where they are large integers.
  for (let at = 0; at + EXTRA.record <= content.length; at += EXTRA.record)
    if (content[at + EXTRA.type] !== 0)
      content[at + EXTRA.options] = (content[at + EXTRA.options] as number) & ~7;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  // The library reads scale and offset in the wrong byte order.
  return parser.parse(content).map((entry, i) => ({
    ...entry,
    ...(entry.scale === undefined ? {} : { scale: view.getFloat64(i * EXTRA.record + EXTRA.scale, true) }),
    ...(entry.offset === undefined ? {} : { offset: view.getFloat64(i * EXTRA.record + EXTRA.offset, true) }),
  }));
}

/** Points of a LAZ file. A decoder for each file: what damaged data leaves in its memory ends with it. */
async function unpack(
  bytes: Uint8Array,
  { pointCount, pointDataRecordLength }: Header,
  size: number,
): Promise<Uint8Array> {
  const perf = await lazPerf();
  const out = new Uint8Array(size);
  const file = perf._malloc(bytes.length);
  const point = perf._malloc(MAX_POINT_BYTES);
  if (file === 0 || point === 0) throw codecError('LAZ', 'it is too large to unpack');
  perf.HEAPU8.set(bytes, file);
  const reader = new perf.LASZip();
  reader.open(file, bytes.length);
  if (reader.getPointLength() !== pointDataRecordLength)
    throw codecError('LAZ', 'its points are not as long as its header says');
  for (let i = 0; i < pointCount; i++) {
    reader.getPoint(point);
    out.set(perf.HEAPU8.subarray(point, point + pointDataRecordLength), i * pointDataRecordLength);
  }
  reader.delete();
  return out;
}

/** What is used of laz-perf, whose own typings need Emscripten's. */
interface LazPerf {
  /** replaced when memory grows: read it again after every call */
  readonly HEAPU8: Uint8Array;
  readonly LASZip: new () => {
    open(data: number, length: number): void;
    getPoint(target: number): void;
    getPointLength(): number;
    delete(): void;
  };
  _malloc(size: number): number;
}
type CreateLazPerf = (options: { print: () => void; printErr: () => void }) => Promise<LazPerf>;

/** The build copies the decoder beside the bundle, where it finds its WebAssembly. */
async function lazPerf(): Promise<LazPerf> {
  const require = createRequire(import.meta.url);
  let create: CreateLazPerf;
  try {
    create = require('./laz-perf.cjs') as CreateLazPerf;
  } catch {
    create = (require('laz-perf') as { createLazPerf: CreateLazPerf }).createLazPerf;
  }
  // Emscripten installs handlers that end the process on any rejection: what it added is taken off again.
  const exceptions = new Set(process.listeners('uncaughtException'));
  const rejections = new Set(process.listeners('unhandledRejection'));
  const loading = create({ print: () => undefined, printErr: () => undefined });
  for (const listener of process.listeners('uncaughtException'))
    if (!exceptions.has(listener)) process.off('uncaughtException', listener);
  for (const listener of process.listeners('unhandledRejection'))
    if (!rejections.has(listener)) process.off('unhandledRejection', listener);
  return loading;
}

function typeOf(type: 'signed' | 'unsigned' | 'float', size: number): FieldType {
  const found = `${type === 'signed' ? 'i' : type === 'unsigned' ? 'u' : 'f'}${8 * size}`;
  if (!(found in BYTES)) throw codecError('LAS', `a field of ${size} bytes`);
  return found as FieldType;
}

const snake = (name: string): string =>
  /^[A-Z][a-zA-Z]*$/.test(name) ? name.replace(/(?<!^)([A-Z])/g, '_$1').toLowerCase() : name;
