import { createFileRegistry, fromBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import { parse } from '@foxglove/rosmsg';
import { MessageReader as Ros1Reader } from '@foxglove/rosmsg-serialization';
import { MessageReader as Ros2Reader } from '@foxglove/rosmsg2-serialization';
import { messageOf, WaybookError } from '../core/errors.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { type PointCloud2, pointCloud2Table } from '../perception/codecs/point-cloud2.ts';
import { toPointCloud } from '../perception/codecs/point-table.ts';
import { foxgloveCloud } from './foxglove-cloud.ts';
import { type McapMessage, readMcap } from './mcap/read-mcap.ts';

interface RosCloud extends PointCloud2 {
  readonly header: {
    readonly frame_id: string;
    readonly stamp: { readonly sec: number; readonly nanosec?: number; readonly nsec?: number };
  };
}

/**
 * The first point cloud of an MCAP file: sensor_msgs/PointCloud2 of ROS 2 (CDR, as rosbag2 records it) or ROS 1, or
 * foxglove.PointCloud as JSON (as in our own records), protobuf or ROS message. The cloud keeps the frame that it was
 * recorded in. Throws `input/format` where there is none.
 */
export function cloudFromMcap(bytes: Uint8Array, name: string): PointCloud {
  const schemas = new Set<string>();
  for (const message of readMcap(bytes, name).messages) {
    schemas.add(`${message.schemaName} (${message.messageEncoding})`);
    const cloud = decode(message, name);
    if (cloud) return cloud;
  }
  const found = [...schemas].slice(0, 8).join(', ');
  throw new WaybookError('input/format', `${name} holds no point cloud that can be read.`, {
    hint: found === '' ? 'It holds no messages.' : `It holds ${found}.`,
  });
}

const POINT_CLOUD2 = /^sensor_msgs\/(msg\/)?PointCloud2$/;
const FOXGLOVE_CLOUD = /^foxglove(\.|_msgs\/(msg\/)?)PointCloud$/;

function decode(message: McapMessage, name: string): PointCloud | undefined {
  const { schemaName } = message;
  if (!POINT_CLOUD2.test(schemaName) && !FOXGLOVE_CLOUD.test(schemaName)) return undefined;
  try {
    const value = contentOf(message);
    if (value === undefined) return undefined;
    if (FOXGLOVE_CLOUD.test(schemaName)) return foxgloveCloud(value);
    const cloud = value as RosCloud;
    const { stamp, frame_id: frame } = cloud.header;
    return toPointCloud(pointCloud2Table(cloud), frame, stamp.sec + (stamp.nanosec ?? stamp.nsec ?? 0) / 1e9);
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    throw new WaybookError('input/format', `A cloud in ${name} cannot be decoded: ${messageOf(cause)}.`, {
      cause,
    });
  }
}

/** The message by its own schema; undefined for encodings that are not read. */
function contentOf({ schemaName, schemaEncoding, schemaData, messageEncoding, data }: McapMessage): unknown {
  const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
  switch (`${messageEncoding} ${schemaEncoding}`) {
    case 'json jsonschema':
    case 'json ':
      return JSON.parse(text(data));
    case 'cdr ros2msg':
      return new Ros2Reader(parse(text(schemaData), { ros2: true })).readMessage(data);
    case 'ros1 ros1msg':
      return new Ros1Reader(parse(text(schemaData), { ros2: false })).readMessage(data);
    case 'protobuf protobuf': {
      const type = createFileRegistry(fromBinary(FileDescriptorSetSchema, schemaData)).getMessage(schemaName);
      if (!type) throw new RangeError(`its schema does not describe ${schemaName}`);
      return fromBinary(type, data);
    }
    default:
      return undefined;
  }
}
