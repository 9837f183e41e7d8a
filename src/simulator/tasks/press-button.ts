import { putButton, BUTTON_TRAVEL } from '../scene/mechanisms.ts';
import { labelOf, type Task } from './task.ts';

export const pressButton: Task = {
  name: 'press-button',
  summary: 'Press a button on a box; it stays where it is pushed.',
  build(scene) {
    const button = putButton(scene, scene.random.pick(['red', 'green', 'yellow'] as const));
    return {
      instruction: `press the ${labelOf(button)}`,
      judge(reading) {
        const pressed = reading.travel(button);
        return {
          conditions: [
            { holds: pressed > 0.7 * BUTTON_TRAVEL, text: `the ${labelOf(button)} is pressed` },
            { holds: !reading.touchedByRobot(button), text: 'the robot has let go of it' },
          ],
          metrics: { pressed },
        };
      },
    };
  },
};
