import type { CameraIntrinsics } from '../core/capture.ts';
import type { Pose, Vec3 } from '../core/geometry.ts';
import type { SceneObject } from '../core/scene-object.ts';
import type { Waypoint } from '../core/waypoint.ts';

/** Whose left and right words mean. Stated in every plan. */
export type Viewpoint = 'robot' | 'camera';

export interface PlanView {
  readonly camera: string;
  /** PNG or JPEG bytes as the model gets them */
  readonly image: Uint8Array;
  readonly intrinsics: CameraIntrinsics;
  readonly cameraPose: Pose;
  /** metres along the optical axis, row by row, aligned with the image; NaN where unknown */
  readonly depth?: Float32Array;
}

export interface PlanRequest {
  readonly instruction: string;
  readonly objects: readonly SceneObject[];
  readonly robot: {
    readonly toolPose: Pose;
    readonly gripper: number;
    /** widest opening between the fingertips [m] */
    readonly maxOpening: number;
    readonly workspace: { readonly min: Vec3; readonly max: Vec3 };
  };
  readonly viewpoint: Viewpoint;
  readonly views?: readonly PlanView[];
}

/** One symbolic step, before it became metres: what a person checks first. */
export interface PlanStep {
  readonly verb: string;
  /** id of the thing acted on */
  readonly object: string;
  /** id of the thing it goes to, where there is one */
  readonly destination?: string;
  readonly relation?: string;
  /** ids of everything that the destination is relative to, where there are several: "between" */
  readonly references?: readonly string[];
  /** `relation` is a direction to move in, not a place */
  readonly shift?: true;
  /** id of the handle, button or knob that it is done with, where the words name one */
  readonly with?: string;
  /** the words it came from */
  readonly text: string;
}

export interface PlanAttempt {
  readonly raw: string;
  readonly problems: readonly string[];
}

export interface PlanResult {
  readonly provider: string;
  readonly model?: string;
  readonly promptHash?: string;
  readonly steps: readonly PlanStep[];
  /** in base, at most a few per step */
  readonly waypoints: readonly Waypoint[];
  /** one line for people: "Pick red cube (0.97), place in blue bowl (0.95)" */
  readonly summary: string;
  readonly viewpoint: Viewpoint;
  readonly attempts: readonly PlanAttempt[];
}

/**
 * Turns words and a scene into a few coarse waypoints. Refuses with a WaybookError `input/grounding` (which names
 * the words and the candidates) rather than guess; other failures are `input/planner`.
 */
export interface Planner {
  readonly id: string;
  plan(request: PlanRequest, signal: AbortSignal): Promise<PlanResult>;
}
