import { IDENTITY_POSE, type Vec3 } from '../../core/geometry.ts';
import { box, capsule, cylinder } from '../arm/arm-description.ts';
import { topGrasp } from './grasp.ts';
import { palette, type Colour } from './palette.ts';
import { boxGrasps } from './shapes.ts';
import type { ThingShape, ThingSolid } from './thing.ts';

/** Shapes whose grasp is not their middle, or that have a long axis. All lie along their X, on the table. */

const FREE = { kind: 'free' } as const;

function lying(
  colour: Colour,
  word: string,
  solids: ThingSolid[],
  size: Vec3,
  mass: number,
): Omit<ThingShape, 'grasps'> {
  return {
    solids,
    mass,
    motion: FREE,
    rest: size[2] / 2,
    footprint: Math.hypot(size[0], size[1]) / 2,
    labels: [{ label: `${colour} ${word}`, colour, shape: word, pose: IDENTITY_POSE, size }],
  };
}

/** A square rod: it does not roll. */
export function rod(colour: Colour, length = 0.14, edge = 0.026): ThingShape {
  const size: Vec3 = [length, edge, edge];
  return {
    ...lying(colour, 'rod', [box([0, 0, 0], size, palette[colour])], size, 0.06),
    grasps: boxGrasps(size),
  };
}

/** A hammer: a heavy head across the end of a light handle. Held where it balances, near the head. */
export function hammer(colour: Colour, length = 0.15): ThingShape {
  const color = palette[colour];
  const thick = 0.026;
  const head = 0.07;
  const solids: ThingSolid[] = [
    { ...box([length / 2 - 0.015, 0, 0], [0.03, head, thick], color), density: 2.5 },
    box([-0.015, 0, 0], [length - 0.03, 0.018, 0.018], color),
  ];
  return {
    ...lying(colour, 'hammer', solids, [length, head, thick], 0.12),
    grasps: [0.025, 0].map((x) => topGrasp([x, 0, 0], 0, 0.018)),
  };
}

/** Two balls' worth of weight on a thin bar, as blocks so that it lies still. Held by the bar. */
export function dumbbell(colour: Colour, length = 0.12): ThingShape {
  const color = palette[colour];
  const end = 0.04;
  const solids: ThingSolid[] = [
    box([length / 2 - 0.014, 0, 0], [0.028, end, end], color),
    box([-length / 2 + 0.014, 0, 0], [0.028, end, end], color),
    box([0, 0, 0], [length - 0.056, 0.016, 0.016], color),
  ];
  return {
    ...lying(colour, 'dumbbell', solids, [length, end, end], 0.1),
    grasps: [topGrasp([0, 0, 0], 0, 0.016)],
  };
}

/** An L: two bars at a right angle. Its box's middle is empty; it is held by either bar. */
export function angle(colour: Colour, length = 0.1): ThingShape {
  const color = palette[colour];
  const thick = 0.026;
  const half = length / 2;
  const solids: ThingSolid[] = [
    box([0, -half + thick / 2, 0], [length, thick, thick], color),
    box([-half + thick / 2, thick / 2, 0], [thick, length - thick, thick], color),
  ];
  return {
    ...lying(colour, 'L-block', solids, [length, length, thick], 0.09),
    grasps: [
      topGrasp([0.012, -half + thick / 2, 0], 0, thick),
      topGrasp([-half + thick / 2, 0.012, 0], Math.PI / 2, thick),
    ],
  };
}

/** A bottle, standing: a wide body and a neck by which it can be held too. */
export function bottle(colour: Colour): ThingShape {
  const color = palette[colour];
  const body = { radius: 0.026, height: 0.075 };
  const neck = { radius: 0.011, height: 0.04 };
  const total = body.height + neck.height;
  const low = -total / 2;
  return {
    ...lying(
      colour,
      'bottle',
      [
        { ...cylinder([0, 0, low], [0, 0, low + body.height], body.radius, color), density: 1.5 },
        cylinder([0, 0, low + body.height], [0, 0, low + total], neck.radius, color),
      ],
      [2 * body.radius, 2 * body.radius, total],
      0.15,
    ),
    footprint: body.radius,
    grasps: [0, 1, 2, 3].map((i) => topGrasp([0, 0, total / 2 - 0.022], (i * Math.PI) / 4, 2 * neck.radius)),
  };
}

/** A banana-like bow of three capsules. Held in the middle, across. */
export function bow(colour: Colour): ThingShape {
  const color = palette[colour];
  const r = 0.014;
  const points: Vec3[] = [
    [-0.062, 0.016, 0],
    [-0.025, -0.006, 0],
    [0.025, -0.006, 0],
    [0.062, 0.016, 0],
  ];
  const solids = [0, 1, 2].map((i) => capsule(points[i] as Vec3, points[i + 1] as Vec3, r, color));
  return {
    ...lying(colour, 'bow', solids, [0.152, 0.05, 2 * r], 0.08),
    grasps: [topGrasp([0, -0.006, 0], 0, 2 * r)],
  };
}
