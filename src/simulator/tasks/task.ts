import type { Pose, Vec3 } from '../../core/geometry.ts';
import type { SceneBuilder } from '../scene/scene-builder.ts';
import type { Thing } from '../scene/thing.ts';

/** What a success predicate may look at: the physics, never the plan. */
export interface SceneReading {
  /** s since the scene began */
  readonly time: number;
  /** of the thing's frame in base */
  pose(thing: Thing): Pose;
  /** m/s */
  speed(thing: Thing): number;
  /** rad/s */
  spin(thing: Thing): number;
  /** how far a slide or hinge is from its start [m or rad] */
  travel(thing: Thing): number;
  touching(a: Thing, b: Thing): boolean;
  /** any part of arm or gripper touches it */
  touchedByRobot(thing: Thing): boolean;
  /** both fingers touch it */
  heldByGripper(thing: Thing): boolean;
  touchesTable(thing: Thing): boolean;
  toolPose(): Pose;
  /** 0 closed .. 1 open */
  gripperOpening(): number;
}

/** One thing that must hold for success, with its wording for people. */
export interface Condition {
  readonly holds: boolean;
  /** as it reads when it holds: "the red cube lies in the blue bowl" */
  readonly text: string;
}

export interface Outcome {
  readonly conditions: readonly Condition[];
  /** m, rad, … by name */
  readonly metrics: Readonly<Record<string, number>>;
}

/** A scene made for one seed. */
export interface TaskInstance {
  /** in words that the built-in planner should understand */
  readonly instruction: string;
  judge(scene: SceneReading): Outcome;
}

/** A kind of scene with a goal. Adding one is a file here and a line in `index.ts`. */
export interface Task {
  readonly name: string;
  readonly aliases?: readonly string[];
  readonly summary: string;
  /** Puts the task's things on the table. Everything random comes from `scene.random`. */
  build(scene: SceneBuilder): TaskInstance;
}

/** Slower than this counts as lying still [m/s, rad/s]. */
const STILL_SPEED = 0.01;
const STILL_SPIN = 0.1;

export const isStill = (scene: SceneReading, thing: Thing): boolean =>
  scene.speed(thing) < STILL_SPEED && scene.spin(thing) < STILL_SPIN;

/** The conditions that nearly every task ends with: let go of, and lying still. */
export function leftAlone(scene: SceneReading, thing: Thing, name = labelOf(thing)): Condition[] {
  return [
    { holds: !scene.touchedByRobot(thing), text: `the robot has let go of the ${name}` },
    { holds: isStill(scene, thing), text: `the ${name} lies still` },
  ];
}

export const labelOf = (thing: Thing): string => thing.labels[0]?.label ?? thing.id;

export const horizontalDistance = (a: Vec3, b: Vec3): number => Math.hypot(a[0] - b[0], a[1] - b[1]);

/** Angle between the thing's +Z and the vertical [rad]. */
export function tiltOf(pose: Pose): number {
  const [x, y] = pose.orientation;
  return Math.acos(Math.max(-1, Math.min(1, 1 - 2 * (x * x + y * y))));
}
