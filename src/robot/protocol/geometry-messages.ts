import type { Pose, Quat, Vec3 } from '../../core/geometry.ts';
import { quatNormalize } from '../../core/geometry.ts';
import {
  asFields,
  asList,
  asOptionalFields,
  asOptionalFinite,
  asOptionalString,
  protocolError,
} from './fields.ts';
import { parseTime } from './ros-time.ts';
import type { RosTime } from './ros-time.ts';

/** `std_msgs/msg/Header` */
export interface HeaderMessage {
  readonly stamp: RosTime;
  readonly frame_id: string;
}
/** `geometry_msgs/msg/Vector3` and `Point` */
export interface VectorMessage {
  readonly x: number;
  readonly y: number;
  readonly z: number;
}
/** `geometry_msgs/msg/Quaternion` */
export interface QuaternionMessage extends VectorMessage {
  readonly w: number;
}
/** `geometry_msgs/msg/Pose` */
export interface PoseMessage {
  readonly position: VectorMessage;
  readonly orientation: QuaternionMessage;
}
/** `geometry_msgs/msg/TransformStamped` */
export interface TransformMessage {
  readonly header: HeaderMessage;
  readonly child_frame_id: string;
  readonly transform: { readonly translation: VectorMessage; readonly rotation: QuaternionMessage };
}
/** `tf2_msgs/msg/TFMessage` */
export interface TfMessage {
  readonly transforms: readonly TransformMessage[];
}
/** `rosgraph_msgs/msg/Clock` */
export interface ClockMessage {
  readonly clock: RosTime;
}

export function parseHeader(value: unknown, path: string): HeaderMessage {
  const fields = asOptionalFields(value, path);
  return {
    stamp: parseTime(fields['stamp'], `${path}.stamp`),
    frame_id: asOptionalString(fields['frame_id'], `${path}.frame_id`) ?? '',
  };
}

export const vectorMessage = (v: Vec3): VectorMessage => ({ x: v[0], y: v[1], z: v[2] });
const quaternionMessage = (q: Quat): QuaternionMessage => ({ x: q[0], y: q[1], z: q[2], w: q[3] });
export const poseMessage = (pose: Pose): PoseMessage => ({
  position: vectorMessage(pose.position),
  orientation: quaternionMessage(pose.orientation),
});

/** Finite x, y, z [m]; absent members are 0. */
export function parseVector(value: unknown, path: string): Vec3 {
  const fields = asOptionalFields(value, path);
  const part = (key: string) => asOptionalFinite(fields[key], `${path}.${key}`, 0);
  return [part('x'), part('y'), part('z')];
}

/** A unit quaternion; one of length under 0.5 is an error, the small errors of float32 are taken out. */
function parseQuaternion(value: unknown, path: string): Quat {
  const fields = asFields(value, path);
  const part = (key: string) => asOptionalFinite(fields[key], `${path}.${key}`, 0);
  const q: Quat = [part('x'), part('y'), part('z'), part('w')];
  if (Math.hypot(...q) < 0.5) throw protocolError(path, 'a unit quaternion', q.join(', '));
  return quatNormalize(q);
}

export function parsePose(value: unknown, path: string): Pose {
  const fields = asFields(value, path);
  return {
    position: parseVector(fields['position'], `${path}.position`),
    orientation: parseQuaternion(fields['orientation'], `${path}.orientation`),
  };
}

/** One edge of the frame tree: `child` in `parent`. */
export interface FrameTransform {
  readonly stamp: RosTime;
  readonly parent: string;
  readonly child: string;
  readonly pose: Pose;
}

/** The edges of a TFMessage. Frame names lose the leading slash that ROS 1 drivers may send. */
export function parseTf(value: unknown): FrameTransform[] {
  return asList(asFields(value, 'tf')['transforms'], 'tf.transforms').map((item, i) => {
    const path = `tf.transforms[${i}]`;
    const fields = asFields(item, path);
    const header = parseHeader(fields['header'], `${path}.header`);
    const transform = asFields(fields['transform'], `${path}.transform`);
    return {
      stamp: header.stamp,
      parent: withoutSlash(header.frame_id),
      child: withoutSlash(asOptionalString(fields['child_frame_id'], `${path}.child_frame_id`) ?? ''),
      pose: {
        position: parseVector(transform['translation'], `${path}.translation`),
        orientation: parseQuaternion(transform['rotation'], `${path}.rotation`),
      },
    };
  });
}

export const tfMessage = (edges: readonly FrameTransform[]): TfMessage => ({
  transforms: edges.map((edge) => ({
    header: { stamp: edge.stamp, frame_id: edge.parent },
    child_frame_id: edge.child,
    transform: {
      translation: vectorMessage(edge.pose.position),
      rotation: quaternionMessage(edge.pose.orientation),
    },
  })),
});

const withoutSlash = (frame: string): string => (frame.startsWith('/') ? frame.slice(1) : frame);
