import { POINT_CLOUD2 } from '../../robot/protocol/point-cloud2.ts';
import { Random } from '../../core/random.ts';
import { cloudPublication } from '../server/publication.ts';
import type { TopicSpec } from '../server/topics.ts';

export const FLOOD_TOPIC = '/bench/points';
export const STEADY_TOPIC = '/bench/points_10hz';

/**
 * A cloud of `points` points, encoded anew for every message, on two topics: as fast as each subscriber takes it, and ten
 * times a second as cameras publish.
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
    publish: (world) => cloudPublication(FLOOD_TOPIC, { ...cloud, stamp: world.time }),
  };
  return [flood, steady];
}
