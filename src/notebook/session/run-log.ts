import type { Capture } from '../../core/capture.ts';
import type { Provenance } from '../../core/provenance.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { SidecarWriter } from '../../core/scene-buffer.ts';
import type { Scene } from '../../core/scene.ts';
import type { PlanAttempt, PlanResult } from '../../planning/planner.ts';
import type { MotionRecord } from '../../records/record-types.ts';
import type { TaskVerdict } from '../../robot/robot-link.ts';
import type { RefinedOutput } from './outputs.ts';

/** How a run ended, for its record. */
export interface RunEnding {
  readonly outcome: 'succeeded' | 'failed' | 'cancelled';
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly verdict?: TaskVerdict;
  readonly finalStateHash?: string;
  readonly failure?: string;
}

/** Where a run writes what happens, as it happens. Stamps are robot time [s]. */
export interface RunLog {
  /** name of the run's folder inside the runs folder */
  readonly name: string;
  /** absent where nothing is kept */
  readonly sidecar?: SidecarWriter;
  begin(provenance: Provenance, jointNames: readonly string[]): void;
  capture(cell: string, capture: Capture): void;
  /** a camera's picture as it came; absent where none are kept, so that none are asked for */
  image?(stamp: number, camera: string, bytes: Uint8Array): void;
  plan(cell: string, plan: PlanResult): void;
  /** what a planner answered before it gave up */
  failedPlan(cell: string, provider: string, attempts: readonly PlanAttempt[]): void;
  refined(cell: string, output: RefinedOutput): void;
  motion(cell: string, motion: MotionRecord): void;
  state(state: RobotState): void;
  event(stamp: number, cell: string, text: string, data?: Readonly<Record<string, unknown>>): void;
  output(cell: string, key: string, scene: Scene, summary: string): void;
  end(ending: RunEnding): Promise<void>;
}

/** Keeps nothing: for looks and episodes that belong to no record. */
export const silentLog: RunLog = {
  name: '',
  begin: () => undefined,
  capture: () => undefined,
  plan: () => undefined,
  failedPlan: () => undefined,
  refined: () => undefined,
  motion: () => undefined,
  state: () => undefined,
  event: () => undefined,
  output: () => undefined,
  end: async () => undefined,
};
