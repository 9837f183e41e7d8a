import type { RobotModel } from '../../src/kinematics/robot-model.ts';
import { timeParametrise } from '../../src/kinematics/time-parametrise.ts';
import type { Trajectory, TrajectorySegment } from '../../src/core/trajectory.ts';
import type { Planner, PlanResult, Viewpoint } from '../../src/planning/planner.ts';
import { splineRefiner } from '../../src/refinement/spline.ts';
import { simulatorProfile } from '../../src/robot/profiles/simulator-profile.ts';
import type { World, WorldVerdict } from '../../src/simulator/world-api.ts';

/** How an episode is run: everything that is not the world and the plan. */
export interface EpisodeOptions {
  readonly instruction?: string;
  readonly viewpoint?: Viewpoint;
  /** share of full speed */
  readonly speed?: number;
  readonly signal?: AbortSignal;
}

export interface Episode {
  readonly plan: PlanResult;
  readonly trajectory: Trajectory;
  readonly verdict: WorldVerdict;
}

/** What a planner is asked in this world: the truth's detections and the arm's own tool pose. */
export function requestFor(world: World, model: RobotModel, options: EpisodeOptions = {}) {
  const { joints, gripper } = stateOf(world);
  return {
    instruction: options.instruction ?? world.instruction,
    objects: world.detections(),
    viewpoint: options.viewpoint ?? ('robot' as const),
    robot: {
      toolPose: model.forward(joints),
      gripper,
      maxOpening: world.arm.gripper.width,
      workspace: simulatorProfile.workspace,
    },
  };
}

function stateOf(world: World): { joints: number[]; gripper: number } {
  const d = world.arm.joints.length;
  const position = new Float64Array(d);
  world.armState(position, new Float64Array(d), new Float64Array(d));
  return { joints: [...position], gripper: world.fingerPosition() / world.arm.gripper.open };
}

/** Plans, refines by spline, times and executes in process, without sockets; then asks the task. */
export async function runEpisode(
  world: World,
  model: RobotModel,
  planner: Planner,
  options: EpisodeOptions = {},
): Promise<Episode> {
  const signal = options.signal ?? new AbortController().signal;
  const request = requestFor(world, model, options);
  const plan = await planner.plan(request, signal);
  const refined = await splineRefiner.refine(
    { waypoints: plan.waypoints, start: { pose: request.robot.toolPose, gripper: request.robot.gripper } },
    signal,
  );
  if (refined.kind !== 'refined') throw new Error(refined.reason);
  const trajectory = timeParametrise(model, refined.path, stateOf(world), {
    speed: options.speed ?? 0.5,
    toolSpeedLimit: simulatorProfile.toolSpeedLimit,
  });
  execute(world, trajectory);
  return { plan, trajectory, verdict: world.taskVerdict() };
}

/** Servo rate of the simulator's arm controller [s]. */
const SETTLE = 0.3;

/** Follows a trajectory by cubic Hermite segments, gripping at rest in between, and lets the scene settle. */
export function execute(world: World, trajectory: Trajectory): void {
  for (const segment of trajectory.segments) executeSegment(world, trajectory, segment);
  wait(world, 1);
}

export function executeSegment(world: World, trajectory: Trajectory, segment: TrajectorySegment): void {
  if (segment.kind === 'move') follow(world, trajectory, segment.first, segment.last);
  else grip(world, segment.to);
}

function wait(world: World, seconds: number): void {
  for (let i = Math.round(seconds / world.timestep); i > 0; i--) world.step();
}

function grip(world: World, opening: number): void {
  world.setGripperTarget(opening * world.arm.gripper.open, 40);
  let still = 0;
  for (let t = 0; t < 3 && still < 0.15; t += world.timestep) {
    world.step();
    still = Math.abs(world.fingerVelocity()) < 1e-3 ? still + world.timestep : 0;
  }
  wait(world, SETTLE);
}

function follow(world: World, trajectory: Trajectory, first: number, last: number): void {
  const d = trajectory.jointNames.length;
  const { times, joints, velocities } = trajectory;
  const q = new Float64Array(d);
  const v = new Float64Array(d);
  const t0 = times[first] as number;
  const end = (times[last] as number) - t0;
  let k = first;
  for (let t = world.timestep; ; t += world.timestep) {
    const now = Math.min(t, end);
    while (k < last - 1 && (times[k + 1] as number) - t0 <= now) k++;
    const h = (times[k + 1] as number) - (times[k] as number);
    const u = (now + t0 - (times[k] as number)) / h;
    for (let j = 0; j < d; j++) {
      const a = joints[k * d + j] as number;
      const b = joints[(k + 1) * d + j] as number;
      const va = (velocities[k * d + j] as number) * h;
      const vb = (velocities[(k + 1) * d + j] as number) * h;
      const c2 = 3 * (b - a) - 2 * va - vb;
      const c3 = 2 * (a - b) + va + vb;
      q[j] = a + u * (va + u * (c2 + u * c3));
      v[j] = (va + u * (2 * c2 + u * 3 * c3)) / h;
    }
    world.setArmTarget(q, v);
    world.step();
    if (t >= end) break;
  }
  // what a controller waits for after the last point: the arm at rest
  v.fill(0);
  world.setArmTarget(q, v);
  wait(world, 0.2);
}
