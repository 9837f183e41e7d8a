import { cpus, loadavg } from 'node:os';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { WaybookError } from '../../core/errors.ts';
import { cloudFromMessage } from '../link/observe-camera.ts';
import { RosbridgeClient } from '../link/rosbridge-client.ts';
import { FrameSocket } from '../socket/frame-socket.ts';
import { endChild, forkSimulator, keepLog, readFirstLine } from './simulator-process.ts';

const TOPIC = '/bench/points';
const RUNS = 3;
const CALLS = 200;
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
 * that move frames of the same size in the same run, by turns; and the control socket's round trip without and with
 * the cloud running.
 */
export async function benchLink(options: LinkBenchOptions, signal: AbortSignal): Promise<LinkBenchReport> {
  const { points = 300_000, seconds = 3 } = options;
  const child = forkSimulator(options.bundle, ['--bench-link', String(points)]);
  try {
    const { url, bareUrl } = await addressesOf(child, signal);
    const session = randomUUID();
    const bare: number[] = [];
    const link: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      bare.push(await bareRate(bareUrl, seconds, signal));
      link.push(await linkRate(`${url}&session=${session}&role=data`, session, seconds, signal));
    }
    const { idle, busy } = await roundTrips(url, session, signal);
    const ratio = link.map((rate, i) => rate / (bare[i] as number));
    return {
      bench: 'link',
      machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, load ${(loadavg()[0] ?? 0).toFixed(1)}, Node ${process.versions.node}`,
      rows: [
        rowOf('bare sockets', 'MB/s', bare, `${points} points of 16 bytes a frame, nothing decoded`),
        rowOf(
          'link to typed arrays',
          'MB/s',
          link,
          'the same, as cbor-raw, decoded to positions and colours',
        ),
        rowOf('link against bare', '', ratio, 'should reach 0.7'),
        rowOf(
          'round trip p99, idle',
          'ms',
          [idle],
          `${CALLS} calls of /rosapi/get_time on the control socket`,
        ),
        rowOf('round trip p99, cloud running', 'ms', [busy], 'the same while clouds flow on the data socket'),
        rowOf('round trip against idle', '', [busy / idle], 'should stay below 1.5'),
      ],
      skipped: [],
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
    meter.add(cloudFromMessage(msg, 'ros2').count * 16);
  });
  await meter.run(seconds, signal);
  client.close();
  return meter.rate;
}

async function roundTrips(
  url: string,
  session: string,
  signal: AbortSignal,
): Promise<{ idle: number; busy: number }> {
  const [controlSocket, dataSocket] = [
    await openSocket(`${url}&session=${session}&role=control`, signal),
    await openSocket(`${url}&session=${session}&role=data`, signal),
  ];
  const control = new RosbridgeClient(controlSocket, session, () => undefined);
  const data = new RosbridgeClient(dataSocket, session, () => undefined);
  const p99 = async (): Promise<number> => {
    const times: number[] = [];
    for (let i = 0; i < CALLS; i++) {
      const start = performance.now();
      await control.roundTrip({ signal });
      times.push(performance.now() - start);
    }
    return times.sort((a, b) => a - b)[Math.floor(0.99 * times.length)] as number;
  };
  try {
    await p99();
    const idle = await p99();
    // As the link asks for clouds: ten a second, not as many as fit.
    const stop = data.subscribe(TOPIC, { compression: 'cbor-raw', throttleMs: 100 }, (msg) => {
      cloudFromMessage(msg, 'ros2');
    });
    const busy = await p99();
    stop();
    return { idle, busy };
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
