import { inverse, transformPoint } from '../../core/geometry.ts';
import { cube } from '../scene/shapes.ts';
import { SHELF, shelf } from '../scene/stands.ts';
import { labelOf, leftAlone, type Task } from './task.ts';

export const putOnShelf: Task = {
  name: 'put-on-shelf',
  summary: 'Put a thing on top of a low shelf.',
  build(scene) {
    const { random } = scene;
    const yaw = Math.PI + random.uniform(-0.3, 0.3);
    const board = scene.put(shelf('brown'), {
      x: random.uniform(0.54, 0.6),
      y: random.uniform(-0.16, 0.16),
      yaw,
    });
    const thing = scene.scatter(scene.subject('red', () => cube('red', 0.04)));
    return {
      instruction: `put the ${labelOf(thing)} on the shelf`,
      judge(reading) {
        const [x, y, z] = transformPoint(inverse(reading.pose(board)), reading.pose(thing).position);
        const over = Math.abs(x) < SHELF.depth / 2 && Math.abs(y) < SHELF.width / 2 && z > SHELF.height;
        return {
          conditions: [
            { holds: over && reading.touching(thing, board), text: `the ${labelOf(thing)} is on the shelf` },
            ...leftAlone(reading, thing),
          ],
          metrics: { height: z },
        };
      },
    };
  },
};
