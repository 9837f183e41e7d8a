import type { Pose, Vec3 } from './geometry.ts';

/** Where one camera's messages are, and where it stands if `/tf` does not say. */
export interface CameraTopics {
  readonly points: string;
  readonly image?: string;
  readonly info?: string;
  /** optical frame in base, overriding `/tf` */
  readonly extrinsics?: Pose;
}

export interface GripperProfile {
  readonly action: string;
  readonly type: 'GripperCommand' | 'ParallelGripperCommand';
  /** joint in `/joint_states` that measures the opening */
  readonly joint: string;
  /** joint value when fully open and fully closed */
  readonly open: number;
  readonly closed: number;
  /** width between the fingertips when fully open [m] */
  readonly width: number;
  /** N */
  readonly effort: number;
  /** s */
  readonly timeout: number;
}

/** One field of a status message, and the values at which the robot may be moved. */
export interface RobotModeWatch {
  readonly topic: string;
  /** as ROS 2 spells it: `package/msg/Name` */
  readonly type: string;
  readonly field: string;
  readonly allowed: readonly (string | number | boolean)[];
}

/** How to talk to one robot, and what it must never do. Limits may only tighten the URDF's. */
export interface RobotProfile {
  /** shown to people; part of the robot's identity, unlike its URL */
  readonly name: string;
  readonly kind: 'simulator' | 'robot';
  readonly flavour: 'ros1' | 'ros2' | 'auto';
  readonly topics: {
    readonly jointStates: string;
    readonly robotDescription: string;
    readonly detections?: string;
    readonly cameras: Readonly<Record<string, CameraTopics>>;
  };
  readonly frames: { readonly base: string; readonly tool: string };
  /** prefix of every name here that does not begin with a slash; resolved when a profile is read */
  readonly namespace?: string;
  /** arm joints in order, as the robot's description names them */
  readonly joints: readonly string[];
  /** by the description's name, what the robot's messages call a joint, where that differs */
  readonly jointNames?: Readonly<Record<string, string>>;
  readonly trajectoryAction: string;
  /** false where a new goal ends the running one at rest instead of taking over: closed loop then stops and goes */
  readonly replacesGoals?: boolean;
  readonly gripper?: GripperProfile;
  /** std_srvs/Trigger that halts motion, where the robot has one */
  readonly stopService?: string;
  /** topic of `std_msgs/Float64` with the share of the asked speed that it runs at; `full` is its value at full speed */
  readonly speedScaling?: { readonly topic: string; readonly full?: number };
  /** what the robot must say of itself before and while it moves: mode, protective stop, remote control */
  readonly robotModes?: readonly RobotModeWatch[];
  /** rad/s², per joint; URDF has no such field */
  readonly accelerationLimits: readonly number[];
  /** tightens the URDF's, per joint [rad/s] */
  readonly velocityLimits?: readonly number[];
  /** m/s */
  readonly toolSpeedLimit: number;
  /** axis-aligned box in base that the tool must stay in [m] */
  readonly workspace: { readonly min: Vec3; readonly max: Vec3 };
  /** least distance between the arm and what the camera saw, contact with the target apart [m]; default 20 mm */
  readonly minClearance?: number;
  /** where it starts and goes back to [rad] */
  readonly home: readonly number[];
  /** further configurations by name [rad] */
  readonly poses?: Readonly<Record<string, readonly number[]>>;
  /** the camera check: motion is refused where the error that was measured last is above the limit [m] */
  readonly handEye?: { readonly limit?: number; readonly measured?: number; readonly date?: string };
  /** publishes a heartbeat that the robot's dead-man watches */
  readonly heartbeat?: { readonly topic: string; readonly hz: number };
}
