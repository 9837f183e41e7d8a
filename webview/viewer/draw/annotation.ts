import type { Vec3 } from '../../../src/core/geometry.ts';

/**
 * Marks that keep their size on screen and lie over the picture: drawn on the view's 2D canvas after the 3D part, so
 * that they are sharp at any zoom and part of a screenshot. Positions in the scene, colours as CSS.
 */
export type Annotation =
  | {
      /** silhouette of a sphere */
      readonly kind: 'ring';
      readonly center: Vec3;
      /** [m] */
      readonly radius: number;
      readonly color: string;
      /** [px] */
      readonly width: number;
    }
  | {
      /** number of a waypoint, beside it and never on the path */
      readonly kind: 'disc';
      readonly anchor: Vec3;
      /** [m] radius of what it stands beside */
      readonly clear: number;
      readonly text: string;
      readonly color: string;
      readonly filled: boolean;
      /** index of the waypoint, for picking */
      readonly waypoint: number;
    }
  | {
      readonly kind: 'label';
      readonly anchor: Vec3;
      readonly text: string;
      readonly color: string;
      readonly look: 'plain' | 'filled' | 'boxed';
      /** thin line from the label to its anchor */
      readonly leader: boolean;
      /** higher is placed first */
      readonly weight: number;
    }
  | { readonly kind: 'cross'; readonly at: Vec3; readonly color: string }
  | { readonly kind: 'dot'; readonly at: Vec3; readonly color: string; readonly radius: number }
  | { readonly kind: 'letter'; readonly at: Vec3; readonly text: string; readonly color: string }
  | { readonly kind: 'ruler'; readonly from: Vec3; readonly to: Vec3; readonly color: string }
  /** the middle of the view, where the keyboard picks */
  | { readonly kind: 'aim'; readonly color: string };

/** A point on screen [CSS px], how deep, and how many pixels one metre takes there. */
export interface Projected {
  readonly x: number;
  readonly y: number;
  readonly pixelsPerMetre: number;
  /** in front of the eye */
  readonly visible: boolean;
}

export type Project = (point: Vec3) => Projected;
