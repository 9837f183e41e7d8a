import { IDENTITY_POSE, rotate, type Pose } from '../../core/geometry.ts';
import { element, numberText, rollPitchYaw } from '../xml.ts';
import {
  BASE_FRAME,
  FINGER_JOINT,
  HAND_LINK,
  TOOL_FRAME,
  type ArmDescription,
  type Solid,
} from './arm-description.ts';
import { linksOf, type Link } from './arm-links.ts';

/** A frame that hangs rigidly on a link: a camera's optical frame. */
export interface FixedFrame {
  readonly name: string;
  readonly parent: string;
  readonly pose: Pose;
}

/**
 * URDF of arm and gripper, from the same description as the physics. Frames: `base`, the links, `tool` and `frames`.
 * URDF knows no capsules: one becomes a cylinder and two spheres.
 */
export function armUrdf(arm: ArmDescription, frames: readonly FixedFrame[]): string {
  const parts: string[] = [element('link', { name: BASE_FRAME })];
  for (const link of linksOf(arm)) parts.push(linkOf(link), jointOf(arm, link));
  const tool: FixedFrame = {
    name: TOOL_FRAME,
    parent: HAND_LINK,
    pose: { position: [0, 0, arm.gripper.tool], orientation: [0, 0, 0, 1] },
  };
  for (const frame of [tool, ...frames]) {
    parts.push(
      element('link', { name: frame.name }),
      element('joint', { name: `${frame.name}_joint`, type: 'fixed' }, [
        element('parent', { link: frame.parent }),
        element('child', { link: frame.name }),
        originOf(frame.pose),
      ]),
    );
  }
  return `<?xml version="1.0"?>\n${element('robot', { name: arm.name }, parts)}\n`;
}

const originOf = (pose: Pose): string =>
  element('origin', { xyz: pose.position, rpy: rollPitchYaw(pose.orientation) });

function linkOf(link: Link): string {
  const [ixx, iyy, izz, ixy, ixz, iyz] = link.mass.inertia;
  const inertial = element('inertial', {}, [
    originOf({ ...IDENTITY_POSE, position: link.mass.centre }),
    element('mass', { value: link.mass.mass }),
    element('inertia', { ixx, ixy, ixz, iyy, iyz, izz }),
  ]);
  const solids = link.solids.flatMap(standardSolids);
  return element('link', { name: link.name }, [
    inertial,
    ...solids.map((solid) => solidElement('visual', solid)),
    ...solids.map((solid) => solidElement('collision', solid)),
  ]);
}

function jointOf(arm: ArmDescription, link: Link): string {
  const ends = [
    element('parent', { link: link.parent ?? BASE_FRAME }),
    element('child', { link: link.name }),
    originOf(link.origin),
  ];
  const { joint } = link;
  switch (joint.kind) {
    case 'fixed':
      return element('joint', { name: `${link.name}_joint`, type: 'fixed' }, ends);
    case 'revolute': {
      const { name, lower, upper, velocity, effort } = joint.joint;
      return element('joint', { name, type: 'revolute' }, [
        ...ends,
        element('axis', { xyz: [0, 0, 1] }),
        element('limit', { lower, upper, velocity, effort }),
      ]);
    }
    case 'finger':
      return element('joint', { name: joint.name, type: 'prismatic' }, [
        ...ends,
        element('axis', { xyz: joint.axis }),
        element('limit', {
          lower: 0,
          upper: arm.gripper.travel,
          velocity: arm.gripper.speed,
          effort: arm.gripper.maxEffort,
        }),
        ...(joint.mimic ? [element('mimic', { joint: FINGER_JOINT, multiplier: 1, offset: 0 })] : []),
      ]);
  }
}

function standardSolids(solid: Solid): Solid[] {
  const { shape } = solid;
  if (shape.kind !== 'capsule') return [solid];
  const { radius, length } = shape;
  const end = (sign: 1 | -1): Solid => {
    const offset = rotate(solid.pose.orientation, [0, 0, (sign * length) / 2]);
    const [x, y, z] = solid.pose.position;
    return {
      shape: { kind: 'sphere', radius },
      pose: { position: [x + offset[0], y + offset[1], z + offset[2]], orientation: [0, 0, 0, 1] },
      color: solid.color,
    };
  };
  return [{ ...solid, shape: { kind: 'cylinder', radius, length } }, end(1), end(-1)];
}

function solidElement(role: 'visual' | 'collision', solid: Solid): string {
  const { shape } = solid;
  const geometry = ((): string => {
    switch (shape.kind) {
      case 'box':
        return element('box', { size: shape.size });
      case 'sphere':
        return element('sphere', { radius: shape.radius });
      case 'cylinder':
      case 'capsule':
        return element('cylinder', { radius: shape.radius, length: shape.length });
    }
  })();
  const children = [originOf(solid.pose), element('geometry', {}, [geometry])];
  if (role === 'visual') {
    const rgba = [...solid.color.map((c) => c / 255), 1].map(numberText).join(' ');
    const name = `rgb-${solid.color.join('-')}`;
    children.push(element('material', { name }, [element('color', { rgba })]));
  }
  return element(role, {}, children);
}
