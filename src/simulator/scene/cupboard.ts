import { IDENTITY_QUAT, type Pose, type Vec3 } from '../../core/geometry.ts';
import { box, cylinder } from '../arm/arm-description.ts';
import { topGrasp } from './grasp.ts';
import { palette, type Colour } from './palette.ts';
import type { SceneBuilder } from './scene-builder.ts';
import type { Thing, ThingShape, ThingSolid } from './thing.ts';

/** Outer size of the cupboard: deep, across, up; the door closes its whole front [m]. */
const DEPTH = 0.16;
const WIDTH = 0.22;
const HEIGHT = 0.16;
const WALL = 0.01;
const DOOR = 0.012;
/** From the hinge to the bar, and from the door's face to the bar's middle [m]. */
const BAR_AT = 0.18;
const STANDOFF = 0.05;
/** The bar stands over the door's edge, for a hand from above [m]. */
const BAR = { radius: 0.007, low: 0.08, high: 0.2 } as const;

/** How far the door swings [rad]. */
export const DOOR_RANGE = 1.7;

export interface Cupboard {
  readonly cupboard: Thing;
  readonly door: Thing;
}

/**
 * A small cupboard (or microwave) fixed to the table, with a door on a standing hinge. The frames of both lie on the table
 * under the hinge, at the left end of the front as one looks at it; +X points out of the front and the door opens from -Y
 * round to +X.
 */
export function putCupboard(
  scene: SceneBuilder,
  at: { x: number; y: number; yaw: number },
  options: { open?: number; colour?: Colour; word?: string } = {},
): Cupboard {
  const { open = 0, colour = 'white', word = 'cupboard' } = options;
  const paint = palette[colour];
  const middle: Vec3 = [-DEPTH / 2, -WIDTH / 2, HEIGHT / 2];
  const board = (position: Vec3, size: Vec3): ThingSolid => box(position, size, paint);
  const shell: ThingShape = {
    solids: [
      board([-DEPTH / 2, -WALL / 2, HEIGHT / 2], [DEPTH, WALL, HEIGHT]),
      board([-DEPTH / 2, -WIDTH + WALL / 2, HEIGHT / 2], [DEPTH, WALL, HEIGHT]),
      board([-DEPTH / 2, -WIDTH / 2, HEIGHT - WALL / 2], [DEPTH, WIDTH, WALL]),
      board([-DEPTH + WALL / 2, -WIDTH / 2, HEIGHT / 2], [WALL, WIDTH, HEIGHT]),
    ],
    mass: 0,
    motion: { kind: 'fixed' },
    rest: 0,
    footprint: 0.2,
    labels: [
      {
        label: word,
        names: [`${colour} ${word}`],
        colour,
        shape: word,
        pose: upright(middle),
        size: [DEPTH, WIDTH, HEIGHT],
      },
    ],
  };
  const cupboard = scene.put(shell, at);
  const door = scene.put(doorShape(colour, word), at, { travel: open });
  scene.ignoreContact(cupboard, door);
  return { cupboard, door };
}

const upright = (position: Vec3): Pose => ({ position, orientation: IDENTITY_QUAT });

function doorShape(colour: Colour, word: string): ThingShape {
  const metal = palette.black;
  const face = DOOR / 2;
  const bar = (z: number): Vec3 => [DOOR + STANDOFF, -BAR_AT, z];
  const arm = (z: number): ThingSolid =>
    box([DOOR + STANDOFF / 2, -BAR_AT, z], [STANDOFF, 0.01, 0.01], metal);
  return {
    solids: [
      box([face, -WIDTH / 2, HEIGHT / 2], [DOOR, WIDTH, HEIGHT - 0.004], palette[colour]),
      cylinder(bar(BAR.low), bar(BAR.high), BAR.radius, metal),
      arm(BAR.low + 0.01),
      arm(HEIGHT - 0.02),
    ],
    mass: 0.4,
    motion: { kind: 'hinge', axis: [0, 0, 1], lower: 0, upper: DOOR_RANGE, damping: 0.05, friction: 0.04 },
    rest: 0,
    footprint: 0.1,
    labels: [
      {
        label: `${word} door`,
        names: ['door'],
        colour,
        shape: 'door',
        pose: upright([face, -WIDTH / 2, HEIGHT / 2]),
        size: [DOOR, WIDTH, HEIGHT],
      },
      {
        part: 'handle',
        label: 'door handle',
        names: ['handle'],
        colour: 'black',
        shape: 'handle',
        pose: upright([DOOR + STANDOFF, -BAR_AT, (BAR.low + BAR.high) / 2]),
        size: [2 * BAR.radius, 2 * BAR.radius, BAR.high - BAR.low],
      },
    ],
    grasps: [topGrasp([DOOR + STANDOFF, -BAR_AT, BAR.high - 0.015], 0, 2 * BAR.radius)],
  };
}
