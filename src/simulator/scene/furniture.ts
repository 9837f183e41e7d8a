import { IDENTITY_POSE } from '../../core/geometry.ts';
import { box } from '../arm/arm-description.ts';
import type { Thing } from './thing.ts';

const WOOD = [196, 172, 138] as const;
const FLOOR = [108, 112, 118] as const;
const FLOOR_LEVEL = -0.72;

/** The table, whose top is the plane z = 0 of `base`, and the floor under it. */
export const TABLE: Thing = {
  id: 'table',
  solids: [box([0.35, 0, -0.02], [1.2, 1.4, 0.04], WOOD)],
  mass: 0,
  motion: { kind: 'fixed' },
  pose: IDENTITY_POSE,
  labels: [],
  friction: 0.7,
};

export const FLOOR_SLAB: Thing = {
  id: 'floor',
  solids: [box([0.35, 0, FLOOR_LEVEL - 0.02], [6, 6, 0.04], FLOOR)],
  mass: 0,
  motion: { kind: 'fixed' },
  pose: IDENTITY_POSE,
  labels: [],
};
