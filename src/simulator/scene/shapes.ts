import {
  IDENTITY_POSE,
  IDENTITY_QUAT,
  quatFromAxisAngle,
  quatMultiply,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import { box, cylinder, type Rgb } from '../arm/arm-description.ts';
import { graspHeight, rimGrasps, topGrasp, type Grasp } from './grasp.ts';
import { palette, type Colour } from './palette.ts';
import type { ThingShape, ThingSolid } from './thing.ts';

/** Shape families: functions from sizes and a colour to a thing without a place. Frames stand upright, +Z up. */

/** kg/m³ of a solid toy: light wood */
const TOY_DENSITY = 500;

const FREE = { kind: 'free' } as const;

/** A cube or block by its full extents. */
export function block(colour: Colour, size: Vec3, word = 'block'): ThingShape {
  return {
    solids: [box([0, 0, 0], size, palette[colour])],
    mass: Math.max(0.02, TOY_DENSITY * size[0] * size[1] * size[2]),
    motion: FREE,
    rest: size[2] / 2,
    footprint: Math.hypot(size[0], size[1]) / 2,
    labels: [{ label: `${colour} ${word}`, colour, shape: word, pose: IDENTITY_POSE, size }],
    grasps: boxGrasps(size),
  };
}

/** Widest thing that the narrowest gripper takes between its fingers with some room [m] */
const WIDEST_GRASP = 0.072;

/** Across the narrower side first. */
export function boxGrasps([x, y, z]: Vec3): Grasp[] {
  const height = graspHeight(-z / 2, z / 2);
  const sides = [
    { width: y, yaw: 0 },
    { width: x, yaw: Math.PI / 2 },
  ].filter((side) => side.width <= WIDEST_GRASP);
  return sides
    .sort((a, b) => a.width - b.width)
    .map(({ width, yaw }) => topGrasp([0, 0, height], yaw, width));
}

/** Any turn will do for a round thing; these are enough to find one that suits the arm. */
export const roundGrasps = (radius: number, bottom: number, top: number): Grasp[] =>
  [0, 1, 2, 3].map((i) => topGrasp([0, 0, graspHeight(bottom, top)], (i * Math.PI) / 4, 2 * radius));

export const cube = (colour: Colour, edge: number): ThingShape => block(colour, [edge, edge, edge], 'cube');

/** A standing cylinder. */
export function can(colour: Colour, radius: number, height: number, word = 'cylinder'): ThingShape {
  return {
    solids: [cylinder([0, 0, -height / 2], [0, 0, height / 2], radius, palette[colour])],
    mass: Math.max(0.02, TOY_DENSITY * Math.PI * radius * radius * height),
    motion: FREE,
    rest: height / 2,
    footprint: radius,
    labels: [
      {
        label: `${colour} ${word}`,
        colour,
        shape: word,
        pose: IDENTITY_POSE,
        size: [2 * radius, 2 * radius, height],
      },
    ],
    grasps: roundGrasps(radius, -height / 2, height / 2),
  };
}

export function ball(colour: Colour, radius: number): ThingShape {
  return {
    solids: [{ shape: { kind: 'sphere', radius }, pose: IDENTITY_POSE, color: palette[colour] }],
    mass: Math.max(0.02, TOY_DENSITY * (4 / 3) * Math.PI * radius ** 3),
    motion: FREE,
    rest: radius,
    footprint: radius,
    labels: [
      {
        label: `${colour} ball`,
        colour,
        shape: 'ball',
        pose: IDENTITY_POSE,
        size: [2 * radius, 2 * radius, 2 * radius],
      },
    ],
    grasps: roundGrasps(radius, 0, 0),
  };
}

export interface BowlSize {
  /** outer radius at the rim [m] */
  readonly rim: number;
  /** outer radius of the flat bottom [m] */
  readonly bottom: number;
  readonly height: number;
  readonly wall: number;
}

export const BOWL: BowlSize = { rim: 0.075, bottom: 0.048, height: 0.05, wall: 0.005 };

const STAVES = 14;
const LIFT = 0.0015;

/** A bowl: a flat bottom and a ring of leaning staves, so that it is truly hollow. Its frame lies at the bottom. */
export function bowl(colour: Colour, size: BowlSize = BOWL, word = 'bowl'): ThingShape {
  const color = palette[colour];
  const solids: ThingSolid[] = [cylinder([0, 0, 0], [0, 0, size.wall], size.bottom, color)];
  solids.push(...ringWall(size, color));
  return {
    solids,
    mass: 0.25,
    motion: FREE,
    rest: 0,
    footprint: size.rim,
    labels: [
      {
        label: `${colour} ${word}`,
        colour,
        shape: word,
        pose: { position: [0, 0, size.height / 2], orientation: IDENTITY_QUAT },
        size: [2 * size.rim, 2 * size.rim, size.height],
      },
    ],
    grasps: rimGrasps(size.rim - size.wall, size.height - 0.012, 2 * size.wall, 8),
  };
}

/** Staves of a truncated cone, outside radius `bottom` at z = 0 and `rim` at `height`. */
export function ringWall(size: BowlSize, color: Rgb, staves = STAVES): ThingSolid[] {
  const lean = Math.atan2(size.rim - size.bottom, size.height);
  const slant = Math.hypot(size.rim - size.bottom, size.height);
  const middle = (size.rim + size.bottom) / 2 - size.wall / 2;
  const width = 2 * Math.max(size.rim, size.bottom) * Math.tan(Math.PI / staves);
  return Array.from({ length: staves }, (_, i) => {
    const angle = (2 * Math.PI * i) / staves;
    const turn = quatFromAxisAngle([0, 0, 1], angle);
    // A little off the table, so that the bottom alone carries: fewer contacts, same bowl.
    const position: Vec3 = [middle * Math.cos(angle), middle * Math.sin(angle), size.height / 2 + LIFT];
    const orientation = quatMultiply(turn, quatFromAxisAngle([0, 1, 0], lean));
    const pose: Pose = { position, orientation };
    return { shape: { kind: 'box', size: [size.wall, width, slant] }, pose, color } satisfies ThingSolid;
  });
}

/** A flat round marking on the table, 1 mm thick to a detector; touches nothing. */
export function marking(colour: Colour, radius: number, label = 'target'): ThingShape {
  return {
    solids: [{ ...cylinder([0, 0, 0], [0, 0, 0.001], radius, palette[colour]), ghost: true }],
    mass: 0,
    motion: { kind: 'fixed' },
    rest: 0,
    footprint: radius,
    labels: [
      {
        label,
        names: [`${colour} ${label}`, `${colour} circle`],
        colour,
        shape: 'region',
        pose: { position: [0, 0, 0.0005], orientation: IDENTITY_QUAT },
        size: [2 * radius, 2 * radius, 0.001],
      },
    ],
  };
}
