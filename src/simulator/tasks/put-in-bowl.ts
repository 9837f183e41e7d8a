import { transformPoint, inverse } from '../../core/geometry.ts';
import type { Colour } from '../scene/palette.ts';
import { ball, BOWL, bowl, can, cube } from '../scene/shapes.ts';
import type { Thing } from '../scene/thing.ts';
import { labelOf, leftAlone, tiltOf, type Condition, type SceneReading, type Task } from './task.ts';

const EDGE = 0.04;

/** How far above the rim a thing's centre may be: on top of others in the bowl counts as in the bowl [m] */
const HEAP = 0.025;

/** Whether a small thing lies inside an upright bowl, with how far it is from the bowl's axis [m]. */
export function insideBowl(
  scene: SceneReading,
  thing: Thing,
  container: Thing,
  size = BOWL,
): { conditions: Condition[]; offset: number } {
  const pose = scene.pose(container);
  const [x, y, z] = transformPoint(inverse(pose), scene.pose(thing).position);
  const offset = Math.hypot(x, y);
  // Over the rim, only what is well inside lies on a heap; the rest leans on the wall or is still held.
  const within = z < size.height ? size.rim - size.wall : size.bottom;
  const inside = offset < within && z > 0 && z < size.height + HEAP;
  return {
    offset,
    conditions: [
      {
        holds: inside && !scene.touchesTable(thing),
        text: `the ${labelOf(thing)} is in the ${labelOf(container)}`,
      },
      { holds: tiltOf(pose) < 0.2, text: `the ${labelOf(container)} stands upright` },
    ],
  };
}

export const putInBowl: Task = {
  name: 'put-in-bowl',
  aliases: ['tabletop'],
  summary: 'Put a cube in a bowl, with a few other things on the table.',
  build(scene) {
    const thing = scene.scatter(scene.subject('red', () => cube('red', EDGE)));
    const blueBowl = scene.scatter(bowl('blue'));
    const colours: readonly Colour[] = ['green', 'yellow', 'orange', 'purple'];
    const [first, second] = scene.random.shuffle(colours) as [Colour, Colour];
    scene.scatter(can(first, 0.02, 0.07));
    scene.scatter(scene.random.next() < 0.5 ? cube(second, EDGE) : ball(second, 0.022));
    return {
      instruction: `put the ${labelOf(thing)} in the blue bowl`,
      judge(reading) {
        const { conditions, offset } = insideBowl(reading, thing, blueBowl);
        return { conditions: [...conditions, ...leftAlone(reading, thing)], metrics: { offset } };
      },
    };
  },
};
