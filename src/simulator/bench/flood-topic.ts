import type { CloudToEncode } from '../../robot/protocol/encode-point-cloud2.ts';
import { POINT_CLOUD2 } from '../../robot/protocol/point-cloud2.ts';
import { Random } from '../../core/random.ts';
import { FLOOD_DEPTH } from '../server/endpoint.ts';
import { cloudPublication, rawCloudFrame } from '../server/publication.ts';
import type { Publication } from '../server/publication.ts';
import type { TopicSpec } from '../server/topics.ts';

export const FLOOD_TOPIC = '/bench/points';
export const STEADY_TOPIC = '/bench/points_10hz';

/**
 * A cloud of `points` points, encoded anew for every message, on two topics: as fast as each subscriber takes it, and ten
 * times a second as cameras publish. The flood's raw frames are written into the memory of those that have been sent, so
 * one subscriber at a time.
 */
export function benchTopics(points: number): TopicSpec[] {
  const random = new Random('bench', points);
  const cloud = {
    frame: 'bench_optical_frame',
    width: points,
    height: 1,
    positions: Float32Array.from({ length: 3 * points }, () => random.uniform(-1, 1)),
    colors: Uint8Array.from({ length: 3 * points }, () => random.below(256)),
  };
  const memory: Uint8Array[] = [];
  let turn = 0;
  const steady: TopicSpec = {
    name: STEADY_TOPIC,
    type: POINT_CLOUD2,
    rate: 10,
    publish: (world) => cloudPublication(STEADY_TOPIC, { ...cloud, stamp: world.time }),
  };
  const flood: TopicSpec = {
    name: FLOOD_TOPIC,
    type: POINT_CLOUD2,
    rate: 'flood',
    publish(world): Publication {
      const message: CloudToEncode = { ...cloud, stamp: world.time };
      const other = cloudPublication(FLOOD_TOPIC, message);
      return {
        ...other,
        frame(compression) {
          if (compression !== 'cbor-raw') return other.frame(compression);
          turn = (turn + 1) % FLOOD_DEPTH;
          return (memory[turn] = rawCloudFrame(FLOOD_TOPIC, message, memory[turn]));
        },
      };
    },
  };
  return [flood, steady];
}
