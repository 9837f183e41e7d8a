import type { Pose } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { fromBase64 } from '../core/scene-buffer.ts';
import {
  BYTES,
  type FieldType,
  gather,
  type PointField,
  toPointCloud,
} from '../perception/codecs/point-table.ts';
import { toBase } from '../perception/transform.ts';

/** Numbers of foxglove.PackedElementField.NumericType. */
const TYPES: readonly (FieldType | undefined)[] = [
  undefined,
  'u8',
  'i8',
  'u16',
  'i16',
  'u32',
  'i32',
  'f32',
  'f64',
];
const MAX_STRIDE = 65_536;

type Fields = Readonly<Record<string, unknown>>;

/**
 * foxglove.PointCloud as any encoding decodes it: names in `snake_case` (JSON, ROS) or `camelCase` (protobuf), data as
 * base64 or bytes. Every field of one value is kept; `pose`, where the cloud stands in its frame, is applied. Throws a
 * RangeError where the message cannot be right, `input/format` where x, y or z is missing.
 * Format: docs.foxglove.dev/docs/sdk/schemas/point-cloud
 */
export function foxgloveCloud(message: unknown): PointCloud {
  const value = fieldsOf(message, 'the message');
  const stride = numberOf(value['point_stride'] ?? value['pointStride'], 'the point stride');
  if (!Number.isInteger(stride) || stride < 1 || stride > MAX_STRIDE)
    throw new RangeError(`a point stride of ${stride} bytes`);
  const data = bytesOf(value['data']);
  const count = Math.floor(data.length / stride);
  const list = value['fields'];
  if (!Array.isArray(list)) throw new RangeError('it has no fields');
  const fields = list.map((entry): PointField => {
    const { name, offset: at, type: kind } = fieldsOf(entry, 'a field');
    const offset = numberOf(at ?? 0, 'an offset');
    const type = TYPES[numberOf(kind, 'a type')];
    if (typeof name !== 'string' || type === undefined) throw new RangeError('a field of unknown type');
    if (!Number.isInteger(offset) || offset < 0 || offset + BYTES[type] > stride)
      throw new RangeError(`the field ${name} lies outside its point`);
    return {
      name,
      type,
      count: 1,
      values: gather(data, { offset, stride, littleEndian: true }, type, 1, count),
    };
  });
  // Opacity means nothing to us where it comes with colours.
  const colored = ['red', 'green', 'blue'].every((name) => fields.some((field) => field.name === name));
  const frame = value['frame_id'] ?? value['frameId'];
  const cloud = toPointCloud(
    { count, fields: colored ? fields.filter((field) => field.name !== 'alpha') : fields },
    typeof frame === 'string' ? frame : '',
    timeOf(value['timestamp']),
  );
  const pose = poseOf(value['pose']);
  return pose ? { ...toBase(cloud, pose), frame: cloud.frame } : cloud;
}

/** s; of `{sec, nsec}`, ROS 2's `{sec, nanosec}` or protobuf's `{seconds, nanos}` */
function timeOf(value: unknown): number {
  if (value === undefined || value === null) return 0;
  const { sec, seconds, nsec, nanosec, nanos } = fieldsOf(value, 'the time');
  return (
    numberOf(sec ?? seconds ?? 0, 'the time') + numberOf(nsec ?? nanosec ?? nanos ?? 0, 'the time') / 1e9
  );
}

/** Where the cloud stands in its frame; undefined where it is at its origin. */
function poseOf(value: unknown): Pose | undefined {
  if (value === undefined || value === null) return undefined;
  const { position, orientation } = fieldsOf(value, 'the pose');
  const p = fieldsOf(position ?? {}, 'the pose');
  const q = fieldsOf(orientation ?? {}, 'the pose');
  const read = (from: Fields, key: string): number => numberOf(from[key] ?? 0, 'the pose');
  const [x, y, z] = [read(p, 'x'), read(p, 'y'), read(p, 'z')];
  const [qx, qy, qz, qw] = [read(q, 'x'), read(q, 'y'), read(q, 'z'), read(q, 'w')];
  const length = Math.hypot(qx, qy, qz, qw);
  // An absent orientation is all zeros in protobuf.
  const turned = length > 0 && (qx !== 0 || qy !== 0 || qz !== 0);
  if (!turned && x === 0 && y === 0 && z === 0) return undefined;
  return {
    position: [x, y, z],
    orientation: turned ? [qx / length, qy / length, qz / length, qw / length] : [0, 0, 0, 1],
  };
}

function bytesOf(value: unknown): Uint8Array {
  if (typeof value === 'string') return fromBase64(value);
  if (value instanceof Uint8Array) return value;
  throw new RangeError('it has no data');
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value !== 'object' || value === null) throw new RangeError(`${what} cannot be read`);
  return value as Fields;
}

function numberOf(value: unknown, what: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isFinite(number)) throw new RangeError(`${what} is no number`);
  return number;
}
