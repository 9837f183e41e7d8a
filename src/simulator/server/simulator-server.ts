import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { RawData, WebSocket } from 'ws';
import { WaybookError, messageOf } from '../../core/errors.ts';
import type { World, WorldOptions } from '../world-api.ts';
import { admit } from './access.ts';
import { Connection } from './connection.ts';
import { Endpoint } from './endpoint.ts';
import { SimulatorHost } from './host.ts';
import type { WorldFactory } from './host.ts';
import type { TopicSpec } from './topics.ts';
import { RealTimeClock } from './real-time-clock.ts';

export interface SimulatorServerOptions extends WorldOptions {
  /** time passes only in `/simulator/step`; else it follows the wall clock */
  readonly lockStep: boolean;
  /** 0 or absent: any free port */
  readonly port?: number;
  /** address to listen on, 127.0.0.1 by default; anything else is reachable from other machines */
  readonly host?: string;
  /** secret that the URL must hold; a random one by default */
  readonly token?: string;
  /** topics beside the world's, for benchmarks */
  readonly extraTopics?: readonly TopicSpec[];
  /** where worlds come from; tests give their own */
  readonly createWorld?: WorldFactory;
  /** lines for people; nothing by default */
  readonly log?: (line: string) => void;
}

export interface SimulatorServer extends AsyncDisposable {
  /** with the token; add `&session=…&role=control|data` */
  readonly url: string;
  readonly port: number;
  readonly token: string;
  /** the world of now: a reset replaces it */
  readonly world: World;
  readonly connectionCount: number;
  close(): Promise<void>;
}

const MAX_CONNECTIONS = 32;
/** The largest goal that passes its checks is about 3 MB of JSON. */
const MAX_PAYLOAD = 16 * 1024 * 1024;
const PING_MS = 1000;
/** Of one who commands without heartbeats: nothing else tells that it is gone. */
const MISSED_BY_COMMANDER = 2;
/** Of everybody else: an editor that is busy for seconds is still there. */
const MISSED_BY_OTHERS = 5;

/**
 * Starts the simulator as a rosbridge server in this process; resolves when it listens. Throws what making the world
 * throws, and `link/connect` where the address cannot be used.
 */
export async function startSimulatorServer(options: SimulatorServerOptions): Promise<SimulatorServer> {
  const { lockStep, port = 0, host: address = '127.0.0.1', log = () => undefined } = options;
  const token = options.token ?? randomBytes(24).toString('base64url');
  const createWorld = options.createWorld ?? (await import('../world.ts')).createWorld;
  const clock = new RealTimeClock(
    () => host.world.timestep,
    () => host.tick(),
  );
  const host = await SimulatorHost.create(worldOptions(options), {
    lockStep,
    createWorld,
    log,
    extraTopics: options.extraTopics,
    // Whatever stopped the clock is gone with the old world.
    onWorldChanged: () => {
      if (!lockStep) clock.start();
    },
  });
  const endpoint = new Endpoint(host, log);
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MAX_PAYLOAD });
  const http = createServer((_request, response) => {
    response
      .writeHead(426, { 'content-type': 'text/plain' })
      .end('This is a WebSocket server (rosbridge v2.0).\n');
  });
  http.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => socket.destroy());
    const admission = admit(request, { token, host: address });
    if ('status' in admission) return refuse(socket, admission.status, admission.reason);
    if (host.connections.size >= MAX_CONNECTIONS) return refuse(socket, 503, 'Too many connections.');
    sockets.handleUpgrade(request, socket, head, (webSocket) => {
      accept(webSocket, new Connection(webSocket, socket, admission.identity));
    });
  });

  function accept(socket: WebSocket, connection: Connection): void {
    host.connections.add(connection);
    socket.on('message', (data: RawData, isBinary: boolean) => {
      const bytes = bytesOfFrame(data);
      endpoint.receive(connection, isBinary ? bytes : bytes.toString('utf8'));
    });
    socket.on('pong', () => (connection.missedPongs = 0));
    // Broken frames and oversized ones: `ws` closes with the right code by itself.
    socket.on('error', (error) => log(`socket: ${error.message}`));
    socket.on('close', () => host.disconnected(connection));
  }

  // In lock-step nothing moves while a client is silent, and a debugger may hold it for minutes.
  const pinger = setInterval(() => {
    if (lockStep) return;
    for (const connection of host.connections) {
      const unwatched = connection.commands && !host.hasHeartbeat(connection);
      const allowed = unwatched ? MISSED_BY_COMMANDER : MISSED_BY_OTHERS;
      if (connection.missedPongs >= allowed) connection.socket.terminate();
      else {
        connection.missedPongs++;
        connection.socket.ping();
      }
    }
  }, PING_MS);

  let closing: Promise<void> | undefined;
  const close = () =>
    (closing ??= (async () => {
      clock.stop();
      clearInterval(pinger);
      for (const connection of host.connections) connection.socket.terminate();
      sockets.close();
      http.closeAllConnections();
      await new Promise<void>((resolve) => http.close(() => resolve()));
      await host.close();
    })());

  try {
    await listen(http, port, address);
  } catch (error) {
    await close();
    throw new WaybookError('link/connect', `Cannot listen on ${address}:${port}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  if (!lockStep) clock.start();
  const bound = (http.address() as AddressInfo).port;
  const name = address.includes(':') ? `[${address}]` : address;
  return {
    url: `ws://${name}:${bound}/?token=${encodeURIComponent(token)}`,
    port: bound,
    token,
    get world() {
      return host.world;
    },
    get connectionCount() {
      return host.connections.size;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function worldOptions({
  scene,
  seed,
  noise,
  detectionNoise,
  distractors,
  obstacles,
  arm,
}: SimulatorServerOptions): WorldOptions {
  return { scene, seed, noise, detectionNoise, distractors, obstacles, arm };
}

function listen(http: Server, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(port, address, () => {
      http.removeListener('error', reject);
      resolve();
    });
  });
}

const REASONS = { 401: 'Unauthorized', 403: 'Forbidden', 503: 'Service Unavailable' } as const;

function refuse(socket: Duplex, status: keyof typeof REASONS, reason: string): void {
  const body = `${reason}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${REASONS[status]}\r\nConnection: close\r\nContent-Type: text/plain\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function bytesOfFrame(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return data instanceof ArrayBuffer ? Buffer.from(data) : data;
}
