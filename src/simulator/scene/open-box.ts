import { IDENTITY_QUAT, type Vec3 } from '../../core/geometry.ts';
import { box } from '../arm/arm-description.ts';
import { palette, type Colour } from './palette.ts';
import type { ThingShape } from './thing.ts';

const WALL = 0.006;

/** A box without a lid: a basket, a tray, a carton. Its frame lies at the middle of its bottom; `size` is outside. */
export function openBox(colour: Colour, label: string, size: Vec3): ThingShape {
  const color = palette[colour];
  const [x, y, z] = size;
  const word = label.split(' ').at(-1) ?? label;
  return {
    solids: [
      box([0, 0, WALL / 2], [x, y, WALL], color),
      box([x / 2 - WALL / 2, 0, z / 2], [WALL, y, z - 0.002], color),
      box([-x / 2 + WALL / 2, 0, z / 2], [WALL, y, z - 0.002], color),
      box([0, y / 2 - WALL / 2, z / 2], [x, WALL, z - 0.002], color),
      box([0, -y / 2 + WALL / 2, z / 2], [x, WALL, z - 0.002], color),
    ],
    mass: 0.4,
    motion: { kind: 'free' },
    rest: 0,
    footprint: Math.hypot(x, y) / 2,
    labels: [
      { label, colour, shape: word, pose: { position: [0, 0, z / 2], orientation: IDENTITY_QUAT }, size },
    ],
  };
}
