import { cube } from '../scene/shapes.ts';
import { isStill, labelOf, type Task } from './task.ts';

/** Clear of the table by this much [m] */
const LIFT = 0.08;

export const pickAndHold: Task = {
  name: 'pick-and-hold',
  aliases: ['pick-up'],
  summary: 'Pick a thing up and hold it in the air.',
  build(scene) {
    const thing = scene.scatter(scene.subject('red', () => cube('red', 0.04)));
    const start = thing.pose.position[2];
    return {
      instruction: `pick up the ${labelOf(thing)}`,
      judge(reading) {
        const height = reading.pose(thing).position[2] - start;
        return {
          conditions: [
            { holds: height > LIFT, text: `the ${labelOf(thing)} is lifted by ${LIFT * 1000} mm` },
            { holds: reading.heldByGripper(thing), text: 'both fingers hold it' },
            { holds: isStill(reading, thing), text: 'it is held still' },
          ],
          metrics: { height },
        };
      },
    };
  },
};
