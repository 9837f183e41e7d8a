import { messageOf, WaybookError } from '../core/errors.ts';
import { parseCondition, type Condition } from './condition.ts';
import { EpisodeRunner } from './episode.ts';
import { ArmKits, EpisodeScene, type Prepared } from './episode-scene.ts';
import { openNetwork, type LocalNetwork } from './local-network.ts';
import { parseMethod, type ModelRef } from './methods.ts';
import { refinerOf } from './refiner-of.ts';
import type { SceneJob } from './scene-jobs.ts';
import { keyOf, type EpisodeRecord, type EpisodeRequest } from './record.ts';

/** Another scene's cloud is taken from the seed that is this much further on. */
const OTHER_SEED = 1;

/** Runs scene jobs one after another; keeps arms and networks between them. Must be disposed. */
export class SceneJobRunner implements AsyncDisposable {
  readonly #kits = new ArmKits();
  readonly #networks = new Map<string, Promise<LocalNetwork>>();

  async run(job: SceneJob, signal: AbortSignal): Promise<EpisodeRecord[]> {
    const first = job.episodes[0];
    if (!first) return [];
    const about = (request: EpisodeRequest): Omit<EpisodeRecord, 'result' | 'skipped'> => ({
      key: keyOf(request),
      task: request.task,
      seed: request.seed,
      condition: request.condition,
      method: request.method,
      ...(request.model ? { sha256: request.model.sha256 } : {}),
    });
    let scene: EpisodeScene;
    try {
      scene = await EpisodeScene.open(job.task, job.seed, parseCondition(first.condition), this.#kits);
    } catch (error) {
      // A scene with no room for what is asked for: the same for every method.
      if (!(error instanceof WaybookError) || error.code === 'internal/bug') throw error;
      return job.episodes.map((request) => ({ ...about(request), skipped: messageOf(error) }));
    }
    using opened = scene;
    const runner = new EpisodeRunner(opened);
    const records: EpisodeRecord[] = [];
    for (const request of job.episodes) {
      const condition = parseCondition(request.condition);
      const prepared = prepare(opened, condition);
      if (typeof prepared === 'string') {
        records.push({ ...about(request), skipped: prepared });
        continue;
      }
      const { id } = parseMethod(request.method);
      const network = request.model && (await this.#network(request.model));
      const refiner = await refinerOf(id, opened, prepared, network, () =>
        this.#otherCapture(job, condition),
      );
      if (!refiner) {
        records.push({ ...about(request), skipped: 'There is no other scene to see.' });
        continue;
      }
      records.push({
        ...about(request),
        result: await runner.run(prepared, refiner, id === 'oracle', signal),
      });
    }
    return records;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#kits[Symbol.dispose]();
    for (const network of this.#networks.values()) await (await network)[Symbol.asyncDispose]();
  }

  #network({ path, sha256 }: ModelRef): Promise<LocalNetwork> {
    let network = this.#networks.get(sha256);
    if (!network) this.#networks.set(sha256, (network = openNetwork(path, sha256)));
    return network;
  }

  async #otherCapture(job: SceneJob, condition: Condition): Promise<Prepared['capture'] | undefined> {
    using other = await EpisodeScene.open(job.task, job.seed + OTHER_SEED, condition, this.#kits);
    const prepared = prepare(other, condition);
    return typeof prepared === 'string' ? undefined : prepared.capture;
  }
}

/** The scene under the condition, or why it cannot be had: the same for every method. */
function prepare(scene: EpisodeScene, condition: Condition): Prepared | string {
  try {
    return scene.prepare(condition) ?? 'The condition cannot be had in this scene.';
  } catch (error) {
    if (error instanceof WaybookError && error.code.startsWith('input/')) return messageOf(error);
    throw error;
  }
}
