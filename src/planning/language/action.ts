import type { Vec3 } from '../../core/geometry.ts';
import type { Place, Relation } from './syntax.ts';

/** Where a thing is to go. Ids are of scene objects. */
export type Target =
  | { readonly kind: 'object'; readonly relation: Relation; readonly ids: readonly string[] }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'table' }
  /** a point on a surface, in base [m] */
  | { readonly kind: 'point'; readonly position: Vec3 }
  | { readonly kind: 'shift'; readonly direction: Vec3; readonly name: string; readonly distance?: number };

interface Said {
  /** the verb as a person would say it */
  readonly verb: string;
  /** the words it came from */
  readonly text: string;
}

/** One grounded thing to do: objects are known, metres are not yet. */
export type Action = Said &
  (
    | { readonly kind: 'put'; readonly object: string; readonly target: Target }
    | { readonly kind: 'insert'; readonly object: string; readonly hole: string }
    | { readonly kind: 'push'; readonly object: string; readonly target: Target }
    | { readonly kind: 'drag'; readonly object: string; readonly target: Target }
    | { readonly kind: 'pick'; readonly object: string; readonly height?: number }
    | {
        readonly kind: 'open' | 'close';
        readonly object: string;
        readonly means?: string;
        readonly distance?: number;
      }
    | { readonly kind: 'press'; readonly object: string }
    | {
        readonly kind: 'switch';
        readonly object: string;
        readonly state: 'on' | 'off' | 'other';
        readonly means?: string;
      }
    | { readonly kind: 'rotate'; readonly object: string; readonly angle: number }
    | { readonly kind: 'reach'; readonly object: string; readonly above: boolean }
    | { readonly kind: 'release' }
    | { readonly kind: 'grip' }
  );

export type ActionKind = Action['kind'];
