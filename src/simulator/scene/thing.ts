import type { Pose, Vec3 } from '../../core/geometry.ts';
import type { Solid } from '../arm/arm-description.ts';
import type { Grasp } from './grasp.ts';

/** A solid of a thing. A ghost is seen by cameras and touches nothing: a marking on the table. */
export interface ThingSolid extends Solid {
  readonly ghost?: boolean;
  /** its own share of the thing's mass, relative to its volume; 1 unless said */
  readonly density?: number;
}

/** How a thing can move. Axes and origins are in the thing's own frame. */
export type Motion =
  | { readonly kind: 'free' }
  | { readonly kind: 'fixed' }
  | {
      readonly kind: 'slide' | 'hinge';
      readonly axis: Vec3;
      /** a point on the hinge [m] */
      readonly origin?: Vec3;
      /** m or rad; the thing's pose is the one at 0 */
      readonly lower: number;
      readonly upper: number;
      /** N·s/m or N·m·s */
      readonly damping: number;
      /** dry friction, N or N·m */
      readonly friction: number;
      /** spring towards 0, N/m or N·m */
      readonly stiffness?: number;
    };

/** Something that words can mean and a detector reports: the thing itself, or a part of it. */
export interface Labelled {
  readonly id: string;
  /** what people call it: "red cube" */
  readonly label: string;
  readonly names?: readonly string[];
  readonly colour?: string;
  /** one word: cube, bowl, drawer, handle, … */
  readonly shape: string;
  /** centre of its box in the thing's frame; a handle's +X is the opening direction */
  readonly pose: Pose;
  /** full extents of the box [m] */
  readonly size: Vec3;
  readonly partOf?: string;
}

/** What a scene is made of: one rigid body. */
export interface Thing {
  /** unique in a scene: letters, digits and dashes */
  readonly id: string;
  readonly solids: readonly ThingSolid[];
  /** kg; ignored where it is fixed */
  readonly mass: number;
  readonly motion: Motion;
  /** in base, at the start */
  readonly pose: Pose;
  /** where a slide or hinge starts [m or rad]; 0 unless said */
  readonly travel?: number;
  /** none for furniture that nobody talks about */
  readonly labels: readonly Labelled[];
  /** sliding friction; 0.7 unless said. Pads of the gripper use their own. */
  readonly friction?: number;
  /** ways to hold it, best first; none for what is not meant to be held */
  readonly grasps?: readonly Grasp[];
}

/** A thing that has not been given its place yet, as the shape families make them. */
export type ThingShape = Omit<Thing, 'id' | 'pose' | 'labels' | 'travel'> & {
  readonly labels: readonly (Omit<Labelled, 'id' | 'partOf'> & { readonly part?: string })[];
  /** from its lowest point to its frame's origin when it stands upright [m] */
  readonly rest: number;
  /** of the circle on the table that it covers [m] */
  readonly footprint: number;
};
