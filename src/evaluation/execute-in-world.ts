import type { Trajectory } from '../core/trajectory.ts';
import { judgeGrip } from '../robot/gate/judge-grip.ts';
import { hermitePlan } from '../simulator/server/motion-plan.ts';
import type { World } from '../simulator/world-api.ts';

export type Execution =
  | { readonly kind: 'done'; readonly seconds: number }
  /** the motion was given up, as the gate does: nothing was between the fingers, or something was in the way */
  | { readonly kind: 'grasp' | 'blocked'; readonly seconds: number; readonly reason: string };

/** As the simulator's controllers have it: how near the end of a move must be [rad], and how long it may take [s]. */
const GOAL = { tolerance: 0.05, time: 1 };
/** A move has settled when the arm is this near its end and this slow [rad, rad/s]; most settle within 0.1 s. */
const SETTLED = { error: 0.002, speed: 0.01, least: 0.04, most: 0.4 };
/** m, m/s, s: as the simulator's gripper controller has them */
const GRIP = { reached: 1e-3, still: 1e-3, stallTime: 0.1, startTime: 0.1, most: 5 };
/** A moment for what was gripped or let go of to come to rest, as the gate waits [s]. */
const AFTER_GRIP = 0.15;
/** How long the world may take to come to rest at the end [s]. */
const END = { least: 0.3, most: 2, between: 0.1 };

/**
 * Executes a trajectory in lock-step physics without sockets: cubic Hermite set-points between samples, moves to rest, grips
 * judged as the gate judges them. Ends early when a move or a grasp fails. Afterwards time passes until the task has come
 * true or for 2 s. `grasps` says which samples are meant to take hold of something, and of what.
 */
export function executeInWorld(
  world: World,
  trajectory: Trajectory,
  grasps: readonly { readonly sample: number; readonly label: string }[],
): Execution {
  const began = world.time;
  const took = (): number => world.time - began;
  const d = world.arm.joints.length;
  const goal = new Float64Array(d);
  const state = { q: new Float64Array(d), v: new Float64Array(d), e: new Float64Array(d) };
  for (const segment of trajectory.segments) {
    if (segment.kind === 'move') {
      move(world, trajectory, segment.first, segment.last);
      goal.set(trajectory.joints.subarray(segment.last * d, (segment.last + 1) * d));
      const short = settle(world, goal, state);
      if (short > GOAL.tolerance) {
        const reason = `The arm stayed ${short.toFixed(2)} rad short of waypoint ${segment.toWaypoint + 1}.`;
        return { kind: 'blocked', seconds: took(), reason };
      }
    } else {
      const outcome = grip(world, segment.to);
      const grasp = grasps.find(({ sample }) => sample === segment.at)?.label;
      const problem = judgeGrip(outcome, {
        to: segment.to,
        ...(grasp === undefined ? {} : { grasps: grasp }),
      });
      if (problem !== undefined) return { kind: 'grasp', seconds: took(), reason: problem };
      pass(world, AFTER_GRIP);
    }
  }
  pass(world, END.least);
  for (let waited = END.least; waited < END.most && !world.taskVerdict().success; waited += END.between) {
    pass(world, END.between);
  }
  return { kind: 'done', seconds: took() };
}

function pass(world: World, seconds: number): void {
  for (let i = Math.round(seconds / world.timestep); i > 0; i--) world.step();
}

function move(world: World, t: Trajectory, first: number, last: number): void {
  const d = t.jointNames.length;
  const part = [first * d, (last + 1) * d] as const;
  const times = t.times.slice(first, last + 1).map((time) => time - t.times[first]!);
  const plan = hermitePlan(times, t.joints.subarray(...part), t.velocities.subarray(...part));
  const q = new Float64Array(d);
  const v = new Float64Array(d);
  const steps = Math.ceil(plan.duration / world.timestep - 1e-9);
  for (let i = 1; i <= steps; i++) {
    plan.sample(i * world.timestep, q, v);
    world.setArmTarget(q, v);
    world.step();
  }
}

/** Waits at the end of a move; how far the worst joint is then from it [rad]. */
function settle(
  world: World,
  goal: Float64Array,
  state: { q: Float64Array; v: Float64Array; e: Float64Array },
): number {
  world.setArmTarget(goal);
  let error = Infinity;
  const tick = 0.02;
  for (let waited = 0; ;) {
    pass(world, tick);
    waited += tick;
    world.armState(state.q, state.v, state.e);
    error = 0;
    let speed = 0;
    for (let j = 0; j < goal.length; j++) {
      error = Math.max(error, Math.abs(state.q[j]! - goal[j]!));
      speed = Math.max(speed, Math.abs(state.v[j]!));
    }
    if (error < SETTLED.error && speed < SETTLED.speed && waited >= SETTLED.least) return error;
    if (waited >= (error > GOAL.tolerance ? GOAL.time : SETTLED.most)) return error;
  }
}

function grip(world: World, opening: number): Parameters<typeof judgeGrip>[0] {
  const { open, maxEffort } = world.arm.gripper;
  const target = opening * open;
  world.setGripperTarget(target, Math.min(EFFORT, maxEffort));
  let still = 0;
  for (let t = 0; t < GRIP.most; t += world.timestep) {
    world.step();
    still = Math.abs(world.fingerVelocity()) < GRIP.still ? still + world.timestep : 0;
    const reachedGoal = Math.abs(world.fingerPosition() - target) <= GRIP.reached;
    const stalled = !reachedGoal && still >= GRIP.stallTime && t >= GRIP.startTime + GRIP.stallTime;
    if ((reachedGoal && still > 0) || stalled) {
      return { outcome: 'succeeded', opening: world.fingerPosition() / open, reachedGoal, stalled };
    }
  }
  return { outcome: 'aborted', opening: world.fingerPosition() / open, reachedGoal: false, stalled: false };
}

/** N, as the simulator's profile asks for */
const EFFORT = 40;
