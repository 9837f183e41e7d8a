const EVERY_MS = 10;

/**
 * Time by which this process itself was held up: how late its timers were, summed. On a busy machine a bound on what the
 * other side may take says nothing, unless what was our own waiting for a processor is taken out of it.
 */
export class OwnStall {
  #lost = 0;
  #due = performance.now() + EVERY_MS;
  readonly #timer: NodeJS.Timeout;

  constructor() {
    this.#timer = setInterval(() => {
      const now = performance.now();
      this.#lost += Math.max(0, now - this.#due);
      this.#due = now + EVERY_MS;
    }, EVERY_MS);
    this.#timer.unref();
  }

  /** ms so far */
  get lost(): number {
    return this.#lost + Math.max(0, performance.now() - this.#due);
  }

  stop(): void {
    clearInterval(this.#timer);
  }
}
