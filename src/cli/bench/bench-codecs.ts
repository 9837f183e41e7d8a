import type { PointCloud } from '../../core/point-cloud.ts';
import { Random } from '../../core/random.ts';
import { readCloud } from '../../perception/codecs/cloud-file.ts';
import { writePcd, type PcdEncoding } from '../../perception/codecs/pcd.ts';
import { writePly } from '../../perception/codecs/ply.ts';
import { fromPointCloud } from '../../perception/codecs/point-table.ts';

/** How long one reader took for one file. */
export interface CodecTiming {
  readonly file: string;
  readonly reader: 'waybook' | 'three';
  /** median over the repetitions */
  readonly ms: number;
}

export interface CodecReport {
  readonly points: number;
  readonly repetitions: number;
  readonly timings: readonly CodecTiming[];
  /** our time over three.js's for the binary PCD, from medians of the same run; 1 or less: no slower */
  readonly binaryPcdRatio: number;
}

/**
 * Times reading PCD and PLY files of `points` points (x, y, z, colour, intensity) from memory, three.js's PCDLoader
 * (`readWithThree`) beside ours on the same PCD bytes, in turns, so that both meet the same machine.
 */
export function benchCodecs(
  points: number,
  repetitions: number,
  readWithThree: (file: ArrayBuffer) => number,
): CodecReport {
  const cloud = randomCloud(points);
  const packed = fromPointCloud(cloud, 'packed');
  const timings: CodecTiming[] = [];
  for (const encoding of ['binary', 'binary_compressed', 'ascii'] satisfies PcdEncoding[]) {
    const bytes = new Uint8Array(writePcd(packed, encoding));
    const [ours, theirs] = inTurns(repetitions, [
      () => readCloud(bytes, 'a.pcd').count,
      () => readWithThree(bytes.buffer),
    ]);
    timings.push({ file: `PCD ${encoding}`, reader: 'waybook', ms: ours ?? NaN });
    timings.push({ file: `PCD ${encoding}`, reader: 'three', ms: theirs ?? NaN });
  }
  const channels = fromPointCloud(cloud, 'channels');
  for (const encoding of ['binary_little_endian', 'binary_big_endian'] as const) {
    const bytes = writePly(channels, encoding);
    const [ours] = inTurns(repetitions, [() => readCloud(bytes, 'a.ply').count]);
    timings.push({ file: `PLY ${encoding}`, reader: 'waybook', ms: ours ?? NaN });
  }
  const [ours, theirs] = timings;
  return { points, repetitions, timings, binaryPcdRatio: (ours?.ms ?? NaN) / (theirs?.ms ?? NaN) };
}

/** Medians [ms], one for each of `readers`, each run `repetitions` times after one that does not count. */
function inTurns(repetitions: number, readers: readonly (() => number)[]): number[] {
  const times = readers.map((): number[] => []);
  for (let i = 0; i <= repetitions; i++) {
    readers.forEach((read, k) => {
      const start = performance.now();
      if (read() === 0) throw new Error('a reader found no points');
      if (i > 0) times[k]?.push(performance.now() - start);
    });
  }
  return times.map((list) => list.sort((a, b) => a - b)[Math.floor(list.length / 2)] ?? NaN);
}

function randomCloud(count: number): PointCloud {
  const random = new Random(1, 'bench codecs');
  return {
    frame: 'base',
    stamp: 0,
    count,
    positions: Float32Array.from({ length: 3 * count }, () => random.uniform(-2, 2)),
    colors: Uint8Array.from({ length: 3 * count }, () => random.below(256)),
    fields: { intensity: Float32Array.from({ length: count }, () => random.next()) },
  };
}
