import { inverse, transformPoint } from '../../core/geometry.ts';
import { post, POST } from '../scene/stands.ts';
import { ring, RING } from '../scene/tableware.ts';
import { leftAlone, type Task } from './task.ts';

export const ringOnPost: Task = {
  name: 'ring-on-post',
  aliases: ['hang-on-peg'],
  summary: 'Put a ring over a post; it is held by its rim, not its middle.',
  build(scene) {
    const stand = scene.scatter(post('grey'), { region: { x: [0.42, 0.58], y: [-0.2, 0.2] } });
    const hoop = scene.scatter(ring('purple'));
    return {
      instruction: 'put the purple ring on the post',
      judge(reading) {
        // The post's foot in the ring's own frame: inside the hole, whichever side of the ring is up.
        const [x, y, z] = transformPoint(inverse(reading.pose(hoop)), stand.pose.position);
        const offset = Math.hypot(x, y);
        const height = reading.pose(hoop).position[2];
        return {
          conditions: [
            {
              holds: offset < RING.rim - RING.wall && Math.abs(z) < POST.height,
              text: 'the ring is round the post',
            },
            { holds: height < POST.height - 0.02, text: 'it has gone down over the post' },
            ...leftAlone(reading, hoop),
          ],
          metrics: { offset, height },
        };
      },
    };
  },
};
