import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { CloudFrame } from './cloud-frame.ts';

/** Text, bytes, or a cloud that is written as it is sent. */
export type Frame = string | Uint8Array | CloudFrame;

/** Above this much unsent data, sensor messages wait, and only the newest of each topic is kept [bytes]. */
const CONGESTED = 4 * 1024 * 1024;
/** A client that lets this much pile up of what cannot be dropped is cut off [bytes]. */
const HOPELESS = 64 * 1024 * 1024;
/**
 * Of larger clouds so much is written and sent at a time, and other sockets are looked at in between: at once, a cloud of
 * megabytes would keep a stop waiting for milliseconds [bytes].
 */
const SLICE = 256 * 1024;
/**
 * A slice goes out as fragments of one message. What a client's kernel gives it at a time (64 kB in Node) holds most of
 * them whole, so that it need not copy them together [bytes].
 */
const FRAGMENT = 32 * 1024;

interface Queued {
  readonly frame: Frame;
  readonly sent: () => void;
}

/**
 * What one socket still has to send. Answers and goal news are sent in order and never dropped; of each topic only the
 * newest message waits while the socket is congested. So memory is bounded, whatever the client does.
 */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #stream: Pick<Duplex, 'cork' | 'uncork'>;
  readonly #waiting = new Map<string, Frame>();
  readonly #idle: (() => void)[] = [];
  readonly #queue: Queued[] = [];
  /** The first of the queue is being sent in slices, between which no other message may come. */
  #slicing = false;
  /** of the slice under way */
  #memory: Uint8Array | undefined;
  /** bytes of the queue that the socket has not been given */
  #queued = 0;
  #inFlight = 0;
  #dropped = 0;

  /** `stream` is what the WebSocket writes to. */
  constructor(socket: WebSocket, stream: Pick<Duplex, 'cork' | 'uncork'>) {
    this.#socket = socket;
    this.#stream = stream;
  }

  /** Bytes that are not with the kernel. */
  get #unsent(): number {
    return this.#socket.bufferedAmount + this.#queued;
  }

  get congested(): boolean {
    return this.#unsent > CONGESTED;
  }

  /** Sensor messages that a newer one replaced before they could be sent. */
  get dropped(): number {
    return this.#dropped;
  }

  /** Whether everything is with the kernel. */
  get idle(): boolean {
    return this.#inFlight === 0;
  }

  /** Sends what must arrive; `sent` runs when it is with the kernel, or cannot get there any more. */
  send(frame: Frame, sent?: () => void): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (this.#unsent > HOPELESS) {
      this.#socket.terminate();
      return;
    }
    this.#inFlight++;
    this.#queue.push({
      frame,
      sent: () => {
        this.#sent();
        sent?.();
      },
    });
    this.#queued += frame.length;
    this.#next();
  }

  /** Gives the socket what is next, up to and with the first slice of a large cloud. */
  #next(): void {
    while (!this.#slicing) {
      const first = this.#queue[0];
      if (!first) return;
      const { frame, sent } = first;
      if (frame instanceof CloudFrame && frame.length > SLICE) {
        this.#slicing = true;
        this.#sendSlices(frame.slices((this.#memory ??= new Uint8Array(SLICE))), frame.length, sent);
        return;
      }
      this.#queue.shift();
      this.#queued -= frame.length;
      this.#socket.send(frame instanceof CloudFrame ? frame.whole() : frame, sent);
    }
  }

  /** Sends the next slice, and the others when it is with the kernel; `left` bytes are not sent yet. */
  #sendSlices(slices: Iterator<Uint8Array>, left: number, sent: () => void): void {
    const slice: unknown = this.#socket.readyState === this.#socket.OPEN ? slices.next().value : undefined;
    if (!(slice instanceof Uint8Array)) {
      this.#giveUp();
      return;
    }
    const after = left - slice.length;
    const next = (): void => void setImmediate(() => this.#sendSlices(slices, after, sent));
    this.#queued -= slice.length;
    // One call of the kernel for all of them.
    this.#stream.cork();
    for (let at = 0; at < slice.length; at += FRAGMENT) {
      const fragment = slice.subarray(at, at + FRAGMENT);
      const last = at + FRAGMENT >= slice.length;
      const fin = last && after === 0;
      this.#socket.send(fragment, { binary: true, fin }, last ? (fin ? sent : next) : undefined);
    }
    this.#stream.uncork();
    if (after > 0) return;
    this.#queue.shift();
    this.#slicing = false;
    this.#next();
  }

  /** Sends a topic's message now, or keeps it as the newest of its topic. */
  publish(topic: string, frame: Frame): void {
    if (!this.congested && this.#waiting.size === 0) {
      this.send(frame);
      return;
    }
    // Deleted first, so that topics go out in the order of their newest messages.
    if (this.#waiting.delete(topic)) this.#dropped++;
    this.#waiting.set(topic, frame);
  }

  #sent(): void {
    this.#inFlight--;
    for (const [topic, frame] of this.#waiting) {
      if (this.congested) break;
      this.#waiting.delete(topic);
      this.send(frame);
    }
    if (this.#inFlight === 0) this.#idle.splice(0).forEach((resolve) => resolve());
  }

  /** Resolves when everything so far is with the kernel, or the socket is gone. */
  async flushed(): Promise<void> {
    if (this.#inFlight > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
  }

  /** The socket is gone: nobody waits for it any more. */
  close(): void {
    this.#waiting.clear();
    this.#giveUp();
    this.#idle.splice(0).forEach((resolve) => resolve());
  }

  #giveUp(): void {
    this.#queued = 0;
    this.#slicing = false;
    for (const { sent } of this.#queue.splice(0)) sent();
  }
}
