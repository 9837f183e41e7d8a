import { WaybookError } from '../../core/errors.ts';
import { asBoolean, asFields, asFinite, asOptionalString } from '../protocol/fields.ts';
import type { PacedClock } from '../robot-link.ts';
import type { LinkClock } from './link-clock.ts';
import { anySignal, cancelledError, sleep } from './link-clock.ts';
import type { RosbridgeClient } from './rosbridge-client.ts';

/** Simulated time per request [s]. */
export const SLICE = 0.02;
/** A slice that takes longer than this in wall time means that the simulator hangs [ms]. */
const SLICE_TIMEOUT_MS = 20_000;
/** Rounding of simulated times, far below a physics step [s]. */
const EPSILON = 1e-7;

/**
 * Simulated time, which passes only while somebody here waits: each slice is one `/simulator/step`, and when it is over
 * everything stamped within it has arrived, on the data socket too where somebody listens there. Slices never
 * overlap, so that the same calls see the same world whatever the machine does meanwhile.
 *
 * `pace` slows it to that multiple of real time for people to watch; pausing holds it between two slices.
 */
export class LockStepClock implements LinkClock, PacedClock {
  readonly lockStep = true;
  readonly #control: RosbridgeClient;
  readonly #data: RosbridgeClient;
  readonly #lost: AbortSignal;
  #time = 0;
  #tail: Promise<void> = Promise.resolve();
  #dataListeners = 0;
  #pace = Number.POSITIVE_INFINITY;
  #due = 0;
  #gate: { readonly opened: Promise<void>; readonly open: () => void } | undefined;

  constructor(control: RosbridgeClient, data: RosbridgeClient, lost: AbortSignal) {
    this.#control = control;
    this.#data = data;
    this.#lost = lost;
  }

  now(): number {
    return this.#time;
  }

  /** Multiple of real time; infinity is as fast as it goes. */
  setPace(pace: number): void {
    if (!(pace > 0)) throw new RangeError(`LockStepClock: pace must be positive, not ${pace}`);
    this.#pace = pace;
    this.#due = 0;
  }

  get paused(): boolean {
    return this.#gate !== undefined;
  }

  pause(): void {
    if (this.#gate) return;
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    this.#gate = { opened, open };
  }

  resume(): void {
    this.#gate?.open();
    this.#gate = undefined;
    this.#due = 0;
  }

  /** While held, every slice also waits for what was sent on the data socket. Returns the release. */
  awaitData(): () => void {
    this.#dataListeners++;
    let held = true;
    return () => {
      if (held) this.#dataListeners--;
      held = false;
    };
  }

  /** Reads the simulator's clock without moving it: needed after a reset or a restore. */
  async read(signal: AbortSignal): Promise<void> {
    await this.#exclusive(async () => {
      this.#time = await this.#step(0, signal);
    });
  }

  async advance(seconds: number, signal: AbortSignal): Promise<void> {
    await this.#pump(() => false, seconds, signal, false);
  }

  async until(done: () => boolean, seconds: number, signal: AbortSignal): Promise<boolean> {
    return this.#pump(done, seconds, signal, false);
  }

  /** Like {@link until}, also while paused and without pacing: a stop must not wait for anybody. */
  async force(done: () => boolean, seconds: number, signal: AbortSignal): Promise<boolean> {
    return this.#pump(done, seconds, signal, true);
  }

  async #pump(done: () => boolean, seconds: number, signal: AbortSignal, force: boolean): Promise<boolean> {
    const end = this.#time + seconds;
    while (!done()) {
      if (this.#time >= end - EPSILON) return false;
      if (!force) await this.#paced(signal);
      await this.#exclusive(async () => {
        // Another waiter may have pumped what this one waits for.
        if (done() || this.#time >= end - EPSILON) return;
        if (signal.aborted) throw cancelledError('Waiting for the simulator', signal);
        const before = this.#time;
        const target = Math.min(end, before + SLICE);
        this.#time = await this.#step(target, signal);
        if (this.#time <= before) {
          throw new WaybookError(
            'link/fault',
            `The simulator’s time stands still at ${before.toFixed(3)} s.`,
            {
              hint: 'It was asked to step in lock-step; was it started with --lock-step?',
            },
          );
        }
        if (this.#dataListeners > 0) await this.#data.roundTrip({ timeoutMs: SLICE_TIMEOUT_MS, signal });
      });
    }
    return true;
  }

  async #step(until: number, signal: AbortSignal): Promise<number> {
    const values = await this.#control.call(
      '/simulator/step',
      { until },
      { timeoutMs: SLICE_TIMEOUT_MS, signal },
    );
    const fields = asFields(values, '/simulator/step');
    if (!asBoolean(fields['success'], '/simulator/step.success')) {
      const message = asOptionalString(fields['message'], '/simulator/step.message') ?? 'no reason given';
      throw new WaybookError('link/fault', `The simulator did not step: ${message}`);
    }
    return asFinite(fields['time'], '/simulator/step.time');
  }

  async #paced(signal: AbortSignal): Promise<void> {
    const either = anySignal(signal, this.#lost);
    try {
      while (this.#gate) await abortable(this.#gate.opened, either.signal);
      if (!Number.isFinite(this.#pace)) return;
      const now = performance.now();
      const wait = this.#due - now;
      this.#due = Math.max(now, this.#due) + (SLICE * 1000) / this.#pace;
      if (wait > 0) await sleep(wait, either.signal);
    } finally {
      either.release();
    }
  }

  async #exclusive(body: () => Promise<void>): Promise<void> {
    const before = this.#tail;
    let release = (): void => undefined;
    this.#tail = new Promise<void>((resolve) => (release = resolve));
    await before;
    try {
      await body();
    } finally {
      release();
    }
  }
}

function abortable(promise: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(cancelledError('Waiting for the simulator', signal));
    if (signal.aborted) {
      abort();
      return;
    }
    signal.addEventListener('abort', abort, { once: true });
    void promise.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
