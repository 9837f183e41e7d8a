import type { Capture } from '../../core/capture.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { PlanResult } from '../../planning/planner.ts';
import type { RefinerId } from '../../refinement/refiner.ts';
import type { InsteadOf } from './cells/choose-refiner.ts';
import type { ActionOutcome, TaskVerdict } from '../../robot/robot-link.ts';

interface OutputBase {
  readonly cell: string;
  /** output key, as the cell graph defines it */
  readonly key: string;
  /** world epoch counter when it was made */
  readonly epoch: number;
}

export interface CaptureOutput extends OutputBase {
  readonly kind: 'capture';
  readonly capture: Capture;
}

export interface PlanOutput extends OutputBase {
  readonly kind: 'plan';
  readonly plan: PlanResult;
  /** id of the waypoints cell it was written to */
  readonly waypointsCell: string;
}

export interface RefinedOutput extends OutputBase {
  readonly kind: 'refined';
  /** in base, object frames resolved */
  readonly waypoints: readonly Waypoint[];
  readonly refinedWaypoints: readonly Waypoint[];
  readonly refiner: RefinerId;
  /** where the default could not be used: which it was, and why */
  readonly instead?: InsteadOf;
  readonly trajectory: Trajectory;
  readonly trajectoryHash: string;
  /** fraction of full speed that it was timed for */
  readonly speed: number;
  /** robot state that it starts from */
  readonly start: RobotState;
  readonly capture?: Capture;
  /** least over all samples [m]; undefined where unknown */
  readonly clearance?: number;
}

export interface ExecutedOutput extends OutputBase {
  readonly kind: 'executed';
  readonly outcome: ActionOutcome;
  readonly trajectoryHash: string;
  readonly states: readonly RobotState[];
  readonly verdict?: TaskVerdict;
}

export type CellOutput = CaptureOutput | PlanOutput | RefinedOutput | ExecutedOutput;
