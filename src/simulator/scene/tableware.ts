import { IDENTITY_QUAT, type Pose, type Vec3 } from '../../core/geometry.ts';
import { box, cylinder } from '../arm/arm-description.ts';
import { rimGrasps, topGrasp } from './grasp.ts';
import { palette, type Colour } from './palette.ts';
import { ringWall } from './shapes.ts';
import type { ThingShape } from './thing.ts';

const FREE = { kind: 'free' } as const;
const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], orientation: IDENTITY_QUAT });

export const PLATE = { rim: 0.09, bottom: 0.065, height: 0.018, wall: 0.005 };

/** A shallow plate. Its frame lies at the bottom. */
export function plate(colour: Colour): ThingShape {
  const color = palette[colour];
  return {
    solids: [cylinder([0, 0, 0], [0, 0, PLATE.wall], PLATE.bottom, color), ...ringWall(PLATE, color, 16)],
    mass: 0.3,
    motion: FREE,
    rest: 0,
    footprint: PLATE.rim,
    labels: [
      {
        label: `${colour} plate`,
        colour,
        shape: 'plate',
        pose: at(0, 0, PLATE.height / 2),
        size: [2 * PLATE.rim, 2 * PLATE.rim, PLATE.height],
      },
    ],
  };
}

export const MUG = { rim: 0.034, bottom: 0.034, height: 0.075, wall: 0.005 };
const HANDLE_REACH = 0.026;
const HANDLE_WIDTH = 0.012;

/** A mug, hollow, with a handle along its +X. Too wide to be held round: it is held by its wall or handle. */
export function mug(colour: Colour): ThingShape {
  const color = palette[colour];
  const { rim, height, wall } = MUG;
  const reach = rim + HANDLE_REACH;
  const low = 0.018;
  const high = height - 0.018;
  const bar = 0.008;
  return {
    solids: [
      cylinder([0, 0, 0], [0, 0, wall], rim - wall / 2, color),
      ...ringWall(MUG, color, 12),
      box([rim + HANDLE_REACH / 2 - 0.003, 0, high], [HANDLE_REACH, HANDLE_WIDTH, bar], color),
      box([rim + HANDLE_REACH / 2 - 0.003, 0, low], [HANDLE_REACH, HANDLE_WIDTH, bar], color),
      box([reach - bar / 2, 0, (low + high) / 2], [bar, HANDLE_WIDTH, high - low + bar], color),
    ],
    mass: 0.18,
    motion: FREE,
    rest: 0,
    footprint: reach,
    labels: [
      {
        label: `${colour} mug`,
        names: [`${colour} cup`],
        colour,
        shape: 'mug',
        pose: at(0, 0, height / 2),
        size: [2 * rim, 2 * rim, height],
      },
      {
        part: 'handle',
        label: `${colour} mug handle`,
        colour,
        shape: 'handle',
        pose: at(rim + HANDLE_REACH / 2, 0, height / 2),
        size: [HANDLE_REACH, HANDLE_WIDTH, high - low + bar],
      },
    ],
    // Opposite the handle first; never across the handle itself.
    grasps: rimGrasps(rim - wall / 2, height - 0.014, wall, 8, Math.PI).filter(
      (grasp) => grasp.pose.position[0] < 0.02,
    ),
  };
}

export const POT = { rim: 0.06, bottom: 0.06, height: 0.055, wall: 0.006 };
export const LID_THICKNESS = 0.008;
const KNOB = { radius: 0.012, height: 0.03 };

/** A pot, fixed to the table by its weight. Its frame lies at the bottom. */
export function pot(colour: Colour): ThingShape {
  const color = palette[colour];
  return {
    solids: [
      cylinder([0, 0, 0], [0, 0, POT.wall], POT.rim - POT.wall / 2, color),
      ...ringWall(POT, color, 8),
    ],
    mass: 1.2,
    motion: FREE,
    rest: 0,
    footprint: POT.rim,
    labels: [
      {
        label: `${colour} pot`,
        colour,
        shape: 'pot',
        pose: at(0, 0, POT.height / 2),
        size: [2 * POT.rim, 2 * POT.rim, POT.height],
      },
    ],
  };
}

/** A lid with a knob and a rim below that keeps it from sliding off. Its frame lies at the disc's lower face. */
export function lid(colour: Colour, knobColour: Colour = 'black'): ThingShape {
  const color = palette[colour];
  const top = LID_THICKNESS + KNOB.height;
  const inner = POT.rim - POT.wall - 0.004;
  return {
    solids: [
      cylinder([0, 0, 0], [0, 0, LID_THICKNESS], POT.rim + 0.002, color),
      cylinder([0, 0, -0.006], [0, 0, 0], inner, color),
      cylinder([0, 0, LID_THICKNESS], [0, 0, top], KNOB.radius, palette[knobColour]),
    ],
    mass: 0.15,
    motion: FREE,
    rest: 0.006,
    footprint: POT.rim,
    labels: [
      {
        label: 'lid',
        names: [`${colour} lid`, 'pot lid'],
        colour,
        shape: 'lid',
        pose: at(0, 0, (top - 0.006) / 2),
        size: [2 * POT.rim, 2 * POT.rim, top + 0.006],
      },
    ],
    grasps: [0, 1, 2, 3].map((i) => topGrasp([0, 0, top - 0.012], (i * Math.PI) / 4, 2 * KNOB.radius)),
  };
}

export const RING = { rim: 0.04, bottom: 0.04, height: 0.026, wall: 0.012 };

/** A ring, lying flat; held by its rim. Its frame lies in its lower plane. */
export function ring(colour: Colour): ThingShape {
  const size: Vec3 = [2 * RING.rim, 2 * RING.rim, RING.height];
  return {
    // The staves hang on the table, which is what carries a ring.
    solids: ringWall(RING, palette[colour], 10).map((solid) => ({
      ...solid,
      pose: {
        ...solid.pose,
        position: [solid.pose.position[0], solid.pose.position[1], RING.height / 2] as const,
      },
    })),
    mass: 0.05,
    motion: FREE,
    rest: 0,
    footprint: RING.rim,
    labels: [{ label: `${colour} ring`, colour, shape: 'ring', pose: at(0, 0, RING.height / 2), size }],
    grasps: rimGrasps(RING.rim - RING.wall / 2, RING.height / 2, RING.wall, 8),
  };
}
