import type { LinkClock } from './link-clock.ts';
import { anySignal, sleep } from './link-clock.ts';

const POLL_MS = 4;

/** Robot time that runs by itself: this machine's steady clock plus the offset measured at connecting. */
export class WallClock implements LinkClock {
  readonly lockStep = false;
  readonly #lost: AbortSignal;
  /** robot time minus `performance.now()` [s] */
  #offset = 0;

  constructor(lost: AbortSignal) {
    this.#lost = lost;
  }

  /** `robotTime` [s] was the robot's clock when `performance.now()` read `at` [ms]. */
  align(robotTime: number, at: number): void {
    this.#offset = robotTime - at / 1000;
  }

  now(): number {
    return performance.now() / 1000 + this.#offset;
  }

  async advance(seconds: number, signal: AbortSignal): Promise<void> {
    const either = anySignal(signal, this.#lost);
    try {
      await sleep(seconds * 1000, either.signal);
    } finally {
      either.release();
    }
  }

  force(done: () => boolean, seconds: number, signal: AbortSignal): Promise<boolean> {
    return this.until(done, seconds, signal);
  }

  async until(done: () => boolean, seconds: number, signal: AbortSignal): Promise<boolean> {
    const either = anySignal(signal, this.#lost);
    const end = performance.now() + seconds * 1000;
    try {
      while (!done()) {
        if (performance.now() >= end) return false;
        await sleep(POLL_MS, either.signal);
      }
      return true;
    } finally {
      either.release();
    }
  }
}
