import { exitCodeOf, WaybookError } from '../../core/errors.ts';
import { describeParams, type Provenance } from '../../core/provenance.ts';
import type { Scene } from '../../core/scene.ts';
import type { StopReport, TaskVerdict } from '../../robot/robot-link.ts';
import { version } from '../../core/version.ts';
import { outputKeys } from '../graph/output-key.ts';
import type { NotebookCell, NotebookDocument } from '../file/document.ts';
import { type Params, resolveParams, SEED, usedParams } from '../file/parameters.ts';
import { withIds } from '../file/cell-ids.ts';
import { readNotebook } from '../file/read-notebook.ts';
import { ActiveRun } from './active-run.ts';
import type { CellContext, CellResult } from './cell-context.ts';
import { cellById, cellId } from './cell-id.ts';
import { runCapture } from './cells/run-capture.ts';
import { runExecute } from './cells/run-execute.ts';
import { runInstruction } from './cells/run-instruction.ts';
import { runWaypoints } from './cells/run-waypoints.ts';
import { keyEnvironment } from './key-environment.ts';
import { isFresh, sourceOf, type StoredOutput } from './freshness.ts';
import { type MotionLimits, parseMotionLimits, profileWithin, tightest } from './motion-limits.ts';
import { failureOf } from './session-failure.ts';
import { pausedVariables } from './paused-variables.ts';
import { withPlan } from './plan-edit.ts';
import { parseRobotAddress, robotIdentity } from './robot-address.ts';
import { type RunLog, silentLog } from './run-log.ts';
import {
  advanceRun,
  IDLE,
  type RunEffect,
  type RunInput,
  type RunOutcome,
  type RunState,
} from './run-machine.ts';
import type { ManualAction, ManualReport } from './manual/manual-api.ts';
import { ManualControl } from './manual/manual-control.ts';
import type { SessionServices, World } from './services.ts';
import { isUsable, WorldSlot } from './world-slot.ts';
import type {
  ApprovalRequest,
  Breakpoint,
  Phase,
  Refusal,
  RunRequest,
  SessionEvent,
  SessionFailure,
} from './session-api.ts';

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

export interface TaskSessionOptions {
  readonly services: SessionServices;
  readonly emit: (event: SessionEvent) => void;
  readonly openLog: (request: RunRequest) => RunLog;
  /** identifies this session's worlds in provenance; the same run twice uses the same one */
  readonly id: string;
}

const PHASE: Record<NotebookCell['kind'], Phase> = {
  markdown: 'capture',
  capture: 'capture',
  instruction: 'plan',
  waypoints: 'refine',
  execute: 'execute',
};

/**
 * Runs task notebooks on one world at a time. The order of cells is decided by the run machine; this class performs
 * its effects, keeps the outputs of cells that ran, and knows when they are past.
 */
export class TaskSession implements AsyncDisposable {
  readonly #options: TaskSessionOptions;
  readonly #outputs = new Map<string, StoredOutput>();
  readonly #worlds: WorldSlot;
  #state: RunState = IDLE;
  #run: ActiveRun | undefined;
  readonly #manual = new ManualControl();

  constructor(options: TaskSessionOptions) {
    this.#options = options;
    this.#worlds = new WorldSlot({
      openWorld: (...args) => options.services.openWorld(...args),
      onLinkState: (state, reason) => this.#emit({ kind: 'link', state, reason }),
      onOtherWorld: () => this.#outputs.clear(),
    });
  }

  /** Runs cells to their end. Never rejects: what went wrong is in the summary, and was emitted. */
  async run(request: RunRequest): Promise<RunSummary> {
    if (this.#run) throw new WaybookError('input/usage', 'A run is already under way in this session.');
    const run = new ActiveRun(request);
    this.#run = run;
    try {
      return await this.#perform(run);
    } finally {
      this.#run = undefined;
    }
  }

  cancel(): void {
    this.#run?.startup.abort(new WaybookError('task/cancelled', 'The run was stopped.'));
    this.#input({ kind: 'cancel' });
  }

  pause(): void {
    this.#input({ kind: 'pause' });
  }

  continue(): void {
    this.#input({ kind: 'continue' });
  }

  step(): void {
    this.#input({ kind: 'step' });
  }

  setBreakpoints(breakpoints: readonly Breakpoint[]): void {
    this.#input({ kind: 'set-breakpoints', breakpoints });
  }

  /** `why`: the reason of a refusal where it is not the person's. */
  answerApproval(hash: string, granted: boolean, why?: Refusal): void {
    const pending = this.#run?.approval;
    if (pending?.request.hash !== hash) return;
    pending.answer(granted ? 'granted' : (why ?? 'refused'));
  }

  /** Always allowed, also while nothing runs. Whatever runs ends as cancelled. */
  async stopMotion(reason: string): Promise<StopReport> {
    const stopped = this.#worlds.current
      ? this.#worlds.current.link.stop(reason)
      : Promise.resolve({ atRest: true, acknowledgedMs: 0 });
    this.cancel();
    return stopped;
  }

  /** From monitor only to armed; connects to the robot first where that has not been done. Throws what keeps it from it. */
  async arm(robot: string, signal: AbortSignal): Promise<void> {
    const { link } = await this.#worlds.open(robot, undefined, signal);
    this.#emit({
      kind: 'link',
      state: link.state,
      reason: link.stateReason,
      roundTripMs: link.info.roundTripMs,
    });
    await link.arm(signal);
  }

  disarm(): void {
    this.#worlds.current?.link.disarm('Disarmed by the user.');
  }

  /**
   * Does one thing at a person's word: looks, records, moves, jogs, grips, recovers. Never rejects; what came of it is
   * emitted as `manual-ended`, and returned. Stop Motion and cancel end it, the arm at rest.
   */
  async manual(
    id: number,
    robot: string,
    action: ManualAction,
    approve?: string,
  ): Promise<{ report: ManualReport } | { failure: SessionFailure }> {
    const moves =
      action.kind === 'move' || action.kind === 'pose' || action.kind === 'jog' || action.kind === 'grip';
    let ended: { report: ManualReport } | { failure: SessionFailure };
    try {
      if (this.#run) {
        throw new WaybookError('input/usage', moves ? 'A run is moving the arm.' : 'A run is under way.', {
          hint: 'Wait for its end, or stop it.',
        });
      }
      const run = new ActiveRun({
        runId: `manual ${id}`,
        text: '',
        name: 'manual',
        runsFolder: '',
        options: { robot, robotFrom: 'option', ...(approve === undefined ? {} : { approve }) },
      });
      this.#run = run;
      try {
        ended = { report: await this.#performManual(run, action) };
      } finally {
        this.#run = undefined;
      }
    } catch (error) {
      ended = { failure: failureOf(error) };
    }
    this.#emit({ kind: 'manual-ended', id, ...ended });
    return ended;
  }

  holdJog(): void {
    this.#manual.hold();
  }

  releaseJog(): void {
    this.#manual.release();
  }

  async #performManual(run: ActiveRun, action: ManualAction): Promise<ManualReport> {
    const { robot, approve } = run.request.options;
    const { signal } = run.startup;
    // A fault is what recovering is for: only a lost link is made anew.
    const open = this.#worlds.openFor(robot);
    const world =
      action.kind === 'recover' && open?.link.state === 'fault'
        ? open
        : await this.#worlds.open(robot, undefined, signal);
    const unwatch = world.link.onState((state) =>
      this.#emit({ kind: 'robot', state, epoch: this.#worlds.epoch }),
    );
    const { link } = world;
    this.#emit({
      kind: 'link',
      state: link.state,
      reason: link.stateReason,
      roundTripMs: link.info.roundTripMs,
    });
    const limits = this.#limits();
    try {
      return await this.#manual.perform(
        action,
        {
          world,
          profile: profileWithin(link.profile, limits),
          limits,
          trusted: this.#options.services.trusted?.() !== false,
          approved: approve,
          approve: (request) => this.#approve(run, request, signal),
          advanceEpoch: () => {
            this.#worlds.advanceEpoch();
          },
        },
        signal,
      );
    } finally {
      unwatch();
    }
  }

  /** Puts the simulator's scene back to its start. Throws `input/usage` for a real robot. */
  async resetScene(robot: string, signal: AbortSignal): Promise<number> {
    await this.#worlds.open(robot, undefined, signal);
    await this.#worlds.reset();
    return this.#worlds.epoch;
  }

  /** What the robot sees now, for the side bar. */
  async liveScene(robot: string, signal: AbortSignal): Promise<Scene> {
    const world = await this.#worlds.open(robot, undefined, signal);
    const cell: NotebookCell = {
      kind: 'capture',
      id: 'live',
      attributes: {},
      body: '{}',
      raw: '',
      line: 1,
      bodyLine: 1,
    };
    const run = new ActiveRun({
      runId: 'live',
      text: '',
      name: 'live',
      runsFolder: '',
      options: { robot, robotFrom: 'default' },
    });
    const { scene } = await runCapture(this.#contextOf(run, world, cell, silentLog, signal), cell);
    return { ...scene, kind: 'live' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#worlds.close();
  }

  async #perform(run: ActiveRun): Promise<RunSummary> {
    const { request } = run;
    let world: World;
    try {
      run.document = withIds(readNotebook(request.text, request.name));
      run.params = resolveParams(run.document.frontMatter.params, request.options.params);
      world = await this.#worlds.open(request.options.robot, request.options.pace, run.startup.signal);
    } catch (error) {
      return this.#endEarly(run, error);
    }
    const log = this.#options.openLog(request);
    run.log = log;
    log.begin(this.#provenance(run, {}), world.link.profile.joints);
    this.#emit({ kind: 'run-started', runId: request.runId, recordFolder: log.name });
    this.#emit({
      kind: 'link',
      state: world.link.state,
      reason: '',
      roundTripMs: world.link.info.roundTripMs,
    });
    const unsubscribe = world.link.onState((state) => {
      log.state(state);
      this.#emit({ kind: 'robot', state, epoch: this.#worlds.epoch });
    });
    try {
      const all = run.document.cells.flatMap((cell) => (cell.kind === 'markdown' ? [] : [cellId(cell)]));
      this.#state = IDLE;
      this.#input({
        kind: 'start',
        cells: request.cells ?? all,
        resetFirst: request.cells === undefined && world.simulator !== undefined,
        stepping: request.stepping ?? false,
        breakpoints: request.breakpoints ?? [],
      });
      const outcome = await run.ended;
      await run.current;
      return await this.#conclude(run, world, outcome);
    } finally {
      unsubscribe();
      world.pausable?.resume();
    }
  }

  /** Verdict, final state and the record's end. */
  async #conclude(run: ActiveRun, world: World, outcome: RunOutcome): Promise<RunSummary> {
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
    if (exitCode === 3) await this.#worlds.close();
    return {
      exitCode,
      outcome,
      ...(failure ? { failure } : {}),
      ...(verdict ? { verdict } : {}),
      ...(run.trajectoryHash === undefined ? {} : { trajectoryHash: run.trajectoryHash }),
      ...(finalStateHash === undefined ? {} : { finalStateHash }),
      document: run.document,
      provenance: this.#provenance(run, {}),
    };
  }

  /** A run that failed before its world was there. */
  #endEarly(run: ActiveRun, error: unknown): RunSummary {
    const failure = failureOf(error, { file: run.request.name });
    const exitCode = exitCodeOf(error);
    this.#emit({ kind: 'run-ended', runId: run.request.runId, exitCode, failure });
    return {
      exitCode,
      outcome: failure.code === 'task/cancelled' ? 'cancelled' : 'failed',
      failure,
      document: run.document,
      provenance: this.#provenance(run, {}),
    };
  }

  #input(input: RunInput): void {
    const { state, effects } = advanceRun(this.#state, input);
    this.#state = state;
    for (const effect of effects) this.#apply(effect);
  }

  #apply(effect: RunEffect): void {
    const run = this.#run;
    const world = this.#worlds.current;
    if (!run || !world) return;
    switch (effect.kind) {
      case 'reset-scene':
        run.current = this.#worlds.reset().then(
          () => this.#input({ kind: 'prepared' }),
          (error: unknown) => {
            run.failure = failureOf(error);
            this.#input({ kind: 'cell-failed', cell: '', failure: run.failure });
          },
        );
        return;
      case 'run-cell':
        run.current = this.#runCell(run, world, effect.cell);
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
          variables: this.#variables(world, effect.at.cell, effect.at.waypoint?.index),
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

  async #runCell(run: ActiveRun, world: World, id: string): Promise<void> {
    run.cell = new AbortController();
    try {
      const result = await this.#produce(run, world, id, run.cell.signal);
      this.#input({
        kind: 'cell-succeeded',
        cell: id,
        ...(result.then === undefined ? {} : { then: result.then }),
      });
    } catch (error) {
      const failure = failureOf(error);
      const cancelled = failure.code === 'task/cancelled';
      if (!cancelled) run.failure = failure;
      // A motion that was stopped ends the run as stopped, whoever stopped it.
      this.#input(cancelled ? { kind: 'cancel' } : { kind: 'cell-failed', cell: id, failure });
    } finally {
      run.cell = undefined;
    }
  }

  /** Runs one cell, stores and shows what came out. */
  async #produce(run: ActiveRun, world: World, id: string, signal: AbortSignal): Promise<CellResult> {
    const cell = cellById(run.document, id);
    const log = run.log ?? silentLog;
    this.#emit({ kind: 'cell-started', cell: id, phase: PHASE[cell.kind] });
    log.event(world.link.clock.now(), id, `${PHASE[cell.kind]} started`);
    try {
      const produced = await this.#dispatch(this.#contextOf(run, world, cell, log, signal), cell);
      const result = { ...produced, scene: withParams(produced.scene, usedParams(cell, run.params)) };
      this.#outputs.set(id, { output: result.output, source: sourceOf(cell, run.params) });
      if (result.output.kind === 'refined' || result.output.kind === 'executed')
        run.trajectoryHash = result.output.trajectoryHash;
      if (result.output.kind === 'executed') run.executed = true;
      log.output(id, result.output.key, result.scene, result.summary);
      this.#emit({ kind: 'output', cell: id, scene: result.scene, key: result.output.key });
      this.#emit({ kind: 'cell-ended', cell: id, outcome: 'succeeded', summary: result.summary });
      return result;
    } catch (error) {
      const located = error instanceof WaybookError ? error.at(run.placeOf(cell)) : error;
      const failure = failureOf(located);
      const outcome = failure.code === 'task/cancelled' ? 'cancelled' : 'failed';
      log.event(world.link.clock.now(), id, `${PHASE[cell.kind]} ${outcome}: ${failure.message}`, {
        ...failure.details,
      });
      this.#emit({ kind: 'cell-ended', cell: id, outcome, summary: failure.message, failure });
      throw located;
    }
  }

  #dispatch(context: CellContext, cell: NotebookCell): Promise<CellResult> {
    switch (cell.kind) {
      case 'capture':
        return runCapture(context, cell);
      case 'instruction':
        return runInstruction(context, cell);
      case 'waypoints':
        return runWaypoints(context, cell);
      case 'execute':
        return runExecute(context, cell);
      case 'markdown':
        throw new WaybookError('internal/bug', 'A Markdown cell cannot run.');
    }
  }

  #contextOf(
    run: ActiveRun,
    world: World,
    cell: NotebookCell,
    log: RunLog,
    signal: AbortSignal,
  ): CellContext {
    const limits = this.#limits();
    return {
      document: run.document,
      limits,
      profile: profileWithin(world.link.profile, limits),
      ...(run.request.folder === undefined ? {} : { folder: run.request.folder }),
      world,
      services: this.#options.services,
      options: run.request.options,
      params: run.params,
      epoch: this.#worlds.epoch,
      layers: { sidecar: log.sidecar },
      log,
      signal,
      emit: (event) => {
        if (event.kind === 'plan-written' && !event.conflict) run.document = withPlan(run.document, event);
        this.#emit(event);
      },
      require: async (id) => {
        cellById(run.document, id, cell);
        const known = this.#outputs.get(id);
        if (known && isFresh(id, run.document, this.#outputs, this.#worlds.epoch, run.params))
          return known.output;
        return (await this.#produce(run, world, id, signal)).output;
      },
      advanceEpoch: () => {
        this.#worlds.advanceEpoch();
      },
      approaching: (point) => this.#input({ kind: 'approaching', point }),
      approve: (request) => this.#approve(run, request, signal),
      provenance: (more) => this.#provenance(run, more),
      keyOf: (keyed) =>
        outputKeys(
          run.document,
          keyEnvironment(run.document.frontMatter, run.request.options, this.#options.services),
        ).get(cellId(keyed)) ?? '',
    };
  }

  /** A simulator needs no approval; a real robot waits for one, or takes the one that was given beforehand. */
  async #approve(run: ActiveRun, request: ApprovalRequest, signal: AbortSignal): Promise<void> {
    if (this.#worlds.current?.simulator) return;
    await run.approved(request, signal, () => this.#emit({ kind: 'approval', request }));
  }

  #provenance(run: ActiveRun, more: Partial<Provenance>): Provenance {
    const { robot, robotFrom } = run.request.options;
    const address = parseRobotAddress(robot);
    const { [SEED]: _seed, ...params } = run.params;
    return {
      waybook: version,
      robot: robotIdentity(address),
      robotFrom,
      ...(address.kind === 'simulator' ? { seed: address.seed } : {}),
      ...(Object.keys(params).length > 0 ? { params } : {}),
      epoch: { session: this.#options.id, counter: this.#worlds.epoch },
      ...more,
    };
  }

  #variables(world: World, cell: string, waypoint: number | undefined): Record<string, number | string> {
    const source = this.#run?.document.cells.find((c) => c.id === cell)?.attributes['trajectory'];
    const output = source === undefined ? undefined : this.#outputs.get(source)?.output;
    const motion =
      output?.kind === 'refined' && waypoint !== undefined ? { refined: output, waypoint } : undefined;
    const profile = profileWithin(world.link.profile, this.#limits());
    return pausedVariables(world, profile, this.#worlds.epoch, motion);
  }

  /** Front matter and settings together. */
  #limits(): MotionLimits {
    return tightest(
      parseMotionLimits(this.#run?.document.frontMatter.limits),
      this.#options.services.limits?.() ?? {},
    );
  }

  #emit(event: SessionEvent): void {
    this.#options.emit(event);
  }
}

/** The scene with what the cell's parameters stood for, so that its output says it. */
function withParams(scene: Scene, used: Params): Scene {
  if (Object.keys(used).length === 0) return scene;
  return { ...scene, facts: [...scene.facts, { name: 'Parameters', value: describeParams(used) }] };
}
