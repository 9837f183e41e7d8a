import { block, can } from '../scene/shapes.ts';
import { extentOf } from '../scene/thing-size.ts';
import { horizontalDistance, labelOf, leftAlone, type Task } from './task.ts';

/** Widest gap that still counts as beside [m] */
const GAP = 0.06;

export const placeBeside: Task = {
  name: 'place-beside',
  summary: 'Put a thing down beside another.',
  build(scene) {
    const anchor = scene.scatter(can('green', 0.03, 0.06), { region: { x: [0.42, 0.56], y: [-0.18, 0.18] } });
    const thing = scene.scatter(
      scene.subject('red', () => block('red', [0.06, 0.035, 0.035])),
      {
        awayFrom: { thing: anchor, distance: 0.2 },
      },
    );
    const start = anchor.pose.position;
    return {
      instruction: `put the ${labelOf(thing)} next to the green cylinder`,
      judge(reading) {
        const at = reading.pose(thing).position;
        const beside = reading.pose(anchor).position;
        const apart = horizontalDistance(at, beside);
        const gap = apart - extentOf(anchor) - extentOf(thing);
        return {
          conditions: [
            { holds: gap < GAP, text: `the ${labelOf(thing)} is next to the green cylinder` },
            { holds: reading.touchesTable(thing), text: 'it stands on the table' },
            {
              holds: horizontalDistance(start, beside) < 0.03,
              text: 'the green cylinder stayed where it was',
            },
            ...leftAlone(reading, thing),
          ],
          metrics: { apart, gap },
        };
      },
    };
  },
};
