import { putCabinet } from '../scene/cabinet.ts';
import type { Task } from './task.ts';

/** How far it may stay open [m] */
const SHUT = 0.012;

export const closeDrawer: Task = {
  name: 'close-drawer',
  summary: 'Push an open drawer shut.',
  build(scene) {
    const { random } = scene;
    const { drawer } = putCabinet(
      scene,
      {
        x: random.uniform(0.6, 0.65),
        y: random.uniform(-0.12, 0.12),
        yaw: Math.PI + random.uniform(-0.3, 0.3),
      },
      { open: random.uniform(0.09, 0.14) },
    );
    return {
      instruction: 'close the drawer',
      judge(reading) {
        const open = reading.travel(drawer);
        return {
          conditions: [
            { holds: open < SHUT, text: 'the drawer is shut' },
            { holds: reading.speed(drawer) < 0.01, text: 'it is at rest' },
          ],
          metrics: { open },
        };
      },
    };
  },
};
