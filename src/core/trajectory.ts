import { bytesOf, hashBytes, hashJson } from './hash.ts';

/** A stretch of motion from rest to rest, or a gripper action between two of them. */
export type TrajectorySegment =
  | { readonly kind: 'move'; readonly first: number; readonly last: number; readonly toWaypoint: number }
  | {
      readonly kind: 'grip';
      readonly at: number;
      readonly from: number;
      readonly to: number;
      readonly waypoint: number;
    };

/**
 * Dense, time-stamped motion. `n` samples, `d` joints. Gripper actions take place between two samples with the
 * same joints; their nominal duration is already part of `times`.
 */
export interface Trajectory {
  readonly jointNames: readonly string[];
  /** [n] seconds from the start, strictly increasing, the first is 0 */
  readonly times: Float64Array;
  /** [n·d] rad */
  readonly joints: Float64Array;
  /** [n·d] rad/s */
  readonly velocities: Float64Array;
  /** [n·7] tool pose in base: x, y, z [m], qx, qy, qz, qw */
  readonly tool: Float64Array;
  /** [n] commanded opening 0..1 */
  readonly gripper: Float64Array;
  /** in time order; moves and grips alternate as the plan asks */
  readonly segments: readonly TrajectorySegment[];
  /** sample index at which each waypoint is reached */
  readonly waypointSamples: readonly number[];
}

export const sampleCount = (t: Trajectory): number => t.times.length;
export const duration = (t: Trajectory): number => t.times[t.times.length - 1] ?? 0;

/** Content hash of a trajectory: names, segments and every sample's bits. */
export function trajectoryHash(t: Trajectory): string {
  return hashJson({
    jointNames: t.jointNames,
    segments: t.segments,
    waypointSamples: t.waypointSamples,
    arrays: [t.times, t.joints, t.velocities, t.tool, t.gripper].map((a) => hashBytes(bytesOf(a))),
  });
}
