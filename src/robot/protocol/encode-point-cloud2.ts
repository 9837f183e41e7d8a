import { WaybookError } from '../../core/errors.ts';
import { FLOAT32, LITTLE_ENDIAN_HOST } from './point-cloud2.ts';
import type { PointCloud2Message, PointFieldMessage } from './point-cloud2.ts';
import { rosTime } from './ros-time.ts';
import { joinPoints } from './split-points.ts';

/** What an encoder needs of a cloud; points that are NaN are kept, so that organised clouds stay organised. */
export interface CloudToEncode {
  readonly frame: string;
  /** s */
  readonly stamp: number;
  readonly width: number;
  readonly height: number;
  /** [3·width·height] m */
  readonly positions: Float32Array;
  /** [3·width·height] */
  readonly colors?: Uint8Array;
}

const field = (name: string, offset: number): PointFieldMessage => ({
  name,
  offset,
  datatype: FLOAT32,
  count: 1,
});
export const XYZ_FIELDS: readonly PointFieldMessage[] = [field('x', 0), field('y', 4), field('z', 8)];
export const XYZRGB_FIELDS: readonly PointFieldMessage[] = [...XYZ_FIELDS, field('rgb', 12)];

/** Little-endian x y z float32 and, with colours, packed rgb: `point_step` 16, or 12 without. `data` is new memory. */
export function encodePointCloud2(cloud: CloudToEncode): PointCloud2Message {
  const step = cloud.colors ? 16 : 12;
  const data = new Uint8Array(cloud.width * cloud.height * step);
  const dense = writePoints(cloud, 0, cloud.width * cloud.height, data);
  return {
    header: { stamp: rosTime(cloud.stamp), frame_id: cloud.frame },
    height: cloud.height,
    width: cloud.width,
    fields: cloud.colors ? XYZRGB_FIELDS : XYZ_FIELDS,
    is_bigendian: false,
    point_step: step,
    row_step: step * cloud.width,
    data,
    is_dense: dense,
  };
}

/**
 * Writes the points from `from` to `to` to `data` (16 bytes a point, 12 without colours; at a multiple of 4). Returns
 * whether every one is finite.
 */
export function writePoints(cloud: CloudToEncode, from: number, to: number, data: Uint8Array): boolean {
  if (!LITTLE_ENDIAN_HOST) {
    throw new WaybookError('internal/bug', 'Clouds are written on little-endian machines only.');
  }
  const n = to - from;
  const positions = cloud.positions.subarray(3 * from, 3 * to);
  const words = new Float32Array(data.buffer, data.byteOffset, data.byteLength >> 2);
  if (!cloud.colors) {
    words.set(positions);
    let sum = 0;
    for (let i = 0; i < 3 * n; i++) sum += (positions[i] as number) * 0;
    return sum === 0;
  }
  const colors = cloud.colors.subarray(3 * from, 3 * to);
  const bits = new Uint32Array(data.buffer, data.byteOffset, words.length);
  return joinPoints(positions, colors, n, data) ?? writeColoured(n, positions, colors, words, bits);
}

function writeColoured(
  n: number,
  positions: Float32Array,
  colors: Uint8Array,
  words: Float32Array,
  bits: Uint32Array,
): boolean {
  let sum = 0;
  for (let i = 0, from = 0, to = 0; i < n; i++, from += 3, to += 4) {
    const x = positions[from] as number;
    const y = positions[from + 1] as number;
    const z = positions[from + 2] as number;
    words[to] = x;
    words[to + 1] = y;
    words[to + 2] = z;
    // A product with 0 is 0 for finite numbers and NaN for all others.
    sum += (x + y + z) * 0;
    bits[to + 3] =
      ((colors[from] as number) << 16) | ((colors[from + 1] as number) << 8) | (colors[from + 2] as number);
  }
  return sum === 0;
}
