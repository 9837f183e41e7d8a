import { describe, expect, it } from 'vitest';
import { WaybookError } from '../core/errors.ts';
import { PANDA_ACCELERATION, pandaUrdf } from './fixtures/panda-urdf.ts';
import { loadRobotModel, type RobotModelSource } from './load-robot-model.ts';
import { parseUrdf } from './urdf.ts';

const good = pandaUrdf();
const load = (source: Partial<RobotModelSource>) =>
  loadRobotModel({ urdf: good, toolFrame: 'tool', accelerationLimits: PANDA_ACCELERATION, ...source });

describe('parseUrdf', () => {
  it.each([
    ['<robot', /line 1/],
    ['<robot/>', /one root link, found none/],
    ['<launch/>', /root element is not <robot>/],
    ['<robot><link name="a"/><link name="b"/></robot>', /one root link, found "a", "b"/],
    [
      '<robot><link name="a"/><joint name="j" type="fixed"><parent link="a"/><child link="b"/></joint></robot>',
      /joint "j" names the link "b"/,
    ],
    [good.replace('lower="-2.8973"', 'lower="x"'), /joint "joint1" limit lower: "x" is not a number/],
    [good.replace('lower="-2.8973"', 'lower="9"'), /lower limit 9 is above upper limit/],
    [good.replace('type="revolute"', 'type="floating"'), /type "floating", which is not supported/],
    [good.replace('<axis xyz="0 0 1"/>', '<axis xyz="0 0 0"/>'), /zero axis/],
  ])('says what is wrong with a broken description', (text, message) => {
    expect(() => parseUrdf(text)).toThrow(message);
    expect(() => parseUrdf(text)).toThrow(WaybookError);
  });

  it('leaves out meshes that it cannot have, and says so', async () => {
    const mesh = '<collision><geometry><mesh filename="package://a/b.stl"/></geometry></collision></link>';
    using model = await load({ urdf: good.replace('</link>', mesh) });
    expect(model.warnings).toEqual([
      'Link "base": its collision mesh is not available; collisions of that part are not checked.',
    ]);
    expect(model.geoms.get('base')).toHaveLength(1);
  });
});

describe('loadRobotModel', () => {
  it('moves fingers by the opening, mimics included', async () => {
    using model = await load({});
    const q = new Float64Array(7);
    const spread = (opening: number): number => {
      const poses = model.linkPoses(q, opening);
      const y = (name: string) => poses[model.linkNames.indexOf(name)]!.position;
      const [a, b] = [y('left_finger'), y('right_finger')];
      return Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    };
    expect(spread(0)).toBeCloseTo(0, 9);
    expect(spread(0.5)).toBeCloseTo(0.04, 9);
    expect(spread(1)).toBeCloseTo(0.08, 9);
  });

  it('gives poses in another base frame', async () => {
    const shifted = good.replace(
      '</robot>',
      '<link name="world"/><joint name="stand" type="fixed"><parent link="world"/><child link="base"/><origin xyz="1 2 3" rpy="0 0 1"/></joint></robot>',
    );
    using model = await load({ urdf: shifted, baseFrame: 'base' });
    using plain = await load({});
    const q = [0.1, 0.2, 0.3, -1.5, 0.2, 1.2, 0.4];
    model.forward(q).position.forEach((v, k) => expect(v).toBeCloseTo(plain.forward(q).position[k]!, 9));
  });

  it('tightens limits and never loosens them', async () => {
    using model = await load({ velocityLimits: [1, 9, 9, 9, 9, 9, 9] });
    expect(model.joints.map((j) => j.velocity)).toEqual([1, 2.175, 2.175, 2.175, 2.61, 2.61, 2.61]);
    await expect(load({ velocityLimits: [1] })).rejects.toThrow(/velocityLimits must be 7 positive numbers/);
  });

  it('names what the robot does not have', async () => {
    await expect(load({ toolFrame: 'tcp' })).rejects.toThrow(/no link "tcp" for the tool frame/);
    await expect(load({ joints: ['joint1', 'elbow'] })).rejects.toThrow(
      /"joint2" moves the tool but is not among/,
    );
    const all = ['joint1', 'joint2', 'joint3', 'joint4', 'joint5', 'joint6', 'joint7'];
    await expect(load({ joints: [...all, 'elbow'] })).rejects.toThrow(/no joint "elbow"; it has joint1/);
  });

  it('has a hash that follows its content', async () => {
    using a = await load({});
    using b = await load({});
    using c = await load({ velocityLimits: [1, 1, 1, 1, 1, 1, 1] });
    expect(a.hash).toBe(b.hash);
    expect(a.hash).not.toBe(c.hash);
  });
});
