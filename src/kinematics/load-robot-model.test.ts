import { describe, expect, it } from 'vitest';
import { angleBetween, distance } from '../core/geometry.ts';
import { Random } from '../core/random.ts';
import { PANDA_ACCELERATION, PANDA_HOME, PANDA_JOINTS, pandaUrdf } from './fixtures/panda-urdf.ts';
import { solveIk } from './ik.ts';
import { loadRobotModel } from './load-robot-model.ts';
import { MujocoWorld } from './mujoco.ts';
import { parseUrdf, urdfForMujoco } from './urdf.ts';

const source = {
  urdf: pandaUrdf(),
  joints: PANDA_JOINTS,
  toolFrame: 'tool',
  accelerationLimits: PANDA_ACCELERATION,
};

describe('loadRobotModel', () => {
  it('agrees with MuJoCo on every link over random configurations', async () => {
    using model = await loadRobotModel(source);
    using world = await MujocoWorld.fromXml(urdfForMujoco(parseUrdf(pandaUrdf())), 'test');
    const random = new Random('fk');
    for (let k = 0; k < 50; k++) {
      const q = model.joints.map((j) => random.uniform(j.lower, j.upper));
      const opening = random.next();
      world.stateF64('qpos').set([...q, 0.04 * opening, 0.04 * opening]);
      world.mujoco.mj_kinematics(world.model, world.data);
      const poses = model.linkPoses(q, opening);
      model.linkNames.forEach((name, i) => {
        if (name === 'base') return;
        const body = world.id('body', name);
        const x = world.stateF64('xpos').subarray(3 * body, 3 * body + 3);
        const w = world.stateF64('xquat').subarray(4 * body, 4 * body + 4);
        expect(distance(poses[i]!.position, [x[0]!, x[1]!, x[2]!])).toBeLessThan(1e-9);
        expect(angleBetween(poses[i]!.orientation, [w[1]!, w[2]!, w[3]!, w[0]!])).toBeLessThan(1e-6);
      });
      expect(model.forward(q)).toEqual(poses[model.linkNames.indexOf('tool')]);
    }
  });

  it('has a Jacobian that agrees with finite differences', async () => {
    using model = await loadRobotModel(source);
    const J = new Float64Array(42);
    const random = new Random('jacobian');
    for (let k = 0; k < 20; k++) {
      const q = model.joints.map((j) => random.uniform(j.lower, j.upper));
      model.jacobian(q, J);
      for (let j = 0; j < 7; j++) {
        const h = 1e-6;
        const plus = model.forward(q.map((v, i) => (i === j ? v + h : v))).position;
        const minus = model.forward(q.map((v, i) => (i === j ? v - h : v))).position;
        for (let r = 0; r < 3; r++) expect(J[r * 7 + j]).toBeCloseTo((plus[r]! - minus[r]!) / (2 * h), 6);
      }
    }
  });

  it('solves inverse kinematics for nearly all random reachable poses', async () => {
    using model = await loadRobotModel(source);
    const random = new Random('ik-test');
    let solved = 0;
    for (let k = 0; k < 300; k++) {
      const q = model.joints.map((j) => random.uniform(j.lower, j.upper));
      const target = model.forward(q);
      const found = solveIk(model, target, PANDA_HOME);
      if (!found.converged) continue;
      const reached = model.forward(found.joints);
      expect(distance(reached.position, target.position)).toBeLessThan(1.1e-4);
      expect(angleBetween(reached.orientation, target.orientation)).toBeLessThan(1.1e-3);
      model.joints.forEach((j, i) => {
        expect(found.joints[i]).toBeGreaterThanOrEqual(j.lower);
        expect(found.joints[i]).toBeLessThanOrEqual(j.upper);
      });
      solved++;
    }
    expect(solved).toBeGreaterThanOrEqual(295);
  });
});
