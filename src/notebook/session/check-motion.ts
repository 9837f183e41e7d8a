import type { Capture } from '../../core/capture.ts';
import type { WaybookError } from '../../core/errors.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { RefusedSample } from '../../core/scene.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { CellContext } from './cell-context.ts';

export interface MotionCheck {
  readonly clearance?: Float32Array;
  readonly clearanceLimit?: number;
  readonly leastClearance?: number;
  readonly refused: readonly RefusedSample[];
  readonly refusal?: WaybookError;
}

export function checkMotion(
  _context: CellContext,
  _trajectory: Trajectory,
  _waypoints: readonly Waypoint[],
  _capture: Capture | undefined,
  _start: RobotState,
): MotionCheck {
  return { refused: [] };
}
