/**
 * What training may see. Data generator, model card and evaluation read it from here, so that they cannot disagree.
 * Names are the simulator's scenes and shape families.
 */

/** Tasks of clouded training (stage 2); stage 1 has them too. */
export const TRAINED_TASKS = [
  'put-in-bowl',
  'stack',
  'push-to-target',
  'open-drawer',
  'insert-peg',
  'sort-by-colour',
  'pick-and-hold',
  'place-beside',
  'put-on-plate',
  'put-on-shelf',
  'lift-lid',
] as const;

/** Tasks that training sees as motions only, never with a cloud. */
export const MOTION_ONLY_TASKS = ['close-drawer'] as const;

/** Tasks that no stage of training ever sees. */
export const HELD_OUT_TASKS = [
  'unstack',
  'put-in-drawer',
  'press-button',
  'ring-on-post',
  'turn-knob',
] as const;

export type TrainedTask = (typeof TRAINED_TASKS)[number];
export type MotionOnlyTask = (typeof MOTION_ONLY_TASKS)[number];
export type HeldOutTask = (typeof HELD_OUT_TASKS)[number];

/** Shape families that stand in for what a task handles (`object=FAMILY` of a scene). */
export const TRAINED_FAMILIES = [
  'box',
  'cylinder',
  'ball',
  'bowl',
  'mug',
  'rod',
  'hammer',
  'dumbbell',
] as const;

/** Shape families that no stage of training ever sees. */
export const HELD_OUT_FAMILIES = ['ring', 'L-block', 'bottle', 'bow'] as const;

export type TrainedFamily = (typeof TRAINED_FAMILIES)[number];
export type HeldOutFamily = (typeof HELD_OUT_FAMILIES)[number];

/** Trained tasks whose subject can be another shape, and the trained families that they can be done with. */
export const FAMILIES_OF_TASK: Partial<Readonly<Record<TrainedTask, readonly TrainedFamily[]>>> = {
  'pick-and-hold': TRAINED_FAMILIES,
  'put-in-bowl': ['box', 'cylinder', 'ball'],
  'place-beside': ['box', 'cylinder', 'ball'],
  'put-on-shelf': ['box', 'cylinder', 'ball'],
  'put-on-plate': ['mug', 'box', 'cylinder'],
};

/**
 * Seeds by use, first and last. A scene's seed is the simulator's, so that the same seed is the same scene wherever it
 * is made.
 */
export const SEEDS = {
  development: [0, 9_999],
  stage2: [10_000, 99_999],
  stage1: [100_000, 899_999],
  test: [900_000, 999_999],
} as const;

/** The arm that training moves with; every other arm of the catalogue is held out. */
export const TRAINED_ARM = 'panda-class';
