import { IDENTITY_QUAT, type Pose } from '../../core/geometry.ts';
import { box, cylinder } from '../arm/arm-description.ts';
import { palette, type Colour } from './palette.ts';
import { topGrasp } from './grasp.ts';
import type { PlaceOptions, SceneBuilder } from './scene-builder.ts';
import type { Thing, ThingShape } from './thing.ts';

/** Things with one moving part on a base that is fixed to the table. Base and part share a frame on the table. */

const FIXED = { kind: 'fixed' } as const;
const at = (x: number, y: number, z: number): Pose => ({ position: [x, y, z], orientation: IDENTITY_QUAT });

/** Puts base and moving part at one place. */
function mount(
  scene: SceneBuilder,
  base: ThingShape,
  part: ThingShape,
  yaw: number,
  options?: PlaceOptions,
): Thing {
  const [x, y] = scene.findPlace(base.footprint, options);
  const fixed = scene.put(base, { x, y, yaw });
  const moving = scene.put(part, { x, y, yaw });
  scene.ignoreContact(fixed, moving);
  return moving;
}

export const BUTTON_TRAVEL = 0.01;

/** A button that stays where it is pushed. */
export function putButton(scene: SceneBuilder, colour: Colour): Thing {
  const height = 0.04;
  const cap = 0.022;
  const base: ThingShape = {
    solids: [box([0, 0, height / 2], [0.09, 0.09, height], palette.grey)],
    mass: 0,
    motion: FIXED,
    rest: 0,
    footprint: 0.064,
    labels: [
      {
        label: 'switch box',
        colour: 'grey',
        shape: 'box',
        pose: at(0, 0, height / 2),
        size: [0.09, 0.09, height],
      },
    ],
  };
  const button: ThingShape = {
    solids: [cylinder([0, 0, height], [0, 0, height + cap], 0.024, palette[colour])],
    mass: 0.05,
    motion: { kind: 'slide', axis: [0, 0, -1], lower: 0, upper: BUTTON_TRAVEL, damping: 4, friction: 1.5 },
    rest: 0,
    footprint: 0.024,
    labels: [
      {
        label: `${colour} button`,
        names: ['button'],
        colour,
        shape: 'button',
        pose: at(0, 0, height + cap / 2),
        size: [0.048, 0.048, cap],
      },
    ],
  };
  return mount(scene, base, button, scene.random.uniform(-0.5, 0.5));
}

export const KNOB_RANGE = 1.57;

/** A knob with a wing to hold it by, turned counter-clockwise from above; it stays where it is turned. */
export function putKnob(scene: SceneBuilder, colour: Colour): Thing {
  const height = 0.035;
  const wing = { length: 0.055, width: 0.014, height: 0.03 };
  const base: ThingShape = {
    solids: [box([0, 0, height / 2], [0.1, 0.1, height], palette.grey)],
    mass: 0,
    motion: FIXED,
    rest: 0,
    footprint: 0.07,
    labels: [
      {
        label: 'control box',
        colour: 'grey',
        shape: 'box',
        pose: at(0, 0, height / 2),
        size: [0.1, 0.1, height],
      },
    ],
  };
  const top = height + 0.012 + wing.height;
  const knob: ThingShape = {
    solids: [
      cylinder([0, 0, height + 0.001], [0, 0, height + 0.012], 0.03, palette[colour]),
      box([0, 0, top - wing.height / 2], [wing.length, wing.width, wing.height], palette[colour]),
    ],
    mass: 0.06,
    motion: { kind: 'hinge', axis: [0, 0, 1], lower: 0, upper: KNOB_RANGE, damping: 0.02, friction: 0.03 },
    rest: 0,
    footprint: 0.03,
    labels: [
      {
        label: `${colour} knob`,
        names: ['knob', 'dial'],
        colour,
        shape: 'knob',
        pose: at(0, 0, (height + top) / 2),
        size: [0.06, 0.06, top - height],
      },
    ],
    grasps: [topGrasp([0, 0, top - 0.012], 0, wing.width)],
  };
  return mount(scene, base, knob, scene.random.uniform(-0.4, 0.4));
}

export const LEVER_RANGE = 1.3;

/** A lever that stands up and is pulled over towards its own +X. */
export function putLever(scene: SceneBuilder, colour: Colour): Thing {
  const pivot = 0.03;
  const length = 0.11;
  const grip = { radius: 0.013, height: 0.035 };
  const base: ThingShape = {
    solids: [
      box([0, 0.03, 0.025], [0.08, 0.02, 0.05], palette.grey),
      box([0, -0.03, 0.025], [0.08, 0.02, 0.05], palette.grey),
    ],
    mass: 0,
    motion: FIXED,
    rest: 0,
    footprint: 0.06,
    labels: [
      { label: 'lever base', colour: 'grey', shape: 'box', pose: at(0, 0, 0.025), size: [0.08, 0.08, 0.05] },
    ],
  };
  const top = pivot + length;
  const lever: ThingShape = {
    solids: [
      box([0, 0, pivot + length / 2 - 0.01], [0.012, 0.02, length - 0.02], palette.grey),
      cylinder([0, 0, top - grip.height], [0, 0, top], grip.radius, palette[colour]),
    ],
    mass: 0.08,
    motion: {
      kind: 'hinge',
      axis: [0, 1, 0],
      origin: [0, 0, pivot],
      lower: 0,
      upper: LEVER_RANGE,
      damping: 0.05,
      friction: 0.12,
    },
    rest: 0,
    footprint: 0.02,
    labels: [
      {
        label: 'lever',
        names: [`${colour} lever`],
        colour,
        shape: 'lever',
        pose: at(0, 0, pivot + length / 2),
        size: [0.026, 0.026, length],
      },
      {
        part: 'handle',
        label: 'lever handle',
        colour,
        shape: 'handle',
        pose: at(0, 0, top - grip.height / 2),
        size: [2 * grip.radius, 2 * grip.radius, grip.height],
      },
    ],
    grasps: [topGrasp([0, 0, top - 0.015], 0, 2 * grip.radius)],
  };
  // Pulled towards the arm, more or less.
  return mount(scene, base, lever, Math.PI + scene.random.uniform(-0.4, 0.4), {
    region: { x: [0.5, 0.6], y: [-0.2, 0.2] },
  });
}
