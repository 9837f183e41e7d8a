import { IDENTITY_QUAT, type Pose, type Vec3 } from '../../core/geometry.ts';
import { box } from '../arm/arm-description.ts';
import { palette, type Colour } from './palette.ts';
import type { SceneBuilder } from './scene-builder.ts';
import type { Thing, ThingShape, ThingSolid } from './thing.ts';

/** Outer size of the cabinet: along the drawer, across, up [m]. */
const DEPTH = 0.24;
const WIDTH = 0.2;
const HEIGHT = 0.12;
const WALL = 0.012;
const GAP = 0.004;
/** Height of the handle's bar over the table [m]: near the top, as on a chest of drawers. */
const HANDLE_HEIGHT = 0.095;
const HANDLE_STANDOFF = 0.06;
const HANDLE_BAR = 0.012;
const HANDLE_LENGTH = 0.12;

export const DRAWER_TRAVEL = 0.18;

export interface Cabinet {
  readonly cabinet: Thing;
  readonly drawer: Thing;
  /** m: inside of the drawer, in its frame: centre of the bottom, and half extents */
  readonly inside: { readonly centre: Vec3; readonly half: Vec3 };
}

/**
 * A small cabinet, fixed to the table, with one drawer that opens along the cabinet's own +X. The frames of both lie
 * on the table under the middle of the cabinet's front.
 */
export function putCabinet(
  scene: SceneBuilder,
  at: { x: number; y: number; yaw: number },
  options: { open?: number; colour?: Colour; handleColour?: Colour } = {},
): Cabinet {
  const { open = 0, colour = 'brown', handleColour = 'black' } = options;
  const wood = palette[colour];
  const side = (y: number): ThingSolid => box([-DEPTH / 2, y, HEIGHT / 2], [DEPTH, WALL, HEIGHT], wood);
  const shell: ThingShape = {
    solids: [
      side(WIDTH / 2 - WALL / 2),
      side(-WIDTH / 2 + WALL / 2),
      box([-DEPTH / 2, 0, HEIGHT - WALL / 2], [DEPTH, WIDTH, WALL], wood),
      box([-DEPTH + WALL / 2, 0, HEIGHT / 2], [WALL, WIDTH, HEIGHT], wood),
    ],
    mass: 0,
    motion: { kind: 'fixed' },
    rest: 0,
    footprint: 0.17,
    labels: [
      {
        label: 'cabinet',
        names: [`${colour} cabinet`],
        colour,
        shape: 'cabinet',
        pose: { position: [-DEPTH / 2, 0, HEIGHT / 2], orientation: IDENTITY_QUAT },
        size: [DEPTH, WIDTH, HEIGHT],
      },
    ],
  };
  const cabinet = scene.put(shell, at);
  const drawer = scene.put(drawerShape(colour, handleColour), at, { travel: open });
  scene.ignoreContact(cabinet, drawer);
  const inner: Vec3 = [-DEPTH / 2 + WALL, 0, 0.01];
  return {
    cabinet,
    drawer,
    inside: { centre: inner, half: [DEPTH / 2 - 2 * WALL, WIDTH / 2 - 3 * WALL, 0.04] },
  };
}

/** A drawer with its handle; its frame lies on the table under the middle of the cabinet's front. */
export function drawerShape(colour: Colour, handleColour: Colour): ThingShape {
  const wood = palette[colour];
  const metal = palette[handleColour];
  const front = HEIGHT - WALL - GAP;
  const width = WIDTH - 2 * WALL - 2 * GAP;
  const length = DEPTH - WALL - 2 * GAP;
  const rim = 0.06;
  const panel = 0.008;
  const bottom = 0.006;
  const inner = -length / 2;
  const bar = HANDLE_HEIGHT;
  const solids: ThingSolid[] = [
    box([-WALL / 2, 0, front / 2 + 0.002], [WALL, width, front - 0.004], wood),
    box([inner, 0, 0.004 + bottom / 2], [length, width, bottom], wood),
    box([inner, width / 2 - panel / 2, rim / 2 + 0.004], [length, panel, rim], wood),
    box([inner, -width / 2 + panel / 2, rim / 2 + 0.004], [length, panel, rim], wood),
    box([-length + panel / 2, 0, rim / 2 + 0.004], [panel, width, rim], wood),
    box([HANDLE_STANDOFF, 0, bar], [HANDLE_BAR, HANDLE_LENGTH, HANDLE_BAR], metal),
  ];
  for (const end of [1, -1]) {
    const y = end * (HANDLE_LENGTH / 2 - HANDLE_BAR / 2);
    solids.push(
      box([HANDLE_STANDOFF / 2, y, bar], [HANDLE_STANDOFF, HANDLE_BAR * 0.8, HANDLE_BAR * 0.8], metal),
    );
  }
  const handlePose: Pose = { position: [HANDLE_STANDOFF, 0, bar], orientation: IDENTITY_QUAT };
  return {
    solids,
    mass: 0.6,
    motion: { kind: 'slide', axis: [1, 0, 0], lower: 0, upper: DRAWER_TRAVEL, damping: 6, friction: 1.5 },
    rest: 0,
    footprint: 0.1,
    labels: [
      {
        label: 'drawer',
        colour,
        shape: 'drawer',
        pose: { position: [inner, 0, HEIGHT / 2], orientation: IDENTITY_QUAT },
        size: [length, width, front],
      },
      {
        part: 'handle',
        label: 'drawer handle',
        names: ['handle'],
        colour: handleColour,
        shape: 'handle',
        pose: handlePose,
        size: [HANDLE_BAR, HANDLE_LENGTH, HANDLE_BAR],
      },
    ],
  };
}
