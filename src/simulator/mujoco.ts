import { messageOf, WaybookError } from '../core/errors.ts';
import { MujocoWorld, type Mujoco, type NamedKind } from '../kinematics/mujoco.ts';

/** Arrays of doubles of the state that the simulator reads or writes. */
type StateField = 'qpos' | 'qvel' | 'ctrl' | 'xpos' | 'xquat' | 'site_xpos' | 'site_xmat' | 'actuator_force';

/** Arrays of the model's constants, by their type. */
interface ModelFields {
  readonly geom_bodyid: Int32Array;
  readonly geom_rgba: Float32Array;
  readonly jnt_qposadr: Int32Array;
  readonly jnt_dofadr: Int32Array;
  readonly actuator_forcerange: Float64Array;
  readonly body_inertia: Float64Array;
  readonly body_ipos: Float64Array;
}

/** Results of one bundle of rays; the arrays are overwritten by the next one. */
export interface RayHits {
  /** along the ray, in lengths of its direction vector; -1 where nothing was hit */
  readonly distance: Float64Array;
  /** -1 where nothing was hit */
  readonly geom: Int32Array;
  /** unit normals in the world frame, three per ray */
  readonly normal: Float64Array;
}

/**
 * A model that moves: stepping, contacts, rays and full states over {@link MujocoWorld}. Owns heap memory: dispose it.
 */
export class Physics implements Disposable {
  readonly #world: MujocoWorld;
  readonly #engine: Mujoco;
  readonly #rayBuffers = new Map<number, RayBuffers>();
  readonly stateSize: number;
  readonly velocityCount: number;
  readonly bodyCount: number;

  private constructor(world: MujocoWorld) {
    this.#world = world;
    this.#engine = world.mujoco;
    this.stateSize = this.#engine.mj_stateSize(world.model, this.#wholeState);
    this.velocityCount = world.stateF64('qvel').length;
    this.bodyCount = world.modelI32('body_parentid').length;
  }

  /** Compiles MJCF. Throws `internal/bug` with MuJoCo's text: the simulator writes its own models. */
  static async compile(mjcf: string): Promise<Physics> {
    try {
      return new Physics(await MujocoWorld.fromXml(mjcf, "The simulator's model"));
    } catch (cause) {
      throw new WaybookError('internal/bug', messageOf(cause), { cause });
    }
  }

  [Symbol.dispose](): void {
    for (const buffers of this.#rayBuffers.values()) buffers.free();
    this.#rayBuffers.clear();
    this.#world[Symbol.dispose]();
  }

  get time(): number {
    return this.#world.data.time;
  }

  /**
   * One step. Throws `internal/bug` when the state became NaN or unbounded: MuJoCo itself then silently starts
   * over from time 0.
   */
  step(): void {
    const { model, data } = this.#world;
    const before = data.time;
    this.#engine.mj_step(model, data);
    if (!(data.time > before)) {
      throw new WaybookError('internal/bug', `The physics diverged at ${before.toFixed(3)} s.`, {
        hint: 'Reset the scene; please report the seed and the commands that led here.',
      });
    }
  }

  /** Brings everything that follows from positions and velocities up to date, without passing time. */
  forward(): void {
    this.#engine.mj_forward(this.#world.model, this.#world.data);
  }

  /** A live view: valid until the next call that allocates; read it, never keep it. */
  view(field: StateField): Float64Array {
    return this.#world.stateF64(field);
  }

  /** A live view of the model's constants. */
  modelView<F extends keyof ModelFields>(field: F): ModelFields[F];
  modelView(field: keyof ModelFields): ModelFields[keyof ModelFields] {
    switch (field) {
      case 'geom_bodyid':
      case 'jnt_qposadr':
      case 'jnt_dofadr':
        return this.#world.modelI32(field);
      case 'geom_rgba':
        return this.#world.modelF32(field);
      case 'actuator_forcerange':
      case 'body_inertia':
      case 'body_ipos':
        return this.#world.modelF64(field);
    }
  }

  /** Id by name. Throws where there is none, since MuJoCo itself would not notice. */
  id(kind: NamedKind, name: string): number {
    return this.#world.id(kind, name);
  }

  /** The full state that decides the future, [stateSize]. */
  readState(out: Float64Array): void {
    const buffer = new this.#engine.DoubleBuffer(this.stateSize);
    try {
      this.#engine.mj_getState(this.#world.model, this.#world.data, buffer, this.#wholeState);
      out.set(buffer.GetView() as Float64Array);
    } finally {
      buffer.delete();
    }
  }

  writeState(state: Float64Array): void {
    // The bindings take any array of numbers; their typings know only the plain one.
    const numbers = state as unknown as number[];
    this.#engine.mj_setState(this.#world.model, this.#world.data, numbers, this.#wholeState);
    this.forward();
  }

  get #wholeState(): number {
    return this.#engine.mjtState.mjSTATE_INTEGRATION.value;
  }

  /** Pairs of geoms that touch now, as [a, b] ids, each pair once per contact point. */
  contacts(): [number, number][] {
    const pairs: [number, number][] = [];
    const contacts = this.#world.data.contact;
    try {
      const count = contacts.size();
      for (let i = 0; i < count; i++) {
        const contact = contacts.get(i);
        if (contact === undefined) continue;
        if (contact.exclude === 0) pairs.push([contact.geom1, contact.geom2]);
        contact.delete();
      }
    } finally {
      contacts.delete();
    }
    return pairs;
  }

  /**
   * Shoots rays from one point. `directions` holds three values a ray, in the world frame, and need not be unit
   * vectors. Returns shared arrays, valid until the next call with the same number of rays.
   */
  castRays(
    origin: ArrayLike<number>,
    directions: Float64Array,
    excludeBody: number,
    cutoff: number,
  ): RayHits {
    const count = directions.length / 3;
    let buffers = this.#rayBuffers.get(count);
    if (buffers === undefined) {
      buffers = new RayBuffers(this.#engine, count);
      this.#rayBuffers.set(count, buffers);
    }
    const from = [origin[0] as number, origin[1] as number, origin[2] as number];
    const rays = directions as unknown as number[];
    const { distance, geom, normal } = buffers;
    const anyGroup = null as unknown as number[];
    this.#engine.mj_multiRay(
      this.#world.model,
      this.#world.data,
      from,
      rays,
      anyGroup,
      true,
      excludeBody,
      geom,
      distance,
      normal,
      count,
      cutoff,
    );
    return buffers.hits();
  }

  /** 3×nv Jacobians of a site, row-major: translation, then rotation. */
  siteJacobian(site: number, translation: Float64Array, rotation: Float64Array): void {
    const jacp = new this.#engine.DoubleBuffer(3 * this.velocityCount);
    const jacr = new this.#engine.DoubleBuffer(3 * this.velocityCount);
    try {
      this.#engine.mj_jacSite(this.#world.model, this.#world.data, jacp, jacr, site);
      translation.set(jacp.GetView() as Float64Array);
      rotation.set(jacr.GetView() as Float64Array);
    } finally {
      jacp.delete();
      jacr.delete();
    }
  }
}

class RayBuffers {
  readonly distance;
  readonly geom;
  readonly normal;
  constructor(engine: Mujoco, count: number) {
    this.distance = new engine.DoubleBuffer(count);
    this.geom = new engine.IntBuffer(count);
    this.normal = new engine.DoubleBuffer(3 * count);
  }
  hits(): RayHits {
    return {
      distance: this.distance.GetView() as Float64Array,
      geom: this.geom.GetView() as Int32Array,
      normal: this.normal.GetView() as Float64Array,
    };
  }
  free(): void {
    this.distance.delete();
    this.geom.delete();
    this.normal.delete();
  }
}
