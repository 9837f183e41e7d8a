import { rotate } from '../../core/geometry.ts';
import { rod } from '../scene/composed.ts';
import { leftAlone, type Task } from './task.ts';

const LENGTH = 0.12;
const EDGE = 0.03;
/** rad off the vertical */
const LEAN = 0.1;

export const standUpright: Task = {
  name: 'stand-upright',
  aliases: ['reorient'],
  summary: 'Stand a lying rod on its end.',
  build(scene) {
    const { random } = scene;
    const [x, y] = scene.findPlace(0.07, { region: { x: [0.42, 0.5], y: [-0.14, 0.14] } });
    const bar = scene.put(rod('orange', LENGTH, EDGE), {
      x,
      y,
      yaw: Math.PI / 2 + random.uniform(-0.35, 0.35),
    });
    return {
      instruction: 'stand the orange rod upright',
      judge(reading) {
        const pose = reading.pose(bar);
        const along = rotate(pose.orientation, [1, 0, 0]);
        const lean = Math.acos(Math.min(1, Math.abs(along[2])));
        return {
          conditions: [
            { holds: lean < LEAN, text: 'the orange rod stands upright' },
            { holds: reading.touchesTable(bar), text: 'it stands on the table' },
            ...leftAlone(reading, bar),
          ],
          metrics: { lean },
        };
      },
    };
  },
};
