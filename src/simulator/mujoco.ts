import loadMujoco, { type MainModule, type MjData, type MjModel } from '@mujoco/mujoco';
import { WaybookError } from '../core/errors.ts';

/**
 * The only file of the simulator that touches MuJoCo's bindings, whose arrays are untyped. Traps that it hides:
 * views of the WebAssembly heap die when the heap grows, so they are fetched again when their length is 0; handles
 * are not garbage collected; ids are not range-checked; divergence does not throw.
 */
export type ObjectKind = 'body' | 'joint' | 'geom' | 'site' | 'actuator' | 'camera' | 'equality';

/** Bytes by which the heap is grown once at start-up, so that it seldom grows (and kills views) later. */
const HEAP_RESERVE_BYTES = 96 * 1024 * 1024;

let loading: Promise<MainModule> | undefined;

/** Loads the engine once per process. In a bundle its WebAssembly lies beside the bundle, else in node_modules. */
export function loadEngine(): Promise<MainModule> {
  loading ??= loadMujoco().then((engine) => {
    new engine.DoubleBuffer(HEAP_RESERVE_BYTES / 8).delete();
    return engine;
  });
  return loading;
}

/** Arrays of `MjData` that the simulator reads or writes. */
type DataField =
  | 'qpos'
  | 'qvel'
  | 'ctrl'
  | 'xpos'
  | 'xquat'
  | 'geom_xpos'
  | 'geom_xmat'
  | 'site_xpos'
  | 'site_xmat'
  | 'cvel'
  | 'subtree_com'
  | 'actuator_force'
  | 'qfrc_actuator'
  | 'eq_active';

/** Arrays of `MjModel` that the simulator reads or writes. */
type ModelField =
  | 'geom_bodyid'
  | 'geom_rgba'
  | 'geom_type'
  | 'geom_size'
  | 'geom_pos'
  | 'geom_quat'
  | 'geom_contype'
  | 'body_parentid'
  | 'body_rootid'
  | 'jnt_qposadr'
  | 'jnt_dofadr'
  | 'actuator_forcerange'
  | 'body_inertia'
  | 'body_ipos'
  | 'qpos0';

/** Results of one bundle of rays; the arrays are overwritten by the next one. */
export interface RayHits {
  /** along the ray, in lengths of its direction vector; -1 where nothing was hit */
  readonly distance: Float64Array;
  /** -1 where nothing was hit */
  readonly geom: Int32Array;
  /** unit normals in the world frame, three per ray */
  readonly normal: Float64Array;
}

/** A compiled model with its state. Owns heap memory: dispose it. */
export class Physics implements Disposable {
  readonly #engine: MainModule;
  readonly #model: MjModel;
  readonly #data: MjData;
  readonly #dataViews = new Map<DataField, Float64Array>();
  readonly #modelViews = new Map<ModelField, Float64Array>();
  readonly #rayBuffers = new Map<number, RayBuffers>();
  readonly stateSize: number;
  readonly positionCount: number;
  readonly velocityCount: number;
  readonly geomCount: number;
  readonly bodyCount: number;

  private constructor(engine: MainModule, model: MjModel, data: MjData) {
    this.#engine = engine;
    this.#model = model;
    this.#data = data;
    this.stateSize = engine.mj_stateSize(model, engine.mjtState.mjSTATE_INTEGRATION.value);
    this.positionCount = Number(model.nq);
    this.velocityCount = Number(model.nv);
    this.geomCount = Number(model.ngeom);
    this.bodyCount = Number(model.nbody);
  }

  /** Compiles MJCF. Throws `internal/bug` with MuJoCo's text: the simulator writes its own models. */
  static async compile(mjcf: string): Promise<Physics> {
    const engine = await loadEngine();
    let model: MjModel | null = null;
    try {
      model = engine.MjModel.from_xml_string(mjcf);
    } catch (cause) {
      throw new WaybookError('internal/bug', `The simulator's model does not compile: ${String(cause)}`, {
        cause,
      });
    }
    if (model === null) throw new WaybookError('internal/bug', "The simulator's model does not compile.");
    return new Physics(engine, model, new engine.MjData(model));
  }

  [Symbol.dispose](): void {
    for (const buffers of this.#rayBuffers.values()) buffers.free();
    this.#rayBuffers.clear();
    this.#dataViews.clear();
    this.#modelViews.clear();
    this.#data.delete();
    this.#model.delete();
  }

  get time(): number {
    return this.#data.time;
  }

  /**
   * One step. Throws `internal/bug` when the state became NaN or unbounded: MuJoCo itself then silently starts
   * over from time 0.
   */
  step(): void {
    const before = this.#data.time;
    this.#engine.mj_step(this.#model, this.#data);
    if (!(this.#data.time > before)) {
      throw new WaybookError('internal/bug', `The physics diverged at ${before.toFixed(3)} s.`, {
        hint: 'Reset the scene; please report the seed and the commands that led here.',
      });
    }
  }

  /** Brings everything that follows from positions and velocities up to date, without passing time. */
  forward(): void {
    this.#engine.mj_forward(this.#model, this.#data);
  }

  /** A live view: valid until the next call that allocates; do not keep it. */
  view(field: DataField): Float64Array {
    let view = this.#dataViews.get(field);
    if (view === undefined || view.length === 0) {
      // eq_active is bytes, the others doubles; callers only index them.
      view = this.#data[field] as Float64Array;
      this.#dataViews.set(field, view);
    }
    return view;
  }

  /** A live view of the model's constants. */
  modelView(field: ModelField): Float64Array {
    let view = this.#modelViews.get(field);
    if (view === undefined || view.length === 0) {
      view = this.#model[field] as Float64Array;
      this.#modelViews.set(field, view);
    }
    return view;
  }

  /** Id by name. Throws `internal/bug` where there is none, since MuJoCo itself would not notice. */
  id(kind: ObjectKind, name: string): number {
    const id = this.#engine.mj_name2id(this.#model, OBJECT_TYPE(this.#engine)[kind], name);
    if (id < 0)
      throw new WaybookError('internal/bug', `The simulator's model has no ${kind} named '${name}'.`);
    return id;
  }

  /** The full state that decides the future, [stateSize]. */
  readState(out: Float64Array): void {
    const buffer = new this.#engine.DoubleBuffer(this.stateSize);
    try {
      const state = this.#engine.mjtState.mjSTATE_INTEGRATION.value;
      this.#engine.mj_getState(this.#model, this.#data, buffer, state);
      out.set(buffer.GetView() as Float64Array);
    } finally {
      buffer.delete();
    }
  }

  writeState(state: Float64Array): void {
    // The bindings take any array of numbers; their typings know only the plain one.
    const numbers = state as unknown as number[];
    const kind = this.#engine.mjtState.mjSTATE_INTEGRATION.value;
    this.#engine.mj_setState(this.#model, this.#data, numbers, kind);
    this.forward();
  }

  /** Pairs of geoms that touch now, as [a, b] ids, each pair once per contact point. */
  contacts(): [number, number][] {
    const pairs: [number, number][] = [];
    const contacts = this.#data.contact;
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
      this.#model,
      this.#data,
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
      this.#engine.mj_jacSite(this.#model, this.#data, jacp, jacr, site);
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
  constructor(engine: MainModule, count: number) {
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

function OBJECT_TYPE(engine: MainModule): Record<ObjectKind, number> {
  const type = engine.mjtObj;
  return {
    body: type.mjOBJ_BODY.value,
    joint: type.mjOBJ_JOINT.value,
    geom: type.mjOBJ_GEOM.value,
    site: type.mjOBJ_SITE.value,
    actuator: type.mjOBJ_ACTUATOR.value,
    camera: type.mjOBJ_CAMERA.value,
    equality: type.mjOBJ_EQUALITY.value,
  };
}
