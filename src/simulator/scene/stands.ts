import { IDENTITY_QUAT, type Pose } from '../../core/geometry.ts';
import { box, cylinder } from '../arm/arm-description.ts';
import { palette, type Colour } from './palette.ts';
import type { ThingShape } from './thing.ts';

/** Fixed things to put other things on. Frames lie on the table. */

const FIXED = { kind: 'fixed' } as const;
const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], orientation: IDENTITY_QUAT });

export const SHELF = { width: 0.2, depth: 0.14, height: 0.12, board: 0.012 };

/** A low shelf: a board on two sides, open in front and above. */
export function shelf(colour: Colour): ThingShape {
  const { width, depth, height, board } = SHELF;
  const color = palette[colour];
  return {
    solids: [
      box([0, width / 2 - board / 2, (height - board) / 2], [depth, board, height - board], color),
      box([0, -width / 2 + board / 2, (height - board) / 2], [depth, board, height - board], color),
      box([0, 0, height - board / 2], [depth, width, board], color),
    ],
    mass: 0,
    motion: FIXED,
    rest: 0,
    // With room for the hand beside it, which is wider than what it picks up.
    footprint: 0.19,
    labels: [
      {
        label: 'shelf',
        names: [`${colour} shelf`],
        colour,
        shape: 'shelf',
        pose: at(0, 0, height / 2),
        size: [depth, width, height],
      },
    ],
  };
}

export const POST = { radius: 0.011, height: 0.075 };

/** A post on a foot, to put a ring over. */
export function post(colour: Colour): ThingShape {
  const color = palette[colour];
  return {
    solids: [
      cylinder([0, 0, 0], [0, 0, 0.008], 0.05, color),
      cylinder([0, 0, 0.008], [0, 0, POST.height], POST.radius, color),
    ],
    mass: 0,
    motion: FIXED,
    rest: 0,
    footprint: 0.05,
    labels: [
      {
        label: `${colour} post`,
        names: ['post', 'stand'],
        colour,
        shape: 'post',
        pose: at(0, 0, POST.height / 2),
        size: [2 * POST.radius, 2 * POST.radius, POST.height],
      },
    ],
  };
}
