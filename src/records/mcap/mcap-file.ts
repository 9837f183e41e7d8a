import * as zlib from 'node:zlib';
import { McapChunkBuilder, McapRecordBuilder, type McapTypes } from '@mcap/core';
import { compressLz4 } from './lz4.ts';

/** Where the bytes go: appended in order, and safe in the operating system's hands when `write` returns. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
}

const CHUNK_BYTES = 512 * 1024;
/** Smaller chunks are not worth compressing. */
const COMPRESS_FROM = 256;

/**
 * Writes an MCAP file: chunked, LZ4, indexed. Unlike `@mcap/core`'s writer it closes a chunk when asked, which is what
 * makes a record survive a kill, and writes synchronously, so that messages keep their order without a queue.
 * Format: mcap.dev/spec.
 */
export class McapFile {
  private readonly sink: ByteSink;
  private readonly records = new McapRecordBuilder();
  private readonly chunk = new McapChunkBuilder({ useMessageIndex: true });
  private readonly schemas: McapTypes.Schema[] = [];
  private readonly channels: McapTypes.Channel[] = [];
  private readonly written = new Set<number>();
  private readonly chunkIndexes: McapTypes.ChunkIndex[] = [];
  private readonly attachmentIndexes: McapTypes.AttachmentIndex[] = [];
  private readonly counts = new Map<number, bigint>();
  private start: bigint | undefined;
  private end = 0n;
  private messages = 0n;
  private position = 0n;

  constructor(sink: ByteSink, library: string) {
    this.sink = sink;
    this.records.writeMagic();
    this.records.writeHeader({ profile: '', library });
    this.drain();
  }

  /** bytes written so far, and those waiting for the next chunk */
  get size(): number {
    return Number(this.position) + this.chunk.byteLength;
  }

  /** A channel of JSON messages; `schema` is JSON Schema. Returns its id. */
  addJsonChannel(topic: string, schemaName: string, schema: object): number {
    let known = this.schemas.find((s) => s.name === schemaName);
    if (!known) {
      const data = new TextEncoder().encode(JSON.stringify(schema));
      known = { id: this.schemas.length + 1, name: schemaName, encoding: 'jsonschema', data };
      this.schemas.push(known);
    }
    const id = this.channels.length + 1;
    this.channels.push({ id, schemaId: known.id, topic, messageEncoding: 'json', metadata: new Map() });
    return id;
  }

  /** `time` in nanoseconds. */
  add(channelId: number, sequence: number, time: bigint, data: Uint8Array): void {
    const channel = this.channels[channelId - 1];
    if (!channel) throw new RangeError(`McapFile: no channel ${channelId}`);
    if (!this.written.has(channelId)) {
      const schema = this.schemas[channel.schemaId - 1];
      if (schema) this.chunk.addSchema(schema);
      this.chunk.addChannel(channel);
      this.written.add(channelId);
    }
    this.chunk.addMessage({ channelId, sequence, logTime: time, publishTime: time, data });
    this.counts.set(channelId, (this.counts.get(channelId) ?? 0n) + 1n);
    this.messages += 1n;
    if (this.start === undefined || time < this.start) this.start = time;
    if (time > this.end) this.end = time;
    if (this.chunk.byteLength > CHUNK_BYTES) this.flush();
  }

  attach(name: string, mediaType: string, time: bigint, data: Uint8Array): void {
    this.flush();
    const offset = this.position;
    const length = this.records.writeAttachment({ name, mediaType, logTime: time, createTime: 0n, data });
    this.drain();
    this.attachmentIndexes.push({
      name,
      mediaType,
      logTime: time,
      createTime: 0n,
      offset,
      length,
      dataSize: BigInt(data.length),
    });
  }

  /** Closes the chunk: everything added so far is in the sink when this returns. */
  flush(): void {
    if (this.chunk.numMessages === 0) return;
    const raw = this.chunk.buffer;
    const packed = raw.length >= COMPRESS_FROM ? compressLz4(raw) : raw;
    const smaller = packed.length < raw.length;
    const chunkStartOffset = this.position;
    const { messageStartTime, messageEndTime } = this.chunk;
    const compression = smaller ? 'lz4' : '';
    const chunkLength = this.records.writeChunk({
      messageStartTime,
      messageEndTime,
      uncompressedSize: BigInt(raw.length),
      uncompressedCrc: checksum(raw),
      compression,
      records: smaller ? packed : raw,
    });
    const indexStart = chunkStartOffset + BigInt(this.records.length);
    const messageIndexOffsets = new Map<number, bigint>();
    let messageIndexLength = 0n;
    for (const index of this.chunk.indices) {
      messageIndexOffsets.set(index.channelId, indexStart + messageIndexLength);
      messageIndexLength += this.records.writeMessageIndex(index);
    }
    this.drain();
    this.chunkIndexes.push({
      messageStartTime,
      messageEndTime,
      chunkStartOffset,
      chunkLength,
      messageIndexOffsets,
      messageIndexLength,
      compression,
      compressedSize: BigInt(smaller ? packed.length : raw.length),
      uncompressedSize: BigInt(raw.length),
    });
    this.chunk.reset();
  }

  /** Writes the summary. Nothing may be added afterwards. */
  finish(): void {
    this.flush();
    this.records.writeDataEnd({ dataSectionCrc: 0 });
    this.drain();
    const summaryStart = this.position;
    const offsets: McapTypes.SummaryOffset[] = [];
    const group = (groupOpcode: number, write: () => bigint): void => {
      const groupStart = summaryStart + BigInt(this.records.length);
      const groupLength = write();
      if (groupLength > 0n) offsets.push({ groupOpcode, groupStart, groupLength });
    };
    const each = <T>(items: Iterable<T>, write: (item: T) => bigint): bigint => {
      let length = 0n;
      for (const item of items) length += write(item);
      return length;
    };
    group(0x03, () => each(this.schemas, (s) => this.records.writeSchema(s)));
    group(0x04, () => each(this.channels, (c) => this.records.writeChannel(c)));
    group(0x0b, () => this.records.writeStatistics(this.statistics()));
    group(0x0a, () => each(this.attachmentIndexes, (a) => this.records.writeAttachmentIndex(a)));
    group(0x08, () => each(this.chunkIndexes, (c) => this.records.writeChunkIndex(c)));
    const summaryOffsetStart = summaryStart + BigInt(this.records.length);
    for (const offset of offsets) this.records.writeSummaryOffset(offset);
    this.records.writeFooter({ summaryStart, summaryOffsetStart, summaryCrc: 0 });
    this.records.writeMagic();
    this.drain();
  }

  private statistics(): McapTypes.Statistics {
    return {
      messageCount: this.messages,
      schemaCount: this.schemas.length,
      channelCount: this.channels.length,
      attachmentCount: this.attachmentIndexes.length,
      metadataCount: 0,
      chunkCount: this.chunkIndexes.length,
      messageStartTime: this.start ?? 0n,
      messageEndTime: this.end,
      channelMessageCounts: this.counts,
    };
  }

  private drain(): void {
    const bytes = this.records.buffer;
    this.sink.write(bytes);
    this.position += BigInt(bytes.length);
    this.records.reset();
  }
}

/** CRC-32 where this Node has it (20.15 and newer); 0 means "not given" in MCAP. */
const checksum = (bytes: Uint8Array): number =>
  (zlib as { crc32?: (data: Uint8Array) => number }).crc32?.(bytes) ?? 0;
