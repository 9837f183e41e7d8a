import { WaybookError } from '../core/errors.ts';
import {
  HELD_OUT_FAMILIES,
  HELD_OUT_TASKS,
  TRAINED_FAMILIES,
  TRAINED_TASKS,
} from '../refinement/demos/task-split.ts';
import pools from './pools.json' with { type: 'json' };
import type { EpisodeRequest } from './record.ts';
import type { ModelRef } from './methods.ts';
import { parseMethod } from './methods.ts';

/** A condition over some tasks: `episodes` of them for every method, stratified over the tasks. */
export interface Cell {
  /** cells of one label are told of together */
  readonly label: string;
  readonly condition: string;
  readonly tasks: readonly string[];
  readonly episodes: number;
  readonly methods: readonly string[];
}

export const SUITES = [
  'smoke',
  'pools',
  'headline',
  'sweeps',
  'conditions',
  'probes',
  'heldout',
  'arms',
  'training',
] as const;
export type SuiteId = (typeof SUITES)[number];

/** Where each kind of evaluation takes its seeds from; docs/evaluation.md names them. */
export const FIRST_SEED = { development: 2_000, test: 901_000 } as const;

/** A cell of 200 episodes, and the larger ones that point estimates to 3 points rest on. */
const CELL = 200;
const LARGE = 1000;
/** Of a held-out shape: a fifth of its scenes cannot be had, and four shapes are to make a cell without them. */
const HELD_OUT_FAMILY = 72;

/** Shared errors [mm] that have a pool, and the condition of each. */
export const POOL_LEVELS = [10, 20] as const;
export const poolCondition = (level: number): string => `shared=${level}`;
/** Episodes per task on development seeds that decide a pool. */
const POOL_EPISODES = 50;

/** Tasks in which the spline scores 20-70 % on development seeds, by level: fixed by `--fix-pools`, committed. */
export function poolOf(level: (typeof POOL_LEVELS)[number]): readonly string[] {
  const levels: readonly { readonly level: number; readonly tasks: readonly string[] }[] = pools.levels;
  return levels.find((entry) => entry.level === level)?.tasks ?? [];
}

/** Tasks pooled where nothing is wrong: those of any level. */
export const poolAtZero = (): string[] => [...new Set(POOL_LEVELS.flatMap((level) => [...poolOf(level)]))];

const CLASSICAL = ['linear', 'b-spline', 'spline', 'snap', 'snap-rrt', 'oracle'];
const COMPARED = ['spline', 'snap', 'expert', 'oracle'];

/** Named conditions in which the cloud is worth more than the nearest cluster's centre. */
export const NAMED_CONDITIONS = {
  occlusion: 'shared=20,hidden=50',
  'off-centre grasps': 'shared=20',
  'missing waypoints': 'shared=20,drop=100',
  yaw: 'shared=10,yaw=15',
} as const;
/** Tasks and shapes whose grasp is not at their middle. */
const OFF_CENTRE_FAMILIES = ['mug', 'bowl', 'hammer', 'L-block'];
const OFF_CENTRE_TASKS = ['put-on-plate', 'ring-on-post', 'lift-lid'];
/** Tasks whose subject may be of any family. */
const SHAPE_TASKS = ['pick-and-hold', 'place-beside', 'put-in-bowl', 'put-on-shelf'];
/** Tasks whose first grasp is of something long, or square, so that its turn shows. */
const YAW_TASKS = ['place-beside', 'put-in-bowl', 'pick-and-hold', 'put-on-shelf'];

export const SWEEPS = [
  'exact',
  ...[40].map((mm) => `shared=${mm}`),
  ...[10, 20, 40].map((mm) => `iid=${mm}`),
  ...[10, 20, 50, 100].map((mm) => `ray=${mm}`),
  ...[5, 10, 15, 20, 30].map((degrees) => `yaw=${degrees}`),
  ...[20, 40].map((percent) => `shared=10,drop=${percent}`),
  ...[10, 25, 50].map((mm) => `moved=${mm}`),
  ...['left', 'top'].map((camera) => `shared=10,camera=${camera}`),
  'shared=10,extrinsics=1',
  'extrinsics=1',
];

/**
 * The cells of a suite. `models` are the names of the networks given: `expert` is the one that is judged, `stage1` the one
 * without clouds, and all others belong to `training`.
 */
export function cellsOf(suite: SuiteId, models: readonly string[]): Cell[] {
  return plannedCells(suite, models).map((cell) => ({ label: cell.condition, ...cell }));
}

function plannedCells(
  suite: SuiteId,
  models: readonly string[],
): (Omit<Cell, 'label'> & { label?: string })[] {
  const blind = models.includes('stage1') ? 'expert-erased@stage1' : 'expert-erased';
  const trained = [...TRAINED_TASKS];
  switch (suite) {
    case 'smoke':
      return [
        {
          condition: 'shared=20',
          tasks: ['stack', 'pick-and-hold'],
          episodes: 2,
          methods: [...COMPARED, 'linear'],
        },
        { condition: 'shift=empty', tasks: ['stack', 'pick-and-hold'], episodes: 2, methods: ['expert'] },
      ];
    case 'pools':
      return POOL_LEVELS.map((level) => ({
        condition: poolCondition(level),
        tasks: trained,
        episodes: POOL_EPISODES * trained.length,
        methods: ['spline'],
      }));
    case 'headline':
      return [
        {
          condition: 'exact',
          tasks: poolAtZero(),
          episodes: LARGE,
          methods: [...CLASSICAL, blind, 'expert'],
        },
        ...POOL_LEVELS.map((level) => ({
          condition: poolCondition(level),
          tasks: poolOf(level),
          episodes: LARGE,
          methods: [...CLASSICAL, blind, 'expert'],
        })),
      ];
    case 'sweeps':
      return SWEEPS.map((condition) => ({ condition, tasks: trained, episodes: CELL, methods: COMPARED }));
    case 'conditions': {
      const methods = [...COMPARED, 'snap-rrt'];
      return [
        {
          label: 'occlusion',
          condition: NAMED_CONDITIONS.occlusion,
          tasks: trained,
          episodes: CELL,
          methods,
        },
        {
          label: 'missing waypoints',
          condition: NAMED_CONDITIONS['missing waypoints'],
          tasks: trained,
          episodes: CELL,
          methods,
        },
        { label: 'yaw', condition: NAMED_CONDITIONS.yaw, tasks: YAW_TASKS, episodes: CELL / 2, methods },
        {
          label: 'yaw',
          condition: `${NAMED_CONDITIONS.yaw},object=rod`,
          tasks: ['place-beside', 'pick-and-hold'],
          episodes: CELL / 2,
          methods,
        },
        {
          label: 'off-centre grasps',
          condition: NAMED_CONDITIONS['off-centre grasps'],
          tasks: OFF_CENTRE_TASKS,
          episodes: CELL / 2,
          methods,
        },
        ...OFF_CENTRE_FAMILIES.map((family) => ({
          label: 'off-centre grasps',
          condition: `${NAMED_CONDITIONS['off-centre grasps']},object=${family}`,
          tasks: ['pick-and-hold', 'place-beside'],
          episodes: CELL / 8,
          methods,
        })),
      ];
    }
    case 'probes':
      return [
        {
          condition: 'shared=20',
          tasks: poolOf(20),
          episodes: CELL,
          methods: ['spline', 'expert', 'expert-erased', 'expert-other', 'oracle'],
        },
        {
          condition: 'yaw=15,object=rod',
          tasks: ['pick-and-hold', 'place-beside'],
          episodes: CELL,
          methods: ['spline', 'snap', 'expert', 'expert-erased'],
        },
        {
          condition: 'shared=10,shift=distractor,distractors=2',
          tasks: ['put-in-bowl', 'stack', 'pick-and-hold', 'place-beside', 'put-on-shelf'],
          episodes: CELL,
          methods: ['snap', 'expert'],
        },
        {
          condition: 'shift=empty',
          tasks: ['put-in-bowl', 'stack', 'insert-peg', 'pick-and-hold', 'place-beside', 'put-on-shelf'],
          episodes: CELL,
          methods: ['expert'],
        },
      ];
    case 'heldout':
      return [
        ...POOL_LEVELS.flatMap((level) => [
          {
            label: `held-out tasks, ${poolCondition(level)}`,
            condition: poolCondition(level),
            tasks: [...HELD_OUT_TASKS],
            episodes: CELL,
            methods: COMPARED,
          },
          {
            label: `trained tasks, ${poolCondition(level)}`,
            condition: poolCondition(level),
            tasks: trained,
            episodes: CELL,
            methods: COMPARED,
          },
        ]),
        ...[...TRAINED_FAMILIES, ...HELD_OUT_FAMILIES].map((family) => ({
          label: HELD_OUT_FAMILIES.some((held) => held === family) ? 'held-out shapes' : 'trained shapes',
          condition: `shared=20,object=${family}`,
          tasks: SHAPE_TASKS,
          episodes: HELD_OUT_FAMILIES.some((held) => held === family) ? HELD_OUT_FAMILY : CELL / 8,
          methods: COMPARED,
        })),
      ];
    case 'arms':
      return ['', ',arm=ur5e-class', ',arm=xarm7-class'].map((arm) => ({
        condition: `shared=10${arm}`,
        tasks: trained,
        episodes: 2 * CELL,
        methods: ['spline', 'expert', 'oracle'],
      }));
    case 'training': {
      const methods = models.filter((m) => m !== 'expert' && m !== 'stage1').map((m) => `expert@${m}`);
      return [
        {
          label: 'trained tasks',
          condition: 'shared=20',
          tasks: trained,
          episodes: CELL,
          methods: ['spline', 'oracle', ...methods],
        },
        {
          label: 'held-out tasks',
          condition: 'shared=20',
          tasks: [...HELD_OUT_TASKS],
          episodes: CELL,
          methods: ['spline', 'oracle', ...methods],
        },
      ];
    }
  }
}

/**
 * The episodes of some cells, seed by seed through all of them, so that one that is stopped has all of them in equal parts.
 * Throws `input/usage` where a method's model is not among those given.
 */
export function requestsOf(
  cells: readonly Cell[],
  firstSeed: number,
  models: Readonly<Record<string, ModelRef>>,
  share = 1,
): EpisodeRequest[] {
  const plans = cells.flatMap((cell) =>
    cell.tasks.map((task) => ({ cell, task, count: Math.ceil((share * cell.episodes) / cell.tasks.length) })),
  );
  const requests: EpisodeRequest[] = [];
  for (let i = 0; i < Math.max(0, ...plans.map((plan) => plan.count)); i++) {
    for (const { cell, task, count } of plans) {
      if (i >= count) continue;
      for (const method of cell.methods) {
        const { model: name } = parseMethod(method);
        const model = name === undefined ? undefined : models[name];
        if (name !== undefined && !model) {
          throw new WaybookError('input/usage', `The method "${method}" needs the model "${name}".`, {
            hint: `Give it with --model ${name}=FILE.`,
          });
        }
        const request = { task, seed: firstSeed + i, condition: cell.condition, method };
        requests.push(model ? { ...request, model } : request);
      }
    }
  }
  return requests;
}
