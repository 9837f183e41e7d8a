import type { Pose, Vec3 } from '../../../core/geometry.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import type { Waypoint, WaypointFrame } from '../../../core/waypoint.ts';
import type { LinkInfo, LinkState } from '../../../robot/robot-link.ts';
import type { HandEyeReport, TouchedPoint } from './hand-eye.ts';

/** One direction of jogging: the tool along or about an axis of base, or one joint. */
export type JogAxis = 'x' | 'y' | 'z' | 'rx' | 'ry' | 'rz' | { readonly joint: number };

/** What a person may ask of an arm beside running a notebook. Whatever moves it goes through the gate. */
export type ManualAction =
  /** connects and says how the robot is; moves nothing */
  | { readonly kind: 'look' }
  /** where the arm is, also while it is guided by hand; in an object's frame when one is named */
  | { readonly kind: 'record'; readonly frame?: WaypointFrame }
  | {
      readonly kind: 'move';
      readonly to: Omit<Waypoint, 'radius'>;
      readonly frame?: WaypointFrame;
      readonly speed?: number;
    }
  /** to a configuration; `home` and `poses` of the profile by name */
  | { readonly kind: 'pose'; readonly joints: readonly number[] | string; readonly speed?: number }
  /** opening 0..1 */
  | { readonly kind: 'grip'; readonly opening: number }
  /** begins; goes on for as long as `hold` is said often enough, or to the end of the step */
  | { readonly kind: 'jog'; readonly axis: JogAxis; readonly sign: 1 | -1; readonly speed?: number }
  /** ends a fault when its cause is gone: to monitor only */
  | { readonly kind: 'recover' }
  /** compares where the camera saw marked points with where the tool touched them; moves nothing */
  | { readonly kind: 'hand-eye'; readonly points: readonly TouchedPoint[] };

/** How the robot stands. */
export interface RobotReport {
  readonly link: LinkState;
  readonly reason: string;
  readonly flavour: LinkInfo['flavour'];
  readonly distro: string;
  readonly roundTripMs: number;
  readonly clockOffsetMs: number;
  readonly problems: LinkInfo['problems'];
  readonly state: RobotState;
  readonly tool: Pose;
  readonly home: readonly number[];
  readonly poses: Readonly<Record<string, readonly number[]>>;
}

export type ManualReport =
  | { readonly kind: 'robot'; readonly robot: RobotReport }
  | {
      readonly kind: 'recorded';
      readonly frame: WaypointFrame;
      readonly pose: Pose;
      readonly gripper: number;
      readonly joints: readonly number[];
      /** rad/s, the fastest joint: a pose of a moving arm is blurred by that much */
      readonly moving: number;
    }
  | { readonly kind: 'moved'; readonly text: string; readonly tool: Pose }
  | { readonly kind: 'gripped'; readonly opening: number; readonly stalled: boolean }
  | { readonly kind: 'hand-eye'; readonly report: HandEyeReport; readonly tool: Vec3 };
