import { defaultServices } from '../../notebook/session/default-services.ts';
import { silentLog } from '../../notebook/session/run-log.ts';
import { TaskSession } from '../../notebook/session/task-session.ts';
import { EVAL_TASKS, taskNotebook } from './task-list.ts';

/** What an episode is asked: everything that decides its outcome. */
export interface EpisodeRequest {
  readonly task: string;
  readonly seed: number;
  readonly refiner?: string;
  readonly planner?: string;
  /** further options of the simulator's address: noise, distractors, … */
  readonly options: Readonly<Record<string, string>>;
}

export interface EpisodeResult {
  readonly task: string;
  readonly seed: number;
  readonly success: boolean;
  /** verdict, or what went wrong before there was one */
  readonly reason: string;
  /** code of the failure, where the run failed before the task could */
  readonly code?: string;
  readonly trajectoryHash?: string;
  readonly finalStateHash?: string;
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Runs episodes one after another on one simulator at a time. The same request gives the same result whatever ran
 * before, because every episode resets the scene.
 */
export class EpisodeRunner implements AsyncDisposable {
  readonly #session = new TaskSession({
    services: defaultServices(),
    emit: () => undefined,
    openLog: () => silentLog,
    id: 'eval',
  });

  async run(request: EpisodeRequest): Promise<EpisodeResult> {
    const task = EVAL_TASKS.find((candidate) => candidate.name === request.task);
    if (!task) throw new RangeError(`There is no task ${request.task}`);
    const query = new URLSearchParams({ seed: String(request.seed), ...request.options });
    const summary = await this.#session.run({
      runId: `${request.task}-${request.seed}`,
      text: taskNotebook(task),
      name: `${task.name}.waybook.md`,
      runsFolder: '',
      options: {
        robot: `sim:${task.scene}?${query.toString()}`,
        robotFrom: 'option',
        ...(request.refiner === undefined ? {} : { refiner: request.refiner }),
        ...(request.planner === undefined ? {} : { planner: request.planner }),
      },
    });
    return {
      task: request.task,
      seed: request.seed,
      success: summary.exitCode === 0 && summary.verdict?.success === true,
      reason: summary.failure?.message ?? summary.verdict?.reason ?? summary.outcome,
      ...(summary.failure ? { code: summary.failure.code } : {}),
      ...(summary.trajectoryHash === undefined ? {} : { trajectoryHash: summary.trajectoryHash }),
      ...(summary.finalStateHash === undefined ? {} : { finalStateHash: summary.finalStateHash }),
      metrics: summary.verdict?.metrics ?? {},
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}
