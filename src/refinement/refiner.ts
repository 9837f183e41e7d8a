import type { Capture } from '../core/capture.ts';
import type { Pose } from '../core/geometry.ts';
import type { Waypoint } from '../core/waypoint.ts';

export type RefinerId = 'spline' | 'snap' | 'expert';

export interface RefineRequest {
  /** coarse plan in base, object frames already resolved */
  readonly waypoints: readonly Waypoint[];
  /** what the robot sees now; refiners that need none ignore it */
  readonly capture?: Capture;
  /** tool pose and opening where the motion starts */
  readonly start: { readonly pose: Pose; readonly gripper: number };
}

/**
 * A smooth path of the tool, independent of any arm: dense poses, not yet timed. Rest points (start, gripper
 * events, end) are waypoints; between them the path may pass a waypoint without stopping.
 */
export interface RefinedPath {
  /** the waypoints as they are to be reached, same count, labels and gripper as asked */
  readonly waypoints: readonly Waypoint[];
  /** tool poses, first is the start pose; about 5 mm or 0.05 rad apart */
  readonly poses: readonly Pose[];
  /** index in `poses` of each waypoint */
  readonly waypointIndices: readonly number[];
  /** 0..1 per waypoint; 1 where the refiner does not judge */
  readonly confidence: readonly number[];
}

export type RefineResult =
  | { readonly kind: 'refined'; readonly path: RefinedPath; readonly notes: readonly string[] }
  | { readonly kind: 'abstained'; readonly reason: string; readonly waypoint: number };

/** Turns coarse waypoints and what the robot sees into a dense path. Deterministic for equal input. */
export interface Refiner {
  readonly id: RefinerId;
  /** SHA-256 of the network, for refiners that have one */
  readonly modelHash?: string;
  /** Starts what it needs, so that a missing part shows before anything is asked of it. Throws `input/refiner` or `input/file`. */
  ready?(signal: AbortSignal): Promise<void>;
  refine(request: RefineRequest, signal: AbortSignal): Promise<RefineResult>;
}
