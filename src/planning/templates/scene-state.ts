import type { Quat, Vec3 } from '../../core/geometry.ts';
import type { SceneObject } from '../../core/scene-object.ts';
import { featuresOf, type ObjectFeatures } from '../grounding/features.ts';

/** The scene as it will be after the steps planned so far: objects move as templates move them. */
export class SceneState {
  #objects: Map<string, SceneObject>;
  #features: ReadonlyMap<string, ObjectFeatures>;
  /** height of the table's top in base [m] */
  readonly table: number;

  constructor(objects: readonly SceneObject[]) {
    this.#objects = new Map(objects.map((object) => [object.id, object]));
    this.#features = new Map(featuresOf(objects).map((f) => [f.object.id, f]));
    this.table = tableHeight([...this.#features.values()]);
  }

  of(id: string): ObjectFeatures {
    const found = this.#features.get(id);
    if (found === undefined) throw new RangeError(`No object "${id}"`);
    return found;
  }

  /** Everything but these, and but what is part of them. */
  others(...ids: readonly string[]): ObjectFeatures[] {
    return [...this.#features.values()].filter(
      (f) => !ids.includes(f.object.id) && !ids.includes(f.object.partOf ?? ''),
    );
  }

  move(id: string, position: Vec3, orientation?: Quat): void {
    const object = this.#objects.get(id);
    if (object === undefined) return;
    this.#objects.set(id, {
      ...object,
      pose: { position, orientation: orientation ?? object.pose.orientation },
    });
    this.#features = new Map(featuresOf([...this.#objects.values()]).map((f) => [f.object.id, f]));
  }

  get objects(): SceneObject[] {
    return [...this.#objects.values()];
  }
}

/** The lowest that anything stands; zero is the base's own plane, where robots on tables have it. */
function tableHeight(features: readonly ObjectFeatures[]): number {
  const bottoms = features.map((f) => f.min[2]).filter((z) => Number.isFinite(z));
  if (bottoms.length === 0) return 0;
  const lowest = Math.min(...bottoms);
  // noise of a few millimetres round the base's plane is that plane
  return Math.abs(lowest) < 0.02 ? Math.max(0, lowest) : lowest;
}
