import { describe, expect, it } from 'vitest';
import { compose, distance } from '../../core/geometry.ts';
import { Random } from '../../core/random.ts';
import { loadRobotModel } from '../../kinematics/load-robot-model.ts';
import { processCapture } from '../../perception/process-capture.ts';
import { pandaClass } from '../../simulator/arm/panda-class.ts';
import { cameraRig } from '../../simulator/cameras/camera-rig.ts';
import { NOISE_NORMAL, trueMount } from '../../simulator/cameras/sensor-noise.ts';
import { createWorld } from '../../simulator/world.ts';
import { standingPoints } from '../expert/point-groups.ts';
import { layScene, placeOf } from './demo-scene.ts';
import { HOME } from './demonstration.ts';
import { seenFrom } from './depth-view.ts';
import { armAt } from './sample-view.ts';
import {
  FAMILIES_OF_TASK,
  HELD_OUT_FAMILIES,
  HELD_OUT_TASKS,
  TRAINED_FAMILIES,
  TRAINED_TASKS,
} from './task-split.ts';

describe('scenes of demonstrations', () => {
  it.each([...TRAINED_TASKS, ...HELD_OUT_TASKS])(
    '%s is the simulator’s own, to the last detection',
    async (task) => {
      const choice = { task, seed: 41, distractors: 1, obstacles: 1 };
      const scene = layScene(choice);
      using world = await createWorld({ ...choice, scene: task });
      expect(scene.instruction).toBe(world.instruction);
      const settled = world.detections();
      expect(scene.objects.map((o) => o.id)).toEqual(settled.map((o) => o.id));
      // The engine lets things settle; nothing moves by more than that.
      scene.objects.forEach((o, i) =>
        expect(distance(o.pose.position, settled[i]!.pose.position)).toBeLessThan(0.002),
      );
    },
  );

  it('what is held out is not trained on', () => {
    const trained: readonly string[] = [
      ...TRAINED_TASKS,
      ...TRAINED_FAMILIES,
      ...Object.values(FAMILIES_OF_TASK).flat(),
    ];
    for (const name of [...HELD_OUT_TASKS, ...HELD_OUT_FAMILIES]) expect(trained).not.toContain(name);
    expect(HELD_OUT_TASKS.length).toBeGreaterThanOrEqual(4);
  });
});

describe('clouds of demonstrations', () => {
  it.each(['stack', 'put-in-bowl', 'ring-on-post', 'open-drawer'])(
    '%s looks as a capture does',
    async (task) => {
      const seed = 102;
      using world = await createWorld({ scene: task, seed, noise: 'normal' });
      const { joints, limits } = world.arm;
      const model = await loadRobotModel({
        urdf: world.urdf,
        joints,
        toolFrame: 'tool',
        accelerationLimits: limits.map((l) => l.acceleration),
      });
      const view = world.renderCloud('front');
      const capture = processCapture(
        {
          camera: 'front',
          cloud: { frame: 'c', stamp: 0, count: view.positions.length / 3, positions: view.positions },
          cameraPose: world.cameraPose('front'),
          robot: { stamp: 0, joints: [...world.arm.home], velocities: [], gripper: 1 },
        },
        {},
        model,
      );
      const real = standingPoints(capture.cloud);
      const scene = layScene({ task, seed, distractors: 0, obstacles: 0 });
      const solids = scene.things.flatMap((t) =>
        t.solids.filter((s) => !s.ghost).map((s) => ({ shape: s.shape, pose: compose(placeOf(t), s.pose) })),
      );
      const { pose, intrinsics } = cameraRig[0]!;
      const made = seenFrom(
        {
          pose: trueMount(pose, NOISE_NORMAL, seed, 'front'),
          believed: pose,
          intrinsics,
          noise: NOISE_NORMAL,
        },
        solids,
        armAt(pandaClass, HOME.pose, HOME.gripper),
        new Random('view', seed),
      );
      expect(made.count).toBeGreaterThan(0.85 * real.count);
      expect(made.count).toBeLessThan(1.15 * real.count);
      expect(made.table!.offset).toBeCloseTo(real.table!.offset, 3);
      for (let k = 0; k < 3; k++) expect(mean(made.positions, k)).toBeCloseTo(mean(real.positions, k), 2);
      model[Symbol.dispose]();
    },
  );
});

function mean(positions: Float32Array, axis: number): number {
  let sum = 0;
  for (let i = axis; i < positions.length; i += 3) sum += positions[i]!;
  return (3 * sum) / positions.length;
}
