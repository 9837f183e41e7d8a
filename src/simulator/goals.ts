import { WaybookError } from '../core/errors.ts';
import { compose, IDENTITY_QUAT, rotate, type Pose, type Vec3 } from '../core/geometry.ts';
import type { Labelled, Thing } from './scene/thing.ts';
import {
  horizontalDistance,
  isStill,
  leftAlone,
  type Condition,
  type Outcome,
  type SceneReading,
} from './tasks/task.ts';

/** Relations that can be asked of any scene, with how many things each speaks of. */
const relations = {
  in: 2,
  on: 2,
  off: 2,
  'next-to': 2,
  /** left, right, before and behind as seen from the robot's base, which looks along +X */
  'left-of': 2,
  'right-of': 2,
  'in-front-of': 2,
  behind: 2,
  between: 3,
  held: 1,
  upright: 1,
  open: 1,
  closed: 1,
  pressed: 1,
  turned: 1,
  /** turned about the vertical by a quarter of a right angle or more since the start, and put down */
  spun: 1,
  /** moved along that way since the start, further than across it */
  'moved-left': 1,
  'moved-right': 1,
  /** away from the robot's base, and towards it */
  'moved-away': 1,
  'moved-near': 1,
  /** on that side of the table's middle, on the table */
  'at-left': 1,
  'at-right': 1,
  'at-back': 1,
  'at-front': 1,
  'at-middle': 1,
} as const;

export type Relation = keyof typeof relations;

/** Something that should come true in a scene, whatever the task that it was made for. */
export interface Goal {
  readonly relation: Relation;
  /** ids or labels, as in `detections`, or `table`; the first is what is moved */
  readonly things: readonly string[];
}

/**
 * Reads `RELATION:THING[:THING…]`, for instance `in:red-cube:blue-bowl`. Throws `input/usage` for an unknown relation
 * or a wrong number of things.
 */
export function readGoal(text: string): Goal {
  const [relation = '', ...things] = text.split(':').map((part) => part.trim());
  if (!(relation in relations)) {
    throw new WaybookError('input/usage', `There is no goal relation named '${relation}'.`, {
      hint: `Relations: ${Object.keys(relations).join(', ')}.`,
    });
  }
  const known = relation as Relation;
  if (things.length !== relations[known]) {
    throw new WaybookError('input/usage', `The goal '${text}' must name ${relations[known]} thing(s).`, {
      hint: `Write it as ${known}:${['red-cube', 'blue-bowl', 'green-cube'].slice(0, relations[known]).join(':')}.`,
    });
  }
  return { relation: known, things };
}

/** Widest gap between two boxes that still counts as next to [m] */
const NEXT_GAP = 0.08;
/** Furthest away that something can be left of, behind, … something else [m] */
const BESIDE_REACH = 0.3;
/** Share of a mechanism's range that counts as open, pressed, …, and as closed */
const ACTUATED = 0.6;
const SHUT = 0.1;
const LIFT = 0.05;
/** Least way that counts as moved [m], and least turn [rad] */
const MOVED = 0.03;
const SPUN = Math.PI / 8;
/** The middle of the part of the table that is worked on, and how far off it a side begins [m] */
const MIDDLE: Vec3 = [0.5, 0, 0];
const OFF_MIDDLE = 0.05;

const AXES: readonly Vec3[] = [
  [1, 0, 0],
  [0, 1, 0],
  [0, 0, 1],
];
const ROUND = new Set([
  'cylinder',
  'ball',
  'bowl',
  'plate',
  'mug',
  'ring',
  'pot',
  'lid',
  'post',
  'bottle',
  'region',
]);

/** A thing or part with its box, in base, now. */
interface Placed {
  readonly thing: Thing;
  readonly label: Labelled;
  readonly centre: Vec3;
  /** half extents of the upright box round it, in base */
  readonly half: Vec3;
}

/**
 * A predicate over the physics for the goals, all of which must hold, with what was moved let go of and lying still.
 * Throws `input/reference` when a goal names something that the scene has not, or has more than once.
 */
export function judgeGoals(
  goals: readonly Goal[],
  things: readonly Thing[],
): (scene: SceneReading) => Outcome {
  const found = goals.map((goal) =>
    goal.things.map((name) => (name === 'table' ? undefined : find(name, things))),
  );
  return (scene) => {
    const conditions = goals.flatMap((goal, i) => {
      const placed = (found[i] ?? []).map((entry) => (entry ? place(entry, scene) : undefined));
      return conditionsOf(goal, placed, scene);
    });
    return { conditions, metrics: { goals: goals.length } };
  };
}

function conditionsOf(goal: Goal, placed: readonly (Placed | undefined)[], scene: SceneReading): Condition[] {
  const [subject, reference, third] = placed;
  if (subject === undefined)
    throw new WaybookError('input/usage', 'A goal is about a thing, not about the table.');
  const { thing } = subject;
  const text = `${goal.things[0] ?? ''} is ${goal.relation} ${goal.things.slice(1).join(' and ')}`.trim();
  const settled = (holds: boolean): Condition[] => [
    { holds, text },
    ...leftAlone(scene, thing, goal.things[0]),
  ];
  switch (goal.relation) {
    case 'held': {
      const lifted = scene.pose(thing).position[2] - thing.pose.position[2] > LIFT;
      return [{ holds: lifted && scene.heldByGripper(thing) && isStill(scene, thing), text }];
    }
    case 'upright':
      return settled(Math.abs(tallest(subject, scene)) > 0.95);
    case 'open':
    case 'pressed':
    case 'turned':
      return [{ holds: share(thing, scene) > ACTUATED, text }];
    case 'closed':
      return [{ holds: share(thing, scene) < SHUT, text }];
    case 'spun':
      return settled(Math.abs(turnSinceStart(subject, scene)) > SPUN);
    case 'moved-left':
      return settled(movedAlong(subject, [0, 1]));
    case 'moved-right':
      return settled(movedAlong(subject, [0, -1]));
    case 'moved-away':
      return settled(movedAlong(subject, [1, 0]));
    case 'moved-near':
      return settled(movedAlong(subject, [-1, 0]));
    case 'at-left':
      return settled(subject.centre[1] > OFF_MIDDLE && scene.touchesTable(thing));
    case 'at-right':
      return settled(subject.centre[1] < -OFF_MIDDLE && scene.touchesTable(thing));
    case 'at-back':
      return settled(subject.centre[0] > MIDDLE[0] + OFF_MIDDLE && scene.touchesTable(thing));
    case 'at-front':
      return settled(subject.centre[0] < MIDDLE[0] - OFF_MIDDLE && scene.touchesTable(thing));
    case 'at-middle':
      return settled(
        horizontalDistance(subject.centre, MIDDLE) < 2 * OFF_MIDDLE && scene.touchesTable(thing),
      );
    case 'between':
      return settled(reference !== undefined && third !== undefined && between(subject, reference, third));
    case 'off':
      return settled(
        scene.touchesTable(thing) && (reference === undefined || !scene.touching(thing, reference.thing)),
      );
    case 'on':
      if (reference === undefined) return settled(scene.touchesTable(thing));
      if (subject.label.shape === 'ring' && reference.label.shape === 'post')
        return settled(isRound(subject, reference));
      return settled(over(subject, reference) && rests(subject, reference, scene));
    case 'in':
      // what is all the way in a hole through a plate stands on the table
      return settled(
        reference !== undefined &&
          inside(subject, reference) &&
          (reference.label.shape === 'hole' || !scene.touchesTable(thing)),
      );
    case 'next-to':
      return settled(
        reference !== undefined && gap(subject, reference) < NEXT_GAP && sameLevel(subject, reference),
      );
    case 'left-of':
      return settled(reference !== undefined && towards(subject, reference, [0, 1, 0]));
    case 'right-of':
      return settled(reference !== undefined && towards(subject, reference, [0, -1, 0]));
    case 'in-front-of':
      return settled(reference !== undefined && towards(subject, reference, [-1, 0, 0]));
    case 'behind':
      return settled(reference !== undefined && towards(subject, reference, [1, 0, 0]));
  }
}

function find(name: string, things: readonly Thing[]): { thing: Thing; label: Labelled } {
  const all = things.flatMap((thing) => thing.labels.map((label) => ({ thing, label })));
  const byId = all.filter(({ label }) => label.id === name);
  const matches = byId.length > 0 ? byId : all.filter(({ label }) => label.label === name);
  if (matches.length === 1 && matches[0]) return matches[0];
  throw new WaybookError(
    'input/reference',
    `The goal names '${name}', which this scene has ${matches.length} times.`,
    {
      hint: `It has: ${all.map(({ label }) => label.id).join(', ')}.`,
    },
  );
}

function place({ thing, label }: { thing: Thing; label: Labelled }, scene: SceneReading): Placed {
  const pose: Pose = compose(scene.pose(thing), label.pose);
  const half: [number, number, number] = [0, 0, 0];
  // A round thing that stands up has the same box whichever way it is turned, and a ball always has.
  const upright = Math.abs(rotate(pose.orientation, [0, 0, 1])[2]) > 0.99;
  const alike = label.shape === 'ball' || (upright && ROUND.has(label.shape));
  const orientation = alike ? IDENTITY_QUAT : pose.orientation;
  AXES.forEach((axis, k) => {
    const turned = rotate(orientation, axis);
    for (let i = 0; i < 3; i++) half[i]! += (Math.abs(turned[i] as number) * (label.size[k] as number)) / 2;
  });
  return { thing, label, centre: pose.position, half };
}

/** Vertical component of the longest axis of the thing's box. */
function tallest({ thing, label }: Placed, scene: SceneReading): number {
  const longest = Math.max(...label.size);
  const axis = label.size.map((s) => (s === longest ? 1 : 0)) as unknown as Vec3;
  return rotate(compose(scene.pose(thing), label.pose).orientation, axis)[2];
}

function share(thing: Thing, scene: SceneReading): number {
  const { motion } = thing;
  if (motion.kind !== 'slide' && motion.kind !== 'hinge') return 0;
  return (scene.travel(thing) - motion.lower) / (motion.upper - motion.lower);
}

/** The middle of one lies over the other's box, seen from above. */
const over = (a: Placed, b: Placed): boolean =>
  Math.abs(a.centre[0] - b.centre[0]) < b.half[0] && Math.abs(a.centre[1] - b.centre[1]) < b.half[1];

const bottom = (p: Placed): number => p.centre[2] - p.half[2];
const top = (p: Placed): number => p.centre[2] + p.half[2];

/** In contact, or on a flat marking, and with its lowest point not below the other's. */
function rests(a: Placed, b: Placed, scene: SceneReading): boolean {
  const marking = b.half[2] <= 0.001;
  return marking
    ? scene.touchesTable(a.thing)
    : scene.touching(a.thing, b.thing) && bottom(a) > bottom(b) + 0.002;
}

/** A ring whose hole the post is in, and which has gone down over it. */
const isRound = (ring: Placed, post: Placed): boolean =>
  horizontalDistance(ring.centre, post.centre) < 0.7 * Math.max(ring.half[0], ring.half[1]) &&
  top(ring) < top(post) - 0.01;

const inside = (a: Placed, b: Placed): boolean =>
  over(a, b) && bottom(a) > bottom(b) - 0.003 && bottom(a) < top(b) + 0.005;

/** Free table between two upright boxes; negative where they overlap. */
function gap(a: Placed, b: Placed): number {
  const dx = Math.abs(a.centre[0] - b.centre[0]) - a.half[0] - b.half[0];
  const dy = Math.abs(a.centre[1] - b.centre[1]) - a.half[1] - b.half[1];
  return Math.max(dx, dy);
}

const sameLevel = (a: Placed, b: Placed): boolean =>
  Math.abs(bottom(a) - bottom(b)) < 0.02 && gap(a, b) > -0.01;

/** Beside it in that direction: further along it than across it, and near. */
function towards(a: Placed, b: Placed, direction: Vec3): boolean {
  const d = [a.centre[0] - b.centre[0], a.centre[1] - b.centre[1]] as const;
  const along = d[0] * direction[0] + d[1] * direction[1];
  const across = Math.abs(d[0] * direction[1]) + Math.abs(d[1] * direction[0]);
  return (
    along > across && along > 0 && horizontalDistance(a.centre, b.centre) < BESIDE_REACH && sameLevel(a, b)
  );
}

function between(a: Placed, b: Placed, c: Placed): boolean {
  const line = [c.centre[0] - b.centre[0], c.centre[1] - b.centre[1]] as const;
  const length = Math.hypot(...line);
  const d = [a.centre[0] - b.centre[0], a.centre[1] - b.centre[1]] as const;
  const along = (d[0] * line[0] + d[1] * line[1]) / (length * length);
  const across = Math.abs(d[0] * line[1] - d[1] * line[0]) / length;
  return along > 0.15 && along < 0.85 && across < Math.max(0.05, 0.3 * length);
}

/** Since the scene began, further along `direction` than across it. */
function movedAlong({ thing, label, centre }: Placed, direction: readonly [number, number]): boolean {
  const start = compose(thing.pose, label.pose).position;
  const d = [centre[0] - start[0], centre[1] - start[1]] as const;
  const along = d[0] * direction[0] + d[1] * direction[1];
  const across = Math.abs(d[0] * direction[1] - d[1] * direction[0]);
  return along > MOVED && along > across;
}

/** Turn about the vertical since the scene began, in (-π, π]. */
function turnSinceStart({ thing }: Placed, scene: SceneReading): number {
  const heading = (pose: Pose): number => {
    const x = rotate(pose.orientation, [1, 0, 0]);
    return Math.atan2(x[1], x[0]);
  };
  const turn = heading(scene.pose(thing)) - heading(thing.pose);
  return Math.atan2(Math.sin(turn), Math.cos(turn));
}
