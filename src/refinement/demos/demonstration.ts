import { compose, inverse, type Pose } from '../../core/geometry.ts';
import { WaybookError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { pandaClass } from '../../simulator/arm/panda-class.ts';
import type { Thing } from '../../simulator/scene/thing.ts';
import type { PlanStart } from '../expert/guidance.ts';
import { windowsOf } from '../expert/windows.ts';
import { homeTool, layScene, placeOf, type DemoScene, type SceneChoice } from './demo-scene.ts';
import { MOTIONS, randomMotion, somewhere, type Motion } from './motions.ts';
import type { PlacedShape } from './ray-solid.ts';
import { FAMILIES_OF_TASK, type TrainedTask } from './task-split.ts';
import { truePlan, type TruePlan, type TrueWaypoint } from './true-plan.ts';

/** One scripted demonstration: what stands on the table and the waypoints that work. */
export interface Demonstration {
  /** none for a motion without a scene */
  readonly scene: DemoScene | undefined;
  readonly motion: Motion | undefined;
  readonly solids: readonly (PlacedShape & { readonly thing: string })[];
  readonly plan: TruePlan;
}

export const HOME: PlanStart = { pose: homeTool(pandaClass), gripper: 1 };

/** Share of samples that begin in the middle of the task. */
const MIDWAY = 0.2;
/** Share of starts that are not the arm's home. */
const ELSEWHERE = 0.3;
/** Tasks whose middle a rigid load cannot show: things slide there. */
const SLIDING = new Set(['push-to-target', 'open-drawer', 'close-drawer']);
const ATTEMPTS = 30;

/** A task's scene for that seed: other shapes, distractors and obstacles where `plain` does not forbid them. */
export function chooseScene(task: string, seed: number, random: Random): SceneChoice {
  const families = FAMILIES_OF_TASK[task as TrainedTask] ?? [];
  const family = families.length > 0 && random.next() < 0.5 ? random.pick(families) : undefined;
  return {
    task,
    seed,
    ...(family ? { family } : {}),
    distractors: random.pick([0, 0, 1, 2, 3]),
    obstacles: random.next() < 0.1 ? 1 : 0,
  };
}

/** The demonstration of a task for a seed, from the arm's home; choices that cannot be planned are drawn again. */
export function demonstrate(
  tasks: readonly string[],
  seed: number,
  random: Random,
  options: { readonly resize: boolean; readonly start?: PlanStart } = { resize: false },
): Demonstration {
  let failure: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const choice = chooseScene(random.pick(tasks), seed, random);
    const size = options.resize && random.next() < 0.5 ? random.uniform(0.8, 1.3) : 1;
    try {
      const scene = layScene(choice, size);
      const plan = truePlan(scene, options.start ?? HOME);
      return { scene, motion: undefined, solids: scene.things.flatMap(solidsOf), plan };
    } catch (error) {
      if (!(error instanceof WaybookError)) throw error;
      failure = error;
    }
  }
  throw failure;
}

/** A motion that needs no scene. */
export function wander(random: Random, start: PlanStart): Demonstration {
  const motion = random.pick(MOTIONS);
  return { scene: undefined, motion, solids: [], plan: randomMotion(motion, start, random) };
}

export const someStart = (random: Random): PlanStart =>
  random.next() < ELSEWHERE ? somewhere(random) : HOME;

function solidsOf(thing: Thing): (PlacedShape & { thing: string })[] {
  const body = placeOf(thing);
  return thing.solids
    .filter((solid) => !solid.ghost)
    .map(({ shape, pose }) => ({ shape, pose: compose(body, pose), thing: thing.id }));
}

/**
 * The same demonstration, sometimes seen from a later waypoint on, with what was grasped in the hand; plans longer than the
 * network's window cut to one of its stretches.
 */
export function partOf(demo: Demonstration, random: Random): Demonstration {
  const { plan, scene } = demo;
  if (random.next() < MIDWAY && plan.waypoints.length > 2 && !SLIDING.has(scene?.choice.task ?? '')) {
    const done = 1 + random.below(plan.waypoints.length - 2);
    return oneWindow(startedAfter(demo, done), random);
  }
  return oneWindow(demo, random);
}

function startedAfter(demo: Demonstration, done: number): Demonstration {
  const { waypoints } = demo.plan;
  const here = waypoints[done - 1]!;
  const past = waypoints.slice(0, done);
  const grasp = here.gripper < 0.05 ? past.find((w) => w.gripper < 0.05 && w.contact && w.thing) : undefined;
  const solids = grasp
    ? demo.solids.map((solid) =>
        solid.thing === grasp.thing ? carried(solid, grasp.pose, here.pose) : solid,
      )
    : demo.solids;
  const start = { pose: here.pose, gripper: here.gripper };
  return { ...demo, solids, plan: { ...demo.plan, start, waypoints: waypoints.slice(done) } };
}

const carried = <T extends PlacedShape>(solid: T, from: Pose, to: Pose): T => ({
  ...solid,
  pose: compose(to, compose(inverse(from), solid.pose)),
});

function oneWindow(demo: Demonstration, random: Random): Demonstration {
  const { waypoints, start } = demo.plan;
  const windows = windowsOf(
    waypoints.map((w): Parameters<typeof windowsOf>[0][number] => ({
      ...w.pose,
      label: '',
      gripper: w.gripper,
      radius: 0,
    })),
    start.gripper,
  );
  if (windows.length < 2) return demo;
  const [first, last] = random.pick(windows);
  const before: TrueWaypoint | undefined = waypoints[first - 1];
  return {
    ...demo,
    plan: {
      ...demo.plan,
      start: before ? { pose: before.pose, gripper: before.gripper } : start,
      waypoints: waypoints.slice(first, last + 1),
    },
  };
}
