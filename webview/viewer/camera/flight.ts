import { blend } from './orbit.ts';
import type { OrbitState } from './orbit.ts';

/** How long a preset takes to get there [ms]. */
const DURATION_MS = 180;

/** A camera on its way, easing out. */
export interface Flight {
  readonly from: OrbitState;
  readonly to: OrbitState;
  /** [ms] on the animation frames' clock; undefined until its first frame */
  readonly start: number | undefined;
}

export const takeOff = (from: OrbitState, to: OrbitState): Flight => ({ from, to, start: undefined });

/** Where it is at `now` [ms], and the flight that is left; none once it has arrived. */
export function fly(flight: Flight, now: number): { orbit: OrbitState; flight: Flight | undefined } {
  const start = flight.start ?? now;
  const share = (now - start) / DURATION_MS;
  if (share >= 1) return { orbit: flight.to, flight: undefined };
  return { orbit: blend(flight.from, flight.to, 1 - (1 - share) ** 3), flight: { ...flight, start } };
}
