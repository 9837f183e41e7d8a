import type { Pose } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { fromBase64, toBase64 } from '../core/scene-buffer.ts';
import type { Trajectory } from '../core/trajectory.ts';

/** `{sec, nsec}` of a time in seconds. */
export function timeOf(stamp: number): { sec: number; nsec: number } {
  const nanoseconds = nanosecondsOf(stamp);
  return { sec: Number(nanoseconds / 1_000_000_000n), nsec: Number(nanoseconds % 1_000_000_000n) };
}

/** Robot time [s] in whole nanoseconds; MCAP has no negative times. */
export const nanosecondsOf = (stamp: number): bigint =>
  Number.isFinite(stamp) && stamp > 0 ? BigInt(Math.round(stamp * 1e9)) : 0n;

export const poseMessage = (pose: Pose): object => ({
  position: { x: pose.position[0], y: pose.position[1], z: pose.position[2] },
  orientation: {
    x: pose.orientation[0],
    y: pose.orientation[1],
    z: pose.orientation[2],
    w: pose.orientation[3],
  },
});

const IDENTITY = poseMessage({ position: [0, 0, 0], orientation: [0, 0, 0, 1] });
const UINT8 = 1;
const FLOAT32 = 7;

/** foxglove.PointCloud: x, y, z and extra fields as float32, colours as bytes red, green, blue, alpha. */
export function cloudMessage(cloud: PointCloud): object {
  const { count, positions, colors } = cloud;
  const extra = Object.entries(cloud.fields ?? {});
  const stride = 12 + (colors ? 4 : 0) + 4 * extra.length;
  const data = new Uint8Array(stride * count);
  const view = new DataView(data.buffer);
  for (let i = 0; i < count; i++) {
    let at = i * stride;
    for (let k = 0; k < 3; k++, at += 4) view.setFloat32(at, positions[3 * i + k] as number, true);
    if (colors) {
      data[at] = colors[3 * i] as number;
      data[at + 1] = colors[3 * i + 1] as number;
      data[at + 2] = colors[3 * i + 2] as number;
      data[at + 3] = 255;
      at += 4;
    }
    for (const [, values] of extra) {
      view.setFloat32(at, values[i] as number, true);
      at += 4;
    }
  }
  const fields = ['x', 'y', 'z'].map((name, i) => ({ name, offset: 4 * i, type: FLOAT32 }));
  if (colors)
    ['red', 'green', 'blue', 'alpha'].forEach((name, i) =>
      fields.push({ name, offset: 12 + i, type: UINT8 }),
    );
  const first = 12 + (colors ? 4 : 0);
  extra.forEach(([name], i) => fields.push({ name, offset: first + 4 * i, type: FLOAT32 }));
  return {
    timestamp: timeOf(cloud.stamp),
    frame_id: cloud.frame,
    pose: IDENTITY,
    point_stride: stride,
    fields,
    data: toBase64(data),
  };
}

/** What {@link cloudOf} reads of foxglove.PointCloud. */
export interface CloudMessage {
  readonly timestamp: { readonly sec: number; readonly nsec: number };
  readonly frame_id: string;
  readonly point_stride: number;
  readonly fields: readonly { readonly name: string; readonly offset: number; readonly type: number }[];
  readonly data: string;
}

/** The cloud that {@link cloudMessage} wrote, bit for bit. Throws a RangeError where x, y or z is missing or the layout cannot be. */
export function cloudOf(message: CloudMessage): PointCloud {
  const data = fromBase64(message.data);
  const stride = message.point_stride;
  if (!Number.isInteger(stride) || stride < 12 || stride > 4096)
    throw new RangeError('a point stride cannot be right');
  const count = Math.floor(data.length / stride);
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const offsets = new Map(message.fields.map((field) => [field.name, field]));
  const floats = (name: string): Float32Array => {
    const offset = offsets.get(name)?.offset ?? -1;
    if (offset < 0 || offset + 4 > stride) throw new RangeError(`the field ${name} is missing`);
    return Float32Array.from({ length: count }, (_, i) => view.getFloat32(i * stride + offset, true));
  };
  const [x, y, z] = [floats('x'), floats('y'), floats('z')];
  const positions = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) positions.set([x[i] as number, y[i] as number, z[i] as number], 3 * i);
  const red = offsets.get('red')?.offset;
  let colors: Uint8Array | undefined;
  if (red !== undefined && red + 3 <= stride) {
    colors = new Uint8Array(3 * count);
    for (let i = 0; i < count; i++) colors.set(data.subarray(i * stride + red, i * stride + red + 3), 3 * i);
  }
  const extra = message.fields.filter((f) => f.type === FLOAT32 && !['x', 'y', 'z'].includes(f.name));
  return {
    frame: message.frame_id,
    stamp: message.timestamp.sec + message.timestamp.nsec / 1e9,
    count,
    positions,
    ...(colors ? { colors } : {}),
    ...(extra.length > 0 ? { fields: Object.fromEntries(extra.map((f) => [f.name, floats(f.name)])) } : {}),
  };
}

export const posesMessage = (stamp: number, poses: readonly Pose[]): object => ({
  timestamp: timeOf(stamp),
  frame_id: 'base',
  poses: poses.map(poseMessage),
});

/** Tool poses of a trajectory, at most `limit` of them, the first and the last among them. */
export function toolPoses(trajectory: Trajectory, limit: number): Pose[] {
  const n = trajectory.times.length;
  const count = Math.min(n, limit);
  return Array.from({ length: count }, (_, k) => {
    const i = count < 2 ? 0 : Math.round((k * (n - 1)) / (count - 1));
    const t = trajectory.tool.subarray(7 * i, 7 * i + 7) as unknown as readonly [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    return { position: [t[0], t[1], t[2]], orientation: [t[3], t[4], t[5], t[6]] };
  });
}
