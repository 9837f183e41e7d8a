import { WaybookError } from '../core/errors.ts';
import { segmentObjects } from '../perception/segment-objects.ts';
import type { Refiner } from './refiner.ts';
import { snapWaypoints } from './snap-waypoints.ts';
import { splinePath } from './spline-path.ts';

/** The classical rival of the action expert: waypoints move onto the nearest thing that the cloud shows. */
export const snapRefiner: Refiner = {
  id: 'snap',
  refine: async ({ waypoints, capture, start }, signal) => {
    signal.throwIfAborted();
    if (!capture) {
      throw new WaybookError('input/refiner', 'The snap refiner needs a capture.', {
        hint: 'Give the waypoints cell a capture, or refine with "spline".',
      });
    }
    // Whatever a detector said went into the plan already; this looks at the points alone.
    const objects = segmentObjects(capture.cloud);
    const snapped = snapWaypoints(waypoints, objects, start.gripper);
    return { kind: 'refined', path: splinePath(snapped.waypoints, start), notes: snapped.notes };
  },
};
