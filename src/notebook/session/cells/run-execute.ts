import { WaybookError } from '../../../core/errors.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import type { Scene, SceneLayer, TrajectoryLayer } from '../../../core/scene.ts';
import { SCENE_VERSION } from '../../../core/scene.ts';
import { duration } from '../../../core/trajectory.ts';
import { executeTrajectory } from '../../../robot/gate/execute-trajectory.ts';
import type { ExecutionResult } from '../../../robot/gate/execution.ts';
import type { Verdict } from '../../../robot/gate/validate.ts';
import { type ExecuteBody, parseCaptureBody, parseExecuteBody } from '../../file/cell-bodies.ts';
import type { NotebookCell } from '../../file/document.ts';
import { movingArm } from '../../scenes/arm-layers.ts';
import { cloudLayer, executedLayer, refinedLayer, waypointsLayer } from '../../scenes/layers.ts';
import type { CellContext, CellResult } from '../cell-context.ts';
import { cellById, cellId } from '../cell-id.ts';
import { APPROVED_TUBE, approvalOf, checkMotion, validatedOf } from '../check-motion.ts';
import { ClosedLoop, DEFAULT_RATE_HZ } from '../closed-loop/closed-loop.ts';
import { freshState } from '../fresh-state.ts';
import type { ExecutedOutput, RefinedOutput } from '../outputs.ts';
import { greatest, trackingErrors } from '../tracking.ts';
import { captureIdOf, refineCell } from './run-waypoints.ts';

const DEFAULT_SPEED = 0.5;
/** A motion may take this much longer than planned before it is stopped, where the cell names no deadline. */
const DEADLINE = { factor: 1.2, extra: 2 };
/** Joints that differ by less than this are where the trajectory starts [rad]. */
const SAME_START = 0.01;

/** Moves the robot along a refined trajectory that is still of this world, validated again just before. */
export async function runExecute(context: CellContext, cell: NotebookCell): Promise<CellResult> {
  const id = cellId(cell);
  if (context.services.trusted?.() === false) {
    throw new WaybookError('input/approval', 'Nothing moves in an untrusted workspace.', {
      hint: 'Trust the workspace to run execute cells.',
    });
  }
  const { link, model } = context.world;
  const body = parseExecuteBody(cell, context.params);
  const speed = body.speed ?? DEFAULT_SPEED;
  const source = trajectorySource(context, cell);
  const refined = await refinedFor(context, source, speed);
  const { trajectory } = refined;
  const verdict = await checkMotion(context, trajectory, refined.refinedWaypoints, refined.capture);
  const validated = validatedOf(verdict);
  const planned = duration(trajectory);
  const deadline = body.deadline ?? planned * DEADLINE.factor + DEADLINE.extra * trajectory.segments.length;
  const tube = body.tube ?? APPROVED_TUBE;
  const loop = body.closedLoop === true ? closedLoopOf(context, source, refined, body) : undefined;
  const approval = approvalOf(context, refined, validated, { speed, deadline, tube }, verdict.unseen);
  await context.approve(approval.request);
  // Nobody is there to arm a robot for a headless run: the approval that was given for it does.
  if (link.state === 'monitoring' && context.options.approve === approval.request.hash) {
    await link.arm(context.signal);
  }

  const states: RobotState[] = [];
  const startedAt = link.clock.now();
  const unsubscribe = link.onState((state) => states.push(state));
  context.advanceEpoch();
  try {
    const result = await executeTrajectory(link, validated, {
      signal: context.signal,
      deadline,
      approval: approval.motion,
      ...(loop ? { steering: loop } : {}),
      onProgress: ({ fraction }) => context.emit({ kind: 'progress', cell: id, text: 'moving', fraction }),
      pauseAt: (waypoint) => {
        const next = refined.refinedWaypoints[waypoint];
        if (next) context.approaching({ cell: id, waypoint: { index: waypoint, label: next.label } });
        return undefined;
      },
    });
    recordMotion(context, id, refined, result);
    const took = link.clock.now() - startedAt;
    if (result.outcome !== 'succeeded') throw endedEarly(result, took);
    const errors = trackingErrors(model, result.clamped, result.executed);
    const executed = executedLayer(
      model,
      states,
      startedAt,
      trajectory.jointNames,
      errors,
      id,
      context.layers,
    );
    const corrected = loop ? `, ${loopSummary(loop, result)}` : '';
    const summary = `${took.toFixed(1)} s, tracking error ${(greatest(errors) * 1000).toFixed(1)} mm at most${corrected}`;
    const output: ExecutedOutput = {
      kind: 'executed',
      cell: id,
      key: context.keyOf(cell),
      epoch: context.epoch,
      outcome: result.outcome,
      trajectoryHash: refined.trajectoryHash,
      states,
    };
    return { output, scene: executedScene(context, id, refined, verdict, executed, summary), summary };
  } finally {
    unsubscribe();
  }
}

function recordMotion(
  context: CellContext,
  cell: string,
  refined: RefinedOutput,
  result: ExecutionResult,
): void {
  const { jointNames } = refined.trajectory;
  for (const phase of ['requested', 'clamped', 'executed'] as const) {
    const { times, joints } = result[phase];
    const note = phase === 'executed' ? result.note : undefined;
    context.log.motion(cell, {
      phase,
      trajectoryHash: refined.trajectoryHash,
      jointNames,
      times,
      joints,
      ...(note === undefined ? {} : { note }),
    });
  }
}

function endedEarly(result: ExecutionResult, after: number): WaybookError {
  const note = result.note ?? `The motion was ${result.outcome}.`;
  if (result.leftTube !== undefined) {
    return new WaybookError('input/approval', note, {
      hint: 'Run the cell again: it looks and refines anew, and asks again where an approval is needed. Or widen its "tube".',
    });
  }
  return result.outcome === 'cancelled'
    ? new WaybookError('task/cancelled', note)
    : new WaybookError('task/failed', `${note} It ended after ${after.toFixed(1)} s, with the arm at rest.`, {
        hint: 'Look at the executed path in 3D for what is in the way, and capture again: things may have moved.',
      });
}

/** The waypoints cell that an execute cell runs. */
function trajectorySource(context: CellContext, cell: NotebookCell): NotebookCell {
  const source = cell.attributes['trajectory'];
  if (source === undefined) {
    throw new WaybookError('input/reference', 'The execute cell names no trajectory.', {
      hint: 'Write trajectory=ID with the id of a waypoints cell.',
    });
  }
  const waypointsCell = cellById(context.document, source, cell);
  if (waypointsCell.kind === 'waypoints') return waypointsCell;
  throw new WaybookError(
    'input/reference',
    `#${source} is a ${waypointsCell.kind} cell; only a waypoints cell can be executed.`,
  );
}

function closedLoopOf(
  context: CellContext,
  source: NotebookCell,
  refined: RefinedOutput,
  { rateHz = DEFAULT_RATE_HZ, tube = APPROVED_TUBE }: ExecuteBody,
): ClosedLoop {
  const captureId = captureIdOf(context, source);
  const capture =
    captureId === undefined ? {} : parseCaptureBody(cellById(context.document, captureId), context.params);
  if (capture.file !== undefined) {
    throw new WaybookError('input/usage', 'A closed loop needs a camera, and this plan looks at a file.', {
      hint: 'Capture from a camera, or remove "closedLoop".',
    });
  }
  return new ClosedLoop(context, refined, {
    rateHz,
    tube,
    refiner: context.services.refiner(refined.refiner),
    capture,
  });
}

function loopSummary(loop: ClosedLoop, { replaced, refused }: ExecutionResult): string {
  const rate = loop.measuredRate;
  return [
    `${loop.looks} looks${rate === undefined ? '' : ` at ${rate.toFixed(1)} Hz`}`,
    `${replaced} corrections${loop.stopAndGo ? ' by stopping and going on' : ''}`,
    ...(refused > 0 ? [`${refused} refused`] : []),
  ].join(', ');
}

/** A trajectory of this world, timed for `speed`, that starts where the arm is: made again where it is not. */
async function refinedFor(
  context: CellContext,
  waypointsCell: NotebookCell,
  speed: number,
): Promise<RefinedOutput> {
  const source = cellId(waypointsCell);
  const output = await context.require(source);
  if (output.kind !== 'refined') throw new TypeError(`#${source} is not a trajectory`);
  const now = await freshState(context.world.link, context.signal);
  const moved = Math.max(...now.joints.map((q, i) => Math.abs(q - (output.start.joints[i] ?? q))));
  if (output.speed === speed && moved < SAME_START) return output;
  const again = await refineCell(context, waypointsCell, speed);
  return again.output as RefinedOutput;
}

function executedScene(
  context: CellContext,
  cell: string,
  refined: RefinedOutput,
  verdict: Verdict,
  executed: TrajectoryLayer,
  summary: string,
): Scene {
  const layers: SceneLayer[] = [];
  if (refined.capture) layers.push(cloudLayer(refined.capture, cell, context.layers));
  layers.push(waypointsLayer(refined.waypoints, cell));
  const clearance = verdict.clearance
    ? { clearance: verdict.clearance, clearanceLimit: verdict.clearanceLimit }
    : {};
  layers.push(refinedLayer(refined.trajectory, refined.waypoints, cell, clearance, context.layers));
  layers.push(executed);
  layers.push(...movingArm(context, refined.trajectory));
  return {
    version: SCENE_VERSION,
    kind: 'executed',
    cell,
    title: `Execution #${cell}`,
    verdict: { ok: true, text: summary },
    facts: [
      { name: 'Robot', value: context.provenance({}).robot },
      { name: 'Speed', value: `${Math.round(refined.speed * 100)} %` },
      { name: 'Trajectory', value: `sha256 ${refined.trajectoryHash.slice(0, 8)}` },
    ],
    layers,
    provenance: context.provenance({ trajectoryHash: refined.trajectoryHash }),
  };
}
