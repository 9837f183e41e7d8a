import { cube } from '../scene/shapes.ts';
import { horizontalDistance, leftAlone, tiltOf, type Task } from './task.ts';

const EDGE = 0.045;
/** Furthest that the centres may be apart [m] */
const OFFSET_LIMIT = 0.018;
/** Furthest that the height difference may be from one edge [m] */
const HEIGHT_LIMIT = 0.004;

export const stack: Task = {
  name: 'stack',
  summary: 'Stack one cube on another.',
  build(scene) {
    const upper = scene.scatter(cube('red', EDGE));
    const lower = scene.scatter(cube('green', EDGE));
    return {
      instruction: 'stack the red cube on top of the green cube',
      judge(reading) {
        const top = reading.pose(upper);
        const below = reading.pose(lower);
        const offset = horizontalDistance(top.position, below.position);
        const heightError = Math.abs(top.position[2] - below.position[2] - EDGE);
        return {
          conditions: [
            {
              holds: reading.touching(upper, lower) && heightError < HEIGHT_LIMIT,
              text: 'the red cube is on the green cube',
            },
            { holds: offset < OFFSET_LIMIT, text: 'they are in line' },
            { holds: tiltOf(below) < 0.1, text: 'the green cube stands level' },
            ...leftAlone(reading, upper),
          ],
          metrics: { offset, heightError },
        };
      },
    };
  },
};
