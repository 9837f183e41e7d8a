import {
  compose,
  IDENTITY_POSE,
  rotate,
  subtract,
  dot,
  add,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import {
  box,
  FINGER_JOINT,
  FINGER_LINKS,
  FINGER_MIMIC_JOINT,
  HAND_LINK,
  type ArmDescription,
  type ArmJoint,
  type Solid,
} from './arm-description.ts';
import { massProperties, volumeOf, type MassProperties } from './mass-properties.ts';

/** How a link hangs on its parent. */
export type LinkJoint =
  | { readonly kind: 'fixed' }
  | { readonly kind: 'revolute'; readonly joint: ArmJoint }
  | { readonly kind: 'finger'; readonly name: string; readonly axis: Vec3; readonly mimic: boolean };

/** One rigid link of arm or gripper, ready for MJCF and URDF alike. */
export interface Link {
  readonly name: string;
  /** undefined for the first one, which is fixed to the base */
  readonly parent?: string;
  /** in the parent's frame, joint at 0 */
  readonly origin: Pose;
  readonly joint: LinkJoint;
  readonly solids: readonly Solid[];
  /** the part of `solids` that grips */
  readonly pads: readonly Solid[];
  readonly mass: MassProperties;
}

const FINGER_COLOR = [70, 74, 80] as const;
const PAD_COLOR = [40, 42, 46] as const;
/** The shaft stands back from the pad's face, so that only the pad grips [m]. */
const SHAFT_RECESS = 0.0015;
/** kg of one finger; the rest of the gripper's mass is the hand's */
const FINGER_MASS = 0.03;

/** All links of an arm with its gripper, parents first. */
export function linksOf(arm: ArmDescription): Link[] {
  const volume = arm.links.reduce((sum, link) => sum + solidVolume(link.solids), 0);
  const links: Link[] = arm.links.map((link, i) => {
    const joint = arm.joints[i - 1];
    return {
      name: link.name,
      ...(i === 0 ? {} : { parent: (arm.links[i - 1] as { name: string }).name }),
      origin: joint?.origin ?? IDENTITY_POSE,
      joint: joint === undefined ? { kind: 'fixed' } : { kind: 'revolute', joint },
      solids: link.solids,
      pads: [],
      mass: massProperties(link.solids, (arm.mass * solidVolume(link.solids)) / volume),
    };
  });
  const last = links[links.length - 1] as Link;
  const { gripper } = arm;
  links.push({
    name: HAND_LINK,
    parent: last.name,
    origin: compose(arm.flange, gripper.mount),
    joint: { kind: 'fixed' },
    solids: gripper.solids,
    pads: [],
    mass: massProperties(gripper.solids, gripper.mass - 2 * FINGER_MASS),
  });
  FINGER_LINKS.forEach((name, side) => links.push(finger(arm, name, side === 0 ? 1 : -1)));
  return links;
}

const solidVolume = (solids: readonly Solid[]): number =>
  solids.reduce((sum, solid) => sum + volumeOf(solid.shape), 0);

/** A finger's frame lies at the hand's origin when closed; it moves along its own ±Y. */
function finger(arm: ArmDescription, name: string, side: 1 | -1): Link {
  const { palm, tool, tip, fingerWidth: width, fingerThickness: thickness } = arm.gripper;
  const padStart = tool - 0.01;
  const padEnd = tool + tip;
  const shaftThickness = thickness - SHAFT_RECESS;
  const shaft = box(
    [0, side * (SHAFT_RECESS + shaftThickness / 2), (palm + padStart) / 2],
    [width, shaftThickness, padStart - palm],
    FINGER_COLOR,
  );
  const pad = box(
    [0, (side * thickness) / 2, (padStart + padEnd) / 2],
    [width, thickness, padEnd - padStart],
    PAD_COLOR,
  );
  return {
    name,
    parent: HAND_LINK,
    origin: IDENTITY_POSE,
    joint: {
      kind: 'finger',
      name: side === 1 ? FINGER_JOINT : FINGER_MIMIC_JOINT,
      axis: [0, side, 0],
      mimic: side === -1,
    },
    solids: [shaft, pad],
    pads: [pad],
    mass: massProperties([shaft, pad], FINGER_MASS),
  };
}

/** Link poses in base for a joint vector, gripper closed: forward kinematics of the description itself. */
export function describedPoses(arm: ArmDescription, joints: ArrayLike<number>): Map<string, Pose> {
  const poses = new Map<string, Pose>();
  let next = 0;
  for (const link of linksOf(arm)) {
    const parent = link.parent === undefined ? IDENTITY_POSE : (poses.get(link.parent) as Pose);
    let pose = compose(parent, link.origin);
    if (link.joint.kind === 'revolute') {
      const angle = joints[next++] as number;
      pose = compose(pose, {
        position: [0, 0, 0],
        orientation: [0, 0, Math.sin(angle / 2), Math.cos(angle / 2)],
      });
    }
    poses.set(link.name, pose);
  }
  return poses;
}

/** Moment of inertia that each joint's servo moves at the home pose, everything after it rigid [kg·m²]. */
export function reflectedInertia(arm: ArmDescription): number[] {
  const poses = describedPoses(arm, arm.home);
  const links = linksOf(arm);
  return arm.joints.map((_, j) => {
    const start = links[j + 1] as Link;
    const frame = poses.get(start.name) as Pose;
    const axis = rotate(frame.orientation, [0, 0, 1]);
    let sum = 0;
    for (const link of links.slice(j + 1)) {
      const pose = poses.get(link.name) as Pose;
      const centre = add(pose.position, rotate(pose.orientation, link.mass.centre));
      const arm3 = subtract(centre, frame.position);
      const alongAxis = dot(arm3, axis);
      const local = rotate(
        [-pose.orientation[0], -pose.orientation[1], -pose.orientation[2], pose.orientation[3]],
        axis,
      );
      const [xx, yy, zz, xy, xz, yz] = link.mass.inertia;
      const own =
        local[0] * local[0] * xx +
        local[1] * local[1] * yy +
        local[2] * local[2] * zz +
        2 * (local[0] * local[1] * xy + local[0] * local[2] * xz + local[1] * local[2] * yz);
      sum += own + link.mass.mass * (dot(arm3, arm3) - alongAxis * alongAxis);
    }
    return sum;
  });
}
