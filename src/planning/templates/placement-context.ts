import type { Vec3 } from '../../core/geometry.ts';
import type { ViewAxes } from '../grounding/spatial.ts';
import type { SceneState } from './scene-state.ts';

/** Where a thing's centre goes: horizontally, and the height of what it will stand on. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  /** height of the surface under it [m] */
  readonly surface: number;
  /** it goes into something with walls up to this height [m] */
  readonly rim?: number;
  /** it is let go a little above and may drop [m] */
  readonly drop: number;
}

export interface PlacementContext {
  readonly scene: SceneState;
  readonly axes: ViewAxes;
  readonly workspace: { readonly min: Vec3; readonly max: Vec3 };
  /** horizontal direction across the opening of the fingers that will let go: there they need no room */
  readonly across?: readonly [number, number];
  /** how many things the plan puts into or on each thing, by id */
  readonly crowds?: ReadonlyMap<string, number>;
}
