import { WaybookError } from '../core/errors.ts';
import { angleBetween, distance, lerp, slerp, type Pose, type Vec3 } from '../core/geometry.ts';
import type { Waypoint } from '../core/waypoint.ts';
import { IkSolver } from './ik.ts';
import type { IkResult, RobotModel } from './robot-model.ts';

/**
 * A smooth path of the tool, as refinement gives it: dense poses (about 5 mm or 0.05 rad apart) in base, the first
 * where the tool stands, and where among them each waypoint is.
 */
export interface ToolPath {
  readonly waypoints: readonly Waypoint[];
  readonly poses: readonly Pose[];
  readonly waypointIndices: readonly number[];
}

/** Length that a turn of 1 rad adds to a path [m]: keeps turns on the spot from having no length. */
export const METRES_PER_RADIAN_OF_PATH = 0.2;

/** Steps of inverse kinematics are never longer than this, whatever the path's own spacing [m]. */
const MAX_IK_STEP = 0.012;
/** A joint that turns further than this in one step has jumped to another branch [rad]. */
const MAX_JOINT_JUMP = 0.4;
/** Pull towards the posture, per metre of path. */
const POSTURE_PER_METRE = 1.5;

/** `length` of path between two poses [m]. */
export const pathLength = (a: Pose, b: Pose): number =>
  Math.hypot(
    distance(a.position, b.position),
    METRES_PER_RADIAN_OF_PATH * angleBetween(a.orientation, b.orientation),
  );

/**
 * Joints for poses `first`..`last` of a path, starting from `start` (which stands at `poses[first]`), on one continuous
 * branch. Result [(last-first+1)·d]. Throws `input/reach` that names the waypoint being approached, how far the arm
 * gets and the joint that is at its limit.
 */
export function followPath(
  model: RobotModel,
  path: ToolPath,
  first: number,
  last: number,
  start: ArrayLike<number>,
): Float64Array {
  const solver = new IkSolver(model);
  const postures = posturesToTry(model, solver, path, last, start);
  let furthest: { index: number; result: IkResult } | undefined;
  for (const posture of postures) {
    const attempt = track(model, solver, path, first, last, start, posture);
    if (attempt.joints) return attempt.joints;
    if (!furthest || attempt.index > furthest.index) furthest = attempt;
  }
  throw unreachable(model, solver, path, furthest!.index, start, furthest!.result);
}

type Tracked =
  | { readonly joints: Float64Array }
  | { readonly joints?: undefined; readonly index: number; readonly result: IkResult };

function track(
  model: RobotModel,
  solver: IkSolver,
  path: ToolPath,
  first: number,
  last: number,
  start: ArrayLike<number>,
  posture: ArrayLike<number> | undefined,
): Tracked {
  const d = model.joints.length;
  const out = new Float64Array((last - first + 1) * d);
  out.set(Float64Array.from(start), 0);
  let q: Float64Array = Float64Array.from(start);
  for (let i = first + 1; i <= last; i++) {
    const from = path.poses[i - 1]!;
    const to = path.poses[i]!;
    const length = pathLength(from, to);
    const steps = Math.max(1, Math.ceil(length / MAX_IK_STEP));
    const gain = 1 - Math.exp((-POSTURE_PER_METRE * length) / steps);
    for (let k = 1; k <= steps; k++) {
      const target = k === steps ? to : between(from, to, k / steps);
      const result = solver.follow(target, q, posture, gain);
      if (!result.converged || jumped(q, result.joints)) return { index: i, result };
      q = result.joints;
    }
    out.set(q, (i - first) * d);
  }
  return { joints: out };
}

const between = (a: Pose, b: Pose, s: number): Pose => ({
  position: lerp(a.position, b.position, s),
  orientation: slerp(a.orientation, b.orientation, s),
});

function jumped(a: Float64Array, b: Float64Array): boolean {
  for (let j = 0; j < a.length; j++) if (Math.abs(a[j]! - b[j]!) > MAX_JOINT_JUMP) return true;
  return false;
}

/** A redundant arm is drawn to the middle of its ranges, else towards a solution for the end, else left alone. */
function posturesToTry(
  model: RobotModel,
  solver: IkSolver,
  path: ToolPath,
  last: number,
  start: ArrayLike<number>,
): (Float64Array | undefined)[] {
  if (model.joints.length <= 6) return [undefined];
  const middle = Float64Array.from(model.joints, ({ lower, upper }, j) =>
    Number.isFinite(lower + upper) ? 0.5 * (lower + upper) : start[j]!,
  );
  const end = solver.solve(path.poses[last]!, start, { restarts: 8, posture: middle, postureGain: 0.02 });
  return [middle, ...(end.converged ? [end.joints] : []), undefined];
}

/** Explains why pose `index` cannot be reached: absolutely, or only not along this path. */
function unreachable(
  model: RobotModel,
  solver: IkSolver,
  path: ToolPath,
  index: number,
  start: ArrayLike<number>,
  stuck: IkResult,
): WaybookError {
  const waypoint = path.waypointIndices.findIndex((at) => at >= index);
  const label = path.waypoints[waypoint]?.label ?? 'the end';
  const name = `Waypoint ${waypoint + 1} "${label}"`;
  const at = path.waypointIndices[waypoint] ?? path.poses.length - 1;
  const target = path.poses[at]!;
  const best = solver.solve(target, start, { restarts: 40 });
  const place = { waypoint };
  const where = target.position.map((v) => v.toFixed(3)).join(', ');
  const limits = jointsAtLimit(model, best.converged ? stuck.joints : best.joints);
  const because = limits.length > 0 ? ` (${limits.join(', ')})` : '';
  if (best.converged) {
    return new WaybookError(
      'input/reach',
      `${name} at (${where}) can be reached, but not along this path: the arm gets stuck ${mm(
        distance(path.poses[index]!.position, target.position),
      )} before it${because}.`,
      {
        place,
        hint: 'Add a waypoint that leads round the spot, turn the tool, or start from another posture.',
        limit: { name: 'path tracking', value: stuck.positionError, limit: 1e-6, unit: 'm' },
      },
    );
  }
  const turned = (best.orientationError * 180) / Math.PI;
  const short =
    best.positionError > 1e-3
      ? `the tool ends ${mm(best.positionError)} short of it`
      : `the tool gets there, but turned ${turned.toFixed(0)}° away`;
  const before = path.waypoints[waypoint - 1]?.position ?? path.poses[0]!.position;
  const nearest = best.positionError > 1e-3 ? reachableTowards(solver, before, target, start) : undefined;
  return new WaybookError('input/reach', `${name} at (${where}) is out of reach: ${short}${because}.`, {
    place,
    hint: 'Move it nearer to the robot, turn the tool, or use another arm.',
    ...(nearest ? { data: { nearest: [...nearest] } } : {}),
    limit: {
      name: best.positionError > 1e-3 ? 'reach' : 'orientation',
      value: best.positionError > 1e-3 ? best.positionError : best.orientationError,
      limit: 0,
      unit: best.positionError > 1e-3 ? 'm' : 'rad',
    },
  });
}

/** How far inside the reach a position is taken [m]: at its very edge the next solve may fail again. */
const INSIDE = 0.01;

/**
 * The farthest position on the straight way from `from` to the target that the tool reaches as the target turns it, a
 * little inside; [m] in base. Undefined where it cannot even be turned like that at `from`.
 */
function reachableTowards(
  solver: IkSolver,
  from: Vec3,
  target: Pose,
  start: ArrayLike<number>,
): Vec3 | undefined {
  const { orientation } = target;
  const way = distance(from, target.position);
  let seed = start;
  const reaches = (s: number): boolean => {
    const solved = solver.solve({ position: lerp(from, target.position, s), orientation }, seed, {
      restarts: 4,
    });
    if (solved.converged) seed = solved.joints;
    return solved.converged;
  };
  if (!reaches(0)) return undefined;
  let near = 0;
  let far = 1;
  while ((far - near) * way > 0.002) {
    const middle = (near + far) / 2;
    if (reaches(middle)) near = middle;
    else far = middle;
  }
  return lerp(from, target.position, Math.max(0, near - INSIDE / way));
}

const mm = (metres: number): string => `${(1000 * metres).toFixed(0)} mm`;

function jointsAtLimit(model: RobotModel, q: Float64Array): string[] {
  return model.joints.flatMap(({ name, lower, upper }, j) => {
    if (q[j]! - lower < 1e-3) return [`${name} at its lower limit ${lower.toFixed(2)} rad`];
    if (upper - q[j]! < 1e-3) return [`${name} at its upper limit ${upper.toFixed(2)} rad`];
    return [];
  });
}
