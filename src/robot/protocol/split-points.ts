import { ByteParts } from './byte-parts.ts';
import type { Bytes } from './byte-parts.ts';
import { SPLIT_POINTS_WASM } from './split-points-wasm.ts';

/*
 * Clouds are most of what a link carries, and interleaved points are what costs most in them: a loop in JavaScript needs
 * 1 to 3 ms for 300,000 points, four lanes at a time in WebAssembly 0.5 ms. It works through the few hundred kB of the module's
 * memory, which stay in the processor's cache.
 */

interface Kernel {
  readonly memory: Uint8Array;
  split(src: number, count: number, step: number, word: number, pos: number, rest: number): number;
  unpack(argb: number, count: number, rgb: number): void;
  join(pos: number, rgb: number, count: number, to: number): number;
}

/** What the module needs of the global that Node's types leave out. */
declare const WebAssembly:
  | {
      validate(bytes: Uint8Array): boolean;
      readonly Module: new (bytes: Uint8Array) => object;
      readonly Instance: new (module: object) => { readonly exports: unknown };
    }
  | undefined;

/** Points that are worked on at a time, and the most bytes that they may lie in. */
const CHUNK = 8192;
const SOURCE_BYTES = 16 * CHUNK + 65_536;
/** Stores reach at most 16 bytes beyond what they mean. */
const SLACK = 64;
const SOURCE = 0;
const POSITIONS = SOURCE + SOURCE_BYTES + SLACK;
const REST = POSITIONS + 12 * CHUNK + SLACK;
const COLOURS = REST + 4 * CHUNK + SLACK;

let kernel: Kernel | undefined;
let tried = false;

/** Undefined on an engine without four-lane WebAssembly, where the loops in JavaScript do it. */
function loadKernel(): Kernel | undefined {
  if (tried) return kernel;
  tried = true;
  const bytes = Buffer.from(SPLIT_POINTS_WASM, 'base64');
  if (typeof WebAssembly === 'undefined' || !WebAssembly.validate(bytes)) return undefined;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
  // Of our own module, whose exports a test holds to this.
  const module = exports as Omit<Kernel, 'memory'> & { memory: { buffer: ArrayBuffer } };
  const { split, unpack, join } = module;
  kernel = { memory: new Uint8Array(module.memory.buffer), split, unpack, join };
  return kernel;
}

/** Where the values of a point lie: x, y and z as float32 one after the other at `xyz`, all little-endian [bytes]. */
export interface PointLayout {
  readonly step: number;
  readonly xyz: number;
  /** a fourth word that is wanted: packed colour 0xAARRGGBB, or a float32 */
  readonly fourth?: { readonly offset: number; readonly kind: 'colour' | 'value' };
}

/** What {@link splitPoints} writes to; each has room for every point. */
export interface SplitTarget {
  /** x y z [m] */
  readonly positions: Float32Array;
  /** r g b, where `fourth` is a colour */
  readonly colors?: Uint8Array;
  /** where `fourth` is a value */
  readonly values?: Float32Array;
}

/**
 * Takes `count` points at `start` of `data` apart, beginning with the `out`-th of the target; points that are not finite are
 * left out. Returns the number in the target now, or undefined where this machine or layout needs the general way. `data` may
 * begin at any byte, and lie in parts.
 */
export function splitPoints(
  data: Bytes,
  start: number,
  count: number,
  layout: PointLayout,
  target: SplitTarget,
  out: number,
): number | undefined {
  const { step, xyz, fourth } = layout;
  const chunk = Math.min(CHUNK, Math.floor(SOURCE_BYTES / step));
  const loaded = chunk > 0 && xyz + 12 <= step ? loadKernel() : undefined;
  if (!loaded) return undefined;
  const { memory } = loaded;
  const positions = bytesOf(target.positions);
  const values = target.values && bytesOf(target.values);
  const word = (fourth?.offset ?? xyz) - xyz;
  let kept = out;
  for (let from = 0; from < count; from += chunk) {
    const n = Math.min(chunk, count - from);
    const at = start + from * step;
    if (data instanceof ByteParts) data.copyInto(memory, SOURCE, at, n * step);
    else memory.set(data.subarray(at, at + n * step), SOURCE);
    const got = loaded.split(SOURCE + xyz, n, step, word, POSITIONS, REST);
    positions.set(memory.subarray(POSITIONS, POSITIONS + 12 * got), 12 * kept);
    if (target.colors) {
      loaded.unpack(REST, got, COLOURS);
      target.colors.set(memory.subarray(COLOURS, COLOURS + 3 * got), 3 * kept);
    }
    values?.set(memory.subarray(REST, REST + 4 * got), 4 * kept);
    kept += got;
  }
  return kept;
}

/**
 * Writes `count` positions and colours as points of 16 bytes (x y z float32, 0x00RRGGBB) to `data`. Returns whether every
 * coordinate is finite, or undefined where this machine needs the general way.
 */
export function joinPoints(
  positions: Float32Array,
  colors: Uint8Array,
  count: number,
  data: Uint8Array,
): boolean | undefined {
  const loaded = loadKernel();
  if (!loaded) return undefined;
  const { memory } = loaded;
  const source = bytesOf(positions);
  let bad = 0;
  for (let from = 0; from < count; from += CHUNK) {
    const n = Math.min(CHUNK, count - from);
    // Four points are read at a time: what an earlier chunk left behind the last must not count as a coordinate.
    memory.fill(0, POSITIONS + 12 * n, POSITIONS + 12 * n + 48);
    memory.set(source.subarray(12 * from, 12 * (from + n)), POSITIONS);
    memory.set(colors.subarray(3 * from, 3 * (from + n)), COLOURS);
    bad |= loaded.join(POSITIONS, COLOURS, n, SOURCE);
    data.set(memory.subarray(SOURCE, SOURCE + 16 * n), 16 * from);
  }
  return bad === 0;
}

const bytesOf = (array: Float32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
