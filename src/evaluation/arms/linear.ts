import { angleBetween, distance, lerp, slerp, type Pose } from '../../core/geometry.ts';
import type { Refiner } from '../../refinement/refiner.ts';

/** Spacing of poses [m, rad]. */
const STEP = { position: 0.005, orientation: 0.05 };

/** Straight lines between the waypoints as planned. */
export const linearRefiner: Omit<Refiner, 'id'> = {
  refine: async ({ waypoints, start }, signal) => {
    signal.throwIfAborted();
    const poses: Pose[] = [start.pose];
    const waypointIndices: number[] = [];
    for (const { position, orientation } of waypoints) {
      const from = poses[poses.length - 1]!;
      const n = Math.max(
        1,
        Math.ceil(distance(from.position, position) / STEP.position),
        Math.ceil(angleBetween(from.orientation, orientation) / STEP.orientation),
      );
      for (let i = 1; i < n; i++) {
        poses.push({
          position: lerp(from.position, position, i / n),
          orientation: slerp(from.orientation, orientation, i / n),
        });
      }
      poses.push({ position, orientation });
      waypointIndices.push(poses.length - 1);
    }
    return {
      kind: 'refined',
      path: { waypoints, poses, waypointIndices, confidence: waypoints.map(() => 1) },
      notes: [],
    };
  },
};
