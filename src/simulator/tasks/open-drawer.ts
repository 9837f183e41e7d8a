import { DRAWER_TRAVEL, putCabinet } from '../scene/cabinet.ts';
import type { Task } from './task.ts';

/** How far it must be open [m] */
const OPEN = 0.12;

export const openDrawer: Task = {
  name: 'open-drawer',
  summary: 'Open the drawer of a small cabinet by its handle.',
  build(scene) {
    const { random } = scene;
    // The front faces the arm, more or less; the drawer opens towards it.
    const yaw = Math.PI + random.uniform(-0.35, 0.35);
    const { drawer } = putCabinet(scene, {
      x: random.uniform(0.57, 0.63),
      y: random.uniform(-0.14, 0.14),
      yaw,
    });
    return {
      instruction: 'open the drawer',
      judge(reading) {
        const open = reading.travel(drawer);
        return {
          conditions: [
            { holds: open > OPEN, text: `the drawer is open by more than ${OPEN * 1000} mm` },
            { holds: reading.speed(drawer) < 0.01, text: 'the drawer is at rest' },
          ],
          metrics: { open, travel: DRAWER_TRAVEL },
        };
      },
    };
  },
};
