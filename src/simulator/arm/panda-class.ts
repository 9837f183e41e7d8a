import { quatFromAxisAngle } from '../../core/geometry.ts';
import { box, capsule, cylinder, type ArmDescription, type ArmJoint } from './arm-description.ts';
import { modifiedDh } from './denavit-hartenberg.ts';
import { parallelGripper } from './parallel-gripper.ts';

/**
 * A 7-joint arm on Franka's published numbers: modified DH parameters and joint limits from the Franka Control
 * Interface documentation ("Robot and interface specifications"), accelerations from libfranka's rate limiter, mass
 * and gripper stroke from the data sheets. Solids are our own: capsules and boxes round the axes.
 */
const HALF = Math.PI / 2;

const DH = [
  { a: 0, d: 0.333, alpha: 0 },
  { a: 0, d: 0, alpha: -HALF },
  { a: 0, d: 0.316, alpha: HALF },
  { a: 0.0825, d: 0, alpha: HALF },
  { a: -0.0825, d: 0.384, alpha: -HALF },
  { a: 0, d: 0, alpha: HALF },
  { a: 0.088, d: 0, alpha: HALF },
];
const FLANGE_D = 0.107;

const LIMITS: readonly Omit<ArmJoint, 'name' | 'origin'>[] = [
  { lower: -2.8973, upper: 2.8973, velocity: 2.175, acceleration: 15, effort: 87 },
  { lower: -1.7628, upper: 1.7628, velocity: 2.175, acceleration: 7.5, effort: 87 },
  { lower: -2.8973, upper: 2.8973, velocity: 2.175, acceleration: 10, effort: 87 },
  { lower: -3.0718, upper: -0.0698, velocity: 2.175, acceleration: 12.5, effort: 87 },
  { lower: -2.8973, upper: 2.8973, velocity: 2.61, acceleration: 15, effort: 12 },
  { lower: -0.0175, upper: 3.7525, velocity: 2.61, acceleration: 20, effort: 12 },
  { lower: -2.8973, upper: 2.8973, velocity: 2.61, acceleration: 20, effort: 12 },
];

const WHITE = [236, 238, 240] as const;
const GREY = [158, 164, 172] as const;

export const pandaClass: ArmDescription = {
  name: 'panda-class',
  mass: 17.8,
  joints: LIMITS.map((limits, i) => ({ name: `joint${i + 1}`, origin: modifiedDh(DH[i]!), ...limits })),
  links: [
    {
      name: 'link0',
      solids: [
        box([-0.04, 0, 0.02], [0.22, 0.18, 0.04], GREY),
        cylinder([0, 0, 0.04], [0, 0, 0.15], 0.075, WHITE),
      ],
    },
    { name: 'link1', solids: [capsule([0, 0, -0.11], [0, 0, -0.02], 0.065, WHITE)] },
    {
      name: 'link2',
      solids: [
        capsule([0, 0, -0.045], [0, 0, 0.045], 0.06, GREY),
        capsule([0, -0.05, 0], [0, -0.14, 0], 0.062, WHITE),
      ],
    },
    {
      name: 'link3',
      solids: [
        capsule([0, 0, -0.11], [0, 0, -0.06], 0.06, WHITE),
        capsule([0.01, 0, -0.06], [0.0825, 0, -0.005], 0.05, WHITE),
      ],
    },
    {
      name: 'link4',
      solids: [
        capsule([0, 0, -0.045], [0, 0, 0.045], 0.055, GREY),
        capsule([-0.01, 0.01, 0], [-0.0825, 0.09, 0], 0.05, WHITE),
      ],
    },
    {
      name: 'link5',
      solids: [
        capsule([0, 0, -0.25], [0, 0, -0.16], 0.055, WHITE),
        capsule([0, 0.045, -0.16], [0, 0.045, -0.04], 0.035, WHITE),
      ],
    },
    {
      name: 'link6',
      solids: [
        capsule([0, 0, -0.035], [0, 0, 0.045], 0.045, GREY),
        capsule([0.01, 0, 0], [0.08, 0, 0], 0.045, WHITE),
      ],
    },
    {
      name: 'link7',
      solids: [
        capsule([0, 0, 0.02], [0, 0, 0.05], 0.042, WHITE),
        cylinder([0, 0, 0.07], [0, 0, 0.107], 0.032, GREY),
      ],
    },
  ],
  flange: { position: [0, 0, FLANGE_D], orientation: [0, 0, 0, 1] },
  gripper: parallelGripper({
    mount: { position: [0, 0, 0], orientation: quatFromAxisAngle([0, 0, 1], -Math.PI / 4) },
    opening: 0.08,
    handWidth: 0.204,
    handDepth: 0.0584,
    tool: 0.1034,
    mass: 0.73,
    speed: 0.05,
    maxEffort: 70,
  }),
  home: [0, -Math.PI / 4, 0, -0.75 * Math.PI, 0, HALF, Math.PI / 4],
};
