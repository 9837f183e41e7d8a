import type { Refiner } from './refiner.ts';
import { splinePath } from './spline-path.ts';

/** Moves nothing: a smooth path through the waypoints as they were planned. */
export const splineRefiner: Refiner = {
  id: 'spline',
  refine: async ({ waypoints, start }, signal) => {
    signal.throwIfAborted();
    return { kind: 'refined', path: splinePath(waypoints, start), notes: [] };
  },
};
