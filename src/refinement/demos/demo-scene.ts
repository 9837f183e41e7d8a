import { add, compose, rotate, scale, type Pose, type Vec3 } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { describedPoses } from '../../simulator/arm/arm-links.ts';
import type { ArmDescription } from '../../simulator/arm/arm-description.ts';
import { detect } from '../../simulator/detector.ts';
import { addDistractors, addObstacles } from '../../simulator/scene/extras.ts';
import { SceneBuilder } from '../../simulator/scene/scene-builder.ts';
import type { Labelled, Thing, ThingSolid } from '../../simulator/scene/thing.ts';
import { findTask } from '../../simulator/tasks/index.ts';

/** The simulator's name of that task. Throws `input/reference` where it has none. */
export const taskNamed = (name: string): string => findTask(name).name;

/** Which scene of the simulator, and how it differs from the plain one. */
export interface SceneChoice {
  readonly task: string;
  readonly seed: number;
  /** shape family of what the task handles; absent: the task's own */
  readonly family?: string;
  readonly distractors: number;
  readonly obstacles: number;
}

/** A scene of the simulator before physics: what stands where, and what a perfect detector reports. */
export interface DemoScene {
  readonly choice: SceneChoice;
  readonly instruction: string;
  readonly things: readonly Thing[];
  readonly objects: readonly SceneObject[];
}

/**
 * Lays out a scene as `createWorld` does for the same choice, without an engine: thousands a second. `size` scales
 * everything but places on the table; the simulator itself has no such scene. Throws as `createWorld` does.
 */
export function layScene(choice: SceneChoice, size = 1): DemoScene {
  const task = findTask(choice.task);
  const builder = new SceneBuilder(new Random(choice.seed, 'scene', task.name), choice.family);
  const { instruction } = task.build(builder);
  addObstacles(builder, choice.obstacles);
  addDistractors(builder, choice.distractors);
  const things = size === 1 ? builder.things : builder.things.map((thing) => resized(thing, size));
  const objects = detect(things, { pose: placeOf }, { position: 0, yaw: 0 }, choice.seed);
  return { choice, instruction, things, objects };
}

/** Where a thing is at the start, its drawer pulled out as far as the scene says. */
export function placeOf(thing: Thing): Pose {
  const { motion, pose, travel = 0 } = thing;
  if (motion.kind !== 'slide' || travel === 0) return pose;
  return { ...pose, position: add(pose.position, rotate(pose.orientation, scale(motion.axis, travel))) };
}

/** Tool pose of an arm at its home. */
export function homeTool(arm: ArmDescription): Pose {
  const hand = describedPoses(arm, arm.home).get('hand');
  if (!hand) throw new RangeError(`homeTool: ${arm.name} has no hand`);
  return compose(hand, { position: [0, 0, arm.gripper.tool], orientation: [0, 0, 0, 1] });
}

function resized(thing: Thing, s: number): Thing {
  const times = (v: Vec3): Vec3 => scale(v, s);
  const moved = (pose: Pose): Pose => ({ ...pose, position: times(pose.position) });
  const [x, y, z] = thing.pose.position;
  return {
    ...thing,
    pose: { ...thing.pose, position: [x, y, s * z] },
    solids: thing.solids.map((solid): ThingSolid => ({
      ...solid,
      pose: moved(solid.pose),
      shape: resizedShape(solid.shape, s),
    })),
    labels: thing.labels.map((label): Labelled => ({
      ...label,
      pose: moved(label.pose),
      size: times(label.size),
    })),
    grasps: (thing.grasps ?? []).map(({ pose, width }) => ({ pose: moved(pose), width: s * width })),
  };
}

function resizedShape(shape: ThingSolid['shape'], s: number): ThingSolid['shape'] {
  switch (shape.kind) {
    case 'box':
      return { kind: 'box', size: scale(shape.size, s) };
    case 'sphere':
      return { kind: 'sphere', radius: s * shape.radius };
    case 'cylinder':
    case 'capsule':
      return { kind: shape.kind, radius: s * shape.radius, length: s * shape.length };
  }
}
