import { WaybookError } from '../../core/errors.ts';
import { describeParams, type Provenance } from '../../core/provenance.ts';
import type { Scene } from '../../core/scene.ts';
import { version } from '../../core/version.ts';
import type { NotebookCell } from '../file/document.ts';
import { type Params, SEED, usedParams } from '../file/parameters.ts';
import { outputKeys } from '../graph/output-key.ts';
import type { ActiveRun } from './active-run.ts';
import type { CellContext, CellResult } from './cell-context.ts';
import { cellById, cellId } from './cell-id.ts';
import { runCapture } from './cells/run-capture.ts';
import { runExecute } from './cells/run-execute.ts';
import { runInstruction } from './cells/run-instruction.ts';
import { runWaypoints } from './cells/run-waypoints.ts';
import { isFresh, sourceOf, type StoredOutput } from './freshness.ts';
import { keyEnvironment } from './key-environment.ts';
import { type MotionLimits, parseMotionLimits, profileWithin, tightest } from './motion-limits.ts';
import { pausedVariables } from './paused-variables.ts';
import { withPlan } from './plan-edit.ts';
import { parseRobotAddress, robotIdentity } from './robot-address.ts';
import { type RunLog, silentLog } from './run-log.ts';
import type { RunPoint } from './run-machine.ts';
import type { ApprovalRequest, Phase, SessionEvent } from './session-api.ts';
import { failureOf } from './session-failure.ts';
import type { SessionServices, World } from './services.ts';
import type { WorldSlot } from './world-slot.ts';

export interface CellRunnerOptions {
  readonly services: SessionServices;
  readonly worlds: WorldSlot;
  readonly emit: (event: SessionEvent) => void;
  /** of the session, in provenance */
  readonly id: string;
}

/** What one cell needs of the run that it belongs to. */
export interface CellDuty {
  readonly run: ActiveRun;
  readonly world: World;
  readonly signal: AbortSignal;
  readonly approaching: (point: RunPoint) => void;
}

/** Which phase a cell of a kind is. */
export const PHASE: Record<NotebookCell['kind'], Phase> = {
  markdown: 'capture',
  capture: 'capture',
  instruction: 'plan',
  waypoints: 'refine',
  execute: 'execute',
};

/** Runs single cells, keeps the outputs of those that ran, and knows when they are past. */
export class CellRunner {
  readonly #options: CellRunnerOptions;
  readonly #outputs = new Map<string, StoredOutput>();

  constructor(options: CellRunnerOptions) {
    this.#options = options;
  }

  /** Another world: nothing that came out of the one before holds in it. */
  forget(): void {
    this.#outputs.clear();
  }

  /** Runs one cell, stores and shows what came out. */
  async produce(duty: CellDuty, id: string): Promise<CellResult> {
    const { run, world } = duty;
    const cell = cellById(run.document, id);
    const log = run.log ?? silentLog;
    this.#emit({ kind: 'cell-started', cell: id, phase: PHASE[cell.kind] });
    log.event(world.link.clock.now(), id, `${PHASE[cell.kind]} started`);
    try {
      const produced = await dispatch(this.contextOf(duty, cell, log), cell);
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

  contextOf(duty: CellDuty, cell: NotebookCell, log: RunLog): CellContext {
    const { run, world, signal } = duty;
    const { worlds, services } = this.#options;
    const limits = this.limitsOf(run);
    return {
      document: run.document,
      limits,
      profile: profileWithin(world.link.profile, limits),
      ...(run.request.folder === undefined ? {} : { folder: run.request.folder }),
      world,
      services,
      options: run.request.options,
      params: run.params,
      epoch: worlds.epoch,
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
        if (known && isFresh(id, run.document, this.#outputs, worlds.epoch, run.params)) return known.output;
        return (await this.produce(duty, id)).output;
      },
      advanceEpoch: () => {
        worlds.advanceEpoch();
      },
      approaching: duty.approaching,
      approve: (request) => this.approve(run, request, signal),
      provenance: (more) => this.provenance(run, more),
      keyOf: (keyed) =>
        outputKeys(run.document, keyEnvironment(run.document.frontMatter, run.request.options, services)).get(
          cellId(keyed),
        ) ?? '',
    };
  }

  /** A simulator needs no approval; a real robot waits for one, or takes the one that was given beforehand. */
  async approve(run: ActiveRun, request: ApprovalRequest, signal: AbortSignal): Promise<void> {
    if (this.#options.worlds.current?.simulator) return;
    await run.approved(request, signal, () => this.#emit({ kind: 'approval', request }));
  }

  /** What an output or a record of this run says about where it comes from. */
  provenance(run: ActiveRun, more: Partial<Provenance>): Provenance {
    const { robot, robotFrom } = run.request.options;
    const address = parseRobotAddress(robot);
    const { [SEED]: _seed, ...params } = run.params;
    return {
      waybook: version,
      robot: robotIdentity(address),
      robotFrom,
      ...(address.kind === 'simulator' ? { seed: address.seed } : {}),
      ...(Object.keys(params).length > 0 ? { params } : {}),
      epoch: { session: this.#options.id, counter: this.#options.worlds.epoch },
      ...more,
    };
  }

  /** What a debugger shows while the run stands at a cell, and there before a waypoint. */
  variables(
    run: ActiveRun,
    world: World,
    cell: string,
    waypoint: number | undefined,
  ): Record<string, number | string> {
    const source = run.document.cells.find((c) => c.id === cell)?.attributes['trajectory'];
    const output = source === undefined ? undefined : this.#outputs.get(source)?.output;
    const motion =
      output?.kind === 'refined' && waypoint !== undefined ? { refined: output, waypoint } : undefined;
    const profile = profileWithin(world.link.profile, this.limitsOf(run));
    return pausedVariables(world, profile, this.#options.worlds.epoch, motion);
  }

  /** Front matter and settings together. */
  limitsOf(run: ActiveRun): MotionLimits {
    return tightest(
      parseMotionLimits(run.document.frontMatter.limits),
      this.#options.services.limits?.() ?? {},
    );
  }

  #emit(event: SessionEvent): void {
    this.#options.emit(event);
  }
}

function dispatch(context: CellContext, cell: NotebookCell): Promise<CellResult> {
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

/** The scene with what the cell's parameters stood for, so that its output says it. */
function withParams(scene: Scene, used: Params): Scene {
  if (Object.keys(used).length === 0) return scene;
  return { ...scene, facts: [...scene.facts, { name: 'Parameters', value: describeParams(used) }] };
}
