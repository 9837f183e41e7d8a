import { WaybookError } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import { quantity } from '../../core/quantity.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { duration } from '../../core/trajectory.ts';

/** Why a trajectory may not be executed: which sample, which limit, by how much, and what to do. */
export interface Refusal {
  readonly code: Extract<ErrorCode, 'input/limit' | 'input/collision' | 'input/reference'>;
  readonly sample: number;
  /** "velocity of joint4", "clearance", … */
  readonly limitName: string;
  readonly value: number;
  readonly limit: number;
  readonly unit: string;
  /** the whole sentence, for people */
  readonly message: string;
  /** what would repair it */
  readonly fix: string;
}

/** How many samples a refusal lists; the first of each limit decides the message. */
const LISTED = 200;

/** Collects what is wrong, so that a refusal can show every sample and not only the first. */
export class Findings {
  readonly #trajectory: Trajectory;
  readonly #all: Refusal[] = [];
  #total = 0;

  constructor(trajectory: Trajectory) {
    this.#trajectory = trajectory;
  }

  get all(): readonly Refusal[] {
    return this.#all;
  }

  get clean(): boolean {
    return this.#total === 0;
  }

  add(refusal: Refusal): void {
    this.#total++;
    if (this.#all.length < LISTED) this.#all.push(refusal);
  }

  /** One limit that is broken at a sample, with a message made from its parts. */
  limit(
    sample: number,
    limitName: string,
    value: number,
    limit: number,
    unit: string,
    fix: string,
    code: Refusal['code'] = 'input/limit',
  ): void {
    const place = `Sample ${sample + 1} of ${this.#trajectory.times.length} (${this.#timeOf(sample)})`;
    const by = Math.abs(value - limit);
    this.add({
      code,
      sample,
      limitName,
      value,
      limit,
      unit,
      fix,
      message: `${place}: ${limitName} is ${quantity(value, unit)}, ${quantity(by, unit)} past its limit of ${quantity(limit, unit)}.`,
    });
  }

  /** The worst of the limit that was broken first, as an error; its data lists every sample. */
  error(): WaybookError | undefined {
    const first = this.#all[0];
    if (!first) return undefined;
    const same = this.#all.filter((refusal) => refusal.limitName === first.limitName);
    const worst = same.reduce((a, b) => (Math.abs(b.value - b.limit) > Math.abs(a.value - a.limit) ? b : a));
    const others = new Set(this.#all.map((refusal) => refusal.limitName)).size - 1;
    const waypoint = this.#trajectory.waypointSamples.findIndex((at) => at >= worst.sample);
    return new WaybookError(worst.code, `Motion refused, nothing moved. ${worst.message}`, {
      hint: `${worst.fix}${others > 0 ? ` (${others} more limit${others > 1 ? 's are' : ' is'} broken.)` : ''}`,
      limit: { name: worst.limitName, value: worst.value, limit: worst.limit, unit: worst.unit },
      ...(waypoint < 0 ? {} : { place: { waypoint } }),
      data: {
        refused: this.#all.map(({ sample, limitName, value, limit, unit }) => ({
          sample,
          limitName,
          value: Number.isFinite(value) ? value : null,
          limit,
          unit,
        })),
      },
    });
  }

  #timeOf(sample: number): string {
    const t = this.#trajectory.times[sample];
    return t === undefined || !Number.isFinite(t)
      ? 'no time'
      : `${t.toFixed(2)} of ${duration(this.#trajectory).toFixed(2)} s`;
  }
}
