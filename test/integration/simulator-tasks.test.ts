import { describe, expect, it } from 'vitest';
import { inverse, transformPoint } from '../../src/core/geometry.ts';
import { tasks } from '../../src/simulator/tasks/index.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { down, objectNamed, ScriptedArm } from '../support/scripted-arm.ts';
import { taskScripts } from '../support/task-scripts.ts';

/** Development seeds; a wider sweep is a matter of a longer list. */
const SEEDS = (process.env.WAYBOOK_TASK_SEEDS ?? '11').split(',').map(Number);

describe('tasks can be done with the truth known', () => {
  it.each(tasks.map((task) => task.name))('%s', { timeout: 300_000 }, async (name) => {
    const script = taskScripts[name];
    if (!script) throw new Error(`no script shows that ${name} can be done`);
    for (const seed of SEEDS) {
      using world = await createWorld({ scene: name, seed });
      using arm = await ScriptedArm.attach(world);
      expect(arm.run(script(world)), `reach on seed ${seed}`).toBe(true);
      expect(world.taskVerdict(), `seed ${seed}`).toMatchObject({ success: true });
    }
  });
});

describe('a held cube', () => {
  it(
    'creeps less than a millimetre in ten seconds, and falls when let go',
    { timeout: 120_000 },
    async () => {
      using world = await createWorld({ scene: 'stack', seed: 12 });
      using arm = await ScriptedArm.attach(world);
      const { pose } = objectNamed(world, 'red cube');
      const [x, y, z] = pose.position;
      const yaw = Math.atan2(pose.orientation[2], pose.orientation[3]) * 2;
      const turn = yaw - (Math.PI / 2) * Math.round(yaw / (Math.PI / 2));
      arm.run([
        { move: down([x, y, 0.15], turn) },
        { move: down([x, y, z], turn) },
        { grip: 0 },
        { move: down([x, y, 0.3], turn) },
      ]);
      const inHand = () =>
        transformPoint(inverse(world.linkPoses().get('tool')!), objectNamed(world, 'red cube').pose.position);
      const before = inHand();
      for (let i = 0; i < 10 / world.timestep; i++) world.step();
      const after = inHand();
      expect(Math.hypot(...after.map((value, k) => value - before[k]!))).toBeLessThan(0.001);
      arm.run([{ grip: 1 }, { wait: 0.5 }]);
      expect(objectNamed(world, 'red cube').pose.position[2]).toBeLessThan(0.04);
    },
  );
});
