/** Runs one job at a time per key (a robot), in the order of asking; a job that fails does not hold up the next. */
export class RunQueue {
  private readonly tails = new Map<string, Promise<unknown>>();

  /** `signal` takes a waiting job out of the queue: it settles with `undefined` and never starts. */
  run<T>(key: string, job: () => Promise<T>, signal?: AbortSignal): Promise<T | undefined> {
    const before = this.tails.get(key) ?? Promise.resolve();
    const result = before.then(() => (signal?.aborted ? undefined : job()));
    const tail = result
      .catch(() => undefined)
      .finally(() => {
        if (this.tails.get(key) === tail) this.tails.delete(key);
      });
    this.tails.set(key, tail);
    return result;
  }

  /** Whether anything runs or waits for `key`. */
  busy(key: string): boolean {
    return this.tails.has(key);
  }
}
