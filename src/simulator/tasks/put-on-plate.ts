import { mug, PLATE, plate } from '../scene/tableware.ts';
import { horizontalDistance, labelOf, leftAlone, tiltOf, type Task } from './task.ts';

export const putOnPlate: Task = {
  name: 'put-on-plate',
  summary: 'Put a mug on a plate; it is held by its wall, not its middle.',
  build(scene) {
    const dish = scene.scatter(plate('white'), { region: { x: [0.44, 0.56], y: [-0.2, 0.2] } });
    const thing = scene.scatter(scene.subject('red', () => mug('red')));
    return {
      instruction: `put the ${labelOf(thing)} on the white plate`,
      judge(reading) {
        const pose = reading.pose(thing);
        const offset = horizontalDistance(pose.position, reading.pose(dish).position);
        return {
          conditions: [
            {
              holds: offset < PLATE.bottom && reading.touching(thing, dish),
              text: `the ${labelOf(thing)} is on the plate`,
            },
            { holds: tiltOf(pose) < 0.3, text: 'it stands upright' },
            ...leftAlone(reading, thing),
          ],
          metrics: { offset },
        };
      },
    };
  },
};
