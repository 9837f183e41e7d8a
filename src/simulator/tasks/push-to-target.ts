import { block, marking } from '../scene/shapes.ts';
import { horizontalDistance, leftAlone, tiltOf, type Task } from './task.ts';

/** Furthest that the block's centre may be from the target's [m] */
const LIMIT = 0.025;
/** How far apart block and target start [m] */
const NEAREST = 0.12;
const TARGET_RADIUS = 0.045;

export const pushToTarget: Task = {
  name: 'push-to-target',
  summary: 'Push a block onto a marked place on the table.',
  build(scene) {
    const region = { x: [0.4, 0.58], y: [-0.2, 0.2] } as const;
    const [x, y] = scene.findPlace(TARGET_RADIUS, { region });
    const target = scene.put(marking('green', TARGET_RADIUS), { x, y });
    const pushed = scene.scatter(block('yellow', [0.06, 0.06, 0.05]), {
      region,
      awayFrom: { thing: target, distance: NEAREST },
    });
    return {
      instruction: 'push the yellow block to the target',
      judge(reading) {
        const pose = reading.pose(pushed);
        const offset = horizontalDistance(pose.position, target.pose.position);
        return {
          conditions: [
            { holds: offset < LIMIT, text: 'the yellow block is on the target' },
            { holds: reading.touchesTable(pushed) && tiltOf(pose) < 0.1, text: 'it stands on the table' },
            ...leftAlone(reading, pushed),
          ],
          metrics: { offset },
        };
      },
    };
  },
};
