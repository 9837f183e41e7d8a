import { IDENTITY_POSE, IDENTITY_QUAT } from '../../core/geometry.ts';
import { capsule, cylinder, type ArmDescription } from './arm-description.ts';
import { modifiedDh } from './denavit-hartenberg.ts';
import { parallelGripper } from './parallel-gripper.ts';

/**
 * A 7-joint arm on UFACTORY's published numbers: modified DH parameters ("Kinematic and dynamic parameters of the xArm
 * series"), joint ranges, speed, acceleration and mass from the user manual. Solids are our own.
 */
const HALF = Math.PI / 2;

// The last row's d reaches the flange.
const DH = [
  { a: 0, d: 0.267, alpha: 0 },
  { a: 0, d: 0, alpha: -HALF },
  { a: 0, d: 0.293, alpha: HALF },
  { a: 0.0525, d: 0, alpha: HALF },
  { a: 0.0775, d: 0.3425, alpha: HALF },
  { a: 0, d: 0, alpha: HALF },
  { a: 0.076, d: 0.097, alpha: -HALF },
];

const MOTION = { velocity: Math.PI, acceleration: 20 };
const FULL = { lower: -2 * Math.PI, upper: 2 * Math.PI };
const LIMITS = [
  { ...FULL, ...MOTION, effort: 50 },
  { lower: -2.059, upper: 2.0944, ...MOTION, effort: 50 },
  { ...FULL, ...MOTION, effort: 30 },
  { lower: -0.19198, upper: 3.927, ...MOTION, effort: 30 },
  { ...FULL, ...MOTION, effort: 30 },
  { lower: -1.69297, upper: Math.PI, ...MOTION, effort: 20 },
  { ...FULL, ...MOTION, effort: 20 },
];

const WHITE = [232, 232, 230] as const;
const DARK = [88, 92, 98] as const;

export const xarm7Class: ArmDescription = {
  name: 'xarm7-class',
  mass: 13.7,
  joints: LIMITS.map((limits, i) => ({ name: `joint${i + 1}`, origin: modifiedDh(DH[i]!), ...limits })),
  links: [
    { name: 'link0', solids: [cylinder([0, 0, 0], [0, 0, 0.11], 0.063, WHITE)] },
    { name: 'link1', solids: [capsule([0, 0, -0.1], [0, 0, -0.02], 0.054, WHITE)] },
    {
      name: 'link2',
      solids: [
        capsule([0, 0, -0.035], [0, 0, 0.035], 0.05, DARK),
        capsule([0, -0.04, 0], [0, -0.13, 0], 0.05, WHITE),
      ],
    },
    {
      name: 'link3',
      solids: [
        capsule([0, 0, -0.1], [0, 0, -0.05], 0.05, WHITE),
        capsule([0.005, 0, -0.05], [0.0525, 0, 0], 0.042, WHITE),
      ],
    },
    {
      name: 'link4',
      solids: [
        capsule([0, 0, -0.035], [0, 0, 0.035], 0.045, DARK),
        capsule([0.01, -0.01, 0], [0.0775, -0.08, 0], 0.042, WHITE),
      ],
    },
    { name: 'link5', solids: [capsule([0, 0, -0.22], [0, 0, -0.06], 0.04, WHITE)] },
    {
      name: 'link6',
      solids: [
        capsule([0, 0, -0.03], [0, 0, 0.03], 0.038, DARK),
        capsule([0.01, 0, 0], [0.07, 0.015, 0], 0.038, WHITE),
      ],
    },
    { name: 'link7', solids: [cylinder([0, 0, -0.055], [0, 0, 0], 0.036, WHITE)] },
  ],
  flange: IDENTITY_POSE,
  gripper: parallelGripper({
    mount: { position: [0, 0, 0], orientation: IDENTITY_QUAT },
    opening: 0.084,
    handWidth: 0.14,
    handDepth: 0.1,
    tool: 0.15,
    mass: 0.8,
    speed: 0.06,
    maxEffort: 30,
  }),
  home: [0, -0.284, 0, 1.3643, 0, 1.6483, 0],
};
