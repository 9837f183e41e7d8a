import { inverse, transformPoint } from '../../core/geometry.ts';
import { putCabinet } from '../scene/cabinet.ts';
import { cube } from '../scene/shapes.ts';
import { labelOf, leftAlone, type Task } from './task.ts';

export const putInDrawer: Task = {
  name: 'put-in-drawer',
  summary: 'Put a thing into a drawer that stands open.',
  build(scene) {
    const { random } = scene;
    const yaw = Math.PI + random.uniform(-0.25, 0.25);
    const open = random.uniform(0.14, 0.17);
    const place = { x: random.uniform(0.66, 0.7), y: random.uniform(-0.1, 0.1), yaw };
    const { drawer, inside } = putCabinet(scene, place, { open });
    scene.reserve(place.x - 0.1, place.y, 0.16);
    const thing = scene.scatter(
      scene.subject('red', () => cube('red', 0.04)),
      {
        region: { x: [0.36, 0.6], y: place.y > 0 ? [-0.3, -0.12] : [0.12, 0.3] },
      },
    );
    return {
      instruction: `put the ${labelOf(thing)} in the drawer`,
      judge(reading) {
        const local = transformPoint(inverse(reading.pose(drawer)), reading.pose(thing).position);
        const within = local.every(
          (x, k) => Math.abs(x - (inside.centre[k] as number)) < (inside.half[k] as number),
        );
        return {
          conditions: [
            { holds: within && !reading.touchesTable(thing), text: `the ${labelOf(thing)} is in the drawer` },
            ...leftAlone(reading, thing),
          ],
          metrics: { open: reading.travel(drawer) },
        };
      },
    };
  },
};
