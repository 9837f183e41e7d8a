import { add, rotate, TOOL_DOWN, withYaw, type Pose, type Quat, type Vec3 } from '../../core/geometry.ts';
import type { Random } from '../../core/random.ts';
import type { PlanStart } from '../expert/guidance.ts';
import { handleOf, makeThing, type Family, type Thing } from './things.ts';

/** A waypoint as it should be reached, and which thing it belongs to (-1: none), for errors that a planner shares. */
export interface TrueWaypoint {
  readonly pose: Pose;
  readonly gripper: number;
  readonly radius: number;
  readonly thing: number;
  /** its place matters to a millimetre: fingers touch something there */
  readonly contact: boolean;
  /** which turns about the vertical are as good: every π, every π/2, all, or none [rad] */
  readonly symmetry: number;
}

export interface Demo {
  readonly task: DemoTask;
  readonly things: readonly Thing[];
  readonly start: PlanStart;
  readonly waypoints: readonly TrueWaypoint[];
}

export const DEMO_TASKS = [
  'put in bowl',
  'stack',
  'pick and hold',
  'place beside',
  'push',
  'open drawer',
  'insert peg',
  'unstack',
  'reach',
] as const;
export type DemoTask = (typeof DEMO_TASKS)[number];

/** Tasks that clouded training never sees. */
export const HELD_OUT_TASKS: readonly DemoTask[] = ['unstack', 'reach'];

/** Radius of a symmetry that no turn breaks. */
const ANY_TURN = 0;
const CONTACT_RADIUS = 0.05;
const FREE_RADIUS = 0.06;

/** One scripted demonstration: a scene with clutter and the waypoints that an expert would take. */
export function makeDemo(task: DemoTask, random: Random, families?: readonly Family[]): Demo {
  const table = new Table(random, families);
  const waypoints = SCRIPTS[task](table, random);
  for (let k = random.below(4); k > 0; k--)
    table.put(random.pick(['box', 'cylinder', 'ball', 'bowl'] as const));
  const pose: Pose = {
    position: [random.uniform(0.28, 0.5), random.uniform(-0.2, 0.2), random.uniform(0.3, 0.55)],
    orientation: withYaw(TOOL_DOWN, random.uniform(-0.4, 0.4)),
  };
  return { task, things: table.things, start: { pose, gripper: random.next() < 0.85 ? 1 : 0 }, waypoints };
}

/** Things that do not overlap. */
class Table {
  readonly things: Thing[] = [];
  readonly #random: Random;
  readonly #families: readonly Family[];

  constructor(random: Random, families: readonly Family[] = ['box', 'box', 'cylinder', 'ball', 'peg']) {
    this.#random = random;
    this.#families = families;
  }

  /** Something that fits between the fingers. */
  graspable(): Thing {
    return this.put(this.#random.pick(this.#families));
  }

  put(family: Family, x: readonly [number, number] = [0.32, 0.66], turn = Math.PI): Thing {
    const random = this.#random;
    for (let attempt = 0; ; attempt++) {
      const place = {
        x: random.uniform(...x),
        y: random.uniform(-0.32, 0.32),
        yaw: random.uniform(-turn, turn),
      };
      const thing = makeThing(family, random, place);
      const gap = random.uniform(0.015, 0.05);
      const free = this.things.every(
        (t) =>
          Math.hypot(t.pose.position[0] - place.x, t.pose.position[1] - place.y) >
          t.reach + thing.reach + gap,
      );
      if (!free && attempt < 60) continue;
      if (free) this.things.push(thing);
      return thing;
    }
  }

  add(thing: Thing): Thing {
    this.things.push(thing);
    return thing;
  }

  index(thing: Thing): number {
    return this.things.indexOf(thing);
  }
}

interface Grasp {
  readonly position: Vec3;
  readonly orientation: Quat;
  readonly symmetry: number;
  readonly opening: number;
}

const OPEN_WIDTH = 0.08;

/** From above across the narrower side, at mid-height or as deep as fingers reach. */
function graspOf(thing: Thing, random: Random): Grasp {
  const [x, y, z] = thing.pose.position;
  const [length, width, height] = thing.size;
  const top = z + height;
  const depth = Math.max(z + height / 2, top - 0.031, 0.011);
  const round = thing.family === 'cylinder' || thing.family === 'ball' || thing.family === 'mug';
  const along = rotate(thing.pose.orientation, [1, 0, 0]);
  // Yaw 0 opens along base Y; the fingers close across the thing's own Y.
  let yaw = Math.atan2(along[1], along[0]);
  const square = Math.abs(length - width) < 0.002;
  const symmetry = round ? ANY_TURN : square ? Math.PI / 2 : Math.PI;
  if (round) yaw = random.uniform(-0.8, 0.8);
  else yaw -= symmetry * Math.round(yaw / symmetry);
  const fitted = Math.min(1, (width + 0.03) / OPEN_WIDTH);
  return {
    position: [x, y, depth],
    orientation: withYaw(TOOL_DOWN, yaw),
    symmetry,
    opening: random.next() < 0.6 ? 1 : fitted,
  };
}

const up = (p: Vec3, h: number): Vec3 => [p[0], p[1], p[2] + h];

function point(
  position: Vec3,
  orientation: Quat,
  gripper: number,
  thing: number,
  contact: boolean,
  symmetry: number,
): TrueWaypoint {
  const radius = contact ? CONTACT_RADIUS : FREE_RADIUS;
  return { pose: { position, orientation }, gripper, radius, thing, contact, symmetry };
}

function pick(thing: number, grasp: Grasp, random: Random): TrueWaypoint[] {
  const { position, orientation, symmetry, opening } = grasp;
  const before = random.uniform(0.06, 0.14);
  const after = random.uniform(0.08, 0.2);
  return [
    point(up(position, before), orientation, opening, thing, false, symmetry),
    ...(random.next() < 0.25 ? [point(position, orientation, opening, thing, true, symmetry)] : []),
    point(position, orientation, 0, thing, true, symmetry),
    point(up(position, after), orientation, 0, thing, false, symmetry),
  ];
}

function place(
  thing: number,
  at: Vec3,
  orientation: Quat,
  symmetry: number,
  opening: number,
  random: Random,
): TrueWaypoint[] {
  const height = random.uniform(0.06, 0.14);
  return [
    point(up(at, height), orientation, 0, thing, false, symmetry),
    point(at, orientation, opening, thing, true, symmetry),
    point(up(at, random.uniform(0.06, 0.14)), orientation, opening, thing, false, symmetry),
  ];
}

type Script = (table: Table, random: Random) => TrueWaypoint[];

const SCRIPTS: Record<DemoTask, Script> = {
  'put in bowl': (table, random) => {
    const thing = table.graspable();
    const bowl = table.put('bowl');
    const grasp = graspOf(thing, random);
    const [x, y] = bowl.pose.position;
    const at: Vec3 = [x, y, bowl.size[2] + random.uniform(0.02, 0.06)];
    return [
      ...pick(table.index(thing), grasp, random),
      ...place(table.index(bowl), at, grasp.orientation, ANY_TURN, 1, random),
    ];
  },
  stack: (table, random) => {
    const thing = table.graspable();
    const under = table.put('box');
    const grasp = graspOf(thing, random);
    const [x, y] = under.pose.position;
    const at: Vec3 = [x, y, under.size[2] + grasp.position[2] + 0.003];
    return [
      ...pick(table.index(thing), grasp, random),
      ...place(table.index(under), at, grasp.orientation, ANY_TURN, 1, random),
    ];
  },
  'pick and hold': (table, random) => {
    const thing = table.graspable();
    return pick(table.index(thing), graspOf(thing, random), random);
  },
  'place beside': (table, random) => {
    const thing = table.graspable();
    const mark = table.put(random.pick(['box', 'bowl', 'cylinder'] as const));
    const grasp = graspOf(thing, random);
    const side = random.uniform(-Math.PI, Math.PI);
    const away = mark.reach + thing.reach + random.uniform(0.02, 0.04);
    const [x, y] = mark.pose.position;
    const at: Vec3 = [x + away * Math.cos(side), y + away * Math.sin(side), grasp.position[2] + 0.003];
    return [
      ...pick(table.index(thing), grasp, random),
      ...place(table.index(mark), at, grasp.orientation, ANY_TURN, 1, random),
    ];
  },
  push: (table, random) => {
    const thing = table.put('box', [0.38, 0.6]);
    const [x, y] = thing.pose.position;
    const heading = random.uniform(-Math.PI, Math.PI);
    const reach = random.uniform(0.08, 0.18);
    const back = thing.reach + random.uniform(0.025, 0.045);
    const z = Math.max(0.014, Math.min(0.03, thing.size[2] / 2));
    // The hand is narrow across its opening: the fingers lie side by side to the push.
    const orientation = withYaw(TOOL_DOWN, heading - Math.PI * Math.round(heading / Math.PI));
    const along = (s: number): Vec3 => [x + s * Math.cos(heading), y + s * Math.sin(heading), z];
    const index = table.index(thing);
    return [
      point(up(along(-back), random.uniform(0.08, 0.14)), orientation, 0, index, false, ANY_TURN),
      point(along(-back), orientation, 0, index, true, ANY_TURN),
      point(along(reach - thing.reach), orientation, 0, -1, false, ANY_TURN),
      point(
        up(along(reach - thing.reach - 0.02), random.uniform(0.08, 0.15)),
        orientation,
        0,
        -1,
        false,
        ANY_TURN,
      ),
    ];
  },
  'open drawer': (table, random) => {
    const cabinet = table.put('cabinet', [0.58, 0.72], 0.35);
    const handle = handleOf(cabinet);
    const out = rotate(cabinet.pose.orientation, [-1, 0, 0]);
    const yaw = Math.atan2(out[1], out[0]) - Math.PI / 2;
    const orientation = withYaw(TOOL_DOWN, yaw - Math.PI * Math.round(yaw / Math.PI));
    const pulled: Vec3 = [out[0] * 0.15, out[1] * 0.15, 0];
    const index = table.index(cabinet);
    const at = handle.position;
    const opening = random.next() < 0.5 ? 1 : 0.5;
    const end = add(at, pulled);
    return [
      point(up(at, random.uniform(0.06, 0.12)), orientation, opening, index, false, Math.PI),
      point(at, orientation, 0, index, true, Math.PI),
      point(end, orientation, 0, index, false, Math.PI),
      point(end, orientation, opening, index, false, Math.PI),
      point(up(end, random.uniform(0.06, 0.12)), orientation, opening, index, false, Math.PI),
    ];
  },
  'insert peg': (table, random) => {
    const peg = table.put('peg');
    const holder = table.put('holder');
    const grasp = graspOf(peg, random);
    const [x, y] = holder.pose.position;
    const high = grasp.position[2] + holder.size[2] + random.uniform(0.005, 0.02);
    return [
      ...pick(table.index(peg), grasp, random),
      point(
        [x, y, high + random.uniform(0.04, 0.1)],
        grasp.orientation,
        0,
        table.index(holder),
        false,
        ANY_TURN,
      ),
      point([x, y, high], grasp.orientation, 0, table.index(holder), true, ANY_TURN),
      point([x, y, grasp.position[2] + 0.003], grasp.orientation, 1, table.index(holder), true, ANY_TURN),
      point([x, y, high + 0.1], grasp.orientation, 1, table.index(holder), false, ANY_TURN),
    ].slice(0, 8);
  },
  unstack: (table, random) => {
    const under = table.put('box');
    const [x, y] = under.pose.position;
    const thing = table.add(
      makeThing('box', random, { x, y, z: under.size[2], yaw: random.uniform(-Math.PI, Math.PI) }),
    );
    const grasp = graspOf(thing, random);
    const side = random.uniform(-Math.PI, Math.PI);
    const at: Vec3 = [
      x + 0.13 * Math.cos(side),
      y + 0.13 * Math.sin(side),
      grasp.position[2] - under.size[2] + 0.003,
    ];
    return [
      ...pick(table.index(thing), grasp, random),
      ...place(table.index(under), at, grasp.orientation, ANY_TURN, 1, random),
    ];
  },
  reach: (table, random) => {
    const thing = table.graspable();
    const grasp = graspOf(thing, random);
    const above = up(grasp.position, random.uniform(0.05, 0.12));
    return [point(above, grasp.orientation, 1, table.index(thing), true, grasp.symmetry)];
  },
};
