import { putLever } from '../scene/mechanisms.ts';
import type { Task } from './task.ts';

/** rad */
const PULLED = 0.7;

export const pullLever: Task = {
  name: 'pull-lever',
  summary: 'Pull a standing lever over.',
  build(scene) {
    const lever = putLever(scene, 'red');
    return {
      instruction: 'pull the lever',
      judge(reading) {
        const angle = reading.travel(lever);
        return {
          conditions: [
            { holds: angle > PULLED, text: 'the lever is pulled over by 40 degrees' },
            { holds: !reading.touchedByRobot(lever), text: 'the robot has let go of it' },
            { holds: reading.spin(lever) < 0.05, text: 'it is at rest' },
          ],
          metrics: { angle },
        };
      },
    };
  },
};
