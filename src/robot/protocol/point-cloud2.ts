import { WaybookError } from '../../core/errors.ts';
import type { Bytes } from './byte-parts.ts';
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

export const POINT_CLOUD2 = 'sensor_msgs/msg/PointCloud2';

/** `sensor_msgs/msg/PointField`; datatypes 1..8 are int8, uint8, int16, uint16, int32, uint32, float32, float64. */
export interface PointFieldMessage {
  readonly name: string;
  readonly offset: number;
  readonly datatype: number;
  readonly count: number;
}
/** `sensor_msgs/msg/PointCloud2` */
export interface PointCloud2Message<Data = Uint8Array> {
  readonly header: HeaderMessage;
  readonly height: number;
  readonly width: number;
  readonly fields: readonly PointFieldMessage[];
  readonly is_bigendian: boolean;
  readonly point_step: number;
  readonly row_step: number;
  /** may be a view into the frame it came in */
  readonly data: Data;
  readonly is_dense: boolean;
}

/** As it came: the points of a large one lie in several pieces. */
export type ReceivedCloud = PointCloud2Message<Bytes>;

export const FLOAT32 = 7;
export const UINT32 = 6;
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

export function cloudError(what: string): WaybookError {
  return new WaybookError('link/protocol', `A PointCloud2 message ${what}.`, {
    hint: 'Map another topic, or look at what publishes this one.',
  });
}

/** Throws `link/protocol` where sizes and fields do not fit the data. */
export function checkLayout({ width, height, point_step, row_step, data, fields }: ReceivedCloud): void {
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
