import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { startSimulatorServer } from '../server/simulator-server.ts';
import { FLOOD_DEPTH } from '../server/endpoint.ts';
import { benchTopics } from './flood-topic.ts';

/** What a benchmark of the link connects to, in a process of its own. */
export interface BenchLinkServer extends AsyncDisposable {
  /** the simulator in real time, with `/bench/points` and `/bench/points_10hz` beside its topics */
  readonly url: string;
  /** a bare `ws` server that sends frames of the same size, made once, as fast as they are taken: the yardstick */
  readonly bareUrl: string;
}

/** Starts both on loopback, behind tokens. `points` is the size of the cloud, 16 bytes each. */
export async function startBenchLinkServer(points: number): Promise<BenchLinkServer> {
  const simulator = await startSimulatorServer({
    scene: 'put-in-bowl',
    seed: 7,
    lockStep: false,
    extraTopics: benchTopics(points),
  });
  const token = randomBytes(24).toString('base64url');
  const bare = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    perMessageDeflate: false,
    verifyClient: ({ req, origin }: { req: { url?: string }; origin?: string }) =>
      origin === undefined && req.url === `/?token=${token}`,
  });
  // As long as a frame of the topic: 16 bytes a point and the head.
  const frame = Buffer.alloc(16 * points + 256, 7);
  bare.on('connection', (socket: WebSocket) => {
    const next = (): void => {
      if (socket.readyState === socket.OPEN) socket.send(frame, next);
    };
    for (let i = 0; i < FLOOD_DEPTH; i++) next();
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve, reject) => {
    bare.once('listening', () => resolve());
    bare.once('error', reject);
  });
  return {
    url: simulator.url,
    bareUrl: `ws://127.0.0.1:${(bare.address() as AddressInfo).port}/?token=${token}`,
    async [Symbol.asyncDispose]() {
      for (const socket of bare.clients) socket.terminate();
      await new Promise<void>((resolve) => bare.close(() => resolve()));
      await simulator.close();
    },
  };
}
