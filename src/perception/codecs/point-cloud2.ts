import { codecError, BYTES, type FieldType, gather, type PointTable } from './point-table.ts';

/** sensor_msgs/PointCloud2 as decoded from any encoding. */
export interface PointCloud2 {
  readonly height: number;
  readonly width: number;
  readonly fields: readonly {
    readonly name: string;
    readonly offset: number;
    readonly datatype: number;
    readonly count: number;
  }[];
  readonly is_bigendian: boolean;
  readonly point_step: number;
  readonly row_step: number;
  readonly data: Uint8Array;
}

/** Numbers of sensor_msgs/PointField. */
const DATATYPES: readonly (FieldType | undefined)[] = [
  undefined,
  'i8',
  'u8',
  'i16',
  'u16',
  'i32',
  'u32',
  'f32',
  'f64',
];

/** Every field of the message in its own type; padding at the end of rows is left out. Throws `input/format`. */
export function pointCloud2Table(message: PointCloud2): PointTable {
  const { width, height, point_step: step, row_step: rowStep, is_bigendian: bigEndian } = message;
  const numbers = [width, height, step, rowStep];
  if (!numbers.every((n) => Number.isInteger(n) && n >= 0))
    throw codecError('PointCloud2', 'its sizes are no whole numbers');
  const count = width * height;
  if (height > 1 && rowStep < width * step) throw codecError('PointCloud2', 'its rows overlap');
  const needed = count === 0 ? 0 : (height - 1) * rowStep + width * step;
  if (needed > message.data.length || (count > 0 && step === 0)) {
    throw codecError(
      'PointCloud2',
      `${count} points of ${step} bytes are not in ${message.data.length} bytes`,
    );
  }
  const data = height > 1 && rowStep !== width * step ? withoutPadding(message) : message.data;
  const fields = message.fields.map(({ name, offset, datatype, count: values }) => {
    const type = DATATYPES[datatype];
    // Some drivers write 0 for one value.
    const n = Math.max(1, values);
    if (!type) throw codecError('PointCloud2', `the field "${name}" has the unknown type ${datatype}`);
    if (!Number.isInteger(offset) || offset < 0 || offset + n * BYTES[type] > step) {
      throw codecError('PointCloud2', `the field "${name}" lies outside its point`);
    }
    return {
      name,
      type,
      count: n,
      values: gather(data, { offset, stride: step, littleEndian: !bigEndian }, type, n, count),
    };
  });
  return { count, fields, width, height };
}

function withoutPadding({
  width,
  height,
  point_step: step,
  row_step: rowStep,
  data,
}: PointCloud2): Uint8Array {
  const out = new Uint8Array(width * height * step);
  for (let row = 0; row < height; row++) {
    out.set(data.subarray(row * rowStep, row * rowStep + width * step), row * width * step);
  }
  return out;
}
