import type { CameraIntrinsics } from '../core/capture.ts';
import type { Pose } from '../core/geometry.ts';
import type { PointCloud } from '../core/point-cloud.ts';
import type { RobotProfile } from '../core/robot-profile.ts';
import type { RobotState } from '../core/robot-state.ts';
import type { SceneObject } from '../core/scene-object.ts';

export type LinkState = 'disconnected' | 'connecting' | 'monitoring' | 'armed' | 'executing' | 'fault';

/**
 * Robot time. In lock-step nothing happens between calls of `advance`, which pumps the simulator; elsewhere
 * `advance` waits. Everything that waits on the robot waits through this, so that a run is repeatable.
 */
export interface RobotClock {
  readonly lockStep: boolean;
  /** s */
  now(): number;
  /** Lets `seconds` of robot time pass. Rejects when the link is lost or `signal` aborts. */
  advance(seconds: number, signal: AbortSignal): Promise<void>;
}

/** One camera's view as it came: still in the camera's frame, the robot's own points still in it. */
export interface CameraFrame {
  readonly camera: string;
  readonly cloud: PointCloud;
  readonly cameraPose: Pose;
  readonly intrinsics?: CameraIntrinsics;
  /** PNG or JPEG */
  readonly image?: Uint8Array;
  /** robot state at the cloud's stamp */
  readonly robot: RobotState;
}

export interface LinkInfo {
  readonly flavour: 'ros1' | 'ros2';
  readonly distro: string;
  readonly roundTripMs: number;
  readonly urdf: string;
  /** robot clock minus ours [ms], 0 in lock-step */
  readonly clockOffsetMs: number;
  /** what the profile names and the robot does not offer; those that block motion keep it from being armed */
  readonly problems: readonly {
    readonly blocks: 'motion' | 'sensing' | 'nothing';
    readonly message: string;
  }[];
}

export interface MoveGoal {
  readonly jointNames: readonly string[];
  /** [n] s from the start of this goal, first 0 */
  readonly times: Float64Array;
  /** [n·d] rad */
  readonly joints: Float64Array;
  /** [n·d] rad/s */
  readonly velocities: Float64Array;
}

export type ActionOutcome = 'succeeded' | 'cancelled' | 'aborted' | 'rejected';

export interface GripOutcome {
  readonly outcome: ActionOutcome;
  /** 0..1 */
  readonly opening: number;
  readonly reachedGoal: boolean;
  readonly stalled: boolean;
}

/** A move under way. Nothing happens to it behind the caller's back: who begins one must ask for `problem` or `outcome`. */
export interface RunningMove {
  readonly settled: boolean;
  /** a watchdog's verdict now: no sign of life, stale joint states, deadline passed */
  problem(): Error | undefined;
  /** waits for the end; in lock-step this is what lets time pass */
  outcome(): Promise<ActionOutcome>;
  /** why it ended, in the controller's words, where it has ended and said so */
  words(): string | undefined;
  /** asks for braking to rest */
  cancel(): void;
  /**
   * Another goal takes over at once, from the running motion: its first sample must be where this one is now, with
   * the same velocity. It counts as the same motion; `deadline` in s from now. With `startAt` [s of robot time] it takes
   * over then, and the first sample must be where this one will be by then.
   */
  replace(goal: MoveGoal, deadline: number, startAt?: number): RunningMove;
}

export interface StopReport {
  /** ms to the first acknowledgement, or undefined when none came */
  readonly acknowledgedMs?: number;
  readonly atRest: boolean;
  readonly atRestMs?: number;
}

/** One connection to one robot or simulator, over rosbridge. Commands are never queued, resent or replayed. */
export interface RobotLink extends AsyncDisposable {
  readonly profile: RobotProfile;
  readonly state: LinkState;
  /** why it is in this state, for people */
  readonly stateReason: string;
  readonly clock: RobotClock;
  readonly info: LinkInfo;
  /** newest state; throws `link/timeout` when it is older than the watchdog allows */
  robotState(): RobotState;
  /** every state message, at full rate; returns the unsubscriber */
  onState(listener: (state: RobotState) => void): () => void;
  onLinkState(listener: (state: LinkState, reason: string) => void): () => void;
  /** the next frame measured after this call; with its picture unless `image` is false or the camera has none */
  observe(camera: string, signal: AbortSignal, options?: { image?: boolean }): Promise<CameraFrame>;
  /** undefined where the robot publishes no detections */
  detect(signal: AbortSignal): Promise<readonly SceneObject[] | undefined>;
  /** from monitor only to armed; on a real robot after a goal that moves nothing was cancelled as proof */
  arm(signal: AbortSignal): Promise<void>;
  disarm(reason: string): void;
  /** ends a fault when its cause is gone; to monitor only */
  recover(): void;
  /** starts a move and returns once it is sent; `deadline` in s of robot time from now */
  begin(goal: MoveGoal, options: { deadline: number; signal: AbortSignal }): Promise<RunningMove>;
  /** runs one move to its end within `deadline` s of robot time; the signal cancels the goal and waits for rest */
  move(goal: MoveGoal, options: { deadline: number; signal: AbortSignal }): Promise<ActionOutcome>;
  /** opening 0..1 */
  grip(opening: number, signal: AbortSignal): Promise<GripOutcome>;
  /** always allowed, idempotent, on a socket of its own */
  stop(reason: string): Promise<StopReport>;
}

/** Time in the hands of whoever watches: for the editor's live view, Step and Pause. Lock-step only. */
export interface PacedClock extends RobotClock {
  readonly lockStep: true;
  /** multiple of real time; infinity, the default, is as fast as it goes */
  setPace(pace: number): void;
  readonly paused: boolean;
  pause(): void;
  resume(): void;
}

/** What the built-in simulator offers beside a robot's interface. */
export interface SimulatorControl {
  reset(scene: string, seed: number): Promise<void>;
  /** full state's hash (positions and velocities, bit by bit) and simulated time [s] */
  snapshot(): Promise<{ id: string; hash: string; time: number }>;
  restore(id: string): Promise<void>;
  /** sets a thing elsewhere at rest, as a hand would, at the next instant of simulated time */
  moveObject(id: string, pose: Pose): Promise<void>;
  task(): Promise<TaskVerdict>;
}

export interface TaskVerdict {
  readonly task: string;
  readonly success: boolean;
  /** what holds and what does not, for people */
  readonly reason: string;
  readonly metrics: Readonly<Record<string, number>>;
}
