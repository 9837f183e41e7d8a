import { WaybookError } from '../../../core/errors.ts';
import { distance } from '../../../core/geometry.ts';
import type { Capture } from '../../../core/capture.ts';
import type { RobotState } from '../../../core/robot-state.ts';
import type { Scene, SceneLayer } from '../../../core/scene.ts';
import { SCENE_VERSION } from '../../../core/scene.ts';
import { duration, type Trajectory, trajectoryHash } from '../../../core/trajectory.ts';
import type { Waypoint } from '../../../core/waypoint.ts';
import { timeParametrise } from '../../../kinematics/time-parametrise.ts';
import type { RefinedPath, Refiner } from '../../../refinement/refiner.ts';
import { parseExecuteBody, parseWaypointsBody } from '../../file/cell-bodies.ts';
import type { NotebookCell } from '../../file/document.ts';
import { movingArm, restingArm } from '../../scenes/arm-layers.ts';
import { cloudLayer, objectsLayer, refinedLayer, waypointsLayer } from '../../scenes/layers.ts';
import type { CellContext, CellResult } from '../cell-context.ts';
import { chooseRefiner, refinerText } from './choose-refiner.ts';
import { cellId } from '../cell-id.ts';
import { freshState } from '../fresh-state.ts';
import { checkSpeed } from '../motion-limits.ts';
import type { RefinedOutput } from '../outputs.ts';
import { resolveWaypoints } from '../resolve-frames.ts';
import { checkMotion } from '../check-motion.ts';
import type { Verdict } from '../../../robot/gate/validate.ts';

/** Seconds of robot time that refining is charged in lock-step. */
const REFINING_COST = 0.02;
const DEFAULT_SPEED = 0.5;

/** Refines a waypoints cell into a trajectory from where the arm is now, timed and validated, but not executed. */
export async function runWaypoints(context: CellContext, cell: NotebookCell): Promise<CellResult> {
  return refineCell(context, cell, speedFor(context, cellId(cell)));
}

/** The same at a given speed: an execute cell that names another one has it timed again. */
export async function refineCell(
  context: CellContext,
  cell: NotebookCell,
  speed: number,
): Promise<CellResult> {
  const id = cellId(cell);
  const { link, model } = context.world;
  checkSpeed(speed, context.limits);
  const body = parseWaypointsBody(cell, context.params);
  const capture = await captureOf(context, cell);
  const waypoints = resolveWaypoints(body, capture, cell);
  const start = await freshState(link, context.signal);
  const { refiner, instead } = await chooseRefiner(context, cell, capture);
  const { path, trajectory } = await explained(context, id, { waypoints, capture, start }, async () => {
    const refined = await refine(context, refiner, waypoints, capture, start);
    if (link.clock.lockStep) await link.clock.advance(REFINING_COST, context.signal);
    const timing = { speed, toolSpeedLimit: context.profile.toolSpeedLimit };
    return { path: refined, trajectory: timeParametrise(model, refined, start, timing) };
  });
  const check = await checkMotion(context, trajectory, path.waypoints, capture);
  const hash = trajectoryHash(trajectory);
  const output: RefinedOutput = {
    kind: 'refined',
    cell: id,
    key: context.keyOf(cell),
    epoch: context.epoch,
    waypoints,
    refinedWaypoints: path.waypoints,
    refiner: refiner.id,
    ...(instead ? { instead } : {}),
    trajectory,
    trajectoryHash: hash,
    speed,
    start,
    ...(capture ? { capture } : {}),
    ...(check.leastClearance === undefined ? {} : { clearance: check.leastClearance }),
  };
  context.log.refined(id, output);
  const summary = summaryOf(output, path);
  const scene = refinedScene(context, output, check, summary, refiner);
  if (check.refusal) {
    // The picture of a refused motion is what explains it.
    context.log.output(id, output.key, scene, check.refusal.message);
    context.emit({ kind: 'output', cell: id, scene, key: output.key });
    throw check.refusal;
  }
  return { output, scene, summary };
}

interface Asked {
  readonly waypoints: readonly Waypoint[];
  readonly capture: Capture | undefined;
  readonly start: RobotState;
}

/** A waypoint that cannot be refined or reached is shown among what was seen before its error goes on. */
async function explained<T>(
  context: CellContext,
  cell: string,
  asked: Asked,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof WaybookError && (error.code === 'input/reach' || error.code === 'task/abstained')) {
      const { capture, waypoints, start } = asked;
      const scene: Scene = {
        version: SCENE_VERSION,
        kind: 'refined',
        cell,
        title: `Waypoints #${cell}`,
        verdict: { ok: false, text: error.message },
        ...(error.details.hint === undefined ? {} : { notes: [error.details.hint] }),
        facts: [],
        layers: [
          ...(capture
            ? [cloudLayer(capture, cell, context.layers), objectsLayer(capture, cell, new Set())]
            : []),
          waypointsLayer(waypoints, cell),
          ...restingArm(context, start),
        ],
        provenance: context.provenance(capture ? { captureHash: capture.hash } : {}),
      };
      const found = context.document.cells.find(({ id }) => id === cell);
      const key = found ? context.keyOf(found) : '';
      context.log.output(cell, key, scene, error.message);
      context.emit({ kind: 'output', cell, scene, key });
    }
    throw error;
  }
}

async function refine(
  context: CellContext,
  refiner: Refiner,
  waypoints: readonly Waypoint[],
  capture: Capture | undefined,
  start: RobotState,
): Promise<RefinedPath> {
  const result = await refiner.refine(
    {
      waypoints,
      ...(capture ? { capture } : {}),
      start: { pose: context.world.model.forward(start.joints), gripper: start.gripper },
    },
    context.signal,
  );
  if (result.kind === 'refined') return result.path;
  throw new WaybookError('task/abstained', `The ${refiner.id} refiner abstained: ${result.reason}`, {
    place: { waypoint: result.waypoint },
    hint: 'Nothing moved. Refine with "refiner": "spline", move the waypoint, or plan again.',
  });
}

/** Speed of the first execute cell that runs this one, so that the preview is what will be executed. */
function speedFor(context: CellContext, id: string): number {
  const execute = context.document.cells.find(
    (c) => c.kind === 'execute' && c.attributes['trajectory'] === id,
  );
  return execute ? (parseExecuteBody(execute, context.params).speed ?? DEFAULT_SPEED) : DEFAULT_SPEED;
}

/** Id of the capture cell that a waypoints cell looks at: its own, its plan's, or the nearest above. */
export function captureIdOf(context: CellContext, cell: NotebookCell): string | undefined {
  const { cells } = context.document;
  const plan = cells.find((c) => c.kind === 'instruction' && c.id === cell.attributes['plan']);
  const above = cells.slice(0, cells.indexOf(cell)).findLast((c) => c.kind === 'capture');
  return cell.attributes['capture'] ?? plan?.attributes['capture'] ?? above?.id;
}

async function captureOf(context: CellContext, cell: NotebookCell): Promise<Capture | undefined> {
  const source = captureIdOf(context, cell);
  if (source === undefined) return undefined;
  const output = await context.require(source);
  return output.kind === 'capture' ? output.capture : undefined;
}

function summaryOf(output: RefinedOutput, path: RefinedPath): string {
  const moved = Math.max(
    0,
    ...output.waypoints.map((w, i) => distance(w.position, path.waypoints[i]?.position ?? w.position)),
  );
  const clearance =
    output.clearance === undefined
      ? 'clearance unknown'
      : `clearance ${Math.round(output.clearance * 1000)} mm`;
  return `${duration(output.trajectory).toFixed(1)} s at ${Math.round(output.speed * 100)} %, ${clearance}, moved ${Math.round(moved * 1000)} mm at most (${refinerText(output.refiner, output.instead)})`;
}

function refinedScene(
  context: CellContext,
  output: RefinedOutput,
  check: Verdict,
  summary: string,
  refiner: Refiner,
): Scene {
  const { cell, capture, trajectory } = output;
  const layers: SceneLayer[] = [];
  if (capture) layers.push(cloudLayer(capture, cell, context.layers), objectsLayer(capture, cell, new Set()));
  layers.push(waypointsLayer(output.waypoints, cell));
  layers.push(
    refinedLayer(
      trajectory,
      output.waypoints,
      cell,
      {
        ...(check.clearance ? { clearance: check.clearance, clearanceLimit: check.clearanceLimit } : {}),
        deviation: deviationFromPlan(trajectory, output.waypoints),
        ...(check.refused.length > 0 ? { refused: check.refused } : {}),
      },
      context.layers,
    ),
  );
  layers.push(...(check.refusal ? restingArm(context, output.start) : movingArm(context, trajectory)));
  return {
    version: SCENE_VERSION,
    kind: 'refined',
    cell,
    title: `Trajectory #${cell}`,
    ...(output.instead ? { notes: [`Refined by ${refinerText(output.refiner, output.instead)}.`] } : {}),
    verdict: check.refusal ? { ok: false, text: check.refusal.message } : { ok: true, text: summary },
    facts: [
      { name: 'Refiner', value: output.refiner },
      {
        name: 'Duration',
        value: `${duration(trajectory).toFixed(1)} s at ${Math.round(output.speed * 100)} %`,
      },
      {
        name: 'Clearance',
        value: output.clearance === undefined ? 'unknown' : `${Math.round(output.clearance * 1000)} mm`,
      },
      { name: 'Trajectory', value: `sha256 ${output.trajectoryHash.slice(0, 8)}` },
    ],
    layers,
    provenance: context.provenance({
      refiner: {
        id: output.refiner,
        ...(refiner.modelHash === undefined ? {} : { modelHash: refiner.modelHash }),
        ...(output.instead ? { instead: output.instead } : {}),
      },
      ...(capture ? { captureHash: capture.hash } : {}),
      trajectoryHash: output.trajectoryHash,
    }),
  };
}

/** Distance of each sample from the straight line between the coarse waypoints that it runs between [m]. */
function deviationFromPlan(trajectory: Trajectory, waypoints: readonly Waypoint[]): Float32Array {
  const n = trajectory.times.length;
  const out = new Float32Array(n).fill(Number.NaN);
  const { waypointSamples, tool } = trajectory;
  for (let k = 0; k + 1 < waypoints.length; k++) {
    const a = waypoints[k]!.position;
    const b = waypoints[k + 1]!.position;
    const length2 = distance(a, b) ** 2;
    for (let i = waypointSamples[k]!; i <= Math.min(n - 1, waypointSamples[k + 1]!); i++) {
      const p = [tool[7 * i]!, tool[7 * i + 1]!, tool[7 * i + 2]!] as const;
      const along =
        (p[0] - a[0]) * (b[0] - a[0]) + (p[1] - a[1]) * (b[1] - a[1]) + (p[2] - a[2]) * (b[2] - a[2]);
      const s = length2 === 0 ? 0 : Math.min(1, Math.max(0, along / length2));
      out[i] = Math.hypot(
        p[0] - a[0] - s * (b[0] - a[0]),
        p[1] - a[1] - s * (b[1] - a[1]),
        p[2] - a[2] - s * (b[2] - a[2]),
      );
    }
  }
  return out;
}
