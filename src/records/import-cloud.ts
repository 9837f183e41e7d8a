import { parse } from '@foxglove/rosmsg';
import { MessageReader } from '@foxglove/rosmsg2-serialization';
import { WaybookError } from '../core/errors.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import { type PointCloud2, pointCloud2Table } from '../perception/codecs/point-cloud2.ts';
import { toPointCloud } from '../perception/codecs/point-table.ts';
import { cloudOf, type CloudMessage } from './foxglove-messages.ts';
import { type McapMessage, readMcap } from './mcap/read-mcap.ts';

interface Ros2Cloud extends PointCloud2 {
  readonly header: {
    readonly frame_id: string;
    readonly stamp: { readonly sec: number; readonly nanosec: number };
  };
}

/**
 * The first point cloud of an MCAP file: sensor_msgs/PointCloud2 as rosbag2 records it (CDR), or foxglove.PointCloud as
 * JSON, as in our own records. The cloud keeps the frame that it was recorded in. Throws `input/format` where there is
 * none.
 */
export function cloudFromMcap(bytes: Uint8Array, name: string): PointCloud {
  const schemas = new Set<string>();
  for (const message of readMcap(bytes, name).messages) {
    schemas.add(message.schemaName);
    const cloud = decode(message, name);
    if (cloud) return cloud;
  }
  const found = [...schemas].slice(0, 8).join(', ');
  throw new WaybookError('input/format', `${name} holds no point cloud.`, {
    hint: found === '' ? 'It holds no messages.' : `It holds ${found}.`,
  });
}

function decode(message: McapMessage, name: string): PointCloud | undefined {
  try {
    if (message.schemaName === 'foxglove.PointCloud' && message.messageEncoding === 'json') {
      return cloudOf(JSON.parse(new TextDecoder().decode(message.data)) as CloudMessage);
    }
    const ros2 = message.schemaName === 'sensor_msgs/msg/PointCloud2' && message.messageEncoding === 'cdr';
    if (!ros2 || message.schemaEncoding !== 'ros2msg') return undefined;
    const definitions = parse(new TextDecoder().decode(message.schemaData), { ros2: true });
    const value = new MessageReader(definitions).readMessage<Ros2Cloud>(message.data);
    const { stamp, frame_id: frame } = value.header;
    return toPointCloud(pointCloud2Table(value), frame, stamp.sec + stamp.nanosec / 1e9);
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WaybookError('input/format', `A cloud in ${name} cannot be decoded: ${reason}.`, { cause });
  }
}
