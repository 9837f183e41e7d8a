import type { Region } from '../scene/scene-builder.ts';
import { BOWL, bowl, can, cube } from '../scene/shapes.ts';
import { insideBowl } from './put-in-bowl.ts';
import { leftAlone, type Task } from './task.ts';

const SIZE = { ...BOWL, rim: 0.085, bottom: 0.06 };

export const sortByColour: Task = {
  name: 'sort-by-colour',
  aliases: ['sort'],
  summary: 'Sort four things by colour into two bowls.',
  build(scene) {
    // The bowls stand at the sides, in random order, so that the things find room between them.
    const swap = scene.random.next() < 0.5;
    const side = (left: boolean): Region => ({ x: [0.42, 0.56], y: left ? [0.17, 0.26] : [-0.26, -0.17] });
    const redBowl = scene.scatter(bowl('red', SIZE), { region: side(swap) });
    const blueBowl = scene.scatter(bowl('blue', SIZE), { region: side(!swap) });
    const pairs = [
      { thing: scene.scatter(cube('red', 0.035)), home: redBowl },
      { thing: scene.scatter(cube('blue', 0.035)), home: blueBowl },
      { thing: scene.scatter(can('red', 0.016, 0.045)), home: redBowl },
      { thing: scene.scatter(can('blue', 0.016, 0.045)), home: blueBowl },
    ];
    return {
      instruction: 'sort the things by colour into the bowls',
      judge(reading) {
        const metrics: Record<string, number> = { sorted: 0 };
        const conditions = pairs.flatMap(({ thing, home }) => {
          const { conditions: inside } = insideBowl(reading, thing, home, SIZE);
          if (inside[0]?.holds) metrics.sorted = (metrics.sorted ?? 0) + 1;
          return [...inside.slice(0, 1), ...leftAlone(reading, thing)];
        });
        return { conditions, metrics };
      },
    };
  },
};
