import WebSocket from 'ws';
import type { RawData } from 'ws';
import { WaybookError } from '../../core/errors.ts';
import { ByteParts } from '../protocol/byte-parts.ts';
import { describeUrl, explainConnectFailure, explainHttpRefusal } from './connect-errors.ts';

export interface FrameSocketOptions {
  /** `ws://` or `wss://`; what comes after `?` never appears in messages */
  readonly url: string;
  /** sent with the upgrade: a bearer token, a proxy's header */
  readonly headers?: Readonly<Record<string, string>>;
  /** PEM; replaces the system's roots, so that only this authority is believed */
  readonly ca?: string;
  /** frames above this are refused before they are allocated [bytes] */
  readonly maxPayload: number;
  /** unsent bytes above this refuse the next send [bytes] */
  readonly maxBuffered?: number;
  readonly handshakeMs?: number;
  readonly pingMs?: number;
  /** unanswered pings in a row that mean the link is gone */
  readonly pingMisses?: number;
  /** says more about a loss than the socket can: that the other process has died, say */
  readonly explainLoss?: (message: string) => WaybookError;
}

export interface FrameListener {
  text(frame: string): void;
  /** In the parts in which it was sent. Copy what is kept, it pins the whole frame. */
  binary(frame: Uint8Array | ByteParts): void;
  /** Called once, after which nothing else is called. */
  closed(reason: WaybookError): void;
}

type Frame = string | Uint8Array | ByteParts;

const MIB = 1024 * 1024;
let epochs = 0;

/**
 * One WebSocket connection from open to close; it never reconnects, so that nothing can be sent twice. Compression
 * is off (50 times slower and a way to exhaust memory), payloads, send queue and handshake are bounded, and
 * a peer that answers neither pings nor anything else is given up.
 */
export class FrameSocket {
  /** Differs between any two connections of this process. */
  readonly epoch = ++epochs;
  readonly #socket: WebSocket;
  readonly #where: string;
  readonly #maxBuffered: number;
  readonly #explainLoss: (message: string) => WaybookError;
  #listener: FrameListener | undefined;
  /** What arrived between the handshake and `listen`. */
  #early: Frame[] = [];
  #reason: WaybookError | undefined;
  #pingTimer: NodeJS.Timeout | undefined;
  #pingSentAt: number | undefined;
  #roundTripMs = Number.NaN;

  /**
   * Resolves when the handshake is done. Rejects with `link/connect` (which says whether it was refused, redirected,
   * not allowed, not trusted or simply not there) or, where `signal` aborts, `task/cancelled`.
   */
  static open(options: FrameSocketOptions, signal: AbortSignal): Promise<FrameSocket> {
    return new Promise((resolve, reject) => {
      const where = describeUrl(options.url);
      if (signal.aborted) {
        reject(new WaybookError('task/cancelled', `Connecting to ${where} was cancelled.`));
        return;
      }
      let socket: WebSocket;
      try {
        socket = new WebSocket(options.url, {
          perMessageDeflate: false,
          maxPayload: options.maxPayload,
          handshakeTimeout: options.handshakeMs ?? 5000,
          followRedirects: false,
          headers: { ...options.headers },
          ...(options.ca === undefined ? {} : { ca: options.ca }),
        });
      } catch (cause) {
        reject(
          new WaybookError('link/connect', `${where} is not a WebSocket URL.`, {
            hint: 'Use ws://HOST:PORT or wss://HOST:PORT.',
            cause,
          }),
        );
        return;
      }
      const settle = (): void => {
        signal.removeEventListener('abort', abort);
        socket.off('error', fail);
        socket.off('unexpected-response', refuse);
      };
      // `ws` emits an error on a socket that is terminated before it opened; nobody else listens by then.
      const giveUp = (error: WaybookError): void => {
        settle();
        socket.on('error', () => undefined);
        socket.terminate();
        reject(error);
      };
      const abort = (): void =>
        giveUp(new WaybookError('task/cancelled', `Connecting to ${where} was cancelled.`));
      const fail = (cause: Error): void => giveUp(explainConnectFailure(where, cause));
      const refuse = (
        _: unknown,
        response: { statusCode?: number; headers: Record<string, unknown> },
      ): void => giveUp(explainHttpRefusal(where, response.statusCode ?? 0, response.headers));
      signal.addEventListener('abort', abort, { once: true });
      socket.on('error', fail);
      socket.on('unexpected-response', refuse);
      // Frames may come in the same read as the handshake: the object must listen before `open` returns.
      const frames = new FrameSocket(socket, where, options);
      socket.once('open', () => {
        settle();
        frames.#opened(options);
        resolve(frames);
      });
    });
  }

  private constructor(socket: WebSocket, where: string, options: FrameSocketOptions) {
    this.#socket = socket;
    this.#where = where;
    this.#maxBuffered = options.maxBuffered ?? MIB;
    this.#explainLoss = options.explainLoss ?? explainLoss;
    // A cloud is not put together before it is known that somebody wants it so.
    socket.binaryType = 'fragments';
    socket.on('message', (data: RawData, isBinary: boolean) => {
      this.#pingSentAt = undefined;
      const frame = isBinary ? partsOf(data) : textOf(data);
      if (this.#reason) return;
      if (this.#listener) this.#deliver(this.#listener, frame);
      else this.#early.push(frame);
    });
  }

  #opened(options: FrameSocketOptions): void {
    const socket = this.#socket;
    socket.on('error', (cause) =>
      this.#closeWith(`The connection to ${this.#where} broke: ${cause.message}.`),
    );
    socket.on('close', (code) => this.#closeWith(`${this.#where} closed the connection (code ${code}).`));
    socket.on('pong', () => {
      if (this.#pingSentAt !== undefined) this.#roundTripMs = performance.now() - this.#pingSentAt;
      this.#pingSentAt = undefined;
      this.#misses = 0;
    });
    this.#startPing(options.pingMs ?? 800, options.pingMisses ?? 2);
  }

  #misses = 0;

  /** A late timer means that this process stalled, and proves nothing about the peer: that round is not counted. */
  #startPing(everyMs: number, allowed: number): void {
    let due = performance.now() + everyMs;
    this.#pingTimer = setInterval(() => {
      const late = performance.now() - due;
      due = performance.now() + everyMs;
      if (this.#pingSentAt === undefined) this.#misses = 0;
      else if (late < everyMs / 2) this.#misses++;
      if (this.#misses >= allowed) {
        this.#closeWith(`${this.#where} stopped answering (${allowed} pings missed).`);
        return;
      }
      this.#pingSentAt ??= performance.now();
      this.#socket.ping();
    }, everyMs);
    this.#pingTimer.unref();
  }

  #deliver(listener: FrameListener, frame: Frame): void {
    if (typeof frame === 'string') listener.text(frame);
    else listener.binary(frame);
  }

  get isOpen(): boolean {
    return this.#reason === undefined;
  }

  /** Of the last answered ping [ms]; NaN before the first. */
  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  /** One listener only. Frames that arrived before it are delivered first, at once. */
  listen(listener: FrameListener): void {
    this.#listener = listener;
    const early = this.#early;
    this.#early = [];
    for (const frame of early) this.#deliver(listener, frame);
    if (this.#reason) listener.closed(this.#reason);
  }

  /** Throws `link/lost` when closed and `link/fault` when the peer does not read what it is sent. */
  send(frame: string): void {
    if (this.#reason) throw this.#reason;
    if (this.#socket.bufferedAmount + frame.length > this.#maxBuffered) {
      throw new WaybookError(
        'link/fault',
        `${this.#where} does not read: ${this.#socket.bufferedAmount} bytes wait to be sent, so the message was refused.`,
        { hint: 'The bridge is overloaded or stuck. Nothing was queued.' },
      );
    }
    this.#socket.send(frame);
  }

  /** Idempotent. The listener hears `closed` before this returns. */
  close(reason: WaybookError | string = 'The link was closed.'): void {
    this.#closeWith(reason);
  }

  #closeWith(why: WaybookError | string): void {
    if (this.#reason) return;
    this.#reason = typeof why === 'string' ? this.#explainLoss(why) : why;
    clearInterval(this.#pingTimer);
    this.#socket.on('error', () => undefined);
    if (this.#socket.readyState === WebSocket.OPEN) this.#socket.close(1000);
    // A peer that is half-open never answers the closing handshake.
    const terminate = setTimeout(() => this.#socket.terminate(), 200);
    terminate.unref();
    this.#socket.once('close', () => clearTimeout(terminate));
    this.#listener?.closed(this.#reason);
  }
}

const explainLoss = (message: string): WaybookError =>
  new WaybookError('link/lost', message, {
    hint: 'The robot may still be moving: a closed connection does not stop it.',
  });

function partsOf(data: RawData): Uint8Array | ByteParts {
  if (!Array.isArray(data)) return data instanceof ArrayBuffer ? new Uint8Array(data) : data;
  return data.length === 1 ? (data[0] as Uint8Array) : new ByteParts(data);
}

/** Text comes in one piece. */
function textOf(data: RawData): string {
  const bytes = Array.isArray(data) ? Buffer.concat(data) : data;
  return (bytes instanceof ArrayBuffer ? Buffer.from(bytes) : bytes).toString('utf8');
}
