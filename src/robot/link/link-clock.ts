import { WaybookError } from '../../core/errors.ts';
import type { RobotClock } from '../robot-link.ts';

/** What a link's own code waits through, beside what {@link RobotClock} offers everybody. */
export interface LinkClock extends RobotClock {
  /**
   * Lets robot time pass until `done()` holds (true) or `seconds` are over (false). `done` is asked after every slice
   * and must be cheap. Rejects when the link is lost or `signal` aborts.
   */
  until(done: () => boolean, seconds: number, signal: AbortSignal): Promise<boolean>;
  /** Like {@link until}, but neither pausing nor pacing holds it up: stopping waits for nobody. */
  force(done: () => boolean, seconds: number, signal: AbortSignal): Promise<boolean>;
}

export const cancelledError = (what: string, signal: AbortSignal): WaybookError =>
  signal.reason instanceof WaybookError
    ? signal.reason
    : new WaybookError('task/cancelled', `${what} was cancelled.`);

/** Resolves after `ms` of wall time; rejects at once when `signal` aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(cancelledError('Waiting', signal));
      return;
    }
    const abort = (): void => {
      clearTimeout(timer);
      reject(cancelledError('Waiting', signal));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, ms);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** A signal that aborts with the first of `signals`; `release` lets go of them again. */
export function anySignal(...signals: readonly AbortSignal[]): { signal: AbortSignal; release: () => void } {
  const controller = new AbortController();
  const listeners = signals.map((signal) => {
    const abort = (): void => controller.abort(signal.reason);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
    return () => signal.removeEventListener('abort', abort);
  });
  return { signal: controller.signal, release: () => listeners.forEach((remove) => remove()) };
}
