import type { Pose } from '../core/geometry.ts';
import { FINGER_LINKS, type ArmDescription } from './arm/arm-description.ts';
import { linksOf } from './arm/arm-links.ts';
import type { Physics } from './mujoco.ts';
import { TABLE } from './scene/furniture.ts';
import { thingName } from './scene/scene-mjcf.ts';
import type { Thing } from './scene/thing.ts';
import type { SceneReading } from './tasks/task.ts';

/** Reads the truth out of the physics: poses, speeds and contacts, by thing. */
export class PhysicsReading implements SceneReading {
  readonly #physics: Physics;
  readonly #bodies = new Map<string, number>();
  readonly #joints = new Map<string, { position: number; velocity: number }>();
  readonly #robot = new Set<number>();
  readonly #fingers: readonly number[];
  readonly #table: number;
  readonly #tool: () => Pose;
  readonly #opening: () => number;
  /** contacts between bodies at the time they were read */
  #contacts: { time: number; pairs: Set<number> } = { time: NaN, pairs: new Set() };

  constructor(
    physics: Physics,
    arm: ArmDescription,
    things: readonly Thing[],
    hand: { tool: () => Pose; opening: () => number },
  ) {
    this.#physics = physics;
    this.#tool = hand.tool;
    this.#opening = hand.opening;
    for (const thing of things) {
      const name = thingName(thing.id);
      this.#bodies.set(thing.id, physics.id('body', name));
      if (thing.motion.kind === 'fixed') continue;
      const joint = physics.id('joint', name);
      this.#joints.set(thing.id, {
        position: physics.modelView('jnt_qposadr')[joint] as number,
        velocity: physics.modelView('jnt_dofadr')[joint] as number,
      });
    }
    for (const link of linksOf(arm)) this.#robot.add(physics.id('body', link.name));
    this.#fingers = FINGER_LINKS.map((name) => physics.id('body', name));
    this.#table = physics.id('body', thingName(TABLE.id));
  }

  get time(): number {
    return this.#physics.time;
  }

  /** Forgets what was read: call when the state changed without time passing. */
  invalidate(): void {
    this.#contacts = { time: NaN, pairs: new Set() };
  }

  pose(thing: Thing): Pose {
    return bodyPose(this.#physics, this.#body(thing));
  }

  speed(thing: Thing): number {
    const joint = this.#joints.get(thing.id);
    if (joint === undefined || thing.motion.kind === 'hinge') return 0;
    const v = this.#physics.view('qvel');
    if (thing.motion.kind === 'slide') return Math.abs(v[joint.velocity] as number);
    return Math.hypot(...v.subarray(joint.velocity, joint.velocity + 3));
  }

  spin(thing: Thing): number {
    const joint = this.#joints.get(thing.id);
    if (joint === undefined || thing.motion.kind === 'slide') return 0;
    const v = this.#physics.view('qvel');
    if (thing.motion.kind === 'hinge') return Math.abs(v[joint.velocity] as number);
    return Math.hypot(...v.subarray(joint.velocity + 3, joint.velocity + 6));
  }

  travel(thing: Thing): number {
    const joint = this.#joints.get(thing.id);
    if (joint === undefined || thing.motion.kind === 'free') return 0;
    return this.#physics.view('qpos')[joint.position] as number;
  }

  touching(a: Thing, b: Thing): boolean {
    return this.#touch(this.#body(a), this.#body(b));
  }

  touchedByRobot(thing: Thing): boolean {
    const body = this.#body(thing);
    for (const link of this.#robot) if (this.#touch(link, body)) return true;
    return false;
  }

  heldByGripper(thing: Thing): boolean {
    const body = this.#body(thing);
    return this.#fingers.every((finger) => this.#touch(finger, body));
  }

  touchesTable(thing: Thing): boolean {
    return this.#touch(this.#table, this.#body(thing));
  }

  toolPose(): Pose {
    return this.#tool();
  }

  gripperOpening(): number {
    return this.#opening();
  }

  /** Writes a thing's place: x y z and quaternion of a free one, travel of a jointed one; at rest. */
  write(thing: Thing, values: readonly number[]): void {
    const joint = this.#joints.get(thing.id);
    if (joint === undefined) throw new RangeError(`PhysicsReading: '${thing.id}' is fixed`);
    this.#physics.view('qpos').set(values, joint.position);
    const freedoms = thing.motion.kind === 'free' ? 6 : 1;
    this.#physics.view('qvel').fill(0, joint.velocity, joint.velocity + freedoms);
    this.#physics.forward();
    this.invalidate();
  }

  #body(thing: Thing): number {
    const body = this.#bodies.get(thing.id);
    if (body === undefined) throw new RangeError(`PhysicsReading: '${thing.id}' is not in this scene`);
    return body;
  }

  #touch(a: number, b: number): boolean {
    if (this.#contacts.time !== this.#physics.time) this.#readContacts();
    return this.#contacts.pairs.has(this.#key(a, b));
  }

  #readContacts(): void {
    const bodyOf = this.#physics.modelView('geom_bodyid');
    const pairs = new Set<number>();
    for (const [a, b] of this.#physics.contacts())
      pairs.add(this.#key(bodyOf[a] as number, bodyOf[b] as number));
    this.#contacts = { time: this.#physics.time, pairs };
  }

  #key(a: number, b: number): number {
    return Math.min(a, b) * this.#physics.bodyCount + Math.max(a, b);
  }
}

/** Pose of a body in the world, which is `base`. */
export function bodyPose(physics: Physics, body: number): Pose {
  const p = physics.view('xpos');
  const q = physics.view('xquat');
  return {
    position: [p[3 * body] as number, p[3 * body + 1] as number, p[3 * body + 2] as number],
    orientation: [
      q[4 * body + 1] as number,
      q[4 * body + 2] as number,
      q[4 * body + 3] as number,
      q[4 * body] as number,
    ],
  };
}
