import type { Provenance } from '../core/provenance.ts';
import type { Trajectory } from '../core/trajectory.ts';
import type { Waypoint } from '../core/waypoint.ts';

/** A plan as it came from a planner, with every attempt it took. */
export interface PlanRecord {
  readonly provider: string;
  readonly model?: string;
  readonly promptHash?: string;
  readonly steps: readonly unknown[];
  /** in base */
  readonly waypoints: readonly Waypoint[];
  readonly summary: string;
  readonly viewpoint?: string;
  readonly attempts: readonly AttemptRecord[];
}

/** One answer of a planner, and what was wrong with it. */
export interface AttemptRecord {
  readonly raw: string;
  readonly problems: readonly string[];
}

/** A refined trajectory and what it came from. */
export interface RefinedRecord {
  /** in base, as asked */
  readonly waypoints: readonly Waypoint[];
  readonly refinedWaypoints: readonly Waypoint[];
  readonly refiner: string;
  /** where the default could not be used: which it was, and why */
  readonly instead?: { readonly of: string; readonly why: string };
  readonly trajectory: Trajectory;
  readonly trajectoryHash: string;
  /** fraction of full speed */
  readonly speed: number;
  /** m; undefined where unknown */
  readonly clearance?: number;
}

/** What a motion was asked to be, what limits made of it, and what the robot did. */
export interface MotionRecord {
  readonly phase: 'requested' | 'clamped' | 'executed';
  /** hash of the trajectory that it belongs to */
  readonly trajectoryHash: string;
  readonly jointNames: readonly string[];
  /** [n] s */
  readonly times: ArrayLike<number>;
  /** [n·d] rad */
  readonly joints: ArrayLike<number>;
  /** why it was clamped, or how it ended */
  readonly note?: string;
}

export interface RunVerdict {
  readonly task: string;
  readonly success: boolean;
  readonly reason: string;
  readonly metrics: Readonly<Record<string, number>>;
}

export type RunOutcome = 'succeeded' | 'failed' | 'cancelled';

export interface RunEnd {
  readonly outcome: RunOutcome;
  readonly exitCode: number;
  readonly verdict?: RunVerdict;
  readonly finalStateHash?: string;
  readonly failure?: string;
}

/** One cell's output in `index.json`. */
export interface IndexedOutput {
  readonly key: string;
  readonly epoch?: Provenance['epoch'];
  readonly summary: string;
  readonly ok: boolean;
  /** file name inside the run's folder */
  readonly preview: string;
  /** file names of buffers that the preview does not hold */
  readonly sidecars: readonly string[];
  /** robot time [s] */
  readonly stamp: number;
}

/** `index.json`, version 1. The only file that holds wall time, and no hash is over it. */
export interface RunIndex {
  readonly version: 1;
  /** name of the folder */
  readonly run: string;
  /** base name of the notebook */
  readonly notebook: string;
  /** ISO 8601, UTC */
  readonly started: string;
  readonly ended?: string;
  /** `running` also where the process was killed */
  readonly state: 'running' | RunOutcome;
  readonly provenance?: Provenance;
  readonly end?: RunEnd;
  readonly cells: Readonly<Record<string, IndexedOutput>>;
}
