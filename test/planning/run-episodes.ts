import { messageOf } from '../../src/core/errors.ts';
import { loadRobotModel } from '../../src/kinematics/load-robot-model.ts';
import { languagePlanner } from '../../src/planning/language-planner.ts';
import { simulatorProfile } from '../../src/robot/profiles/simulator-profile.ts';
import { createWorld } from '../../src/simulator/world.ts';
import { runEpisode } from './episode.ts';

/*
 * Development harness: plans, refines and executes tasks in process.
 *   esbuild test/planning/run-episodes.ts --bundle --platform=node --format=esm --packages=external --outfile=out/episodes.mjs
 *   node out/episodes.mjs SCENE[,SCENE…] FROM TO [SPEED] [INSTRUCTION]
 */
const [scenes = 'tabletop', from = '0', to = '9', speed = '0.5', instruction] = process.argv.slice(2);
for (const scene of scenes.split(',')) {
  let successes = 0;
  const failures: string[] = [];
  for (let seed = Number(from); seed <= Number(to); seed++) {
    using world = await createWorld({ scene, seed });
    using model = await loadRobotModel({
      urdf: world.urdf,
      joints: world.arm.joints,
      toolFrame: 'tool',
      baseFrame: 'base',
      accelerationLimits: simulatorProfile.accelerationLimits,
    });
    try {
      const { verdict } = await runEpisode(world, model, languagePlanner, {
        speed: Number(speed),
        ...(instruction === undefined ? {} : { instruction }),
      });
      if (verdict.success) successes++;
      else failures.push(`  ${seed}: ${verdict.reason} ${JSON.stringify(verdict.metrics)}`);
    } catch (error) {
      failures.push(`  ${seed}: ${messageOf(error)}`);
    }
  }
  console.log(`${scene}: ${successes}/${Number(to) - Number(from) + 1}`);
  for (const failure of failures) console.log(failure);
}
