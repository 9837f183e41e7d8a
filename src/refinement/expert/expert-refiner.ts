import { WaybookError } from '../../core/errors.ts';
import type { Pose } from '../../core/geometry.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { Refiner, RefineRequest, RefineResult } from '../refiner.ts';
import { applyActions, moved } from './apply-actions.ts';
import { LEAST_CONFIDENCE, type ExpertInputs, type ExpertOutputs } from './contract.ts';
import { ExpertClient, type ExpertClientOptions } from './expert-client.ts';
import { graspWaypoints } from './grasp-waypoints.ts';
import { guidanceOf, type PlanStart } from './guidance.ts';
import { pointGroups, standingPoints } from './point-groups.ts';
import { windowsOf } from './windows.ts';

/** One pass of an action expert, wherever it runs. */
export interface ExpertNetwork {
  run(inputs: ExpertInputs, signal: AbortSignal): Promise<{ readonly outputs: ExpertOutputs }>;
}

/** A grasp waypoint with nothing nearer than this is over nothing [m]. */
const NEAREST_GEOMETRY = 0.1;

/**
 * Starts the action expert and returns it as a refiner. Throws `input/file` or `input/refiner` where the model is
 * missing or not what docs/expert.md asks for.
 */
export async function startExpert(
  options: ExpertClientOptions,
  signal: AbortSignal,
): Promise<Refiner & AsyncDisposable> {
  const client = await ExpertClient.start(options, signal);
  return Object.assign(expertRefiner(client, client.sha256), {
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  });
}

/** The action expert as a refiner over any network that keeps the contract. */
export function expertRefiner(network: ExpertNetwork, modelHash: string): Refiner {
  return { id: 'expert', modelHash, refine: (request, signal) => refine(network, request, signal) };
}

async function refine(
  network: ExpertNetwork,
  request: RefineRequest,
  signal: AbortSignal,
): Promise<RefineResult> {
  signal.throwIfAborted();
  const { waypoints, capture, start } = request;
  if (!capture) {
    throw new WaybookError('input/refiner', 'The action expert needs a capture.', {
      hint: 'Give the waypoints cell a capture, or refine with "spline".',
    });
  }
  const grasps = graspWaypoints(waypoints, start.gripper);
  const reached: Waypoint[] = [];
  const poses: Pose[] = [start.pose];
  const waypointIndices: number[] = [];
  const confidence: number[] = [];
  const notes: string[] = [];
  const seen = standingPoints(capture.cloud);
  let from: PlanStart = start;
  for (const [first, last] of windowsOf(waypoints, start.gripper)) {
    const part = waypoints.slice(first, last + 1);
    const guidance = guidanceOf(part, from, seen.table);
    const { points, points_mask, nearest } = pointGroups(seen, part);
    const { waypoints: rows, waypoint_mask, guidance: along, blend } = guidance;
    const { outputs } = await network.run(
      { waypoints: rows, waypoint_mask, guidance: along, blend, points, points_mask },
      signal,
    );
    const broken = [...outputs.actions, ...outputs.confidence].findIndex((v) => !Number.isFinite(v));
    if (broken >= 0) {
      return {
        kind: 'abstained',
        reason: 'The action expert gave numbers that are not finite.',
        waypoint: first,
      };
    }
    for (let k = 0; k < part.length; k++) {
      if (!grasps.has(first + k)) continue;
      const reason = reasonToAbstain(part[k]!, nearest[k]!, outputs.confidence[k]!);
      if (reason) return { kind: 'abstained', reason, waypoint: first + k };
    }
    const applied = applyActions(part, from, guidance, outputs.actions);
    const offset = poses.length;
    poses.push(...applied.poses);
    waypointIndices.push(...applied.waypointIndices.map((i) => i + offset));
    reached.push(...applied.waypoints);
    confidence.push(...part.map((_, k) => outputs.confidence[k]!));
    const end = applied.waypoints.at(-1)!;
    from = { pose: { position: end.position, orientation: end.orientation }, gripper: end.gripper };
  }
  const furthest = Math.max(...waypoints.map((w, k) => moved(w, reached[k]!)));
  notes.push(`Waypoints moved by up to ${(1000 * furthest).toFixed(0)} mm.`);
  return { kind: 'refined', path: { waypoints: reached, poses, waypointIndices, confidence }, notes };
}

function reasonToAbstain(waypoint: Waypoint, nearest: number, confidence: number): string | undefined {
  if (nearest > NEAREST_GEOMETRY) {
    return `The capture shows nothing within ${(100 * NEAREST_GEOMETRY).toFixed(0)} cm of "${waypoint.label}".`;
  }
  if (confidence < LEAST_CONFIDENCE) {
    return `The action expert does not recognise what "${waypoint.label}" is for (confidence ${confidence.toFixed(2)}).`;
  }
  return undefined;
}
