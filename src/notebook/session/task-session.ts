import { WaybookError } from '../../core/errors.ts';
import type { Scene } from '../../core/scene.ts';
import type { StopReport } from '../../robot/robot-link.ts';
import type { NotebookCell } from '../file/document.ts';
import { ActiveRun } from './active-run.ts';
import { CellRunner } from './cell-runner.ts';
import { runCapture } from './cells/run-capture.ts';
import type { ManualAction, ManualReport } from './manual/manual-api.ts';
import { ManualControl } from './manual/manual-control.ts';
import { profileWithin } from './motion-limits.ts';
import { type RunLog, silentLog } from './run-log.ts';
import { RunLifetime, type RunSummary } from './run-lifetime.ts';
import type { RunInput } from './run-machine.ts';
import type { Breakpoint, Refusal, RunRequest, SessionEvent, SessionFailure } from './session-api.ts';
import { failureOf } from './session-failure.ts';
import type { SessionServices } from './services.ts';
import { WorldSlot } from './world-slot.ts';

export type { RunSummary } from './run-lifetime.ts';

export interface TaskSessionOptions {
  readonly services: SessionServices;
  readonly emit: (event: SessionEvent) => void;
  readonly openLog: (request: RunRequest) => RunLog;
  /** identifies this session's worlds in provenance; the same run twice uses the same one */
  readonly id: string;
}

/**
 * Runs task notebooks on one world at a time, and does what a person asks of that world meanwhile and between runs: arming,
 * stopping, resetting, looking, moving by hand.
 */
export class TaskSession implements AsyncDisposable {
  readonly #options: TaskSessionOptions;
  readonly #worlds: WorldSlot;
  readonly #cells: CellRunner;
  /** what is under way: a run, or one thing at a person's word */
  #run: ActiveRun | undefined;
  #lifetime: RunLifetime | undefined;
  readonly #manual = new ManualControl();

  constructor(options: TaskSessionOptions) {
    this.#options = options;
    this.#worlds = new WorldSlot({
      openWorld: (...args) => options.services.openWorld(...args),
      onLinkState: (state, reason) => this.#emit({ kind: 'link', state, reason }),
      onOtherWorld: () => this.#cells.forget(),
    });
    this.#cells = new CellRunner({
      services: options.services,
      worlds: this.#worlds,
      emit: options.emit,
      id: options.id,
    });
  }

  /** Runs cells to their end. Never rejects: what went wrong is in the summary, and was emitted. */
  async run(request: RunRequest): Promise<RunSummary> {
    if (this.#run) throw new WaybookError('input/usage', 'A run is already under way in this session.');
    const run = new ActiveRun(request);
    this.#run = run;
    const { emit, openLog } = this.#options;
    this.#lifetime = new RunLifetime(run, { cells: this.#cells, worlds: this.#worlds, emit, openLog });
    try {
      return await this.#lifetime.perform();
    } finally {
      this.#run = undefined;
      this.#lifetime = undefined;
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
    const limits = this.#cells.limitsOf(run);
    try {
      return await this.#manual.perform(
        action,
        {
          world,
          profile: profileWithin(link.profile, limits),
          limits,
          trusted: this.#options.services.trusted?.() !== false,
          approved: approve,
          approve: (request) => this.#cells.approve(run, request, signal),
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
    const duty = { run, world, signal, approaching: () => undefined };
    const { scene } = await runCapture(this.#cells.contextOf(duty, cell, silentLog), cell);
    return { ...scene, kind: 'live' };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.cancel();
    await this.#worlds.close();
  }

  #input(input: RunInput): void {
    this.#lifetime?.input(input);
  }

  #emit(event: SessionEvent): void {
    this.#options.emit(event);
  }
}
