import type { RobotProfile } from '../../core/robot-profile.ts';
import { asFields } from '../protocol/fields.ts';

/** A report that is older than this says nothing any more; a robot that never reports is not watched [ms]. */
const STALE_MS = 3000;
/** A robot that is paused by its own pendant makes no progress; its deadline still comes, ten times later. */
const SLOWEST = 0.1;

/**
 * What a robot says of itself beside its joints: how much of the asked speed it runs at (a pendant's slider), and which
 * mode it is in. Pure but for the clock that is given.
 */
export class RobotStatus {
  readonly #profile: RobotProfile;
  readonly #modes = new Map<number, unknown>();
  #scaling: { readonly value: number; readonly at: number } | undefined;

  constructor(profile: RobotProfile) {
    this.#profile = profile;
  }

  /** A message of the topic with the speed scaling: `std_msgs/Float64`. */
  addScaling(msg: unknown, now = performance.now()): void {
    const { speedScaling } = this.#profile;
    const value = Number(asFields(msg, 'speed scaling')['data']);
    if (!speedScaling || !Number.isFinite(value)) return;
    this.#scaling = { value: Math.min(1, Math.max(0, value / (speedScaling.full ?? 1))), at: now };
  }

  /** A message of the topic of the profile's `robotModes[index]`. */
  addMode(index: number, msg: unknown): void {
    const mode = this.#profile.robotModes?.[index];
    if (mode) this.#modes.set(index, asFields(msg, mode.topic)[mode.field]);
  }

  /** Share of the asked speed that a deadline may count on, 0.1..1; 1 where nothing recent was reported. */
  scaling(now = performance.now()): number {
    const { value, at } = this.#scaling ?? { value: 1, at: now };
    return now - at > STALE_MS ? 1 : Math.max(SLOWEST, value);
  }

  /** Why the robot may not be moved, in its own words; undefined where nothing forbids it. */
  refusal(): string | undefined {
    const modes = this.#profile.robotModes ?? [];
    for (const [index, mode] of modes.entries()) {
      if (!this.#modes.has(index)) return `It has not said its ${mode.field} on ${mode.topic} yet.`;
      const value = this.#modes.get(index);
      if (mode.allowed.some((allowed) => allowed === value)) continue;
      return `Its ${mode.field} (${mode.topic}) is ${String(value)}; motion needs ${mode.allowed.join(' or ')}.`;
    }
    return undefined;
  }
}
