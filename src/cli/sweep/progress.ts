import type { Io } from '../command.ts';

/** Progress on standard error: done, failed, rate, time left. On a terminal the line is rewritten. */
export class RunsProgress {
  readonly #io: Io;
  readonly #started = performance.now();
  #shown = -Infinity;

  constructor(io: Io) {
    this.#io = io;
  }

  /** `before` of the runs `done` took no time now: they were there already. */
  show({ runs, done, failed, before }: { runs: number; done: number; failed: number; before: number }): void {
    const now = performance.now();
    const last = done === runs;
    // A terminal is rewritten a few times a second, a log gets a line now and then.
    if (!last && now - this.#shown < (this.#io.interactive ? 100 : 10_000)) return;
    this.#shown = now;
    const perSecond = ((done - before) * 1000) / Math.max(1, now - this.#started);
    const left = perSecond > 0 ? `${duration((runs - done) / perSecond)} left` : '';
    const text = `${done} of ${runs}, ${failed} failed, ${perSecond.toFixed(2)}/s, ${left}`;
    this.#io.err(this.#io.interactive ? `\r\u001b[2K${text}${last ? '\n' : ''}` : `${text}\n`);
  }

  /** A line of its own, above the one that is rewritten. */
  say(text: string): void {
    this.#io.err(this.#io.interactive ? `\r\u001b[2K${text}\n` : `${text}\n`);
  }
}

/** `45 s`, `12 min`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
