import fc from 'fast-check';
import { XMLParser } from 'fast-xml-parser';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  angleBetween,
  compose,
  distance,
  IDENTITY_POSE,
  quatFromAxisAngle,
  type Pose,
  type Vec3,
} from '../../core/geometry.ts';
import { Physics } from '../mujoco.ts';
import { bodyPose } from '../physics-reading.ts';
import { sceneMjcf } from '../scene/scene-mjcf.ts';
import type { ArmDescription, Solid } from './arm-description.ts';
import { describedPoses, linksOf } from './arm-links.ts';
import { armUrdf } from './arm-urdf.ts';
import { arms } from './index.ts';
import { massProperties } from './mass-properties.ts';

interface UrdfJoint {
  name: string;
  type: string;
  parent: string;
  child: string;
  origin: Pose;
  axis: Vec3;
}

interface ParsedJoint {
  name: string;
  type: string;
  parent: { link: string };
  child: { link: string };
  origin: { xyz: string; rpy: string };
  axis?: { xyz: string };
}

const numbers = (text: string): number[] => text.trim().split(/\s+/).map(Number);

/** A URDF reader that shares nothing with the writer: fixed-axis roll, pitch, yaw as REP-103 and the URDF page say. */
function readUrdf(xml: string): UrdfJoint[] {
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    isArray: (name) => name === 'joint',
  });
  const robot = (parser.parse(xml) as { robot: { joint: ParsedJoint[] } }).robot;
  return robot.joint.map((joint) => {
    const [roll, pitch, yaw] = numbers(joint.origin.rpy) as [number, number, number];
    const turn = (axis: Vec3, angle: number): Pose => ({
      position: [0, 0, 0],
      orientation: quatFromAxisAngle(axis, angle),
    });
    const rotation = compose(turn([0, 0, 1], yaw), compose(turn([0, 1, 0], pitch), turn([1, 0, 0], roll)));
    return {
      name: joint.name,
      type: joint.type,
      parent: joint.parent.link,
      child: joint.child.link,
      origin: { position: numbers(joint.origin.xyz) as unknown as Vec3, orientation: rotation.orientation },
      axis: (joint.axis ? numbers(joint.axis.xyz) : [0, 0, 1]) as unknown as Vec3,
    };
  });
}

function urdfPoses(
  joints: readonly UrdfJoint[],
  values: Readonly<Record<string, number>>,
): Map<string, Pose> {
  const poses = new Map<string, Pose>([['base', IDENTITY_POSE]]);
  for (const joint of joints) {
    const value = values[joint.name] ?? 0;
    const motion: Pose =
      joint.type === 'prismatic'
        ? { position: joint.axis.map((x) => x * value) as unknown as Vec3, orientation: [0, 0, 0, 1] }
        : { position: [0, 0, 0], orientation: quatFromAxisAngle(joint.axis, value) };
    poses.set(joint.child, compose(compose(poses.get(joint.parent)!, joint.origin), motion));
  }
  return poses;
}

describe.each(arms.map((arm) => [arm.name, arm] as const))('%s', (_, arm: ArmDescription) => {
  let physics: Physics;
  beforeAll(async () => {
    physics = await Physics.compile(sceneMjcf(arm, [], []));
  });
  afterAll(() => physics[Symbol.dispose]());

  it('has the same forward kinematics in its URDF as in its physics, for any joints', () => {
    const joints = readUrdf(armUrdf(arm, []));
    const within = arm.joints.map((j) => fc.double({ min: j.lower, max: j.upper, noNaN: true }));
    fc.assert(
      fc.property(
        fc.tuple(...within),
        fc.double({ min: 0, max: arm.gripper.travel, noNaN: true }),
        (q, finger) => {
          const values: Record<string, number> = { finger_joint: finger, finger_joint_mimic: finger };
          arm.joints.forEach((joint, i) => (values[joint.name] = q[i]!));
          for (const [name, value] of Object.entries(values)) {
            physics.view('qpos')[physics.modelView('jnt_qposadr')[physics.id('joint', name)]!] = value;
          }
          physics.forward();
          const expected = urdfPoses(joints, values);
          for (const link of linksOf(arm)) {
            const actual = bodyPose(physics, physics.id('body', link.name));
            expect(distance(actual.position, expected.get(link.name)!.position)).toBeLessThan(1e-9);
            expect(angleBetween(actual.orientation, expected.get(link.name)!.orientation)).toBeLessThan(1e-6);
          }
          const site = physics.id('site', 'tool');
          const tool = [...physics.view('site_xpos').subarray(3 * site, 3 * site + 3)] as unknown as Vec3;
          expect(distance(tool, expected.get('tool')!.position)).toBeLessThan(1e-9);
        },
      ),
      { numRuns: 100 },
    );
  });

  it('starts with the tool pointing straight down over the table', () => {
    const hand = describedPoses(arm, arm.home).get('hand')!;
    expect(angleBetween(hand.orientation, [1, 0, 0, 0])).toBeLessThan(0.02);
    expect(hand.position[0]).toBeGreaterThan(0.25);
    expect(hand.position[2]).toBeGreaterThan(0.3);
    expect(Math.abs(hand.position[1])).toBeLessThan(0.02);
  });

  it('has its home inside its joint limits and free of contact', () => {
    arm.joints.forEach((joint, i) => {
      expect(arm.home[i]).toBeGreaterThan(joint.lower);
      expect(arm.home[i]).toBeLessThan(joint.upper);
    });
    arm.home.forEach((q, i) => {
      physics.view('qpos')[physics.modelView('jnt_qposadr')[physics.id('joint', arm.joints[i]!.name)]!] = q;
    });
    for (const finger of ['finger_joint', 'finger_joint_mimic']) {
      physics.view('qpos')[physics.modelView('jnt_qposadr')[physics.id('joint', finger)]!] =
        arm.gripper.travel;
    }
    physics.forward();
    expect(physics.contacts()).toEqual([]);
  });

  it('weighs what its data sheet says', () => {
    const total = linksOf(arm).reduce((sum, link) => sum + link.mass.mass, 0);
    expect(total).toBeCloseTo(arm.mass + arm.gripper.mass, 9);
  });
});

describe('Panda-class arm', () => {
  it("puts the flange where Franka's DH table says at zero: 0.088 ahead, 0.926 up", () => {
    const hand = describedPoses(arms[0]!, [0, 0, 0, 0, 0, 0, 0]).get('hand')!;
    expect(hand.position[0]).toBeCloseTo(0.088, 12);
    expect(hand.position[1]).toBeCloseTo(0, 12);
    expect(hand.position[2]).toBeCloseTo(0.333 + 0.316 + 0.384 - 0.107, 12);
  });
});

describe('massProperties', () => {
  it('agrees with cutting a box in two', () => {
    const whole: Solid[] = [
      { shape: { kind: 'box', size: [0.2, 0.1, 0.3] }, pose: IDENTITY_POSE, color: [0, 0, 0] },
    ];
    const halves: Solid[] = [0.05, -0.05].map((x) => ({
      shape: { kind: 'box', size: [0.1, 0.1, 0.3] },
      pose: { position: [x, 0, 0], orientation: [0, 0, 0, 1] },
      color: [0, 0, 0],
    }));
    const a = massProperties(whole, 3);
    const b = massProperties(halves, 3);
    a.inertia.forEach((x, i) => expect(b.inertia[i]).toBeCloseTo(x, 12));
  });

  it('is the physics engine’s own inertia for every kind of solid, turned and shifted', async () => {
    const pose: Pose = { position: [0.1, -0.2, 0.3], orientation: quatFromAxisAngle([1, 2, 3], 0.7) };
    for (const shape of [
      { kind: 'box', size: [0.2, 0.1, 0.3] },
      { kind: 'sphere', radius: 0.1 },
      { kind: 'cylinder', radius: 0.05, length: 0.2 },
      { kind: 'capsule', radius: 0.05, length: 0.2 },
    ] as const) {
      const ours = massProperties([{ shape, pose, color: [0, 0, 0] }], 2);
      const size =
        shape.kind === 'box'
          ? shape.size.map((s) => s / 2)
          : shape.kind === 'sphere'
            ? [shape.radius]
            : [shape.radius, shape.length / 2];
      const [x, y, z, w] = pose.orientation;
      using engine = await Physics.compile(
        `<mujoco><worldbody><body name="b"><freejoint/><geom type="${shape.kind}" size="${size.join(' ')}" mass="2" pos="${pose.position.join(' ')}" quat="${[w, x, y, z].join(' ')}"/></body></worldbody></mujoco>`,
      );
      const [xx, yy, zz] = ours.inertia;
      const principal = [...engine.modelView('body_inertia').subarray(3, 6)];
      // The trace does not depend on the axes; each moment is checked through the determinant-free sum of squares.
      const [, , , xy, xz, yz] = ours.inertia;
      expect(xx + yy + zz).toBeCloseTo(
        principal.reduce((s, p) => s + p, 0),
        12,
      );
      const squares = xx * xx + yy * yy + zz * zz + 2 * (xy * xy + xz * xz + yz * yz);
      expect(squares).toBeCloseTo(
        principal.reduce((s, p) => s + p * p, 0),
        12,
      );
      ours.centre.forEach((c, i) => expect(engine.modelView('body_ipos')[3 + i]).toBeCloseTo(c, 12));
    }
  });
});
