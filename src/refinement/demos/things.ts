import { compose, quatFromAxisAngle, type Pose, type Vec3 } from '../../core/geometry.ts';
import type { Random } from '../../core/random.ts';
import type { Solid } from './solid.ts';

export type Family = 'box' | 'cylinder' | 'ball' | 'bowl' | 'peg' | 'holder' | 'cabinet' | 'mug' | 'composed';

/** A thing on the table. `pose` is at the middle of its foot, +Z up. */
export interface Thing {
  readonly family: Family;
  readonly pose: Pose;
  /** full extents along its own axes [m] */
  readonly size: Vec3;
  readonly solids: readonly Solid[];
  /** circle round its foot [m] */
  readonly reach: number;
}

/** Families that training never sees. */
export const HELD_OUT_FAMILIES: readonly Family[] = ['mug', 'composed'];

export interface Place {
  readonly x: number;
  readonly y: number;
  readonly z?: number;
  readonly yaw: number;
}

type Maker = (random: Random, at: (local: Vec3, yaw?: number) => Pose) => { size: Vec3; solids: Solid[] };

/** Builds a thing of a family with sizes drawn from `random`. */
export function makeThing(family: Family, random: Random, place: Place): Thing {
  const pose: Pose = {
    position: [place.x, place.y, place.z ?? 0],
    orientation: quatFromAxisAngle([0, 0, 1], place.yaw),
  };
  const at = (local: Vec3, yaw = 0): Pose =>
    compose(pose, { position: local, orientation: quatFromAxisAngle([0, 0, 1], yaw) });
  const { size, solids } = MAKERS[family](random, at);
  return { family, pose, size, solids, reach: Math.hypot(size[0], size[1]) / 2 };
}

const boxAt = (pose: Pose, size: Vec3): Solid => ({ kind: 'box', pose, size });

const MAKERS: Record<Family, Maker> = {
  box: (random, at) => {
    const edge = random.uniform(0.025, 0.06);
    const cube = random.next() < 0.45;
    const long = random.next() < 0.6 ? random.uniform(1.4, 2.8) : 1;
    const size: Vec3 = cube
      ? [edge, edge, edge]
      : [Math.min(0.13, edge * long), edge, random.uniform(0.025, 0.09)];
    return { size, solids: [boxAt(at([0, 0, size[2] / 2]), size)] };
  },
  cylinder: (random, at) => {
    const radius = random.uniform(0.014, 0.032);
    const height = random.uniform(0.03, 0.11);
    return {
      size: [2 * radius, 2 * radius, height],
      solids: [{ kind: 'cylinder', pose: at([0, 0, height / 2]), radius, height }],
    };
  },
  ball: (random, at) => {
    const radius = random.uniform(0.016, 0.03);
    return {
      size: [2 * radius, 2 * radius, 2 * radius],
      solids: [{ kind: 'sphere', pose: at([0, 0, radius]), radius }],
    };
  },
  bowl: (random, at) => {
    const radius = random.uniform(0.055, 0.095);
    const height = random.uniform(0.035, 0.07);
    return {
      size: [2 * radius, 2 * radius, height],
      solids: [{ kind: 'shell', pose: at([0, 0, height / 2]), radius, height, wall: 0.005 }],
    };
  },
  peg: (random, at) => {
    const edge = random.uniform(0.018, 0.03);
    const height = random.uniform(0.07, 0.11);
    const size: Vec3 = [edge, edge, height];
    const pose = at([0, 0, height / 2]);
    return {
      size,
      solids: [
        random.next() < 0.5 ? boxAt(pose, size) : { kind: 'cylinder', pose, radius: edge / 2, height },
      ],
    };
  },
  holder: (random, at) => {
    const side = random.uniform(0.075, 0.11);
    const height = random.uniform(0.02, 0.035);
    const hole = random.uniform(0.022, 0.036);
    const bar = (side - hole) / 2;
    const away = (side + hole) / 4;
    return {
      size: [side, side, height],
      solids: [
        boxAt(at([away, 0, height / 2]), [bar, side, height]),
        boxAt(at([-away, 0, height / 2]), [bar, side, height]),
        boxAt(at([0, away, height / 2]), [hole, bar, height]),
        boxAt(at([0, -away, height / 2]), [hole, bar, height]),
      ],
    };
  },
  // Its front looks along -X; the handle is a bar before it.
  cabinet: (random, at) => {
    const size: Vec3 = [random.uniform(0.16, 0.26), random.uniform(0.16, 0.26), random.uniform(0.09, 0.15)];
    const bar = random.uniform(0.008, 0.014);
    const wide = random.uniform(0.08, 0.13);
    const out = random.uniform(0.03, 0.045);
    const z = size[2] - random.uniform(0.015, 0.04);
    return {
      size,
      solids: [
        boxAt(at([size[0] / 2, 0, size[2] / 2]), size),
        boxAt(at([-out, 0, z]), [bar, wide, bar]),
        boxAt(at([-out / 2, wide / 2 - bar / 2, z]), [out, bar, bar]),
        boxAt(at([-out / 2, -wide / 2 + bar / 2, z]), [out, bar, bar]),
      ],
    };
  },
  mug: (random, at) => {
    const radius = random.uniform(0.024, 0.034);
    const height = random.uniform(0.06, 0.1);
    return {
      size: [2 * radius, 2 * radius, height],
      solids: [
        { kind: 'shell', pose: at([0, 0, height / 2]), radius, height, wall: 0.004 },
        boxAt(at([radius + 0.012, 0, height / 2]), [0.024, 0.008, height * 0.6]),
      ],
    };
  },
  composed: (random, at) => {
    const width = random.uniform(0.028, 0.05);
    const long = random.uniform(0.07, 0.12);
    const low = random.uniform(0.02, 0.04);
    const high = random.uniform(0.02, 0.04);
    return {
      size: [long, width, low + high],
      solids: [
        boxAt(at([0, 0, low / 2]), [long, width, low]),
        boxAt(at([0, 0, low + high / 2]), [width, width, high]),
      ],
    };
  },
};

/** Where the handle of a cabinet is: the bar's middle. */
export const handleOf = (cabinet: Thing): Pose => cabinet.solids[1]!.pose;
