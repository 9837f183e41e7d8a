import type { Waypoint } from '../../core/waypoint.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import type { Planner } from '../../planning/planner.ts';
import type { Refiner, RefinerId } from '../../refinement/refiner.ts';
import type { SelfCollision } from '../../robot/gate/self-collision.ts';
import type { RobotLink, SimulatorControl } from '../../robot/robot-link.ts';
import type { MotionLimits } from './motion-limits.ts';
import type { RobotAddress } from './robot-address.ts';

/** One connection to one robot or simulator, with the kinematics of the arm that it described. */
export interface World extends AsyncDisposable {
  readonly address: RobotAddress;
  readonly link: RobotLink;
  readonly model: RobotModel;
  /** what people are shown as its address: a URL without its token */
  readonly endpoint: string;
  /** the arm against itself, for the validator */
  readonly selfCollision?: SelfCollision;
  /** only where we started the simulator ourselves */
  readonly simulator?: SimulatorControl;
  /** holds, releases and paces the passing of robot time, where that can be done; a pace of 0 is as fast as it goes */
  readonly pausable?: { pause(): void; resume(): void; setPace(pace: number): void };
}

export interface OpenWorldOptions {
  /** multiple of real time; absent: as fast as it goes */
  readonly pace?: number;
}

/** What a session takes from outside, so that tests can replace it. */
export interface SessionServices {
  /** Throws `link/…` where it cannot be reached. The caller disposes the world. */
  openWorld(address: RobotAddress, options: OpenWorldOptions, signal: AbortSignal): Promise<World>;
  /**
   * `reach` says which waypoints the arm cannot reach, for planners that are asked to correct themselves. Throws
   * `input/planner` for an id that there is none of, or that is not set up.
   */
  planner(id: string, reach: (waypoints: readonly Waypoint[]) => readonly string[]): Planner;
  /** Throws `input/refiner` for an id that there is none of. */
  refiner(id: string): Refiner;
  /** false where nothing may move: an untrusted workspace */
  trusted?(): boolean;
  /** of the user's settings, where a workspace cannot loosen them */
  limits?(): MotionLimits | undefined;
  readonly defaultPlanner: string;
  readonly defaultRefiner: RefinerId;
}
