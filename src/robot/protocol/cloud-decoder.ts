import type { PointCloud } from '../../core/point-cloud.ts';
import { joined } from './byte-parts.ts';
import { FLOAT32, LITTLE_ENDIAN_HOST, UINT32, checkLayout, cloudError } from './point-cloud2.ts';
import type { PointFieldMessage, ReceivedCloud } from './point-cloud2.ts';
import { readAny, readWords } from './read-points.ts';
import type { Axes } from './read-points.ts';
import { secondsOf } from './ros-time.ts';
import { splitPoints } from './split-points.ts';
import type { PointLayout } from './split-points.ts';

/**
 * Points of a message, in its frame [m], into arrays of their own (nothing of the frame's memory is kept), as many at a
 * time as the caller wants to wait for.
 * Any layout: fields in any order, of any type, padded, either endianness. Points whose x, y or z is not finite are
 * left out. Colour comes from packed `rgb` or `rgba` (0xAARRGGBB as float32 or uint32) or from uint8 `r`, `g`, `b`; other
 * fields of count 1 become float32 fields.
 */
export class CloudDecoder {
  readonly #message: ReceivedCloud;
  readonly #axes: Axes;
  readonly #packed: PointFieldMessage | undefined;
  readonly #channels: readonly PointFieldMessage[];
  readonly #others: readonly PointFieldMessage[];
  readonly #positions: Float32Array;
  readonly #colors: Uint8Array | undefined;
  readonly #extra: readonly Float32Array[];
  /** undefined where points are not read in the quick way */
  readonly #layout: PointLayout | undefined;
  #read = 0;
  #kept = 0;

  /** Throws `link/protocol` where the layout does not fit the data; nothing throws afterwards. */
  constructor(message: ReceivedCloud) {
    checkLayout(message);
    const find = (name: string) => message.fields.find((field) => field.name === name);
    const x = find('x');
    const y = find('y');
    const z = find('z');
    if (!x || !y || !z) throw cloudError('has no fields x, y and z');
    this.#packed = [find('rgb'), find('rgba')].find(
      (f) => f && (f.datatype === FLOAT32 || f.datatype === UINT32),
    );
    const channels = this.#packed
      ? []
      : ['r', 'g', 'b'].map(find).filter((f) => f !== undefined && f.datatype === 2);
    this.#channels = channels.length === 3 ? (channels as PointFieldMessage[]) : [];
    const used = new Set([x, y, z, this.#packed, ...this.#channels]);
    this.#others = message.fields.filter(
      (f) => !used.has(f) && f.count === 1 && f.name !== '' && !/^(rgba?|_)$/.test(f.name),
    );
    this.#message = message;
    this.#axes = [x, y, z];
    this.#layout = this.#splitLayout();
    const total = this.total;
    this.#positions = new Float32Array(unfilled(12 * total));
    const coloured = this.#packed !== undefined || this.#channels.length === 3;
    this.#colors = coloured ? new Uint8Array(unfilled(3 * total)) : undefined;
    this.#extra = this.#others.map(() => new Float32Array(unfilled(4 * total)));
  }

  /** Rows with padding between them are read in one go. */
  get #padded(): boolean {
    const { height, row_step, width, point_step } = this.#message;
    return height > 1 && row_step !== width * point_step;
  }

  /** points, finite or not */
  get total(): number {
    return this.#message.width * this.#message.height;
  }

  /** Reads on, `points` at most where the layout is a usual one. True when all are read. */
  advance(points = Number.POSITIVE_INFINITY): boolean {
    const { total } = this;
    if (this.#read < total) {
      const count = this.#padded ? total : Math.min(points, total - this.#read);
      const split = this.#split(count);
      this.#kept = split ?? this.#readWhole();
      this.#read = split === undefined ? total : this.#read + count;
    }
    return this.#read >= total;
  }

  /** What was read, owned by the caller: asked for once, at the end. */
  finish(): PointCloud {
    this.advance();
    const count = this.#kept;
    const { header } = this.#message;
    const extra = this.#others.map((f, i) => [f.name, trim(this.#extra[i] as Float32Array, count)] as const);
    return {
      frame: header.frame_id.replace(/^\//, ''),
      stamp: secondsOf(header.stamp),
      count,
      positions: trim(this.#positions, 3 * count),
      ...(this.#colors ? { colors: trim(this.#colors, 3 * count) } : {}),
      ...(extra.length > 0 ? { fields: Object.fromEntries(extra) } : {}),
    };
  }

  /**
   * x y z side by side as float32, with a packed colour, one float32 field, or neither: what nearly every driver sends.
   */
  #splitLayout(): PointLayout | undefined {
    const m = this.#message;
    const [x, y, z] = this.#axes;
    const [value, ...more] = this.#others;
    const sideBySide = y.offset === x.offset + 4 && z.offset === x.offset + 8;
    const floats = [x, y, z, ...(value ? [value] : [])].every((field) => field.datatype === FLOAT32);
    if (!LITTLE_ENDIAN_HOST || m.is_bigendian || !sideBySide || !floats) return undefined;
    if (more.length > 0 || (this.#packed && value) || this.#channels.length > 0) return undefined;
    const fourth: PointLayout['fourth'] = this.#packed
      ? { offset: this.#packed.offset, kind: 'colour' }
      : value && { offset: value.offset, kind: 'value' };
    return { step: m.point_step, xyz: x.offset, ...(fourth ? { fourth } : {}) };
  }

  #split(count: number): number | undefined {
    const layout = this.#layout;
    if (!layout) return undefined;
    const { data, width, point_step, row_step } = this.#message;
    const values = this.#extra[0];
    const target = {
      positions: this.#positions,
      ...(this.#colors ? { colors: this.#colors } : {}),
      ...(values ? { values } : {}),
    };
    if (!this.#padded) return splitPoints(data, this.#read * point_step, count, layout, target, this.#kept);
    let kept: number | undefined = 0;
    for (let j = 0; j * width < count && kept !== undefined; j++) {
      kept = splitPoints(data, j * row_step, width, layout, target, kept);
    }
    return kept;
  }

  #readWhole(): number {
    const message = { ...this.#message, data: joined(this.#message.data) };
    const words =
      this.#channels.length === 3 || this.#others.length > 0
        ? undefined
        : readWords(message, this.#axes, this.#packed, this.#positions, this.#colors);
    if (words !== undefined) return words;
    return readAny(
      message,
      this.#axes,
      this.#packed,
      this.#channels,
      this.#others,
      this.#positions,
      this.#colors,
      this.#extra,
    );
  }
}

/** All points of a message at once. Throws as {@link CloudDecoder}. */
export const decodePointCloud2 = (message: ReceivedCloud): PointCloud => new CloudDecoder(message).finish();

/** Memory that is written before it is read: zeros would cost a third of the decoding, on arrays of megabytes. */
const unfilled = (bytes: number): ArrayBuffer => Buffer.allocUnsafeSlow(bytes).buffer;

const trim = <T extends Float32Array | Uint8Array>(array: T, length: number): T =>
  (array.length === length ? array : array.slice(0, length)) as T;
