import { addOne, putMechanism } from '../scene/assortment.ts';
import { isStill, labelOf, type Task } from './task.ts';

/** How many things stand about. */
const FEWEST = 5;
const MOST = 7;
const LIFT = 0.08;

/**
 * A table with all kinds of things, for planning in words: any goal can be asked of it (`?goal=…`). Without one, the
 * first thing is to be picked up. With `twins`, some things come twice, told apart only by where they are.
 */
function sandboxTask(name: string, summary: string, twins: boolean): Task {
  return {
    name,
    summary,
    build(scene) {
      const { random } = scene;
      if (random.next() < 0.6) putMechanism(scene);
      const count = FEWEST + random.below(MOST - FEWEST + 1);
      const first = addOne(scene, { holdable: true });
      if (first === undefined) throw new RangeError('sandbox: no room for the first thing');
      if (twins) scene.scatter(first.shape);
      for (let i = 1; i < count; i++) addOne(scene, { holdable: random.next() < 0.7 });
      const { thing } = first;
      const start = thing.pose.position[2];
      return {
        instruction: `pick up the ${labelOf(thing)}`,
        judge(reading) {
          const height = reading.pose(thing).position[2] - start;
          const held = reading.heldByGripper(thing) && isStill(reading, thing);
          return {
            conditions: [{ holds: height > LIFT && held, text: `the ${labelOf(thing)} is held in the air` }],
            metrics: { height },
          };
        },
      };
    },
  };
}

export const sandbox = sandboxTask('sandbox', 'All kinds of things on a table, for any goal.', false);
export const sandboxTwins = sandboxTask('sandbox-twins', 'The same, with things that come twice.', true);
