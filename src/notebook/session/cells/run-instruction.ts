import type { Scene, SceneLayer } from '../../../core/scene.ts';
import { SCENE_VERSION } from '../../../core/scene.ts';
import { mainCamera, type Capture } from '../../../core/capture.ts';
import type { Waypoint } from '../../../core/waypoint.ts';
import { solveIk } from '../../../kinematics/ik.ts';
import type { RobotModel } from '../../../kinematics/robot-model.ts';
import { depthImage } from '../../../planning/vlm/depth-image.ts';
import type { PlanResult, PlanView } from '../../../planning/planner.ts';
import { plannedHash } from '../../graph/planned-hash.ts';
import type { NotebookCell } from '../../file/document.ts';
import { instructionOf } from '../../file/parameters.ts';
import { restingArm } from '../../scenes/arm-layers.ts';
import { cloudLayer, objectsLayer, waypointsLayer } from '../../scenes/layers.ts';
import type { CellContext, CellResult } from '../cell-context.ts';
import { cellId } from '../cell-id.ts';
import { freshState } from '../fresh-state.ts';
import { attemptsBefore, attemptsOf } from '../plan-attempts.ts';
import { planBody, waypointsCellFor } from '../plan-cell.ts';
import { takeCapture } from './run-capture.ts';

/** Seconds of robot time that planning is charged in lock-step. */
const PLANNING_COST = 0.2;

/** Plans an instruction and hands the waypoints to the cell below, unless a person has edited that one. */
export async function runInstruction(context: CellContext, cell: NotebookCell): Promise<CellResult> {
  const id = cellId(cell);
  const capture = await captureFor(context, cell);
  const { link, model } = context.world;
  const { profile } = link;
  const state = await freshState(link, context.signal);
  const providerId =
    context.options.planner ?? context.document.frontMatter.planner ?? context.services.defaultPlanner;
  const planner = context.services.planner(providerId, (waypoints) =>
    reachProblems(model, waypoints, state.joints),
  );
  const views = planner.id === context.services.defaultPlanner ? [] : await viewsOf(context, capture);
  const instruction = instructionOf(cell, context.params);
  const plan = await recorded(context, id, planner.id, () =>
    planner.plan(
      {
        instruction,
        objects: capture.objects,
        robot: {
          toolPose: model.forward(state.joints),
          gripper: state.gripper,
          maxOpening: profile.gripper?.width ?? 0,
          workspace: profile.workspace,
        },
        viewpoint: context.document.frontMatter.viewpoint ?? 'robot',
        views,
      },
      context.signal,
    ),
  );
  if (link.clock.lockStep) await link.clock.advance(PLANNING_COST, context.signal);

  const body = planBody(plan.waypoints);
  const { id: waypointsCell, existing } = waypointsCellFor(context.document, cell);
  const edited = existing !== undefined && isEdited(existing);
  const conflict = edited && context.options.replan !== true && existing.body !== body;
  context.log.plan(id, { ...plan, attempts: attemptsOf(plan) });
  context.emit({
    kind: 'plan-written',
    instruction: id,
    cell: waypointsCell,
    body,
    planned: plannedHash(body),
    created: existing === undefined,
    conflict,
  });
  const kept = conflict ? `; #${waypointsCell} was edited by hand and is kept` : '';
  const summary = `${plan.summary}; ${plan.waypoints.length} waypoints (${plan.provider}${plan.model ? `, ${plan.model}` : ''})${kept}`;
  return {
    output: {
      kind: 'plan',
      cell: id,
      key: context.keyOf(cell),
      epoch: context.epoch,
      plan,
      waypointsCell,
    },
    scene: planScene(context, id, capture, plan, summary),
    summary,
    then: waypointsCell,
  };
}

/** What a planner answered goes into the record also where no plan came of it. */
async function recorded(
  context: CellContext,
  cell: string,
  planner: string,
  plan: () => Promise<PlanResult>,
): Promise<PlanResult> {
  try {
    return await plan();
  } catch (error) {
    context.log.failedPlan(cell, planner, attemptsBefore(error));
    throw error;
  }
}

/** A picture for planners that look at one, from the camera that the capture came from. */
async function viewsOf(context: CellContext, capture: Capture): Promise<PlanView[]> {
  const { link } = context.world;
  const looked = mainCamera(capture);
  if (link.profile.topics.cameras[looked]?.image === undefined) return [];
  const { camera, image, intrinsics, cameraPose, cloud } = await link.observe(looked, context.signal);
  if (!image || !intrinsics) return [];
  return [{ camera, image, intrinsics, cameraPose, depth: depthImage(cloud, intrinsics) }];
}

/** Waypoints that inverse kinematics does not reach from here, as sentences for whoever planned them. */
function reachProblems(
  model: RobotModel,
  waypoints: readonly Waypoint[],
  joints: readonly number[],
): string[] {
  return waypoints.flatMap(({ label, position, orientation }) => {
    const { converged, positionError } = solveIk(model, { position, orientation }, joints, { restarts: 4 });
    return converged ? [] : [`"${label}" is out of reach by ${Math.round(positionError * 1000)} mm`];
  });
}

/** A body that differs from what a planner wrote last is a person's; so is one that no planner ever wrote. */
export function isEdited(cell: NotebookCell): boolean {
  const planned = cell.attributes['planned'];
  return planned === undefined ? cell.body.trim() !== '' : planned !== plannedHash(cell.body);
}

/** What the cell sees: the capture that it names, else the nearest one above, else a look of its own. */
async function captureFor(context: CellContext, cell: NotebookCell): Promise<Capture> {
  const { cells } = context.document;
  const named = cell.attributes['capture'];
  const above = cells.slice(0, cells.indexOf(cell)).findLast((c) => c.kind === 'capture');
  const source = named ?? above?.id;
  if (source === undefined) return takeCapture(context, { keepRobot: false });
  const output = await context.require(source);
  if (output.kind !== 'capture') throw new TypeError(`#${source} is not a capture`);
  return output.capture;
}

function planScene(
  context: CellContext,
  cell: string,
  capture: Capture,
  plan: PlanResult,
  summary: string,
): Scene {
  const targets = new Set(
    plan.steps.flatMap((step) => [step.object, ...(step.destination ? [step.destination] : [])]),
  );
  const layers: SceneLayer[] = [
    cloudLayer(capture, cell, context.layers),
    objectsLayer(capture, cell, targets),
    waypointsLayer(plan.waypoints, cell),
  ];
  if (capture.robot) layers.push(...restingArm(context, capture.robot));
  return {
    version: SCENE_VERSION,
    kind: 'plan',
    cell,
    title: `Plan #${cell}`,
    verdict: { ok: true, text: summary },
    facts: [
      { name: 'Planner', value: plan.model ? `${plan.provider}, ${plan.model}` : plan.provider },
      { name: 'Waypoints', value: String(plan.waypoints.length) },
      { name: 'Left and right', value: `as the ${plan.viewpoint} sees it` },
    ],
    layers,
    provenance: context.provenance({
      captureHash: capture.hash,
      planner: {
        provider: plan.provider,
        ...(plan.model === undefined ? {} : { model: plan.model }),
        ...(plan.promptHash === undefined ? {} : { promptHash: plan.promptHash }),
      },
    }),
  };
}
