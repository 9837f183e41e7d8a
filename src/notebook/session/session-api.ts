import type { ErrorCode, ErrorDetails } from '../../core/errors.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { Scene } from '../../core/scene.ts';
import type { Difference } from '../../records/compare-records.ts';
import type { RobotSurvey } from '../../robot/link/survey-robot.ts';
import type { LinkState, StopReport, TaskVerdict } from '../../robot/robot-link.ts';
import type { ManualAction, ManualReport } from './manual/manual-api.ts';

/*
 * What drives a task session and what it tells. The command line calls a session in its own process; VS Code forks
 * `dist/motion.mjs` and exchanges exactly these objects (structured clone), so that a busy host starves no heartbeat.
 */

export interface SessionOptions {
  /** `sim:SCENE?seed=N`, or the name of a profile in `profiles` */
  readonly robot: string;
  readonly robotFrom: 'option' | 'controller' | 'notebook' | 'default';
  /** planner id: `language`, `openai`, … */
  readonly planner?: string;
  readonly refiner?: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly replan?: boolean;
  /** hash of an approval given before, for headless runs on a real robot */
  readonly approve?: string;
  /** multiple of real time at which a simulator runs, for people to watch; 0 or absent: as fast as it goes */
  readonly pace?: number;
  readonly records?: RecordOptions;
}

/** How much of runs is kept. */
export interface RecordOptions {
  /** runs that stay in the runs folder beside the one that ends; default 20 */
  readonly keep?: number;
  /** bytes of a record beyond which clouds, images and joint states are left out; default 512 MB */
  readonly limitBytes?: number;
}

export interface RunRequest {
  readonly runId: string;
  /** the notebook's text as it stands in the editor */
  readonly text: string;
  /** base name, for messages and records; never a path */
  readonly name: string;
  /** folder that `file` captures are relative to; absent for untitled notebooks */
  readonly folder?: string;
  /** `NAME.waybook.runs`, where the run's folder is made */
  readonly runsFolder: string;
  /** cell ids to run, in order; absent: every runnable cell, on a scene that was reset */
  readonly cells?: readonly string[];
  readonly options: SessionOptions;
  readonly breakpoints?: readonly Breakpoint[];
  /** pause before the first phase */
  readonly stepping?: boolean;
}

export interface Breakpoint {
  readonly cell: string;
  /** waypoint label inside the cell; absent: at the cell's start */
  readonly waypoint?: string;
}

export interface SessionFailure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly details: Omit<ErrorDetails, 'cause'>;
}

export type CellOutcome = 'succeeded' | 'failed' | 'cancelled' | 'skipped';
export type Phase = 'capture' | 'plan' | 'refine' | 'execute';

/** Everything bound by an approval; `hash` is over all of it. */
export interface ApprovalRequest {
  readonly hash: string;
  readonly robot: string;
  readonly url: string;
  readonly planHash: string;
  readonly trajectoryHash: string;
  /** m */
  readonly tube: number;
  /** fraction of full speed */
  readonly speed: number;
  /** m/s, the fastest sample */
  readonly toolSpeed: number;
  /** s */
  readonly duration: number;
  readonly deadline: number;
  /** m; undefined where the clearance is unknown */
  readonly clearance?: number;
  /** share of the arm's way through space that the camera did not see, 0..1; undefined where that is not known */
  readonly unseen?: number;
}

export type SessionEvent =
  | { readonly kind: 'run-started'; readonly runId: string; readonly recordFolder: string }
  | { readonly kind: 'cell-started'; readonly cell: string; readonly phase: Phase }
  | { readonly kind: 'progress'; readonly cell: string; readonly text: string; readonly fraction?: number }
  | {
      readonly kind: 'output';
      readonly cell: string;
      readonly scene: Scene;
      /** key of the cell as it ran: another one now means that the output is stale */
      readonly key?: string;
    }
  | {
      /** planning wants this body in the waypoints cell that follows; `conflict` where a person edited it */
      readonly kind: 'plan-written';
      readonly instruction: string;
      readonly cell: string;
      readonly body: string;
      readonly planned: string;
      readonly created: boolean;
      readonly conflict: boolean;
    }
  | {
      readonly kind: 'cell-ended';
      readonly cell: string;
      readonly outcome: CellOutcome;
      readonly summary: string;
      readonly failure?: SessionFailure;
    }
  | {
      readonly kind: 'paused';
      readonly cell: string;
      readonly phase: Phase;
      /** the waypoint about to be approached, while executing */
      readonly waypoint?: { readonly index: number; readonly label: string };
      readonly variables: Readonly<Record<string, number | string>>;
    }
  | { readonly kind: 'resumed' }
  | { readonly kind: 'approval'; readonly request: ApprovalRequest }
  | {
      readonly kind: 'link';
      readonly state: LinkState;
      readonly reason: string;
      readonly roundTripMs?: number;
    }
  | { readonly kind: 'robot'; readonly state: RobotState; readonly epoch: number }
  | {
      readonly kind: 'manual-ended';
      readonly id: number;
      readonly report?: ManualReport;
      readonly failure?: SessionFailure;
    }
  | {
      readonly kind: 'run-ended';
      readonly runId: string;
      readonly exitCode: 0 | 1 | 2 | 3;
      readonly verdict?: TaskVerdict;
      readonly failure?: SessionFailure;
    };

/** A robot that the user's own settings name. `profile` is unchecked: the session parses it and says what is wrong. */
export interface RobotEndpoint {
  readonly url: string;
  readonly profile: unknown;
  /** sent as the socket's credential; never recorded */
  readonly token?: string;
  /** PEM of the only certificate authority to believe; absent: the system's */
  readonly ca?: string;
}

/** What belongs to the machine and never to a notebook. Replaces what an earlier `configure` said. */
export interface SessionConfiguration {
  /** by the name that front matter and `SessionOptions.robot` use */
  readonly robots: Readonly<Record<string, RobotEndpoint>>;
  readonly openai?: { readonly baseUrl: string; readonly model: string; readonly apiKey?: string };
  /** may only tighten what the robot's profile allows: least clearance [m], tool speed [m/s], fraction of full speed */
  readonly limits?: { readonly clearance?: number; readonly toolSpeed?: number; readonly speed?: number };
  /** false in an untrusted workspace: no network planner, no model file from the workspace, no motion */
  readonly trusted: boolean;
}

/** Why a host refused a motion without asking a person, and what to do about it. */
export interface Refusal {
  readonly message: string;
  readonly hint: string;
}

/** What may be asked of a running session at any time. */
export type SessionCommand =
  | { readonly kind: 'configure'; readonly configuration: SessionConfiguration }
  /** the answer to a `model-request` */
  | { readonly kind: 'model-reply'; readonly id: number; readonly text?: string; readonly failure?: string }
  | { readonly kind: 'run'; readonly request: RunRequest }
  | { readonly kind: 'cancel' }
  | { readonly kind: 'pause' }
  | { readonly kind: 'continue' }
  | { readonly kind: 'step' }
  | { readonly kind: 'stop-motion'; readonly reason: string }
  | { readonly kind: 'approve'; readonly hash: string }
  | { readonly kind: 'refuse'; readonly hash: string; readonly why?: Refusal }
  | { readonly kind: 'set-breakpoints'; readonly breakpoints: readonly Breakpoint[] }
  | { readonly kind: 'reset-scene'; readonly robot: string }
  | { readonly kind: 'live-scene'; readonly robot: string }
  /** a real robot starts monitor only; arming proves that a goal can be cancelled, and moves nothing */
  | { readonly kind: 'arm'; readonly robot: string }
  | { readonly kind: 'disarm' }
  /** answered at once by `manual-started`, and by an event `manual-ended` with the same id when it is over */
  | { readonly kind: 'manual'; readonly id: number; readonly robot: string; readonly action: ManualAction }
  /** keeps a jog going; without it the arm brakes */
  | { readonly kind: 'jog-hold' }
  | { readonly kind: 'jog-release' }
  /** connects to somewhere that no profile describes yet, and says what is there; sends no goal */
  | { readonly kind: 'survey'; readonly url: string; readonly token?: string; readonly ca?: string }
  /** what differs by meaning between two records, each a run's folder or an `.mcap` file */
  | { readonly kind: 'compare-records'; readonly before: string; readonly after: string }
  | { readonly kind: 'close' };

/** Answers to commands that have one, matched by order of asking per kind. */
export type SessionReply =
  | { readonly kind: 'manual-started'; readonly id: number }
  | { readonly kind: 'surveyed'; readonly survey?: RobotSurvey; readonly failure?: SessionFailure }
  | { readonly kind: 'stopped'; readonly report: StopReport }
  | { readonly kind: 'armed' }
  | { readonly kind: 'scene-reset'; readonly epoch: number }
  | { readonly kind: 'live-scene'; readonly scene: Scene }
  | { readonly kind: 'records-compared'; readonly differences: readonly Difference[] };

/** What crosses the process boundary towards the host. */
export type SessionMessage =
  | { readonly type: 'ready'; readonly version: string }
  | { readonly type: 'event'; readonly event: SessionEvent }
  | { readonly type: 'reply'; readonly reply: SessionReply }
  | {
      /** planner `vscode`: the editor's language models live in the host; answered by `model-reply` with the same id */
      readonly type: 'model-request';
      readonly id: number;
      readonly prompt: string;
      readonly images: readonly { readonly mime: string; readonly bytes: Uint8Array }[];
    }
  /** a command that could not be carried out; a run reports its failures as events instead */
  | { readonly type: 'failed'; readonly command: SessionCommand['kind']; readonly message: string }
  | { readonly type: 'log'; readonly level: 'info' | 'warn' | 'error'; readonly text: string };
