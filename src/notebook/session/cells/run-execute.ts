import { WaybookError } from '../../../core/errors.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import type { Scene, SceneLayer, TrajectoryLayer } from '../../../core/scene.ts';
import { SCENE_VERSION } from '../../../core/scene.ts';
import { decodeBuffer, fromBase64 } from '../../../core/scene-buffer.ts';
import { duration } from '../../../core/trajectory.ts';
import { executeTrajectory } from '../temporary-execute.ts';
import { parseExecuteBody } from '../../file/cell-bodies.ts';
import type { NotebookCell } from '../../file/document.ts';
import {
  cloudLayer,
  executedLayer,
  movingRobotLayer,
  refinedLayer,
  waypointsLayer,
} from '../../scenes/layers.ts';
import type { CellContext, CellResult } from '../cell-context.ts';
import { cellById, cellId } from '../cell-id.ts';
import { checkMotion } from '../check-motion.ts';
import type { ExecutedOutput, RefinedOutput } from '../outputs.ts';
import { refineCell } from './run-waypoints.ts';

const DEFAULT_SPEED = 0.5;
/** A motion may take this much longer than planned before it is stopped, where the cell names no deadline. */
const DEADLINE = { factor: 1.2, extra: 2 };
/** Times differ by less than this: the trajectory still starts where the arm is [rad]. */
const SAME_START = 0.01;

/** Moves the robot along a refined trajectory that is still of this world, validated again just before. */
export async function runExecute(context: CellContext, cell: NotebookCell): Promise<CellResult> {
  const id = cellId(cell);
  const { link, model } = context.world;
  const body = parseExecuteBody(cell);
  const speed = body.speed ?? DEFAULT_SPEED;
  const refined = await refinedFor(context, cell, speed);
  const { trajectory } = refined;
  const start = link.robotState();
  const check = checkMotion(context, trajectory, refined.refinedWaypoints, refined.capture, start);
  if (check.refusal) throw check.refusal;
  const planned = duration(trajectory);
  const deadline = body.deadline ?? planned * DEADLINE.factor + DEADLINE.extra;


  const states: RobotState[] = [];
  const startedAt = link.clock.now();
  const unsubscribe = link.onState((state) => states.push(state));
  context.advanceEpoch();
  try {
    const result = await executeTrajectory(link, trajectory, {
      signal: context.signal,
      deadline,
      onProgress: ({ fraction, waypoint }) => {
        context.emit({ kind: 'progress', cell: id, text: 'moving', fraction });
        const next = waypoint === undefined ? undefined : refined.refinedWaypoints[waypoint];
        if (waypoint !== undefined && next) {
          context.approaching({ cell: id, waypoint: { index: waypoint, label: next.label } });
        }
      },
    });
    const executed = executedLayer(model, states, startedAt, trajectory, id, context.layers);
    const error = trackingError(executed);
    const took = link.clock.now() - startedAt;
    const summary = `${took.toFixed(1)} s, tracking error ${(error * 1000).toFixed(1)} mm at most${result.note === undefined ? '' : `, ${result.note}`}`;
    const output: ExecutedOutput = {
      kind: 'executed',
      cell: id,
      key: context.keyOf(cell),
      epoch: context.epoch,
      outcome: result.outcome,
      trajectoryHash: refined.trajectoryHash,
      states,
    };
    return { output, scene: executedScene(context, id, refined, executed, summary), summary };
  } finally {
    unsubscribe();
  }
}

/** A trajectory of this world, timed for `speed`, that starts where the arm is: made again where it is not. */
async function refinedFor(context: CellContext, cell: NotebookCell, speed: number): Promise<RefinedOutput> {
  const source = cell.attributes['trajectory'];
  if (source === undefined) {
    throw new WaybookError('input/reference', 'The execute cell names no trajectory.', {
      hint: 'Write trajectory=ID with the id of a waypoints cell.',
    });
  }
  const waypointsCell = cellById(context.document, source, cell);
  if (waypointsCell.kind !== 'waypoints') {
    throw new WaybookError(
      'input/reference',
      `#${source} is a ${waypointsCell.kind} cell; only a waypoints cell can be executed.`,
    );
  }
  const output = await context.require(source);
  if (output.kind !== 'refined') throw new TypeError(`#${source} is not a trajectory`);
  const now = context.world.link.robotState();
  const moved = Math.max(...now.joints.map((q, i) => Math.abs(q - (output.start.joints[i] ?? q))));
  if (output.speed === speed && moved < SAME_START) return output;
  const again = await refineCell(context, waypointsCell, speed);
  return again.output as RefinedOutput;
}

function trackingError(layer: TrajectoryLayer): number {
  if (!layer.deviation?.base64) return 0;
  return Math.max(0, ...decodeBuffer(layer.deviation, fromBase64(layer.deviation.base64)));
}

function executedScene(
  context: CellContext,
  cell: string,
  refined: RefinedOutput,
  executed: TrajectoryLayer,
  summary: string,
): Scene {
  const layers: SceneLayer[] = [];
  if (refined.capture) layers.push(cloudLayer(refined.capture, cell, context.layers));
  layers.push(waypointsLayer(refined.waypoints, cell));
  layers.push(refinedLayer(refined.trajectory, refined.waypoints, cell, {}, context.layers));
  layers.push(executed);
  layers.push(movingRobotLayer(context.world.model, refined.trajectory, context.layers));
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
