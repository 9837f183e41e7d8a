import { IDENTITY_QUAT } from '../../core/geometry.ts';
import { capsule, cylinder, type ArmDescription } from './arm-description.ts';
import { standardDh } from './denavit-hartenberg.ts';
import { parallelGripper } from './parallel-gripper.ts';

/**
 * A 6-joint arm on Universal Robots' published numbers: standard DH parameters ("DH parameters for calculations of
 * kinematics and dynamics"), joint ranges, speeds and mass from the data sheet; accelerations are planning values. The
 * first joint's zero is turned by half a turn, so that the arm faces +X. Solids are our own; the gripper is wider than
 * the Panda-class one.
 */
const HALF = Math.PI / 2;

const { joints, flange } = standardDh([
  { a: 0, d: 0.1625, alpha: HALF, theta: Math.PI },
  { a: -0.425, d: 0, alpha: 0 },
  { a: -0.3922, d: 0, alpha: 0 },
  { a: 0, d: 0.1333, alpha: HALF },
  { a: 0, d: 0.0997, alpha: -HALF },
  { a: 0, d: 0.0996, alpha: 0 },
]);

const STRONG = { velocity: Math.PI, acceleration: Math.PI, effort: 150 };
const WEAK = { ...STRONG, effort: 28 };
const FULL = { lower: -2 * Math.PI, upper: 2 * Math.PI };
const LIMITS = [
  { ...FULL, ...STRONG },
  { ...FULL, ...STRONG },
  { lower: -Math.PI, upper: Math.PI, ...STRONG },
  { ...FULL, ...WEAK },
  { ...FULL, ...WEAK },
  { ...FULL, ...WEAK },
];

const SILVER = [196, 200, 206] as const;
const CAP = [96, 132, 172] as const;

export const ur5eClass: ArmDescription = {
  name: 'ur5e-class',
  mass: 20.6,
  joints: LIMITS.map((limits, i) => ({ name: `joint${i + 1}`, origin: joints[i]!, ...limits })),
  links: [
    { name: 'link0', solids: [cylinder([0, 0, 0], [0, 0, 0.09], 0.075, CAP)] },
    { name: 'link1', solids: [cylinder([0, 0, 0.09], [0, 0, 0.21], 0.06, SILVER)] },
    {
      name: 'link2',
      solids: [
        cylinder([0, 0, 0.07], [0, 0, 0.19], 0.06, CAP),
        capsule([-0.04, 0, 0.135], [-0.385, 0, 0.135], 0.05, SILVER),
        cylinder([-0.425, 0, 0.065], [-0.425, 0, 0.185], 0.052, CAP),
      ],
    },
    {
      name: 'link3',
      solids: [
        capsule([0, 0, 0.01], [-0.34, 0, 0.01], 0.042, SILVER),
        cylinder([-0.3922, 0, -0.035], [-0.3922, 0, 0.05], 0.04, CAP),
      ],
    },
    { name: 'link4', solids: [cylinder([0, 0, 0.085], [0, 0, 0.17], 0.04, CAP)] },
    { name: 'link5', solids: [cylinder([0, 0, 0.055], [0, 0, 0.14], 0.04, CAP)] },
    { name: 'link6', solids: [cylinder([0, 0, 0.06], [0, 0, 0.0996], 0.036, SILVER)] },
  ],
  flange,
  gripper: parallelGripper({
    mount: { position: [0, 0, 0], orientation: IDENTITY_QUAT },
    opening: 0.1,
    handWidth: 0.17,
    handDepth: 0.09,
    tool: 0.14,
    mass: 0.95,
    speed: 0.06,
    maxEffort: 100,
  }),
  home: [-0.3584, -1.8702, 1.636, -1.3366, -HALF, -0.3584 - HALF],
};
