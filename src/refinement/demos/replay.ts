import { WaybookError } from '../../core/errors.ts';
import { distance, type Pose } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { loadRobotModel } from '../../kinematics/load-robot-model.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';
import { timeParametrise } from '../../kinematics/time-parametrise.ts';
import { simulatorProfile } from '../../robot/profiles/simulator-profile.ts';
import type { World } from '../../simulator/world-api.ts';
import { createWorld } from '../../simulator/world.ts';
import { splinePath } from '../spline-path.ts';
import type { Demonstration } from './demonstration.ts';
import { firstMotion } from './generate.ts';

export interface Replayed {
  readonly seed: number;
  /** task, or kind of motion */
  readonly what: string;
  readonly success: boolean;
  readonly reason: string;
}

/** Moves the arm of a world along a trajectory, gripping where it says; returns what stopped it, if anything did. */
export type Execute = (world: World, trajectory: Trajectory) => string | undefined;

const SPEED = 0.5;
/** A motion without a scene has succeeded when the tool is this near to its end [m]. */
const ARRIVED = 0.01;

/**
 * Replays demonstrations of action pre-training in physics, drawn at random from the given seeds: those of a task succeed
 * by the scene's own predicate, motions without a scene when the tool arrives. Where the arm does not start at home, it
 * goes to the start first.
 */
export async function replayDemos(
  options: {
    readonly tasks: readonly string[];
    readonly seeds: readonly [number, number];
    readonly count: number;
    readonly execute: Execute;
  },
  each: (replayed: Replayed) => void,
  signal: AbortSignal,
): Promise<void> {
  const random = new Random('replay', options.count, ...options.seeds);
  let model: RobotModel | undefined;
  try {
    for (let n = 0; n < options.count; n++) {
      signal.throwIfAborted();
      const seed = options.seeds[0] + random.below(options.seeds[1] - options.seeds[0] + 1);
      const demo = firstMotion(options.tasks, seed);
      const choice = demo.scene?.choice;
      using world = await createWorld({
        scene: choice?.task ?? 'push-to-target',
        seed,
        distractors: choice?.distractors ?? 0,
        obstacles: choice?.obstacles ?? 0,
        ...(choice?.family ? { object: choice.family } : {}),
      });
      model ??= await loadRobotModel({
        urdf: world.urdf,
        joints: world.arm.joints,
        toolFrame: 'tool',
        accelerationLimits: world.arm.limits.map((limit) => limit.acceleration),
      });
      const outcome = replay(world, model, demo, options.execute);
      each({
        seed,
        what: choice?.task ?? demo.motion ?? '',
        success: outcome === undefined,
        reason: outcome ?? '',
      });
    }
  } finally {
    model?.[Symbol.dispose]();
  }
}

/** What went wrong, or nothing. */
function replay(world: World, model: RobotModel, demo: Demonstration, execute: Execute): string | undefined {
  const n = world.arm.joints.length;
  const joints = new Float64Array(n);
  const rates = new Float64Array(n);
  world.armState(joints, rates, new Float64Array(n));
  const here = { pose: model.forward(joints), gripper: world.fingerPosition() / world.arm.gripper.open };
  const { start, waypoints } = demo.plan;
  const asked = [
    ...(distance(start.pose.position, here.pose.position) > 0.005
      ? [waypoint(start.pose, start.gripper)]
      : []),
    ...waypoints.map((w) => waypoint(w.pose, w.gripper)),
  ];
  let trajectory: Trajectory;
  try {
    const from = { joints: [...joints], gripper: here.gripper };
    const timing = { speed: SPEED, toolSpeedLimit: simulatorProfile.toolSpeedLimit };
    trajectory = timeParametrise(model, splinePath(asked, here), from, timing);
  } catch (error) {
    if (error instanceof WaybookError) return error.message;
    throw error;
  }
  const stopped = execute(world, trajectory);
  if (demo.scene) {
    const verdict = world.taskVerdict();
    return verdict.success ? undefined : (stopped ?? verdict.reason);
  }
  world.armState(joints, rates, new Float64Array(n));
  const off = distance(model.forward(joints).position, waypoints.at(-1)!.pose.position);
  return off < ARRIVED ? undefined : (stopped ?? `the tool stopped ${(1000 * off).toFixed(0)} mm short`);
}

const waypoint = (pose: Pose, gripper: number): Waypoint => ({ ...pose, label: '', gripper, radius: 0 });
