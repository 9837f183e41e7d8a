import { IDENTITY_QUAT, type Vec3 } from '../../core/geometry.ts';
import { box, cylinder } from '../arm/arm-description.ts';
import { drawerShape } from '../scene/cabinet.ts';
import { bottle, rod } from '../scene/composed.ts';
import { openBox } from '../scene/open-box.ts';
import { palette, type Colour } from '../scene/palette.ts';
import type { SceneBuilder } from '../scene/scene-builder.ts';
import { ball, block, bowl, cube } from '../scene/shapes.ts';
import { mug, plate } from '../scene/tableware.ts';
import type { Thing, ThingShape } from '../scene/thing.ts';
import type { Task } from './task.ts';

/*
 * Scenes whose places are written down, for instructions that speak of left, middle and back. They have no goal of
 * their own: `?goal=…` says what is to come true.
 */

function wordScene(name: string, summary: string, build: (scene: SceneBuilder) => void): Task {
  return {
    name,
    summary,
    build(scene) {
      build(scene);
      return {
        instruction: 'reach the table',
        judge: () => ({ conditions: [{ holds: true, text: 'nothing was asked for' }], metrics: {} }),
      };
    },
  };
}

/** The shape under another name. */
function called(shape: ThingShape, label: string, word = label.split(' ').at(-1) ?? label): ThingShape {
  const [first, ...parts] = shape.labels;
  if (first === undefined) return shape;
  return { ...shape, labels: [{ ...first, label, shape: word }, ...parts] };
}

export const row = wordScene(
  'row',
  'Three green cubes in a row, two red balls, a tray and a box.',
  (scene) => {
    for (const y of [0.2, 0, -0.2]) scene.put(cube('green', 0.04), { x: 0.45, y });
    scene.put(ball('red', 0.03), { x: 0.6, y: 0.12 });
    scene.put(ball('red', 0.018), { x: 0.6, y: -0.12 });
    scene.put(openBox('grey', 'grey tray', [0.16, 0.2, 0.03]), { x: 0.38, y: -0.33 });
    scene.put(openBox('brown', 'brown box', [0.14, 0.14, 0.07]), { x: 0.38, y: 0.33 });
  },
);

export const kitchen = wordScene('kitchen', 'A plate, mugs, bowls, a bottle and a basket.', (scene) => {
  scene.put(plate('white'), { x: 0.42, y: 0.22 });
  scene.put(mug('red'), { x: 0.42, y: -0.05, yaw: -1.5 });
  scene.put(mug('blue'), { x: 0.55, y: 0.05, yaw: 0.5 });
  scene.put(bowl('black', { rim: 0.06, bottom: 0.038, height: 0.05, wall: 0.005 }), { x: 0.55, y: 0.28 });
  scene.put(bowl('black', { rim: 0.06, bottom: 0.038, height: 0.05, wall: 0.005 }), { x: 0.4, y: -0.28 });
  scene.put(called(bottle('red'), 'ketchup bottle'), { x: 0.6, y: -0.15 });
  scene.put(called(block('yellow', [0.06, 0.035, 0.03]), 'butter'), { x: 0.36, y: 0.08 });
  scene.put(openBox('brown', 'wicker basket', [0.16, 0.2, 0.08]), { x: 0.6, y: -0.31 });
  scene.put(called(rod('grey', 0.14, 0.016), 'metal fork'), { x: 0.49, y: -0.38 });
});

export const office = wordScene(
  'office',
  'A cabinet with two drawers, a lamp, two buttons, small things.',
  (scene) => {
    const at = { x: 0.66, y: 0.2, yaw: Math.PI };
    const shell = scene.put(twoDrawerShell('brown'), at);
    for (const [level, z] of [
      ['top', 0.145],
      ['bottom', 0],
    ] as const) {
      const drawer = scene.put(namedDrawer(level), { ...at, z });
      scene.ignoreContact(shell, drawer);
    }
    scene.put(lamp('yellow'), { x: 0.6, y: -0.3 });
    lowButton(scene, 'green', 0.45, -0.25);
    lowButton(scene, 'red', 0.45, -0.1);
    scene.put(called(block('black', [0.12, 0.04, 0.05]), 'black stapler'), {
      x: 0.4,
      y: 0.2,
      yaw: Math.PI / 2,
    });
    scene.put(called(block('red', [0.06, 0.12, 0.02]), 'red book'), { x: 0.38, y: 0.02 });
    scene.put(called(block('white', [0.05, 0.025, 0.015]), 'white eraser'), { x: 0.5, y: 0.05 });
  },
);

const DEPTH = 0.24;
const WIDTH = 0.2;
const LEVEL = 0.145;
const WALL = 0.012;

function twoDrawerShell(colour: Colour): ThingShape {
  const wood = palette[colour];
  const height = 2 * LEVEL;
  const board = (z: number) => box([-DEPTH / 2, 0, z], [DEPTH, WIDTH, WALL], wood);
  const side = (y: number) => box([-DEPTH / 2, y, height / 2], [DEPTH, WALL, height], wood);
  const size: Vec3 = [DEPTH, WIDTH, height];
  return {
    solids: [
      side(WIDTH / 2 - WALL / 2),
      side(-WIDTH / 2 + WALL / 2),
      board(LEVEL - WALL - 0.004),
      board(height - WALL / 2),
      box([-DEPTH + WALL / 2, 0, height / 2], [WALL, WIDTH, height], wood),
    ],
    mass: 0,
    motion: { kind: 'fixed' },
    rest: 0,
    footprint: 0.17,
    labels: [
      {
        label: 'wooden cabinet',
        names: ['cabinet'],
        colour,
        shape: 'cabinet',
        pose: { position: [-DEPTH / 2, 0, height / 2], orientation: IDENTITY_QUAT },
        size,
      },
    ],
  };
}

function namedDrawer(level: 'top' | 'bottom'): ThingShape {
  const shape = drawerShape('brown', 'black');
  return {
    ...shape,
    labels: shape.labels.map((label) => ({ ...label, label: `${level} ${label.label}` })),
  };
}

function lamp(colour: Colour): ThingShape {
  const color = palette[colour];
  const size: Vec3 = [0.1, 0.1, 0.3];
  return {
    solids: [
      cylinder([0, 0, 0], [0, 0, 0.02], 0.05, palette.grey),
      cylinder([0, 0, 0.02], [0, 0, 0.2], 0.01, palette.grey),
      cylinder([0, 0, 0.2], [0, 0, 0.3], 0.05, color),
    ],
    mass: 0,
    motion: { kind: 'fixed' },
    rest: 0,
    footprint: 0.05,
    labels: [
      {
        label: 'desk lamp',
        names: ['lamp'],
        colour,
        shape: 'lamp',
        pose: { position: [0, 0, 0.15], orientation: IDENTITY_QUAT },
        size,
      },
    ],
  };
}

/** A button on a low base that stays where it is pushed. */
function lowButton(scene: SceneBuilder, colour: Colour, x: number, y: number): Thing {
  const rise = 0.016;
  const cap = 0.02;
  const base = scene.put(
    {
      solids: [box([0, 0, rise / 2], [0.06, 0.06, rise], palette.grey)],
      mass: 0,
      motion: { kind: 'fixed' },
      rest: 0,
      footprint: 0.045,
      labels: [],
    },
    { x, y },
  );
  const button = scene.put(
    {
      solids: [cylinder([0, 0, rise], [0, 0, rise + cap], 0.02, palette[colour])],
      mass: 0.05,
      motion: { kind: 'slide', axis: [0, 0, -1], lower: 0, upper: 0.01, damping: 4, friction: 1.5 },
      rest: 0,
      footprint: 0.02,
      labels: [
        {
          label: `${colour} button`,
          colour,
          shape: 'button',
          pose: { position: [0, 0, rise + cap / 2], orientation: IDENTITY_QUAT },
          size: [0.04, 0.04, cap],
        },
      ],
    },
    { x, y },
  );
  scene.ignoreContact(base, button);
  return button;
}
