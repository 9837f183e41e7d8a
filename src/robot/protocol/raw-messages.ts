import { parse } from '@foxglove/rosmsg';
import { MessageReader, MessageWriter } from '@foxglove/rosmsg2-serialization';
import { WaybookError } from '../../core/errors.ts';
import { fullTypeName, membersOf, rawDefinition } from './definitions.ts';

const writers = new Map<string, MessageWriter>();
const readers = new Map<string, MessageReader>();

function definitionOf(type: string) {
  if (!membersOf(type)) throw new WaybookError('link/protocol', `No definition of ${type} is known.`);
  return parse(rawDefinition(type), { ros2: true });
}

/** CDR of a message of a known ROS 2 type, encapsulation header included. */
export function writeRawMessage(type: string, message: unknown): Uint8Array {
  const name = fullTypeName(type);
  let writer = writers.get(name);
  if (!writer) writers.set(name, (writer = new MessageWriter(definitionOf(name))));
  return writer.writeMessage(message);
}

/** A message of a known ROS 2 type from CDR. Throws `link/protocol` on bytes that do not fit. */
export function readRawMessage(type: string, bytes: Uint8Array): unknown {
  const name = fullTypeName(type);
  let reader = readers.get(name);
  if (!reader) readers.set(name, (reader = new MessageReader(definitionOf(name))));
  try {
    return reader.readMessage(bytes);
  } catch (cause) {
    throw new WaybookError('link/protocol', `A raw message is not a ${name}.`, { cause });
  }
}
