import { putKnob } from '../scene/mechanisms.ts';
import { labelOf, type Task } from './task.ts';

/** rad */
const TURNED = 0.7;

export const turnKnob: Task = {
  name: 'turn-knob',
  summary: 'Turn a winged knob counter-clockwise.',
  build(scene) {
    const knob = putKnob(scene, scene.random.pick(['red', 'orange', 'blue'] as const));
    return {
      instruction: `turn the ${labelOf(knob)} counter-clockwise`,
      judge(reading) {
        const angle = reading.travel(knob);
        return {
          conditions: [
            { holds: angle > TURNED, text: `the ${labelOf(knob)} is turned by 40 degrees` },
            { holds: !reading.touchedByRobot(knob), text: 'the robot has let go of it' },
          ],
          metrics: { angle },
        };
      },
    };
  },
};
