import { McapStreamReader, type McapTypes } from '@mcap/core';
import { decompress as decompressZstd } from 'fzstd';
import { WaybookError } from '../../core/errors.ts';
import { decompressLz4 } from './lz4.ts';

export interface McapMessage {
  readonly topic: string;
  readonly schemaName: string;
  readonly schemaEncoding: string;
  readonly schemaData: Uint8Array;
  readonly messageEncoding: string;
  /** ns */
  readonly logTime: bigint;
  readonly data: Uint8Array;
}

export interface McapContents {
  readonly messages: readonly McapMessage[];
  readonly attachments: readonly { readonly name: string; readonly data: Uint8Array }[];
  /** false where the file ends before its summary: its writer was killed, or it was cut off */
  readonly complete: boolean;
}

export interface McapReadOptions {
  /** decompressed bytes beyond which reading stops with an error */
  readonly limitBytes?: number;
  /** keep only messages of these topics */
  readonly wants?: (topic: string) => boolean;
}

const DEFAULT_LIMIT = 2 * 1024 * 1024 * 1024;

/**
 * Reads an MCAP file in order, chunks by LZ4 or Zstandard included. A file whose end is missing gives everything up to
 * its last whole chunk. Throws `input/format` for what is no MCAP, or is damaged before its end, and `input/limit`.
 */
export function readMcap(bytes: Uint8Array, name: string, options: McapReadOptions = {}): McapContents {
  const limit = options.limitBytes ?? DEFAULT_LIMIT;
  let expanded = 0;
  const account = (size: bigint): number => {
    expanded += Number(size);
    if (expanded > limit) {
      throw new WaybookError(
        'input/limit',
        `${name} holds more than ${Math.round(limit / 1048576)} MB of messages.`,
      );
    }
    return Number(size);
  };
  const reader = new McapStreamReader({
    decompressHandlers: {
      lz4: (data, size) => decompressLz4(data, account(size)),
      zstd: (data, size) => decompressBounded(data, account(size)),
    },
  });
  const schemas = new Map<number, McapTypes.Schema>();
  const channels = new Map<number, McapTypes.Channel>();
  const messages: McapMessage[] = [];
  const attachments: { name: string; data: Uint8Array }[] = [];
  try {
    reader.append(bytes);
    for (let record = reader.nextRecord(); record; record = reader.nextRecord()) {
      switch (record.type) {
        case 'Schema':
          schemas.set(record.id, record);
          break;
        case 'Channel':
          channels.set(record.id, record);
          break;
        case 'Attachment':
          attachments.push({ name: record.name, data: record.data });
          break;
        case 'Message': {
          const channel = channels.get(record.channelId);
          if (!channel || options.wants?.(channel.topic) === false) break;
          const schema = schemas.get(channel.schemaId);
          messages.push({
            topic: channel.topic,
            schemaName: schema?.name ?? '',
            schemaEncoding: schema?.encoding ?? '',
            schemaData: schema?.data ?? new Uint8Array(0),
            messageEncoding: channel.messageEncoding,
            logTime: record.logTime,
            data: record.data,
          });
          break;
        }
        default:
          break;
      }
    }
  } catch (cause) {
    if (cause instanceof WaybookError) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new WaybookError('input/format', `${name} is not an MCAP file that can be read: ${reason}.`, {
      cause,
    });
  }
  return { messages, attachments, complete: reader.done() };
}

function decompressBounded(data: Uint8Array, size: number): Uint8Array {
  // Zstandard packs at most a few hundred thousand to one; what is announced must be plausible before it is allocated.
  if (size > 100_000 * data.length + 1024) throw new RangeError('zstd: the size cannot be right');
  return decompressZstd(data, new Uint8Array(size));
}
