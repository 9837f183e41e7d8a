import { basename } from 'node:path';
import { Random } from '../../core/random.ts';
import { TOOL_DOWN } from '../../core/geometry.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import { INTERFACE_VERSION } from './contract.ts';
import { ExpertClient, type ExpertClientOptions } from './expert-client.ts';
import { guidanceOf, readPose } from './guidance.ts';
import type { Backend } from './onnx-runtime.ts';
import { pointGroups, standingPoints } from './point-groups.ts';

export interface ModelReport {
  readonly file: string;
  readonly sha256: string;
  readonly interfaceVersion: number;
  /** runtime that it ran in */
  readonly backend: Backend;
  /** ms of the bare network: median of the runs, after the first */
  readonly medianMs: number;
  /** how far the first answer is from the spline [m], for a plan over an empty table */
  readonly meanShift: number;
  readonly deterministic: boolean;
  readonly warnings: readonly string[];
}

const RUNS = 20;

/**
 * Loads a model in its own process, checks its signature and asks it about a made-up plan. Throws `input/refiner` that
 * says what is wrong; what is only odd comes back as warnings.
 */
export async function checkModel(options: ExpertClientOptions, signal: AbortSignal): Promise<ModelReport> {
  const client = await ExpertClient.start(options, signal);
  try {
    const waypoint = (z: number, gripper: number): Waypoint => ({
      label: 'check',
      position: [0.5, 0.1, z],
      orientation: TOOL_DOWN,
      gripper,
      radius: 0.03,
    });
    const plan = [waypoint(0.2, 1), waypoint(0.03, 0), waypoint(0.2, 0)];
    const random = new Random('model check');
    const positions = Float32Array.from({ length: 3000 }, (_, i) =>
      i % 3 === 2 ? 0 : (i % 3 === 0 ? 0.5 : 0.1) + random.uniform(-0.1, 0.1),
    );
    const seen = standingPoints({ frame: 'base', stamp: 0, count: 1000, positions });
    const start = { pose: { position: [0.4, 0, 0.4], orientation: TOOL_DOWN }, gripper: 1 } as const;
    const guidance = guidanceOf(plan, start, seen.table);
    const { points, points_mask } = pointGroups(seen, plan);
    const { waypoints, waypoint_mask, guidance: along, blend } = guidance;
    const inputs = { waypoints, waypoint_mask, guidance: along, blend, points, points_mask };
    const times: number[] = [];
    let first: Float32Array | undefined;
    let deterministic = true;
    let meanShift = 0;
    const warnings: string[] = [];
    for (let run = 0; run < RUNS; run++) {
      const { outputs, ms } = await client.run(inputs, signal);
      times.push(ms);
      if (!first) {
        first = outputs.actions;
        warnings.push(...oddities(outputs.actions, outputs.confidence));
        meanShift = meanDistance(outputs.actions, along);
      } else if (outputs.actions.some((v, i) => v !== first![i])) deterministic = false;
    }
    if (!deterministic) warnings.push('The same input gives different answers: runs will not repeat.');
    const medianMs = times.slice(1).sort((a, b) => a - b)[Math.floor((RUNS - 1) / 2)]!;
    return {
      file: basename(options.model),
      sha256: client.sha256,
      interfaceVersion: INTERFACE_VERSION,
      backend: client.backend,
      medianMs,
      meanShift,
      deterministic,
      warnings,
    };
  } finally {
    await client[Symbol.asyncDispose]();
  }
}

function oddities(actions: Float32Array, confidence: Float32Array): string[] {
  const warnings: string[] = [];
  if (![...actions, ...confidence].every(Number.isFinite))
    warnings.push('It answers with numbers that are not finite.');
  if (confidence.some((c) => c < 0 || c > 1)) warnings.push('Confidence is outside 0…1.');
  const pose = readPose(actions, 10);
  if (pose.position.some((v) => Math.abs(v) > 2))
    warnings.push('Positions are more than 2 m from the plan’s frame.');
  return warnings;
}

/** Mean distance between the positions of two [64·10] arrays [m]. */
function meanDistance(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 10)
    sum += Math.hypot(a[i]! - b[i]!, a[i + 1]! - b[i + 1]!, a[i + 2]! - b[i + 2]!);
  return (sum * 10) / a.length;
}
