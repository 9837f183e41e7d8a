import type { CameraIntrinsics } from '../../core/capture.ts';
import {
  asBytes,
  asFields,
  asFinite,
  asNumbers,
  asOptionalString,
  asStrings,
  protocolError,
} from './fields.ts';
import { parseHeader } from './geometry-messages.ts';
import type { HeaderMessage } from './geometry-messages.ts';

/** `sensor_msgs/msg/JointState`: rad, rad/s, N·m (m, m/s, N for sliding joints); empty arrays where unknown. */
export interface JointStateMessage {
  readonly header: HeaderMessage;
  readonly name: readonly string[];
  readonly position: Float64Array;
  readonly velocity: Float64Array;
  readonly effort: Float64Array;
}

/** Throws `link/protocol` where an array is neither empty nor as long as `name`. NaN is kept. */
export function parseJointState(value: unknown): JointStateMessage {
  const fields = asFields(value, 'joint_state');
  const name = asStrings(fields['name'], 'joint_state.name');
  const numbers = (key: 'position' | 'velocity' | 'effort') => {
    const array = asNumbers(fields[key], `joint_state.${key}`);
    if (array.length !== 0 && array.length !== name.length) {
      throw protocolError(`joint_state.${key}`, `${name.length} numbers`, `${array.length} numbers`);
    }
    return array;
  };
  return {
    header: parseHeader(fields['header'], 'joint_state.header'),
    name,
    position: numbers('position'),
    velocity: numbers('velocity'),
    effort: numbers('effort'),
  };
}

/** `sensor_msgs/msg/CameraInfo`, without the rarely used binning. */
export interface CameraInfoMessage {
  readonly header: HeaderMessage;
  readonly height: number;
  readonly width: number;
  readonly distortion_model: string;
  readonly d: Float64Array;
  /** 3x3 row-major */
  readonly k: Float64Array;
  /** 3x3 row-major */
  readonly r: Float64Array;
  /** 3x4 row-major */
  readonly p: Float64Array;
}

/** Both spellings: `k` of ROS 2 and `K` of ROS 1. */
export function parseCameraInfo(value: unknown): { header: HeaderMessage; intrinsics: CameraIntrinsics } {
  const fields = asFields(value, 'camera_info');
  const k = asNumbers(fields['k'] ?? fields['K'], 'camera_info.k');
  const [fx = 0, , cx = 0, , fy = 0, cy = 0] = k;
  if (k.length !== 9 || !(fx > 0) || !(fy > 0) || !Number.isFinite(cx) || !Number.isFinite(cy)) {
    throw protocolError('camera_info.k', 'a 3x3 camera matrix with positive focal lengths', k.join(' '));
  }
  const width = asFinite(fields['width'], 'camera_info.width');
  const height = asFinite(fields['height'], 'camera_info.height');
  return {
    header: parseHeader(fields['header'], 'camera_info.header'),
    intrinsics: { width, height, fx, fy, cx, cy },
  };
}

export function cameraInfoMessage(header: HeaderMessage, c: CameraIntrinsics): CameraInfoMessage {
  return {
    header,
    height: c.height,
    width: c.width,
    distortion_model: 'plumb_bob',
    d: new Float64Array(5),
    k: Float64Array.of(c.fx, 0, c.cx, 0, c.fy, c.cy, 0, 0, 1),
    r: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    p: Float64Array.of(c.fx, 0, c.cx, 0, 0, c.fy, c.cy, 0, 0, 0, 1, 0),
  };
}

/** `sensor_msgs/msg/CompressedImage` */
export interface CompressedImageMessage {
  readonly header: HeaderMessage;
  /** "png", "jpeg", or longer texts that contain them */
  readonly format: string;
  readonly data: Uint8Array;
}

/** `data` may be a view into the frame it came in: copy it before keeping it. */
export function parseCompressedImage(value: unknown): CompressedImageMessage {
  const fields = asFields(value, 'image');
  return {
    header: parseHeader(fields['header'], 'image.header'),
    format: asOptionalString(fields['format'], 'image.format') ?? '',
    data: asBytes(fields['data'], 'image.data'),
  };
}

/** `std_msgs/msg/String` */
export interface StringMessage {
  readonly data: string;
}
export const parseString = (value: unknown): string =>
  asOptionalString(asFields(value, 'string')['data'], 'string.data') ?? '';
