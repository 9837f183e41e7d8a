import { createServer as createHttpServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { WaybookError } from '../../core/errors.ts';
import {
  expiredCertificate,
  localhostCertificate,
  otherHostCertificate,
} from '../testing/test-certificates.ts';
import { backoffMs } from './backoff.ts';
import { explainConnectFailure, isUnprotected } from './connect-errors.ts';
import { FrameSocket } from './frame-socket.ts';

const signal = new AbortController().signal;
const cleanup: (() => void)[] = [];
afterEach(() => {
  for (const clean of cleanup.splice(0)) clean();
});

async function listening(server: {
  listen(port: number, host: string, done: () => void): unknown;
  address(): unknown;
  close(): unknown;
}): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanup.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

const refused = (url: string, more: { ca?: string } = {}): Promise<WaybookError> =>
  FrameSocket.open({ url, maxPayload: 1e6, ...more }, signal).then(
    () => {
      throw new Error('it connected');
    },
    (error: unknown) => error as WaybookError,
  );

function answering(status: number, headers: Record<string, string> = {}): Server {
  return createHttpServer().on('upgrade', (_request, socket) => {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.end(`HTTP/1.1 ${status} No\r\n${lines.join('')}Connection: close\r\n\r\n`);
  });
}

describe('connecting', () => {
  it.each([
    [401, {}, /wants credentials \(401\)/],
    [403, {}, /does not allow this connection \(403\)/],
    [
      302,
      { Location: 'ws://elsewhere:9090/?token=secret' },
      /redirects to ws:\/\/elsewhere:9090 \(302\), which is not followed/,
    ],
    [404, {}, /HTTP 404 instead of a WebSocket/],
  ])('says what HTTP %i means, and shows no token', async (status, headers, message) => {
    const port = await listening(answering(status, headers));
    const error = await refused(`ws://127.0.0.1:${port}/?token=secret`);
    expect(error.code).toBe('link/connect');
    expect(error.explain()).toMatch(message);
    expect(error.explain()).not.toMatch(/secret/);
  });

  it('tells apart certificates that are unknown, expired or another host’s, and believes a given authority', async () => {
    const serve = async (certificate: { key: string; cert: string }): Promise<number> => {
      const server = createHttpsServer(certificate);
      const sockets = new WebSocketServer({ server });
      cleanup.push(() => sockets.close());
      return listening(server);
    };
    const good = await serve(localhostCertificate);
    expect((await refused(`wss://127.0.0.1:${good}`)).message).toMatch(/self-signed certificate/);
    const socket = await FrameSocket.open(
      { url: `wss://127.0.0.1:${good}`, ca: localhostCertificate.cert, maxPayload: 1e6 },
      signal,
    );
    socket.close();
    const other = await serve(otherHostCertificate);
    expect((await refused(`wss://127.0.0.1:${other}`, { ca: otherHostCertificate.cert })).message).toMatch(
      /another host name/,
    );
    const expired = await serve(expiredCertificate);
    expect((await refused(`wss://127.0.0.1:${expired}`, { ca: expiredCertificate.cert })).message).toMatch(
      /has expired/,
    );
  });

  it('names a port that nothing listens on, one that hangs, and one that speaks something else', async () => {
    const free = createTcpServer();
    const port = await listening(free);
    free.close();
    expect((await refused(`ws://127.0.0.1:${port}`)).message).toMatch(/refused the connection/);
    const held: Socket[] = [];
    const hanging = await listening(createTcpServer((socket) => held.push(socket)));
    cleanup.push(() => held.forEach((socket) => socket.destroy()));
    const started = FrameSocket.open(
      { url: `ws://127.0.0.1:${hanging}`, maxPayload: 1e6, handshakeMs: 200 },
      signal,
    );
    await expect(started).rejects.toThrow(/did not finish the handshake in time/);
    expect((await refused('http//x')).message).toMatch(/not a WebSocket URL/);
  });

  it('refuses a subprotocol that was not asked for', async () => {
    const server = createHttpServer().on('upgrade', (_request, socket) => {
      socket.end(
        'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\nSec-WebSocket-Protocol: foxglove.sdk.v1\r\n\r\n',
      );
    });
    const error = await refused(`ws://127.0.0.1:${await listening(server)}`);
    expect(error.code).toBe('link/connect');
    expect(
      explainConnectFailure('x', new Error('Server sent a subprotocol but none was requested')).message,
    ).toMatch(/another subprotocol/);
  });

  it('is cancelled by its signal', async () => {
    const held: Socket[] = [];
    const port = await listening(createTcpServer((socket) => held.push(socket)));
    cleanup.push(() => held.forEach((socket) => socket.destroy()));
    const abort = new AbortController();
    const opening = FrameSocket.open({ url: `ws://127.0.0.1:${port}`, maxPayload: 1e6 }, abort.signal);
    abort.abort();
    await expect(opening).rejects.toMatchObject({ code: 'task/cancelled' });
  });

  it('warns of plain sockets to other machines only', () => {
    expect(isUnprotected('ws://10.0.0.7:9090')).toBe(true);
    expect(isUnprotected('wss://10.0.0.7:9090')).toBe(false);
    expect(isUnprotected('ws://127.0.0.1:9090')).toBe(false);
    expect(isUnprotected('ws://[::1]:9090')).toBe(false);
    expect(isUnprotected('ws://127.evil.example')).toBe(true);
  });
});

describe('an open socket', () => {
  async function pair(options: { maxPayload?: number; maxBuffered?: number; deflate?: boolean } = {}) {
    const server = new WebSocketServer({
      host: '127.0.0.1',
      port: 0,
      perMessageDeflate: options.deflate ?? false,
    });
    cleanup.push(() => server.close());
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const accepted = new Promise<WebSocket>((resolve) => server.once('connection', (peer) => resolve(peer)));
    const socket = await FrameSocket.open(
      {
        url: `ws://127.0.0.1:${port}`,
        maxPayload: options.maxPayload ?? 1e6,
        pingMs: 100,
        ...(options.maxBuffered === undefined ? {} : { maxBuffered: options.maxBuffered }),
      },
      signal,
    );
    const peer = await accepted;
    peer.on('error', () => undefined);
    const closed = new Promise<WaybookError>((resolve) =>
      socket.listen({ text: () => undefined, binary: () => undefined, closed: resolve }),
    );
    cleanup.push(() => peer.terminate());
    return { socket, peer, closed };
  }

  it('gives up a peer that answers nothing', async () => {
    const { peer, closed } = await pair();
    peer.pause();
    expect((await closed).message).toMatch(/stopped answering \(2 pings missed\)/);
  });

  it('closes on a frame above the limit instead of keeping it', async () => {
    const { socket, peer, closed } = await pair({ maxPayload: 10_000 });
    peer.send(Buffer.alloc(100_000));
    expect((await closed).code).toBe('link/lost');
    expect(() => socket.send('x')).toThrow(/Max payload|closed|broke/);
  });

  it('never inflates: compression is not offered, and a compressed frame closes the socket', async () => {
    const { peer, closed } = await pair({ deflate: true });
    expect(peer.extensions).toBe('');
    // FIN and RSV1 set: a compressed text frame of one byte.
    (peer as unknown as { _socket: Socket })._socket.write(Buffer.from([0xc1, 0x01, 0x00]));
    expect((await closed).message).toMatch(/RSV1/);
  });

  it('refuses to queue for a peer that does not read', async () => {
    const { socket, peer } = await pair({ maxBuffered: 100_000 });
    peer.pause();
    const flood = (): void => {
      for (let i = 0; i < 10_000; i++) socket.send('x'.repeat(20_000));
    };
    expect(flood).toThrow(/does not read/);
  });
});

describe('backoffMs', () => {
  it('grows from half a second to ten, never in step', () => {
    expect([0, 1, 2, 3, 4, 5, 9].map((n) => backoffMs(n, 1))).toEqual([
      500, 1000, 2000, 4000, 8000, 10_000, 10_000,
    ]);
    expect(backoffMs(9, 0)).toBe(5000);
  });
});
