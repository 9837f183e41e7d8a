import { lid, pot, POT } from '../scene/tableware.ts';
import { horizontalDistance, leftAlone, type Task } from './task.ts';

export const liftLid: Task = {
  name: 'lift-lid',
  summary: 'Take the lid off a pot and put it on the table.',
  build(scene) {
    const vessel = scene.scatter(pot('blue'), { region: { x: [0.42, 0.56], y: [-0.2, 0.2] } });
    const [x, y] = vessel.pose.position;
    const cover = scene.put(lid('white'), { x, y, z: POT.height - 0.004 });
    return {
      instruction: 'take the lid off the blue pot',
      judge(reading) {
        const moved = horizontalDistance(reading.pose(vessel).position, vessel.pose.position);
        return {
          conditions: [
            { holds: !reading.touching(cover, vessel), text: 'the lid is off the pot' },
            { holds: reading.touchesTable(cover), text: 'the lid lies on the table' },
            { holds: moved < 0.03, text: 'the pot stayed where it was' },
            ...leftAlone(reading, cover),
          ],
          metrics: { moved },
        };
      },
    };
  },
};
