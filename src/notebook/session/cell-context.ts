import type { RobotProfile } from '../../core/robot-profile.ts';
import type { Provenance } from '../../core/provenance.ts';
import type { Scene } from '../../core/scene.ts';
import type { LayerContext } from '../scenes/layers.ts';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import type { Params } from '../file/parameters.ts';
import type { MotionLimits } from './motion-limits.ts';
import type { CellOutput } from './outputs.ts';
import type { RunPoint } from './run-machine.ts';
import type { RunLog } from './run-log.ts';
import type { SessionServices, World } from './services.ts';
import type { ApprovalRequest, SessionEvent, SessionOptions } from './session-api.ts';

/** What came out of one cell. */
export interface CellResult {
  readonly output: CellOutput;
  readonly scene: Scene;
  /** one line for the summary and the status row */
  readonly summary: string;
  /** cell that runs next, whatever the order of the notebook says */
  readonly then?: string;
}

/** Everything a cell needs to run. Outputs of other cells come through `require`. */
export interface CellContext {
  readonly document: NotebookDocument;
  readonly folder?: string;
  readonly world: World;
  readonly services: SessionServices;
  /** the robot's profile with front matter and settings in force */
  readonly profile: RobotProfile;
  readonly limits: MotionLimits;
  readonly options: SessionOptions;
  /** what `{{name}}` stands for in cells */
  readonly params: Params;
  /** counter of the world's epoch now */
  readonly epoch: number;
  readonly layers: LayerContext;
  readonly log: RunLog;
  readonly signal: AbortSignal;
  emit(event: SessionEvent): void;
  /** runs another cell first, where this one needs its output */
  require(cell: string): Promise<CellOutput>;
  /** after a motion or a reset: what was seen before is past */
  advanceEpoch(): void;
  approaching(point: RunPoint): void;
  approve(request: ApprovalRequest): Promise<void>;
  provenance(more: Partial<Provenance>): Provenance;
  /** key of this cell's output, as the cell graph defines it */
  keyOf(cell: NotebookCell): string;
}
