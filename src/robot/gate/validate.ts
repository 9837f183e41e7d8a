import type { Capture } from '../../core/capture.ts';
import type { WaybookError } from '../../core/errors.ts';
import type { RobotProfile } from '../../core/robot-profile.ts';
import type { RobotState } from '../../core/robot-state.ts';
import type { RefusedSample } from '../../core/scene.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { trajectoryHash } from '../../core/trajectory.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { ArmSpheres } from './arm-spheres.ts';
import { contactsOf } from './contacts.ts';
import type { Contacts } from './contacts.ts';
import type { SelfCollision } from './self-collision.ts';
import { unseenShare } from './unseen-space.ts';
import { checkClearance, checkSelf } from './validate-clearance.ts';
import { checkJoints, checkShape, checkStart, checkTool, DEFAULT_LIMITS } from './validate-motion.ts';
import type { MotionLimits } from './validate-motion.ts';
import { Findings } from './validation.ts';

/** Everything that a trajectory is judged against. */
export interface ValidationContext {
  readonly profile: RobotProfile;
  readonly model: RobotModel;
  readonly state: RobotState;
  /** robot time [s] */
  readonly now: number;
  /** what was seen, in base, without the robot's own points; absent: clearance is unknown, not enough */
  readonly capture?: Pick<Capture, 'cloud' | 'objects' | 'cameraPose' | 'intrinsics'>;
  readonly selfCollision?: SelfCollision;
  /** ids of things that the plan acts on; absent: those that a waypoint touches */
  readonly targets?: readonly string[];
  /** in the gripper at the start */
  readonly holding?: SceneObject;
  readonly limits?: Partial<MotionLimits>;
}

declare const brand: unique symbol;

/** A trajectory that {@link validate} let through. There is no other way to make one, and nothing else is executed. */
export interface ValidatedTrajectory {
  readonly [brand]: true;
  readonly trajectory: Trajectory;
  readonly hash: string;
  /** of the tool along it [m/s] */
  readonly toolSpeed: number;
  /** gripper actions that are meant to take hold of something: at which sample, and of what */
  readonly grasps: readonly { readonly sample: number; readonly label: string }[];
}

export interface Verdict {
  /** only where nothing is refused */
  readonly validated?: ValidatedTrajectory;
  readonly refusal?: WaybookError;
  readonly refused: readonly RefusedSample[];
  /** [n] m, at most 0.15; absent where nothing was seen */
  readonly clearance?: Float32Array;
  readonly clearanceLimit: number;
  readonly leastClearance?: number;
  /** share of the arm's way through space that the camera did not see, 0..1; undefined where that is not known */
  readonly unseen?: number;
  /** wall time of the collision check [ms], for people only */
  readonly collisionMs?: number;
}

const made = new WeakSet<object>();
const spheresOfModel = new WeakMap<RobotModel, ArmSpheres>();

/** Least distance from what the camera saw where the profile names none [m]. */
export const DEFAULT_CLEARANCE = 0.02;

/**
 * Judges a whole trajectory before it may move anything: numbers and sizes, joint names, start, order of times, position,
 * velocity and acceleration limits, rest, tool speed, workspace, the arm against itself, and arm, gripper and held object
 * against what was seen. Pure: it neither moves nor asks.
 */
export function validate(trajectory: Trajectory, context: ValidationContext): Verdict {
  const { profile, model, state, now, capture } = context;
  const limits = { ...DEFAULT_LIMITS, ...context.limits };
  const found = new Findings(trajectory);
  const clearanceLimit = profile.minClearance ?? DEFAULT_CLEARANCE;
  const refused = (): Verdict => ({
    refusal: found.error(),
    refused: found.all.map(({ sample, limitName, value, limit, unit }) => ({
      sample,
      limitName,
      value,
      limit,
      unit,
    })),
    clearanceLimit,
  });
  if (!checkShape(trajectory, profile, limits, found)) return refused();
  const last = trajectory.times.length - 1;
  const seconds = trajectory.times[last] as number;
  if (seconds > limits.maxDuration) {
    found.limit(last, 'duration', seconds, limits.maxDuration, 's', 'Split the motion into several cells.');
  }
  checkStart(trajectory, state, now, limits, found);
  checkJoints(trajectory, model, limits, found);
  checkTool(trajectory, profile, model, limits, found);
  const started = performance.now();
  if (context.selfCollision) checkSelf(trajectory, context.selfCollision, found);
  const contacts = contactsOf(trajectory, capture?.objects ?? [], {
    ...context,
    gripperWidth: profile.gripper?.width ?? 0,
  });
  const seen =
    capture &&
    checkClearance(trajectory, spheres(model), capture.cloud.positions, contacts, clearanceLimit, found);
  const report = {
    collisionMs: performance.now() - started,
    ...(seen ? { clearance: seen.clearance, leastClearance: seen.least } : {}),
    ...unseenOf(trajectory, model, capture),
  };
  if (!found.clean) return { ...refused(), ...report };
  return { validated: stamp(trajectory, contacts), refused: [], clearanceLimit, ...report };
}

/** Whether `value` came from {@link validate} in this process: types can be cast, this cannot. */
export const isValidated = (value: ValidatedTrajectory): boolean => made.has(value);

function unseenOf(
  trajectory: Trajectory,
  model: RobotModel,
  capture: ValidationContext['capture'],
): { unseen?: number } {
  const unseen = capture && unseenShare(trajectory, spheres(model), capture);
  return unseen === undefined ? {} : { unseen };
}

function stamp(trajectory: Trajectory, contacts: Contacts): ValidatedTrajectory {
  const parts = {
    trajectory,
    hash: trajectoryHash(trajectory),
    toolSpeed: fastestTool(trajectory),
    // Something held from the start was not grasped by this trajectory.
    grasps: contacts.held
      .filter(({ first }) => first > 0)
      .map(({ first, label }) => ({ sample: first - 1, label })),
  };
  // The brand exists in types alone; the set of what was made is what counts when something is executed.
  const validated = Object.freeze(parts) as unknown as ValidatedTrajectory;
  made.add(validated);
  return validated;
}

function fastestTool(t: Trajectory): number {
  let fastest = 0;
  for (let i = 1; i < t.times.length; i++) {
    let squared = 0;
    for (let k = 0; k < 3; k++) {
      squared += ((t.tool[7 * i + k] as number) - (t.tool[7 * (i - 1) + k] as number)) ** 2;
    }
    fastest = Math.max(fastest, Math.sqrt(squared) / ((t.times[i] as number) - (t.times[i - 1] as number)));
  }
  return fastest;
}

function spheres(model: RobotModel): ArmSpheres {
  let cached = spheresOfModel.get(model);
  if (!cached) spheresOfModel.set(model, (cached = new ArmSpheres(model)));
  return cached;
}
