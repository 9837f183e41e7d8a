import type { SceneGeom } from '../../core/scene.ts';
import { classifyLinks } from './arm-spheres.ts';
import { MujocoWorld } from '../../kinematics/mujoco.ts';
import type { RobotModel } from '../../kinematics/robot-model.ts';

/** Link pairs farther apart than this need no exact distance [m]. */
const FAR = 0.06;
/** Configurations tried to find pairs that always touch: neighbours round a joint, by construction. */
const TRIES = 24;
/** Links closer than this in every configuration are built that way [m]. */
const ALWAYS = 0.003;

interface Solid {
  readonly link: number;
  readonly geom: SceneGeom;
  /** MuJoCo's id */
  readonly id: number;
  /** of a sphere round it [m] */
  readonly bound: number;
}

export interface SelfDistance {
  /** m, negative where links overlap; at most {@link SelfCollision.range} */
  readonly distance: number;
  readonly links: readonly [string, string];
}

/**
 * Distances between an arm's own links, by MuJoCo's `mj_geomDistance` on the model's collision solids. Pairs that touch
 * in every configuration tried are neighbours and left out. Must be disposed.
 */
export class SelfCollision implements Disposable {
  /** distances above this are not told apart [m] */
  readonly range = FAR;
  readonly #world: MujocoWorld;
  readonly #model: RobotModel;
  readonly #solids: readonly Solid[];
  readonly #pairs: (readonly [Solid, Solid])[];
  readonly #poses: Float64Array;
  readonly #fromTo: { delete(): void };

  static async load(model: RobotModel): Promise<SelfCollision> {
    const bodies = model.linkNames.map((link, i) => {
      const geoms = (model.solids.get(link) ?? []).filter((geom) => geom.shape.kind !== 'mesh');
      return `<body name="b${i}" mocap="true">${geoms.map((geom, k) => geomXml(`g${i}_${k}`, geom)).join('')}</body>`;
    });
    const world = await MujocoWorld.fromXml(
      `<mujoco><worldbody>${bodies.join('')}</worldbody></mujoco>`,
      'The arm’s collision model',
    );
    return new SelfCollision(world, model);
  }

  private constructor(world: MujocoWorld, model: RobotModel) {
    this.#world = world;
    this.#model = model;
    this.#poses = new Float64Array(7 * model.linkNames.length);
    this.#fromTo = new world.mujoco.DoubleBuffer(6);
    this.#solids = model.linkNames.flatMap((name, link) =>
      (model.solids.get(name) ?? [])
        .filter((geom) => geom.shape.kind !== 'mesh')
        .map((geom, k) => ({ link, geom, id: world.id('geom', `g${link}_${k}`), bound: boundOf(geom) })),
    );
    // Links that keep their place among each other whatever the arm does cannot be brought into collision by it.
    const { onTool, moving } = classifyLinks(model);
    const rigid = (a: Solid, b: Solid): boolean =>
      a.link === b.link ||
      (onTool[a.link] === true && onTool[b.link] === true) ||
      !(moving[a.link] || moving[b.link]);
    this.#pairs = this.#solids.flatMap((a, i) =>
      this.#solids.slice(i + 1).flatMap((b) => (rigid(a, b) ? [] : [[a, b] as const])),
    );
    this.#dropNeighbours();
  }

  /** The least distance between two links of the arm, or undefined where all are farther apart than the range. */
  nearest(joints: ArrayLike<number>, gripper: number): SelfDistance | undefined {
    this.#place(joints, gripper);
    let best: SelfDistance | undefined;
    for (const [a, b] of this.#pairs) {
      const distance = this.#distance(a, b);
      if (distance >= (best?.distance ?? FAR)) continue;
      const name = (solid: Solid): string => this.#model.linkNames[solid.link] ?? '';
      best = { distance, links: [name(a), name(b)] };
    }
    return best;
  }

  [Symbol.dispose](): void {
    this.#fromTo.delete();
    this.#world[Symbol.dispose]();
  }

  #place(joints: ArrayLike<number>, gripper: number): void {
    const poses = this.#poses;
    this.#model.linkPosesInto(joints, gripper, poses);
    const position = this.#world.stateF64('mocap_pos');
    const orientation = this.#world.stateF64('mocap_quat');
    for (let b = 0; b < this.#model.linkNames.length; b++) {
      for (let k = 0; k < 3; k++) position[3 * b + k] = poses[7 * b + k] as number;
      for (let k = 0; k < 4; k++) orientation[4 * b + ((k + 1) % 4)] = poses[7 * b + 3 + k] as number;
    }
    this.#world.mujoco.mj_kinematics(this.#world.model, this.#world.data);
  }

  #distance(a: Solid, b: Solid): number {
    const centers = this.#world.stateF64('geom_xpos');
    const gap =
      Math.hypot(
        (centers[3 * a.id] as number) - (centers[3 * b.id] as number),
        (centers[3 * a.id + 1] as number) - (centers[3 * b.id + 1] as number),
        (centers[3 * a.id + 2] as number) - (centers[3 * b.id + 2] as number),
      ) -
      a.bound -
      b.bound;
    if (gap > FAR) return FAR;
    const { mujoco, model, data } = this.#world;
    return mujoco.mj_geomDistance(model, data, a.id, b.id, FAR, this.#fromTo);
  }

  /** Spread over the joints' ranges by a Weyl sequence: the same on every machine, and never aligned. */
  #dropNeighbours(): void {
    let always = new Set(this.#pairs.map((_, i) => i));
    const { joints } = this.#model;
    for (let n = 0; n < TRIES && always.size > 0; n++) {
      const q = joints.map(({ lower, upper }, j) => {
        const u = ((n + 1) * Math.SQRT2 * (j + 1)) % 1;
        return Number.isFinite(lower) && Number.isFinite(upper)
          ? lower + u * (upper - lower)
          : (u - 0.5) * 2 * Math.PI;
      });
      this.#place(q, n % 2);
      always = new Set(
        [...always].filter((i) => {
          const pair = this.#pairs[i];
          return pair !== undefined && this.#distance(...pair) < ALWAYS;
        }),
      );
    }
    const neighbours = new Set([...always].map((i) => pairKey(this.#pairs[i])));
    const kept = this.#pairs.filter((pair) => !neighbours.has(pairKey(pair)));
    this.#pairs.splice(0, this.#pairs.length, ...kept);
  }
}

/** Links, not solids, are neighbours: their other solids are as close. */
const pairKey = (pair: readonly [Solid, Solid] | undefined): string =>
  pair ? `${pair[0].link}-${pair[1].link}` : '';

function geomXml(name: string, { shape, pose }: SceneGeom): string {
  const [x, y, z, w] = pose.orientation;
  const place = `name="${name}" pos="${pose.position.join(' ')}" quat="${w} ${x} ${y} ${z}"`;
  switch (shape.kind) {
    case 'box':
      return `<geom ${place} type="box" size="${shape.size.map((s) => s / 2).join(' ')}"/>`;
    case 'sphere':
      return `<geom ${place} type="sphere" size="${shape.radius}"/>`;
    case 'cylinder':
    case 'capsule':
      return `<geom ${place} type="${shape.kind}" size="${shape.radius} ${shape.length / 2}"/>`;
    case 'mesh':
      return '';
  }
}

function boundOf({ shape }: SceneGeom): number {
  switch (shape.kind) {
    case 'box':
      return Math.hypot(...shape.size) / 2;
    case 'sphere':
      return shape.radius;
    case 'cylinder':
      return Math.hypot(shape.radius, shape.length / 2);
    case 'capsule':
      return shape.radius + shape.length / 2;
    case 'mesh':
      return 0;
  }
}
