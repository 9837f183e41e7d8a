import type { Capture } from '../core/capture.ts';
import { IDENTITY_POSE, TOOL_DOWN, type Vec3 } from '../core/geometry.ts';
import { Random } from '../core/random.ts';
import type { SceneObject } from '../core/scene-object.ts';
import type { Waypoint } from '../core/waypoint.ts';
import { loadRobotModel } from '../kinematics/load-robot-model.ts';
import { timeParametrise } from '../kinematics/time-parametrise.ts';
import type { ExpertInputs, ExpertOutputs } from '../refinement/expert/contract.ts';
import { expertRefiner } from '../refinement/expert/expert-refiner.ts';
import type { RefineRequest } from '../refinement/refiner.ts';
import { SelfCollision } from '../robot/gate/self-collision.ts';
import { validate } from '../robot/gate/validate.ts';
import { simulatorProfile } from '../robot/profiles/simulator-profile.ts';
import { armUrdf } from '../simulator/arm/arm-urdf.ts';
import { pandaClass } from '../simulator/arm/panda-class.ts';

/** A running expert that says how long the bare network took [ms]. */
export interface TimedNetwork {
  run(inputs: ExpertInputs, signal: AbortSignal): Promise<{ outputs: ExpertOutputs; ms: number }>;
}

/** All in ms, one entry per run. */
export interface RefineTimes {
  readonly points: number;
  /** from the request to the path: finding the table, cropping, grouping, the hop to the process, the curve */
  readonly whole: number[];
  /** inside the process, the network alone, of the same refinements */
  readonly network: number[];
  /** whole minus network, of the same refinements */
  readonly rest: number[];
  /** the gate's collision checks of the path, once timed */
  readonly collision: number[];
}

const WARM_UP = 20;
const POINTS = 20_000;

/**
 * Refines one plan again and again from a capture of 20,000 points, each time as if it were new: nothing found in an earlier
 * capture is used. Collisions are checked in the same run, `runs / 10` times.
 */
export async function benchRefine(
  network: TimedNetwork,
  runs: number,
  signal: AbortSignal,
): Promise<RefineTimes> {
  const times: RefineTimes = { points: POINTS, whole: [], network: [], rest: [], collision: [] };
  let bare = 0;
  const refiner = expertRefiner(
    {
      run: async (inputs, during) => {
        const answer = await network.run(inputs, during);
        bare += answer.ms;
        // A made-up table is no place to doubt: only the time counts here.
        return { outputs: { ...answer.outputs, confidence: answer.outputs.confidence.map(() => 1) } };
      },
    },
    'bench',
  );
  using model = await loadRobotModel({
    urdf: armUrdf(pandaClass, []),
    joints: simulatorProfile.joints,
    toolFrame: 'tool',
    accelerationLimits: simulatorProfile.accelerationLimits,
  });
  using selfCollision = await SelfCollision.load(model);
  const joints = [...simulatorProfile.home];
  const start = { pose: model.forward(joints), gripper: 1 };
  const capture = benchCapture(POINTS);
  for (let run = -WARM_UP; run < runs; run++) {
    signal.throwIfAborted();
    const request: RefineRequest = { waypoints: benchPlan(), capture: copyOf(capture), start };
    bare = 0;
    const began = performance.now();
    const result = await refiner.refine(request, signal);
    const whole = performance.now() - began;
    if (result.kind !== 'refined') throw new Error(`The expert abstained: ${result.reason}`);
    if (run < 0) continue;
    times.whole.push(whole);
    times.network.push(bare);
    times.rest.push(whole - bare);
    if (run % 10 !== 0) continue;
    const state = { stamp: 0, joints, velocities: joints.map(() => 0), gripper: 1 };
    const trajectory = timeParametrise(model, result.path, state, { speed: 0.5, toolSpeedLimit: 1 });
    const verdict = validate(trajectory, {
      profile: simulatorProfile,
      model,
      state,
      now: 0,
      capture,
      selfCollision,
    });
    if (verdict.collisionMs !== undefined) times.collision.push(verdict.collisionMs);
  }
  return times;
}

/** The same capture as another object: whatever is remembered per capture is found again. */
const copyOf = (capture: Capture): Capture => ({ ...capture, cloud: { ...capture.cloud } });

/** Pick up at one place, put down at another: six waypoints, 1 cm off. */
export function benchPlan(): Waypoint[] {
  const at = (label: string, position: Vec3, gripper: number): Waypoint => ({
    label,
    position,
    orientation: TOOL_DOWN,
    gripper,
    radius: 0.05,
  });
  return [
    at('above it', [0.46, 0.11, 0.16], 1),
    at('grasp it', [0.46, 0.11, 0.03], 0),
    at('lift it', [0.46, 0.11, 0.18], 0),
    at('above the place', [0.55, -0.14, 0.18], 0),
    at('put it down', [0.55, -0.14, 0.06], 1),
    at('leave', [0.55, -0.14, 0.18], 1),
  ];
}

/** Boxes on a table, seen as points: two thirds table, one third tops and sides, with 1.5 mm of noise. */
export function benchCapture(count: number): Capture {
  const random = new Random('bench refine');
  const boxes: { at: Vec3; size: Vec3 }[] = [
    { at: [0.45, 0.1, 0.02], size: [0.04, 0.04, 0.04] },
    { at: [0.55, -0.15, 0.02], size: [0.09, 0.06, 0.04] },
    { at: [0.4, -0.1, 0.035], size: [0.05, 0.05, 0.07] },
    { at: [0.6, 0.15, 0.03], size: [0.07, 0.04, 0.06] },
  ];
  const positions = new Float32Array(3 * count);
  for (let i = 0; i < count; i++) {
    const box = i % 3 === 0 ? boxes[random.below(boxes.length)]! : undefined;
    const point: [number, number, number] = [random.uniform(0.25, 0.75), random.uniform(-0.35, 0.35), 0];
    if (box) {
      const face = random.below(3);
      for (const k of [0, 1, 2] as const) {
        const side = k === face ? (k === 2 || random.next() < 0.5 ? 0.5 : -0.5) : random.uniform(-0.5, 0.5);
        point[k] = box.at[k] + side * box.size[k];
      }
    }
    for (const k of [0, 1, 2] as const) positions[3 * i + k] = point[k] + 0.0015 * random.normal();
  }
  const objects = boxes.map(({ at, size }, i): SceneObject => ({
    id: `box-${i}`,
    label: `box ${i}`,
    pose: { position: at, orientation: IDENTITY_POSE.orientation },
    size,
    score: 1,
    source: 'detections',
  }));
  return {
    cloud: { frame: 'base', stamp: 0, count, positions },
    source: 'bench',
    cameraPose: IDENTITY_POSE,
    objects,
    rawCount: count,
    hash: 'bench',
  };
}
