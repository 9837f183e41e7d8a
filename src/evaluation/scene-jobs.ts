import { parseCondition } from './condition.ts';
import type { EpisodeRequest } from './record.ts';

/** All that is asked of one world: one task, one seed, one set of things on the table, one arm. */
export interface SceneJob {
  readonly task: string;
  readonly seed: number;
  readonly episodes: readonly EpisodeRequest[];
}

/** Episodes by the world that they happen in, in the order in which the first of each was asked for. */
export function sceneJobsOf(requests: readonly EpisodeRequest[]): SceneJob[] {
  const jobs = new Map<string, { task: string; seed: number; episodes: EpisodeRequest[] }>();
  for (const request of requests) {
    const { extrinsics, distractors, obstacles, object, arm } = parseCondition(request.condition);
    const key = JSON.stringify([request.task, request.seed, extrinsics, distractors, obstacles, object, arm]);
    const job = jobs.get(key);
    if (job) job.episodes.push(request);
    else jobs.set(key, { task: request.task, seed: request.seed, episodes: [request] });
  }
  return [...jobs.values()];
}
