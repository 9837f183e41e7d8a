import type { WebSocket } from 'ws';

type Frame = string | Uint8Array;

/** Above this much unsent data, sensor messages wait, and only the newest of each topic is kept [bytes]. */
const CONGESTED = 4 * 1024 * 1024;
/** A client that lets this much pile up of what cannot be dropped is cut off [bytes]. */
const HOPELESS = 64 * 1024 * 1024;

/**
 * What one socket still has to send. Answers and goal news are sent in order and never dropped; of each topic only the
 * newest message waits while the socket is congested. So memory is bounded, whatever the client does.
 */
export class Outbox {
  readonly #socket: WebSocket;
  readonly #waiting = new Map<string, Frame>();
  readonly #idle: (() => void)[] = [];
  #inFlight = 0;
  #dropped = 0;

  constructor(socket: WebSocket) {
    this.#socket = socket;
  }

  get congested(): boolean {
    return this.#socket.bufferedAmount > CONGESTED;
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
    if (this.#socket.bufferedAmount > HOPELESS) {
      this.#socket.terminate();
      return;
    }
    this.#inFlight++;
    this.#socket.send(frame, () => {
      this.#sent();
      sent?.();
    });
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
    this.#idle.splice(0).forEach((resolve) => resolve());
  }
}
