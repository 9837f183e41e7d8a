import { holePlate, peg, PEG_LENGTH } from '../scene/peg-and-hole.ts';
import { horizontalDistance, leftAlone, tiltOf, type Task } from './task.ts';

/** Furthest that the peg's lower end may be above the bottom of the hole [m] */
const DEPTH_LIMIT = 0.008;
const OFFSET_LIMIT = 0.004;

export const insertPeg: Task = {
  name: 'insert-peg',
  summary: 'Put a standing peg into a hole with 1.5 mm of room on each side.',
  build(scene) {
    const plate = scene.scatter(holePlate('grey'), { region: { x: [0.42, 0.58], y: [-0.2, 0.2] }, yaw: 0.6 });
    const pin = scene.scatter(peg('orange'), { clearance: 0.06 });
    return {
      instruction: 'insert the peg into the hole',
      judge(reading) {
        const pose = reading.pose(pin);
        const offset = horizontalDistance(pose.position, plate.pose.position);
        const height = pose.position[2] - PEG_LENGTH / 2;
        return {
          conditions: [
            { holds: offset < OFFSET_LIMIT && tiltOf(pose) < 0.15, text: 'the peg stands in the hole' },
            { holds: height < DEPTH_LIMIT, text: 'it is all the way in' },
            ...leftAlone(reading, pin),
          ],
          metrics: { offset, height },
        };
      },
    };
  },
};
