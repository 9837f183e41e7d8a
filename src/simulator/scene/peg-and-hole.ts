import { IDENTITY_POSE, IDENTITY_QUAT, quatFromAxisAngle, type Vec3 } from '../../core/geometry.ts';
import { box, cylinder } from '../arm/arm-description.ts';
import { palette, type Colour } from './palette.ts';
import { roundGrasps } from './shapes.ts';
import type { ThingShape, ThingSolid } from './thing.ts';

export const PEG_RADIUS = 0.012;
export const PEG_LENGTH = 0.085;
/** between peg and hole, all round [m] */
export const CLEARANCE = 0.0015;
/** the hole goes through a plate of this height [m] */
export const PLATE_HEIGHT = 0.028;
const PLATE_EDGE = 0.09;

/** A standing round peg. */
export function peg(colour: Colour): ThingShape {
  const color = palette[colour];
  return {
    solids: [cylinder([0, 0, -PEG_LENGTH / 2], [0, 0, PEG_LENGTH / 2], PEG_RADIUS, color)],
    mass: 0.06,
    motion: { kind: 'free' },
    rest: PEG_LENGTH / 2,
    footprint: PEG_RADIUS,
    labels: [
      {
        label: 'peg',
        names: [`${colour} peg`],
        colour,
        shape: 'peg',
        pose: IDENTITY_POSE,
        size: [2 * PEG_RADIUS, 2 * PEG_RADIUS, PEG_LENGTH],
      },
    ],
    grasps: roundGrasps(PEG_RADIUS, -PEG_LENGTH / 2, PEG_LENGTH / 2),
  };
}

/** A square plate, fixed to the table, with an eight-sided hole through it that the peg fits with the clearance. */
export function holePlate(colour: Colour): ThingShape {
  const color = palette[colour];
  const radius = PEG_RADIUS + CLEARANCE;
  const rim = PLATE_EDGE / 2 - radius;
  const solids: ThingSolid[] = [];
  for (let i = 0; i < 8; i++) {
    const angle = (Math.PI / 4) * i;
    const diagonal = i % 2 === 1;
    // Four bars make a square hole; four small boxes across its corners make it eight-sided.
    const depth = diagonal ? 0.008 : rim;
    const width = diagonal ? 0.014 : PLATE_EDGE;
    const middle = radius + depth / 2;
    const position: Vec3 = [middle * Math.cos(angle), middle * Math.sin(angle), PLATE_HEIGHT / 2];
    solids.push({
      ...box(
        [0, 0, 0],
        [depth, diagonal ? width : i % 4 === 0 ? PLATE_EDGE : 2 * radius, PLATE_HEIGHT],
        color,
      ),
      pose: { position, orientation: quatFromAxisAngle([0, 0, 1], angle) },
    });
  }
  return {
    solids,
    mass: 0,
    motion: { kind: 'fixed' },
    rest: 0,
    footprint: PLATE_EDGE * 0.7,
    labels: [
      {
        part: 'hole',
        label: 'hole',
        colour,
        shape: 'hole',
        pose: { position: [0, 0, PLATE_HEIGHT / 2], orientation: IDENTITY_QUAT },
        size: [2 * radius, 2 * radius, PLATE_HEIGHT],
      },
      {
        label: `${colour} plate with a hole`,
        names: ['plate with a hole', 'socket'],
        colour,
        shape: 'socket',
        pose: { position: [0, 0, PLATE_HEIGHT / 2], orientation: IDENTITY_QUAT },
        size: [PLATE_EDGE, PLATE_EDGE, PLATE_HEIGHT],
      },
    ],
  };
}
