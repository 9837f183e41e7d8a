import type { Pose } from '../../core/geometry.ts';
import { element, mujocoQuat } from '../xml.ts';
import {
  FINGER_JOINT,
  FINGER_MIMIC_JOINT,
  HAND_LINK,
  TOOL_FRAME,
  type ArmDescription,
  type Solid,
} from './arm-description.ts';
import { linksOf, reflectedInertia, type Link } from './arm-links.ts';

/** Names of the actuators, joints in order. */
export const armActuator = (joint: string): string => `servo:${joint}`;
export const GRIPPER_ACTUATOR = 'servo:gripper';

/** Bandwidth of the joint servos [rad/s], critically damped. */
const SERVO_BANDWIDTH = 60;
/** Rotor inertia seen at the joint, per N·m of its strength [kg·m²]. */
const ARMATURE_PER_EFFORT = 0.002;
/** N per metre that the mean finger position is off */
const GRIPPER_STIFFNESS = 8000;
const GRIPPER_DAMPING = 300;
/** kg that each finger's drive adds */
const FINGER_ARMATURE = 0.3;
/**
 * Contact of the pads (rubber on things): they have priority, so these numbers hold whatever is gripped. Sliding,
 * torsional [m] and rolling [m] friction.
 */
const PAD_CONTACT = { friction: [1, 0.02, 0.0002], condim: 4, priority: 1, solref: [0.01, 1] };
/** `contype`/`conaffinity` of things and of the robot: all collide with all, except what is excluded. */

export interface ArmMjcf {
  /** bodies for `<worldbody>` */
  readonly bodies: string;
  readonly exclusions: readonly string[];
  readonly actuators: readonly string[];
  readonly tendons: readonly string[];
  readonly equalities: readonly string[];
}

export interface ServoGains {
  readonly stiffness: number;
  readonly damping: number;
  readonly armature: number;
}

/** Gains that give every joint the same critically damped response at the home pose. */
export function servoGains(arm: ArmDescription): ServoGains[] {
  const inertia = reflectedInertia(arm);
  return arm.joints.map((joint, i) => {
    const armature = ARMATURE_PER_EFFORT * joint.effort;
    const moved = (inertia[i] as number) + armature;
    return { stiffness: moved * SERVO_BANDWIDTH ** 2, damping: 2 * moved * SERVO_BANDWIDTH, armature };
  });
}

/** The arm's part of a model. `extras` adds children (camera mounts, for instance) to a link's body. */
export function armMjcf(arm: ArmDescription): ArmMjcf {
  const links = linksOf(arm);
  const gains = servoGains(arm);
  const childrenOf = (name: string): Link[] => links.filter((link) => link.parent === name);

  const bodyOf = (link: Link): string => {
    const { mass } = link;
    const children: string[] = [];
    const { joint } = link;
    if (joint.kind === 'revolute') {
      const index = arm.joints.indexOf(joint.joint);
      children.push(
        element('joint', {
          name: joint.joint.name,
          axis: [0, 0, 1],
          range: [joint.joint.lower, joint.joint.upper],
          armature: gains[index]?.armature,
        }),
      );
    } else if (joint.kind === 'finger') {
      children.push(
        element('joint', {
          name: joint.name,
          type: 'slide',
          axis: joint.axis,
          range: [0, arm.gripper.travel],
          armature: FINGER_ARMATURE,
          damping: 1,
        }),
      );
    }
    children.push(element('inertial', { pos: mass.centre, mass: mass.mass, fullinertia: mass.inertia }));
    link.solids.forEach((solid, i) =>
      children.push(solidGeom(`${link.name}:${i}`, solid, link.pads.includes(solid) ? PAD_CONTACT : {})),
    );
    if (link.name === HAND_LINK)
      children.push(element('site', { name: TOOL_FRAME, pos: [0, 0, arm.gripper.tool] }));
    children.push(...childrenOf(link.name).map(bodyOf));
    return element('body', { name: link.name, ...poseAttributes(link.origin), gravcomp: 1 }, children);
  };

  return {
    bodies: bodyOf(links[0] as Link),
    exclusions: exclusionsOf(links),
    actuators: [
      ...arm.joints.map((joint, i) => {
        const { stiffness, damping } = gains[i] as ServoGains;
        return element('general', {
          name: armActuator(joint.name),
          joint: joint.name,
          biastype: 'affine',
          gainprm: [stiffness],
          biasprm: [0, -stiffness, -damping],
          forcerange: [-joint.effort, joint.effort],
        });
      }),
      element('general', {
        name: GRIPPER_ACTUATOR,
        tendon: 'fingers',
        biastype: 'affine',
        gainprm: [GRIPPER_STIFFNESS],
        biasprm: [0, -GRIPPER_STIFFNESS, -GRIPPER_DAMPING],
        forcerange: [-2 * arm.gripper.maxEffort, 2 * arm.gripper.maxEffort],
      }),
    ],
    // The tendon's length is the mean finger position, so each finger gets half of the actuator's force.
    tendons: [
      element('fixed', { name: 'fingers' }, [
        element('joint', { joint: FINGER_JOINT, coef: 0.5 }),
        element('joint', { joint: FINGER_MIMIC_JOINT, coef: 0.5 }),
      ]),
    ],
    equalities: [
      element('joint', {
        joint1: FINGER_MIMIC_JOINT,
        joint2: FINGER_JOINT,
        polycoef: [0, 1, 0, 0, 0],
        solref: [0.005, 1],
        solimp: [0.95, 0.99, 0.001],
      }),
    ],
  };
}

export const poseAttributes = (pose: Pose): { pos: readonly number[]; quat: number[] } => ({
  pos: pose.position,
  quat: mujocoQuat(pose.orientation),
});

/** One geom; sizes in MuJoCo are half extents. */
export function solidGeom(
  name: string,
  solid: Solid,
  extra: Readonly<Record<string, string | number | readonly number[] | undefined>>,
): string {
  const { shape } = solid;
  const size = ((): number[] => {
    switch (shape.kind) {
      case 'box':
        return shape.size.map((s) => s / 2);
      case 'sphere':
        return [shape.radius];
      case 'cylinder':
      case 'capsule':
        return [shape.radius, shape.length / 2];
    }
  })();
  return element('geom', {
    name,
    type: shape.kind,
    size,
    ...poseAttributes(solid.pose),
    rgba: [...solid.color.map((c) => c / 255), 1],
    ...extra,
  });
}

/**
 * Links that are at most two joints apart overlap by design and never collide; MuJoCo leaves out only direct
 * neighbours by itself. The hand counts with the last link, the fingers with the hand.
 */
function exclusionsOf(links: readonly Link[]): string[] {
  const depth = new Map<string, number>();
  for (const link of links) {
    const above = link.parent === undefined ? 0 : (depth.get(link.parent) as number);
    depth.set(link.name, link.joint.kind === 'revolute' ? above + 1 : above);
  }
  const pairs: string[] = [];
  links.forEach((a, i) => {
    for (const b of links.slice(i + 1)) {
      if (Math.abs((depth.get(a.name) as number) - (depth.get(b.name) as number)) > 2) continue;
      const fingers = a.joint.kind === 'finger' && b.joint.kind === 'finger';
      if (!fingers) pairs.push(element('exclude', { body1: a.name, body2: b.name }));
    }
  });
  return pairs;
}
