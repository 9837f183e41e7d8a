import { angleBetween, distance } from '../../core/geometry.ts';
import {
  POSE_WIDTH,
  WAYPOINT_WIDTH,
  WAYPOINTS,
  type ExpertInputs,
  type ExpertOutputs,
} from '../expert/contract.ts';
import { readPose } from '../expert/guidance.ts';
import { writeScene, type DemoOptions } from './generate.ts';
import { RECORD_LENGTH } from './sample-record.ts';
import { inputsOf, readRecord } from './sample-reader.ts';

/** Errors of contact waypoints over demonstration scenes: as planned, and as the network answers. */
export interface GeometricScore {
  readonly waypoints: number;
  /** mean distance to the truth [mm] */
  readonly plannedMm: number;
  readonly refinedMm: number;
  readonly refinedMedianMm: number;
  readonly refinedP95Mm: number;
  /** mean turn from the truth where the thing shows it [degrees] */
  readonly plannedTurn: number;
  readonly refinedTurn: number;
  /** mean confidence where the thing is there, and where it is not; NaN where there is none */
  readonly confidence: number;
  readonly confidenceAbsent: number;
}

/**
 * Asks a network about freshly made scenes with the given seeds. `erase` hides the cloud from it, which shows what the
 * cloud is worth. A geometric proxy: it grasps nothing.
 */
export async function measureNetwork(
  run: (inputs: ExpertInputs) => Promise<ExpertOutputs>,
  options: Pick<DemoOptions, 'tasks' | 'families' | 'coarseness'> & {
    readonly firstSeed: number;
    readonly scenes: number;
    readonly erase?: boolean;
  },
): Promise<GeometricScore> {
  const planned: number[] = [];
  const refined: number[] = [];
  const plannedTurn: number[] = [];
  const refinedTurn: number[] = [];
  const sure: number[] = [];
  const unsure: number[] = [];
  const data = new Float32Array(RECORD_LENGTH);
  for (let s = 0; s < options.scenes; s++) {
    data.fill(0);
    writeScene({ ...options, draws: 1, clouds: true }, options.firstSeed + s, data);
    const sample = readRecord(data);
    const inputs = inputsOf(sample);
    if (options.erase) inputs.points_mask.fill(0);
    const { actions, confidence } = await run(inputs);
    for (let k = 0; k < WAYPOINTS; k++) {
      if (sample.weight[k]! < 4) continue;
      (sample.found[k]! > 0 ? sure : unsure).push(confidence[k]!);
      if (sample.found[k] === 0) continue;
      const at = poseOf(sample.blend, k);
      const truth = readPose(sample.truth_waypoints, 9 * k);
      const before = readPose(sample.waypoints, WAYPOINT_WIDTH * k);
      const after = readPose(actions, POSE_WIDTH * at);
      planned.push(1000 * distance(before.position, truth.position));
      refined.push(1000 * distance(after.position, truth.position));
      if (sample.turn[k] === 0) continue;
      plannedTurn.push((180 / Math.PI) * angleBetween(before.orientation, truth.orientation));
      refinedTurn.push((180 / Math.PI) * angleBetween(after.orientation, truth.orientation));
    }
  }
  const sorted = [...refined].sort((a, b) => a - b);
  return {
    waypoints: refined.length,
    plannedMm: mean(planned),
    refinedMm: mean(refined),
    refinedMedianMm: sorted[Math.floor(0.5 * sorted.length)] ?? NaN,
    refinedP95Mm: sorted[Math.floor(0.95 * sorted.length)] ?? NaN,
    plannedTurn: mean(plannedTurn),
    refinedTurn: mean(refinedTurn),
    confidence: mean(sure),
    confidenceAbsent: mean(unsure),
  };
}

/** Which of the poses is waypoint `k`: the last that its correction reaches in full. */
function poseOf(blend: Float32Array, k: number): number {
  for (let i = blend.length / WAYPOINTS - 1; i >= 0; i--) if (blend[i * WAYPOINTS + k] === 1) return i;
  throw new RangeError(`no pose is waypoint ${k}`);
}

const mean = (values: readonly number[]): number =>
  values.length === 0 ? NaN : values.reduce((a, b) => a + b, 0) / values.length;
