import type { MainModule, MjData, MjModel } from '@mujoco/mujoco';
import { WaybookError } from '../core/errors.ts';

export type { MainModule as Mujoco, MjData, MjModel } from '@mujoco/mujoco';

let loading: Promise<MainModule> | undefined;

/**
 * The MuJoCo module, loaded once a process (about half a second). It looks for `mujoco.wasm` beside its own file:
 * in `node_modules` from source, beside the bundle once built.
 */
export function loadMujoco(): Promise<MainModule> {
  loading ??= instantiate().catch((cause: unknown) => {
    loading = undefined;
    throw cause;
  });
  return loading;
}

async function instantiate(): Promise<MainModule> {
  const factory = await import('@mujoco/mujoco');
  const module = await factory.default();
  // Growing the heap detaches every view of it, also in the middle of a call: grow it once, before there are any.
  const reserve = new module.DoubleBuffer(12_000_000);
  reserve.delete();
  return module;
}

export type NamedKind =
  'body' | 'joint' | 'geom' | 'site' | 'camera' | 'actuator' | 'sensor' | 'equality' | 'key';

/** The generated enum typings are loose; these are `mjtObj` of mjmodel.h. */
const OBJECT_TYPE: Record<NamedKind, number> = {
  body: 1,
  joint: 3,
  geom: 5,
  site: 6,
  camera: 7,
  equality: 17,
  actuator: 19,
  sensor: 20,
  key: 24,
};

/** `mjtGeom` of mjmodel.h. */
export const GEOM_TYPE = {
  plane: 0,
  sphere: 2,
  capsule: 3,
  ellipsoid: 4,
  cylinder: 5,
  box: 6,
  mesh: 7,
} as const;
/** `mjtJoint` of mjmodel.h. */
export const JOINT_TYPE = { free: 0, ball: 1, slide: 2, hinge: 3 } as const;

/**
 * A compiled model and one state, with typed access to MuJoCo's arrays (its own typings say `any`). Views are cached,
 * since a getter costs about 0.2 µs, and fetched again once heap growth has detached them: read a view, never keep it.
 */
export class MujocoWorld implements Disposable {
  readonly mujoco: MainModule;
  readonly model: MjModel;
  readonly data: MjData;
  readonly #views = new Map<string, Float64Array | Int32Array | Float32Array>();
  #disposed = false;

  private constructor(mujoco: MainModule, model: MjModel) {
    this.mujoco = mujoco;
    this.model = model;
    this.data = new mujoco.MjData(model);
  }

  /** Compiles MJCF or URDF text. Throws `input/format` with MuJoCo's own message where it does not compile. */
  static async fromXml(xml: string, what: string): Promise<MujocoWorld> {
    const mujoco = await loadMujoco();
    let model: MjModel;
    try {
      model = mujoco.MjModel.from_xml_string(xml);
    } catch (cause) {
      const said = cause instanceof Error ? cause.message : String(cause);
      throw new WaybookError(
        'input/format',
        `${what} does not compile: ${said.replace(/\s+/g, ' ').trim()}.`,
        {
          hint: 'Check the description against MuJoCo’s XML reference.',
          cause,
        },
      );
    }
    return new MujocoWorld(mujoco, model);
  }

  /** An array of doubles of the state, such as `qpos` or `xpos`. */
  stateF64(field: string): Float64Array {
    return this.#view('state', this.data, field, Float64Array);
  }

  /** An array of doubles of the model, such as `body_pos`. */
  modelF64(field: string): Float64Array {
    return this.#view('model', this.model, field, Float64Array);
  }

  /** An array of integers of the model, such as `body_parentid`. */
  modelI32(field: string): Int32Array {
    return this.#view('model', this.model, field, Int32Array);
  }

  /** An array of singles of the model, such as `geom_rgba`. */
  modelF32(field: string): Float32Array {
    return this.#view('model', this.model, field, Float32Array);
  }

  /** Id of a named thing. MuJoCo does not check ranges itself, so a missing name must not get through. */
  id(kind: NamedKind, name: string): number {
    const id = this.mujoco.mj_name2id(this.model, OBJECT_TYPE[kind], name);
    if (id < 0) throw new WaybookError('input/reference', `The model has no ${kind} "${name}".`);
    return id;
  }

  name(kind: NamedKind, id: number): string {
    return this.mujoco.mj_id2name(this.model, OBJECT_TYPE[kind], id);
  }

  [Symbol.dispose](): void {
    if (this.#disposed) return;
    this.#disposed = true;
    this.#views.clear();
    this.data.delete();
    this.model.delete();
  }

  #view<T extends Float64Array | Int32Array | Float32Array>(
    owner: 'state' | 'model',
    source: MjData | MjModel,
    field: string,
    type: new (length: number) => T,
  ): T {
    const key = `${owner}.${field}`;
    const cached = this.#views.get(key);
    if (cached instanceof type && cached.length > 0) return cached;
    const found: unknown = Reflect.get(source, field);
    if (!(found instanceof type)) {
      throw new WaybookError('internal/bug', `MuJoCo's ${owner} has no ${type.name} "${field}".`);
    }
    this.#views.set(key, found);
    return found;
  }
}
