import { asInteger, asOptionalFields } from './fields.ts';

export type RosFlavour = 'ros1' | 'ros2';

/** `builtin_interfaces/Time` and `Duration`, in the ROS 2 form. */
export interface RosTime {
  readonly sec: number;
  readonly nanosec: number;
}
/** `time` and `duration` of ROS 1. */
export interface Ros1Time {
  readonly secs: number;
  readonly nsecs: number;
}

export const ZERO_TIME: RosTime = { sec: 0, nanosec: 0 };

/** Seconds to the nearest nanosecond; the nanoseconds of a negative time count upwards, as in ROS. */
export function rosTime(seconds: number): RosTime {
  const sec = Math.floor(seconds);
  const nanosec = Math.round((seconds - sec) * 1e9);
  return nanosec === 1e9 ? { sec: sec + 1, nanosec: 0 } : { sec, nanosec };
}

export const secondsOf = (time: RosTime): number => time.sec + time.nanosec * 1e-9;

/** Either form; absent is zero, as ROS fills it. */
export function parseTime(value: unknown, path: string): RosTime {
  const fields = asOptionalFields(value, path);
  const sec = fields['sec'] ?? fields['secs'] ?? 0;
  const nanosec = fields['nanosec'] ?? fields['nsecs'] ?? 0;
  return { sec: asInteger(sec, `${path}.sec`), nanosec: asInteger(nanosec, `${path}.nanosec`) };
}

/**
 * A message with every time in the form of `flavour`. A bridge reads the other flavour's form as 0, which turns a
 * slow move into a jump, so that every message with times goes through this.
 */
export function inFlavour(message: unknown, flavour: RosFlavour): unknown {
  if (flavour === 'ros2') return message;
  if (Array.isArray(message)) return message.map((item) => inFlavour(item, flavour));
  if (typeof message !== 'object' || message === null || ArrayBuffer.isView(message)) return message;
  const entries = Object.entries(message);
  if (entries.length === 2 && 'sec' in message && 'nanosec' in message) {
    return { secs: message.sec, nsecs: message.nanosec };
  }
  return Object.fromEntries(entries.map(([key, value]) => [key, inFlavour(value, flavour)]));
}

/** `sensor_msgs/msg/JointState` <-> `sensor_msgs/JointState` */
export const typeIn = (type: string, flavour: RosFlavour): string =>
  flavour === 'ros2' ? type : type.replace(/\/(msg|srv|action)\//, '/');

/** The same type however a bridge spells it. */
export const sameType = (a: string, b: string): boolean => typeIn(a, 'ros1') === typeIn(b, 'ros1');
