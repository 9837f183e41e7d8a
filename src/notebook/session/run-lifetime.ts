import { exitCodeOf, WaybookError } from '../../core/errors.ts';
import type { Provenance } from '../../core/provenance.ts';
import type { TaskVerdict } from '../../robot/robot-link.ts';
import { withIds } from '../file/cell-ids.ts';
import type { NotebookDocument } from '../file/document.ts';
import { resolveParams } from '../file/parameters.ts';
import { readNotebook } from '../file/read-notebook.ts';
import type { ActiveRun } from './active-run.ts';
import { cellById, cellId } from './cell-id.ts';
import { type CellRunner, PHASE } from './cell-runner.ts';
import type { RunLog } from './run-log.ts';
import {
  advanceRun,
  IDLE,
  type RunEffect,
  type RunInput,
  type RunOutcome,
  type RunState,
} from './run-machine.ts';
import type { RunRequest, SessionEvent, SessionFailure } from './session-api.ts';
import { failureOf } from './session-failure.ts';
import type { World } from './services.ts';
import { isUsable, type WorldSlot } from './world-slot.ts';

export interface RunSummary {
  readonly exitCode: 0 | 1 | 2 | 3;
  readonly outcome: RunOutcome;
  readonly failure?: SessionFailure;
  readonly verdict?: TaskVerdict;
  /** of the last trajectory that was executed, or else refined */
  readonly trajectoryHash?: string;
  readonly finalStateHash?: string;
  /** the notebook as planning left it */
  readonly document: NotebookDocument;
  readonly provenance: Provenance;
}

export interface RunLifetimeOptions {
  readonly cells: CellRunner;
  readonly worlds: WorldSlot;
  readonly emit: (event: SessionEvent) => void;
  readonly openLog: (request: RunRequest) => RunLog;
}

/**
 * One run of a notebook, from its request to its summary. The order of cells is decided by the run machine; this performs its
 * effects and feeds back what happened.
 */
export class RunLifetime {
  readonly #run: ActiveRun;
  readonly #options: RunLifetimeOptions;
  #state: RunState = IDLE;

  constructor(run: ActiveRun, options: RunLifetimeOptions) {
    this.#run = run;
    this.#options = options;
  }

  /** Runs cells to their end. Never rejects: what went wrong is in the summary, and was emitted. */
  async perform(): Promise<RunSummary> {
    const run = this.#run;
    const { cells, worlds } = this.#options;
    const { request } = run;
    let world: World;
    try {
      run.document = withIds(readNotebook(request.text, request.name));
      run.params = resolveParams(run.document.frontMatter.params, request.options.params);
      world = await worlds.open(request.options.robot, request.options.pace, run.startup.signal);
    } catch (error) {
      return this.#endEarly(error);
    }
    const log = this.#options.openLog(request);
    run.log = log;
    log.begin(cells.provenance(run, {}), world.link.profile.joints);
    this.#emit({ kind: 'run-started', runId: request.runId, recordFolder: log.name });
    this.#emit({
      kind: 'link',
      state: world.link.state,
      reason: '',
      roundTripMs: world.link.info.roundTripMs,
    });
    const unsubscribe = world.link.onState((state) => {
      log.state(state);
      this.#emit({ kind: 'robot', state, epoch: worlds.epoch });
    });
    try {
      const all = run.document.cells.flatMap((cell) => (cell.kind === 'markdown' ? [] : [cellId(cell)]));
      this.input({
        kind: 'start',
        cells: request.cells ?? all,
        resetFirst: request.cells === undefined && world.simulator !== undefined,
        stepping: request.stepping ?? false,
        breakpoints: request.breakpoints ?? [],
      });
      const outcome = await run.ended;
      await run.current;
      return await this.#conclude(world, outcome);
    } finally {
      unsubscribe();
      world.pausable?.resume();
    }
  }

  /** What a person asks of the run, or what happened in it. An input that makes no sense now changes nothing. */
  input(input: RunInput): void {
    const { state, effects } = advanceRun(this.#state, input);
    this.#state = state;
    for (const effect of effects) this.#apply(effect);
  }

  #apply(effect: RunEffect): void {
    const run = this.#run;
    const { cells, worlds } = this.#options;
    const world = worlds.current;
    if (!world) return;
    switch (effect.kind) {
      case 'reset-scene':
        run.current = worlds.reset().then(
          () => this.input({ kind: 'prepared' }),
          (error: unknown) => {
            run.failure = failureOf(error);
            this.input({ kind: 'cell-failed', cell: '', failure: run.failure });
          },
        );
        return;
      case 'run-cell':
        run.current = this.#runCell(world, effect.cell);
        return;
      case 'hold':
        world.pausable?.pause();
        return;
      case 'release':
        world.pausable?.resume();
        return;
      case 'abort-cell':
        run.cell?.abort(new WaybookError('task/cancelled', 'The run was stopped.'));
        return;
      case 'paused':
        this.#emit({
          kind: 'paused',
          cell: effect.at.cell,
          phase: PHASE[cellById(run.document, effect.at.cell).kind],
          ...(effect.at.waypoint ? { waypoint: effect.at.waypoint } : {}),
          variables: cells.variables(run, world, effect.at.cell, effect.at.waypoint?.index),
        });
        return;
      case 'resumed':
        this.#emit({ kind: 'resumed' });
        return;
      case 'skip':
        for (const cell of effect.cells)
          this.#emit({ kind: 'cell-ended', cell, outcome: 'skipped', summary: 'not run' });
        return;
      case 'end':
        run.end(effect.outcome);
    }
  }

  async #runCell(world: World, id: string): Promise<void> {
    const run = this.#run;
    run.cell = new AbortController();
    try {
      const result = await this.#options.cells.produce(
        {
          run,
          world,
          signal: run.cell.signal,
          approaching: (point) => this.input({ kind: 'approaching', point }),
        },
        id,
      );
      this.input({
        kind: 'cell-succeeded',
        cell: id,
        ...(result.then === undefined ? {} : { then: result.then }),
      });
    } catch (error) {
      const failure = failureOf(error);
      const cancelled = failure.code === 'task/cancelled';
      if (!cancelled) run.failure = failure;
      // A motion that was stopped ends the run as stopped, whoever stopped it.
      this.input(cancelled ? { kind: 'cancel' } : { kind: 'cell-failed', cell: id, failure });
    } finally {
      run.cell = undefined;
    }
  }

  /** Verdict, final state and the record's end. */
  async #conclude(world: World, outcome: RunOutcome): Promise<RunSummary> {
    const run = this.#run;
    const { cells, worlds } = this.#options;
    let failure = run.failure;
    let verdict: TaskVerdict | undefined;
    let finalStateHash: string | undefined;
    if (world.simulator && isUsable(world)) {
      try {
        if (run.executed) verdict = await world.simulator.task();
        finalStateHash = (await world.simulator.snapshot()).hash;
      } catch (error) {
        failure ??= failureOf(error);
      }
    }
    const exitCode = failure
      ? exitCodeOf(new WaybookError(failure.code, failure.message))
      : outcome !== 'succeeded' || verdict?.success === false
        ? 1
        : 0;
    await run.log?.end({
      outcome,
      exitCode,
      ...(verdict ? { verdict } : {}),
      ...(finalStateHash === undefined ? {} : { finalStateHash }),
      ...(failure ? { failure: failure.message } : {}),
    });
    this.#emit({
      kind: 'run-ended',
      runId: run.request.runId,
      exitCode,
      ...(verdict ? { verdict } : {}),
      ...(failure ? { failure } : {}),
    });
    if (exitCode === 3) await worlds.close();
    return {
      exitCode,
      outcome,
      ...(failure ? { failure } : {}),
      ...(verdict ? { verdict } : {}),
      ...(run.trajectoryHash === undefined ? {} : { trajectoryHash: run.trajectoryHash }),
      ...(finalStateHash === undefined ? {} : { finalStateHash }),
      document: run.document,
      provenance: cells.provenance(run, {}),
    };
  }

  /** A run that failed before its world was there. */
  #endEarly(error: unknown): RunSummary {
    const run = this.#run;
    const failure = failureOf(error, { file: run.request.name });
    const exitCode = exitCodeOf(error);
    this.#emit({ kind: 'run-ended', runId: run.request.runId, exitCode, failure });
    return {
      exitCode,
      outcome: failure.code === 'task/cancelled' ? 'cancelled' : 'failed',
      failure,
      document: run.document,
      provenance: this.#options.cells.provenance(run, {}),
    };
  }

  #emit(event: SessionEvent): void {
    this.#options.emit(event);
  }
}
