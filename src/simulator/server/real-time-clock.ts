/** What is late by more than this is given up: after a stall the simulation goes on, it does not race [s]. */
const MAX_DEBT = 0.25;
/** Simulated time that passes at most before sockets are read again [s]. */
const SLICE = 0.04;
const TURN_MS = 2;

/**
 * Lets simulated time follow the wall clock. `advance` runs one step of `timestep` seconds; an exception from it stops
 * the clock until {@link start} is called again.
 */
export class RealTimeClock {
  readonly #timestep: () => number;
  readonly #advance: () => void;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | undefined;
  #last = 0;
  #debt = 0;
  #lost = 0;

  /** `now` in s, from any origin. */
  constructor(
    timestep: () => number,
    advance: () => void,
    now: () => number = () => performance.now() / 1000,
  ) {
    this.#timestep = timestep;
    this.#advance = advance;
    this.#now = now;
  }

  /** Simulated time that was given up so far because the machine was too slow [s]. */
  get lost(): number {
    return this.#lost;
  }

  start(): void {
    this.stop();
    this.#last = this.#now();
    this.#debt = 0;
    this.#timer = setTimeout(this.#turn, TURN_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  readonly #turn = (): void => {
    const now = this.#now();
    this.#debt += now - this.#last;
    this.#last = now;
    if (this.#debt > MAX_DEBT) {
      this.#lost += this.#debt - MAX_DEBT;
      this.#debt = MAX_DEBT;
    }
    const timestep = this.#timestep();
    const steps = Math.floor(Math.min(this.#debt, SLICE) / timestep);
    try {
      for (let i = 0; i < steps; i++) {
        this.#debt -= timestep;
        this.#advance();
      }
    } catch {
      // The host keeps and reports the reason.
      this.#timer = undefined;
      return;
    }
    this.#timer = setTimeout(this.#turn, this.#debt > timestep ? 0 : TURN_MS);
  };
}
