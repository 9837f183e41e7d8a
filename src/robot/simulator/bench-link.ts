import { cpus, loadavg } from 'node:os';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { WaybookError } from '../../core/errors.ts';
import { CloudDecoder } from '../protocol/cloud-decoder.ts';
import { decodeInTurns } from '../link/decode-in-turns.ts';
import { receivedCloud } from '../link/observe-camera.ts';
import { RosbridgeClient } from '../link/rosbridge-client.ts';
import { FrameSocket } from '../socket/frame-socket.ts';
import { endChild, forkSimulator, keepLog, readFirstLine } from './simulator-process.ts';

const TOPIC = '/bench/points';
const STEADY_TOPIC = '/bench/points_10hz';
const RUNS = 3;
/** Between two calls: fast enough to fall between the clouds and on them [ms]. */
const PACE_MS = 5;
const MIB = 1024 * 1024;

export interface LinkBenchOptions {
  /** default 300,000 points of 16 bytes */
  readonly points?: number;
  /** of each throughput run; default 3 s */
  readonly seconds?: number;
  /** `dist/simulator.mjs` elsewhere than beside the running bundle */
  readonly bundle?: string;
}

/** Figures as the simulator's own benchmark prints them. */
export interface LinkBenchReport {
  readonly bench: 'link';
  readonly machine: string;
  readonly rows: readonly {
    readonly name: string;
    readonly value: number;
    readonly unit: string;
    readonly note: string;
    readonly range?: readonly [number, number];
  }[];
  readonly skipped: readonly string[];
}

/**
 * Measures the link on this machine: clouds from the simulator's process to typed arrays here, against two bare `ws` sockets
 * that move frames of the same size and against roslib, by turns in the same run; and the control socket's round trip without
 * and with clouds running.
 */
export async function benchLink(options: LinkBenchOptions, signal: AbortSignal): Promise<LinkBenchReport> {
  const { points = 300_000, seconds = 3 } = options;
  const child = forkSimulator(options.bundle, ['--bench-link', String(points)]);
  try {
    const { url, bareUrl } = await addressesOf(child, signal);
    const session = randomUUID();
    const roslib = await loadRoslib();
    const [bare, link, others]: [number[], number[], number[]] = [[], [], []];
    for (let run = 0; run < RUNS; run++) {
      bare.push(await bareRate(bareUrl, seconds, signal));
      link.push(await linkRate(`${url}&session=${session}&role=data`, session, seconds, signal));
      if (roslib) others.push(await roslibRate(roslib, url, seconds, signal));
    }
    const against = (rates: readonly number[]): number[] =>
      link.map((rate, i) => rate / (rates[i] as number));
    const trips = await roundTrips(url, session, seconds, signal);
    const calls = (how: string): string => `/rosapi/get_time on the control socket, ${how}`;
    return {
      bench: 'link',
      machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.versions.node}`,
      rows: [
        rowOf('bare sockets', 'MB/s', bare, `${points} points of 16 bytes a frame, nothing decoded`),
        rowOf('link to typed arrays', 'MB/s', link, 'the same, as cbor-raw, to positions and colours'),
        rowOf('link against bare', '', against(bare), 'should reach 0.7'),
        ...(roslib
          ? [
              rowOf('roslib, cbor', 'MB/s', others, 'the same, to its bytes, interleaved as they came'),
              rowOf('link against roslib', '', against(others), 'should reach 1'),
            ]
          : []),
        ...(['back to back', 'paced'] as const).flatMap((how) => {
          const { idle, busy } = trips[how];
          const said = how === 'paced' ? `one every ${PACE_MS} ms` : 'one after the other';
          return [
            rowOf(`round trip p99, ${how}, idle`, 'ms', idle, calls(said)),
            rowOf(`round trip p99, ${how}, with clouds`, 'ms', busy, 'the same, ten clouds a second'),
            rowOf(
              `round trip against idle, ${how}`,
              '',
              busy.map((ms, i) => ms / (idle[i] as number)),
              'should stay below 1.5',
            ),
          ];
        }),
      ],
      skipped: roslib ? [] : ['roslib: not installed (it comes with a checkout, for tests)'],
    };
  } finally {
    await endChild(child);
  }
}

async function addressesOf(
  child: ChildProcess,
  signal: AbortSignal,
): Promise<{ url: string; bareUrl: string }> {
  const first = await readFirstLine(child, keepLog(child, undefined), signal);
  const { url, bareUrl } = first;
  if (typeof url === 'string' && typeof bareUrl === 'string') return { url, bareUrl };
  throw new WaybookError('internal/bug', 'The benchmark’s server did not say where it listens.');
}

const openSocket = (url: string, signal: AbortSignal): Promise<FrameSocket> =>
  FrameSocket.open({ url, maxPayload: 128 * MIB }, signal);

/** MB/s of frames that are counted and thrown away. */
async function bareRate(url: string, seconds: number, signal: AbortSignal): Promise<number> {
  const socket = await openSocket(url, signal);
  const meter = new Meter();
  socket.listen({
    text: () => undefined,
    binary: (frame) => meter.add(frame.length),
    closed: () => undefined,
  });
  await meter.run(seconds, signal);
  socket.close();
  return meter.rate;
}

/** MB/s of clouds that end as typed arrays. */
async function linkRate(url: string, session: string, seconds: number, signal: AbortSignal): Promise<number> {
  const socket = await openSocket(url, signal);
  const client = new RosbridgeClient(socket, session, () => undefined);
  const meter = new Meter();
  client.subscribe(TOPIC, { compression: 'cbor-raw' }, (msg) => {
    meter.add(new CloudDecoder(receivedCloud(msg, 'ros2')).finish().count * 16);
  });
  await meter.run(seconds, signal);
  client.close();
  return meter.rate;
}

/** The little of roslib that is measured. */
interface Roslib {
  readonly Ros: new (options: { url: string }) => {
    close(): void;
    on(event: string, heard: () => void): void;
  };
  readonly Topic: new (options: object) => { subscribe(heard: (message: unknown) => void): void };
}

/** Undefined where it is not installed: it is no part of the product. */
async function loadRoslib(): Promise<Roslib | undefined> {
  // Not a literal: a bundler would take it in.
  const name = 'roslib';
  try {
    return (await import(name)) as Roslib;
  } catch {
    return undefined;
  }
}

/** MB/s of clouds that end as roslib's message, whose `data` is a view of the frame. */
async function roslibRate(
  { Ros, Topic }: Roslib,
  url: string,
  seconds: number,
  signal: AbortSignal,
): Promise<number> {
  const ros = new Ros({ url });
  // Errors come as events, and an event nobody hears is thrown.
  ros.on('error', () => undefined);
  const topic = new Topic({
    ros,
    name: TOPIC,
    messageType: 'sensor_msgs/msg/PointCloud2',
    compression: 'cbor',
  });
  const meter = new Meter();
  topic.subscribe((message) => meter.add((message as { data: Uint8Array }).data.length));
  try {
    await meter.run(seconds, signal);
  } finally {
    ros.close();
  }
  return meter.rate;
}

type Trips = Record<'paced' | 'back to back', { idle: number[]; busy: number[] }>;

/** The 99th percentile of round trips [ms], idle and with clouds by turns. */
async function roundTrips(
  url: string,
  session: string,
  seconds: number,
  signal: AbortSignal,
): Promise<Trips> {
  const [controlSocket, dataSocket] = [
    await openSocket(`${url}&session=${session}&role=control`, signal),
    await openSocket(`${url}&session=${session}&role=data`, signal),
  ];
  const control = new RosbridgeClient(controlSocket, session, () => undefined);
  const data = new RosbridgeClient(dataSocket, session, () => undefined);
  const p99 = async (pace: number): Promise<number> => {
    const times: number[] = [];
    const end = performance.now() + seconds * 1000;
    while (performance.now() < end) {
      const start = performance.now();
      await control.roundTrip({ signal });
      times.push(performance.now() - start);
      if (pace > 0) await new Promise((resolve) => setTimeout(resolve, pace));
    }
    return times.sort((a, b) => a - b)[Math.floor(0.99 * times.length)] as number;
  };
  const trips: Trips = { 'back to back': { idle: [], busy: [] }, paced: { idle: [], busy: [] } };
  try {
    await p99(0);
    for (let run = 0; run < RUNS; run++) {
      for (const [how, pace] of [
        ['back to back', 0],
        ['paced', PACE_MS],
      ] as const) {
        trips[how].idle.push(await p99(pace));
        const stop = data.subscribe(STEADY_TOPIC, { compression: 'cbor-raw' }, (msg) => {
          void decodeInTurns(new CloudDecoder(receivedCloud(msg, 'ros2')));
        });
        trips[how].busy.push(await p99(pace));
        stop();
      }
    }
    return trips;
  } finally {
    control.close();
    data.close();
  }
}

/** Counts bytes over a stretch of time that begins with the first. */
class Meter {
  #bytes = 0;
  #first: number | undefined;
  #last = 0;

  add(bytes: number): void {
    this.#last = performance.now();
    // The first frame only starts the clock: connecting is not what is measured.
    if (this.#first === undefined) this.#first = this.#last;
    else this.#bytes += bytes;
  }

  get rate(): number {
    const ms = this.#last - (this.#first ?? this.#last);
    return ms > 0 ? this.#bytes / 1000 / ms : 0;
  }

  run(seconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = (): void => {
        clearTimeout(timer);
        reject(new WaybookError('task/cancelled', 'The benchmark was cancelled.'));
      };
      const timer = setTimeout(() => {
        signal.removeEventListener('abort', abort);
        resolve();
      }, seconds * 1000);
      signal.addEventListener('abort', abort, { once: true });
    });
  }
}

function rowOf(
  name: string,
  unit: string,
  runs: readonly number[],
  note: string,
): LinkBenchReport['rows'][number] {
  const sorted = [...runs].sort((a, b) => a - b);
  const value = sorted[Math.floor(sorted.length / 2)] as number;
  return {
    name,
    value,
    unit,
    note,
    ...(runs.length > 1 ? { range: [sorted[0], sorted.at(-1)] as [number, number] } : {}),
  };
}
