import { distance, subtract, type Vec3 } from '../../core/geometry.ts';
import type { Waypoint } from '../../core/waypoint.ts';
import type { PlanRequest, PlanStep, PlanView } from '../planner.ts';
import { graspFromAbove } from '../templates/grasp.ts';
import { FINGER, RADIUS } from '../templates/gripper-shape.ts';
import { retreat } from '../templates/pick-and-place.ts';
import { WaypointWriter } from '../templates/waypoint-writer.ts';
import type { SpatialPoint } from './formats/spatial-format.ts';
import { fromLetterbox, letterboxOf } from './letterbox.ts';
import { lift, liftWithDepth, patchDepth } from './lifting.ts';

/** A point may lie this far behind the surface that the camera sees there, and no further [m]. */
const BEHIND = 0.06;
/** What is grasped is at most this far from where the trace closes the gripper [m]. */
const GRASP_REACH = 0.12;
/** Height over a grasp at which the hand comes down and goes up again [m]. */
const HOVER = 0.08;
/** A longer trace is no coarse plan. */
const MAX_POINTS = 24;

export interface TracePlan {
  readonly steps: readonly PlanStep[];
  readonly waypoints: readonly Waypoint[];
  /** ids of what it means to touch */
  readonly touched: readonly string[];
}

/**
 * Waypoints from a trace of tool points with depths, (u, v, d): the first closing point, or the first of all, is a grasp
 * of the instance that it shows, by its own geometry; what the grasp's true place differs from the trace's is taken from
 * all later points, since a model's depths are off together. Orientations and the grasp's height come from geometry,
 * heights in the air from the trace. Problems are sentences that the model can act on.
 */
export function planTrace(
  points: readonly SpatialPoint[],
  view: PlanView,
  request: PlanRequest,
): TracePlan | { problems: string[] } {
  const placed = place(points, view);
  if (placed.problems.length > 0) return { problems: placed.problems };
  const close = Math.max(
    0,
    points.findIndex((p) => p.gripper === 'close'),
  );
  const lastOpen = points.findLastIndex((p) => p.gripper === 'open');
  const open = lastOpen > close ? lastOpen : points.length - 1;
  const at = pixelOf(points[close] as SpatialPoint, view) as [number, number];
  const shown = lift(view, at[0], at[1], request.objects);
  const grasped = placed.positions[close] as Vec3;
  if (shown.kind !== 'instance')
    return { problems: [`point ${close + 1}: the gripper closes where no known object is.`] };
  const off = distance(shown.position, grasped);
  if (off > GRASP_REACH)
    return {
      problems: [
        `point ${close + 1}: its depth is ${Math.round(off * 1000)} mm away from the ${shown.object.label} that it shows.`,
      ],
    };
  const writer = new WaypointWriter(request);
  const thing = writer.scene.of(shown.object.id);
  const { label } = thing.object;
  const grasp = graspFromAbove(thing, writer.scene, request.robot.maxOpening, writer.yaw);
  placed.positions
    .slice(0, close)
    .forEach((p, i) => writer.go(`via ${i + 1}`, p, grasp.orientation, RADIUS.transit, grasp.opening));
  const [x, y, z] = grasp.position;
  const over = Math.max(writer.travelHeight(writer.position, grasp.position, [thing.object.id]), z + HOVER);
  writer.go(`above ${label}`, [x, y, over], grasp.orientation, RADIUS.transit, grasp.opening);
  writer.go(`grasp ${label}`, grasp.position, grasp.orientation, RADIUS.contact, 0);
  const said = { object: thing.object.id, text: `trace of ${points.length} points` };
  const touched = [thing.object.id];
  if (open <= close) {
    writer.go(`lift ${label}`, [x, y, z + HOVER], grasp.orientation, RADIUS.transit);
    return { steps: [{ verb: 'pick', ...said }], waypoints: writer.waypoints, touched };
  }
  writer.go(`lift ${label}`, [x, y, z + HOVER / 2], grasp.orientation, RADIUS.transit);
  const shift = subtract(grasp.position, grasped);
  const moved = (p: Vec3): Vec3 => [p[0] + shift[0], p[1] + shift[1], p[2] + shift[2]];
  placed.positions
    .slice(close + 1, open)
    .forEach((p, i) => writer.go(`via ${close + i + 2}`, moved(p), grasp.orientation, RADIUS.transit));
  // no lower than the thing in the hand standing on the table
  const below = Math.max(FINGER.tip, z - thing.min[2]);
  const end = moved(placed.positions[open] as Vec3);
  const rest: Vec3 = [end[0], end[1], Math.max(end[2], writer.scene.table + below)];
  writer.go(`release ${label}`, rest, grasp.orientation, RADIUS.near, grasp.release);
  const under = lift(
    view,
    ...(pixelOf(points[open] as SpatialPoint, view) as [number, number]),
    request.objects,
  );
  if (under.kind === 'instance' && under.object.id !== thing.object.id) touched.push(under.object.id);
  retreat(writer, rest, touched);
  return { steps: [{ verb: 'put', relation: 'at point', ...said }], waypoints: writer.waypoints, touched };
}

/** Metres in base for every point, or what is wrong with it. */
function place(
  points: readonly SpatialPoint[],
  view: PlanView,
): { positions: readonly Vec3[]; problems: string[] } {
  const problems: string[] = [];
  if (points.length > MAX_POINTS)
    problems.push(`${points.length} points are too many; give at most ${MAX_POINTS}.`);
  const positions = points.flatMap((point, i): Vec3[] => {
    const pixel = pixelOf(point, view);
    if (pixel === undefined) {
      problems.push(`point ${i + 1}: [${point.x}, ${point.y}] is outside the picture.`);
      return [];
    }
    if (point.depth === undefined) {
      problems.push(`point ${i + 1}: it has no depth.`);
      return [];
    }
    const seen = patchDepth(view, pixel[0], pixel[1]);
    if (seen !== undefined && point.depth > seen + BEHIND) {
      problems.push(
        `point ${i + 1}: its depth of ${point.depth.toFixed(2)} m lies behind the surface seen there at ${seen.toFixed(2)} m.`,
      );
      return [];
    }
    return [liftWithDepth(view, pixel[0], pixel[1], point.depth)];
  });
  return { positions, problems };
}

function pixelOf(point: SpatialPoint, view: PlanView): [number, number] | undefined {
  return fromLetterbox(letterboxOf(view.intrinsics.width, view.intrinsics.height), point.x, point.y);
}
