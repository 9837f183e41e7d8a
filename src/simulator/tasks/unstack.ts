import { cube } from '../scene/shapes.ts';
import { horizontalDistance, leftAlone, type Task } from './task.ts';

const EDGE = 0.045;

export const unstack: Task = {
  name: 'unstack',
  summary: 'Take the upper of two stacked cubes off and put it on the table.',
  build(scene) {
    const lower = scene.scatter(cube('green', EDGE));
    const [x, y] = lower.pose.position;
    const { random } = scene;
    const upper = scene.put(cube('red', EDGE), {
      x: x + random.uniform(-0.004, 0.004),
      y: y + random.uniform(-0.004, 0.004),
      z: EDGE,
      yaw: random.uniform(-Math.PI, Math.PI),
    });
    return {
      instruction: 'take the red cube off the green cube and put it on the table',
      judge(reading) {
        const moved = horizontalDistance(reading.pose(lower).position, lower.pose.position);
        return {
          conditions: [
            { holds: reading.touchesTable(upper), text: 'the red cube is on the table' },
            { holds: !reading.touching(upper, lower), text: 'it stands free of the green cube' },
            { holds: moved < 0.02, text: 'the green cube stayed where it was' },
            ...leftAlone(reading, upper),
          ],
          metrics: { moved },
        };
      },
    };
  },
};
